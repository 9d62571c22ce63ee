//! Years at the desk: certificates issued by mass work long ago, one of them revoked; then the notice of their end,
//! renewal, deletion with an archive, and the months of offset fees (C12, C13, C18, C22, C23, K10).

use super::{
    CA, Entered, Federation, UNDO, act, apply, certificate, count, desk, doer, file, folder, save, scope,
};
use crate::{
    demo::{
        broken, house, look,
        steps::claims::holds,
        tell::{Teller, t},
        town::Town,
    },
    fail::{Fail, Outcome},
};
use core_words::{CaseNumber, Lang, RevocationReason, Yen};
use desk_claims::{
    Claims, NewLine, Stage,
    case::Case,
    command::Command,
    office::mandates::TypedMandate,
    offset::{Month, Period},
    service::NewApplication,
    status::Hat,
    words::{AskedBy, Channel, KeyWay, RevocationAsk, RevokeReason},
    work::{RunState, Work},
};
use kit_web::Day;
use std::str::from_utf8;

/// Who applied years ago: the last care providers of the list, none of those that apply today.
const EARLY: usize = 8;
/// Who applied some weeks ago: those before them.
const LATE: usize = 12;
/// A list is out so soon after a revocation, in seconds.
const SOON: i64 = 60;

/// What happened before today.
pub(in crate::demo::steps) struct Years {
    /// The cases of those who applied years ago.
    early: Vec<CaseNumber>,
    /// The month in which some applied lately.
    month: Option<Month>,
}

fn early(federation: &Federation) -> &[Entered] {
    &federation.providers[federation.providers.len() - EARLY..]
}

fn late(federation: &Federation) -> &[Entered] {
    let end = federation.providers.len() - EARLY;
    &federation.providers[end - LATE..end]
}

/// Years ago: the first certificates, by one mass work; an agent is given a mandate.
pub(in crate::demo::steps) async fn begin(
    town: &Town,
    tell: &mut Teller,
    federation: &Federation,
) -> Outcome<Years> {
    tell.begin(t("最初の一括発行", "The first mass work"), town.house.clock.now());
    tell.say(&t(
        format!("{EARLY} の事業所が申請し、担当者が一度に発行依頼を登録します。代理人の委任も登録します。"),
        format!("{EARLY} care providers apply, and the clerk registers them all at once. An agent is given a mandate."),
    ));
    let claims = desk(town)?;
    let cases = issue_all(town, tell, &claims, early(federation)).await?;
    // The files are fetched and opened: no key waits at the service.
    for (entered, case) in early(federation).iter().zip(&cases) {
        fetch(&claims, entered, *case).await?;
    }
    let (agent, provider) = (&federation.agents[0].office.number, &early(federation)[0].office.number);
    let typed = |note: &str| TypedMandate {
        agent: agent.clone(),
        provider: provider.clone(),
        from: Day::of(town.house.clock.now()),
        until: None,
        note: note.to_owned(),
    };
    let enter = |new| claims.enter_mandate(scope(&claims), new, doer(Hat::Clerk));
    enter(typed("委任状 見本第1号")).await.map_err(Fail::from)?;
    let twice = enter(typed("委任状 見本第2号")).await.err().map(|refusal| refusal.code);
    tell.same(
        t(
            "代理人の委任を登録する。同じ期間にもう一つは登録できない",
            "a mandate is entered; a second for the same time is refused",
        ),
        &twice,
        &Some("claims.mandate_overlaps"),
    );
    Ok(Years { early: cases, month: None })
}

/// A year later: one of them closes.
pub(in crate::demo::steps) async fn revoke(town: &mut Town, tell: &mut Teller, years: &Years) -> Outcome<()> {
    tell.begin(t("閉じた事業所", "A care provider closes"), town.house.clock.now());
    let (claims, case) = (desk(town)?, years.early[0]);
    let ask = RevocationAsk {
        by: AskedBy::Provider,
        channel: Channel::Phone,
        reason: RevokeReason::Closed,
        note: "事業を終えるとのこと。".to_owned(),
    };
    act(&claims, case, Command::RequestRevocation(ask), Hat::Clerk).await?;
    town.pass(UNDO).await?;
    let serial = look::serial(&certificate(&claims, case).await?);
    let serial = serial.map_err(|why| broken("a serial number", &why))?;
    town.note(CA, serial, (Some(RevocationReason::CessationOfOperation), None));
    town.pass(SOON).await?;
    let listed = town.list(town.of_ca(CA), "1.crl").await?.map(|list| list.entries.contains_key(&serial));
    let revoked = count(&claims, &[case], |case| matches!(case, Case::Revoked { .. })).await?;
    tell.same(
        t(
            "電話での失効依頼が登録され、失効リストに載り「失効済み」になった",
            "the revocation asked for by telephone is on the list: revoked",
        ),
        &(listed, revoked),
        &(Ok(true), 1),
    );
    Ok(())
}

/// Some weeks ago: others apply.
pub(in crate::demo::steps) async fn lately(
    town: &Town,
    tell: &mut Teller,
    federation: &Federation,
    years: &mut Years,
) -> Outcome<()> {
    tell.begin(t("先ごろの一括発行", "Mass work of some weeks ago"), town.house.clock.now());
    let claims = desk(town)?;
    issue_all(town, tell, &claims, late(federation)).await?;
    years.month = Some(Period::at(town.house.clock.now(), claims.settings()).month);
    Ok(())
}

/// Today: what the years have brought.
pub(super) async fn end(
    town: &Town,
    tell: &mut Teller,
    federation: &Federation,
    years: &Years,
) -> Outcome<()> {
    tell.begin(t("年月の後", "After the years"), town.house.clock.now());
    tell.say(&t(
        "最初の証明書の期限が近づき、お知らせが届いています。更新し、失効から一年を過ぎたものを削除し、相殺の月を締めます。",
        "The first certificates end soon, and their holders were told. One renews, what was revoked more than a year ago is deleted, and the months of offset fees are closed.",
    ));
    let claims = desk(town)?;
    told(tell, &claims, federation).await?;
    renew(town, tell, &claims, federation, years).await?;
    delete(town, tell, &claims, years).await?;
    offset(town, tell, &claims, years).await
}

/// They apply, and one run registers all of them.
async fn issue_all(
    town: &Town,
    tell: &mut Teller,
    claims: &Claims,
    all: &[Entered],
) -> Outcome<Vec<CaseNumber>> {
    let mut cases = Vec::new();
    for provider in all {
        cases.push(apply(town, claims, provider, KeyWay::Service).await?);
    }
    let mut lines = Vec::new();
    for number in &cases {
        let case = file(claims, *number).await?.case;
        lines.push(NewLine::about(&case.number, case.id, case.version));
    }
    let token = format!("demo-{}", cases[0]);
    let run = claims.start_run(scope(claims), Work::Issue, token, lines, doer(Hat::Clerk)).await;
    let run = run.map_err(Fail::from)?;
    town.settle().await?;
    let done = claims.run(scope(claims), run).await.map_err(Fail::from)?.run;
    town.pass(UNDO).await?;
    let issued = count(claims, &cases, |case| matches!(case, Case::Issued(_))).await?;
    tell.same(
        t(
            format!("一括処理が {} 件を登録し、60 秒後にすべて「発行済み」", all.len()),
            format!("one run registers {}, and 60 seconds later all of them are issued", all.len()),
        ),
        &(done.state, done.done, done.refused, issued),
        &(RunState::Done, all.len() as u64, 0, all.len()),
    );
    tell.look(format!("{}/claims/desk/runs/{}", house::public_url(town.server.address()), run.0));
    Ok(cases)
}

/// The file with key and certificate is fetched, and opened.
async fn fetch(claims: &Claims, by: &Entered, case: CaseNumber) -> Outcome<()> {
    let (holder, password) = (by.letter.holder, by.letter.issue_password.clone());
    let file = claims.download(scope(claims), case, holder, password, doer(Hat::Provider)).await;
    file.map_err(Fail::from)?;
    let confirmed = claims.confirm_download(scope(claims), case, holder, doer(Hat::Provider)).await;
    confirmed.map(drop).map_err(Fail::from)
}

/// Who was told of the end: each once, but for the one whose certificate was revoked (C12).
async fn told(tell: &mut Teller, claims: &Claims, federation: &Federation) -> Outcome<()> {
    let mut told = Vec::new();
    for entered in early(federation) {
        let board = claims.board(scope(claims), entered.letter.holder, kit_post::Page::first()).await;
        let rows = board.map_err(Fail::from)?.notices.rows;
        told.push(rows.iter().filter(|notice| notice.subject.ja.contains("有効期限")).count());
    }
    let mut wanted = vec![1; EARLY];
    wanted[0] = 0;
    tell.same(
        t(
            format!(
                "期限が近い {} の事業所にはお知らせが一通ずつ、失効した事業所には届いていない",
                EARLY - 1
            ),
            format!(
                "{} whose certificate ends soon were told once, the one that was revoked was not",
                EARLY - 1
            ),
        ),
        &told,
        &wanted,
    );
    Ok(())
}

/// One of them renews: the new one lasts longer, and both are there (C4, C22).
async fn renew(
    town: &Town,
    tell: &mut Teller,
    claims: &Claims,
    federation: &Federation,
    years: &Years,
) -> Outcome<()> {
    let (by, old) = (&early(federation)[1], years.early[1]);
    let holder = by.letter.holder;
    let knew = claims.knows(holder, by.letter.issue_password.clone()).await.map_err(Fail::from)?;
    let consent = Some(claims.settings().terms(town.house.clock.now()).consent.clone());
    let new = NewApplication {
        knew,
        key: KeyWay::Service,
        email: by.office.email.clone(),
        lang: Lang::Ja,
        consent,
        renews: Some(old),
    };
    let case = claims.apply(new, doer(Hat::Provider)).await.map_err(Fail::from)?;
    let case = CaseNumber::parse(&case.number).map_err(|e| broken("the number of a case", &e))?;
    act(claims, case, Command::RegisterIssue, Hat::Clerk).await?;
    town.pass(UNDO).await?;
    let mut ends = Vec::new();
    for number in [old, case] {
        ends.push(
            file(claims, number).await?.case.case.holding().map(|holding| holding.certificate.not_after),
        );
    }
    tell.check(
        t(
            "期限の前に更新すると、新しい証明書のほうが長く、前の証明書も期限まで使える",
            "renewed before its end: the new certificate lasts longer, the old one until its own end",
        ),
        holds(ends[0].is_some() && ends[0] < ends[1], || format!("{ends:?}")),
    );
    Ok(())
}

/// What was revoked more than a year ago goes into an archive, and is deleted; nothing else is (C13).
async fn delete(town: &Town, tell: &mut Teller, claims: &Claims, years: &Years) -> Outcome<()> {
    let deletable = claims.deletable(scope(claims), 0, Hat::Manager).await.map_err(Fail::from)?;
    let asked = claims.delete(scope(claims), doer(Hat::Manager)).await.map_err(Fail::from)?;
    town.settle().await?;
    let deletion = claims.deletion(scope(claims), asked, Hat::Manager).await.map_err(Fail::from)?;
    let archive = claims.archive(scope(claims), asked, Hat::Manager).await.map_err(Fail::from)?;
    save(&folder(town), "archive.jsonl", &archive, true)?;
    let gone = claims.case(scope(claims), years.early[0], Hat::Manager).await.is_err();
    let within = from_utf8(&archive).is_ok_and(|text| text.contains(&years.early[0].to_string()));
    tell.same(
        t(
            "失効から一年を過ぎた一件が、証明とともに保存され、削除された。期限の前の証明書は残る",
            "the one revoked more than a year ago is archived with its proofs and deleted; what has not ended stays",
        ),
        &(deletable.ended + deletable.revoked, deletion.stage, deletion.deleted, gone, within),
        &(1, Stage::Done, 1, true, true),
    );
    tell.look(folder(town).join("archive.jsonl").display());
    Ok(())
}

/// Every month that is over is closed in its turn; the file of the last with fees in it is left (C18).
async fn offset(town: &Town, tell: &mut Teller, claims: &Claims, years: &Years) -> Outcome<()> {
    let mut closed = 0_usize;
    loop {
        let offsets = claims.offsets(scope(claims)).await.map_err(Fail::from)?;
        let Some(open) = offsets.open.filter(|open| open.over) else { break };
        claims
            .close_offset(scope(claims), open.period.month, doer(Hat::Manager))
            .await
            .map_err(Fail::from)?;
        town.settle().await?;
        closed += 1;
    }
    let month = years.month.ok_or_else(|| broken("the month", &"nobody applied"))?;
    let get = || claims.offset_file(scope(claims), month);
    let (first, again) = (get().await.map_err(Fail::from)?, get().await.map_err(Fail::from)?);
    save(&folder(town), "offset.csv", &first, false)?;
    let period = claims.offset_period(scope(claims), month).await.map_err(Fail::from)?;
    let sums = period.closed.map(|closing| (closing.holders, closing.sums.charged));
    let fees: i64 = i64::try_from(LATE).unwrap_or(i64::MAX) * FEE;
    tell.check(
        t(
            format!("{closed} か月を順に締めた。{month} の相殺ファイルは {LATE} 事業所、{fees} 円で、何度作っても同じ"),
            format!("{closed} months are closed in turn; the file of {month} has {LATE} care providers and {fees} yen, the same octets each time"),
        ),
        holds(closed > 0 && first == again && sums == Some((LATE as u64, Yen(fees))), || {
            format!("{closed} months, {sums:?}, the same: {}", first == again)
        }),
    );
    tell.look(folder(town).join("offset.csv").display());
    Ok(())
}

/// What a certificate costs.
const FEE: i64 = 7_800;
