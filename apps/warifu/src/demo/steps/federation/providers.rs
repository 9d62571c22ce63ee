//! 事業所: sixty apply at once; issued, rejected, taken back, undone, fetched, revoked (C1, C5, C9, C11, C14–C17, C19).

use super::{
    CA, Federation, UNDO, act, agents::own_request, apply, certificate, count, desk, doer, folder, save,
    scope,
};
use crate::{
    demo::{
        broken, house, look,
        people::People,
        steps::claims::holds,
        tell::{Teller, t},
        town::Town,
    },
    fail::{Fail, Outcome},
};
use core_words::CaseNumber;
use desk_claims::{
    Claims,
    case::Case,
    command::Command,
    status::Hat,
    words::{AskedBy, Channel, KeyWay, Rejection, RevocationAsk, RevokeReason},
};
use kit_keys::SoftKey;

/// How many apply.
const APPLY: usize = 60;
/// A list is out so soon after a revocation, in seconds.
const SOON: i64 = 60;

/// Care providers with what they applied for.
pub(super) struct Providers {
    /// Their cases, in the order of the providers. The first has a key that the service made.
    pub(super) cases: Vec<CaseNumber>,
    /// The key of the second, as it lies in that office.
    pub(super) own: SoftKey,
    /// The case whose certificate was revoked.
    pub(super) revoked: CaseNumber,
}

pub(super) async fn run(
    town: &Town,
    tell: &mut Teller,
    people: &mut People,
    federation: &Federation,
) -> Outcome<Providers> {
    tell.begin(t("六十の事業所", "Sixty care providers"), town.house.clock.now());
    tell.say(&t(
        "六十の事業所が申請します。ほとんどは発行され、二件は却下・取下げ、二件は誤って登録され、管理者が取り消します。",
        "Sixty care providers apply. Most get their certificate; one is rejected, one takes it back, two are registered in error and undone by the manager.",
    ));
    let (claims, providers) = (desk(town)?, &federation.providers[..APPLY]);
    let (mut cases, mut own) = (Vec::new(), None);
    for (at, provider) in providers.iter().enumerate() {
        let key = match at {
            0 => KeyWay::Service,
            _ => {
                let (key, request) = own_request()?;
                own = own.or(Some(key));
                KeyWay::Own(request)
            }
        };
        cases.push(apply(town, &claims, provider, key).await?);
    }
    let own = own.ok_or_else(|| broken("the keys", &"nobody has one"))?;
    review(tell, &claims, people, &cases).await?;
    town.pass(UNDO).await?;
    let counted = [
        count(&claims, &cases, |case| matches!(case, Case::Issued(_))).await?,
        count(&claims, &cases, |case| matches!(case, Case::Rejected { .. })).await?,
        count(&claims, &cases, |case| matches!(case, Case::Applied(_))).await?,
    ];
    tell.same(
        t(
            format!(
                "60 秒後: 発行済み {}、却下 {}、取り消されて発行依頼待ち {}",
                counted[0], counted[1], counted[2]
            ),
            format!(
                "60 seconds later: {} issued, {} rejected, {} undone and waiting for review",
                counted[0], counted[1], counted[2]
            ),
        ),
        &counted,
        &[APPLY - 4, 2, 2],
    );
    fetch(town, tell, &claims, federation, cases[0]).await?;
    let revoked = revoke(town, tell, &claims, &cases).await?;
    tell.look(format!("{}/claims/desk/cases", house::public_url(town.server.address())));
    Ok(Providers { cases, own, revoked })
}

/// 発行依頼登録, 却下, 取下げ, 取消.
async fn review(
    tell: &mut Teller,
    claims: &Claims,
    people: &mut People,
    cases: &[CaseNumber],
) -> Outcome<()> {
    let (issue, reject) = cases.split_at(cases.len() - 2);
    for number in issue {
        act(claims, *number, Command::RegisterIssue, Hat::Clerk).await?;
    }
    let reason = Rejection::Refused("事業所番号と名称が合いません。".to_owned());
    act(claims, reject[0], Command::Reject(reason), Hat::Clerk).await?;
    act(claims, reject[1], Command::Reject(Rejection::Withdrawn), Hat::Clerk).await?;
    let mistaken = &issue[issue.len() - 2..];
    let mut codes = Vec::new();
    for number in mistaken {
        let by_clerk =
            claims.act(scope(claims), *number, None, Command::UndoIssue, doer(Hat::Clerk)).await.map(drop);
        codes.push(by_clerk.err().map(|refusal| refusal.code));
        act(claims, *number, Command::UndoIssue, Hat::Manager).await?;
    }
    tell.same(
        t(
            format!(
                "担当者が {} 件を登録、却下と取下げが一件ずつ。二件の取消は管理者だけができる",
                issue.len()
            ),
            format!(
                "the clerk registers {}, one is rejected and one taken back; only the manager undoes two",
                issue.len()
            ),
        ),
        &codes,
        &vec![Some("claims.not_you"); 2],
    );
    let page = people.clerk.browser.get("/claims/desk").await?.expect(200)?;
    tell.check(
        t(
            "連合会の「今日の仕事」に、いま待っているものが並ぶ",
            "what waits stands on the federation's page of today's work",
        ),
        holds(page.says(&format!("{}", issue.len() - 2)), || page.main()),
    );
    Ok(())
}

/// The file with key and certificate, with the issue password; another's is not handed out (C5).
async fn fetch(
    town: &Town,
    tell: &mut Teller,
    claims: &Claims,
    federation: &Federation,
    case: CaseNumber,
) -> Outcome<()> {
    let [first, second] = [&federation.providers[0].letter, &federation.providers[1].letter];
    let get = |holder, typed| claims.download(scope(claims), case, holder, typed, doer(Hat::Provider));
    let theirs = get(second.holder, second.issue_password.clone()).await.err().map(|refusal| refusal.code);
    let file = get(first.holder, first.issue_password.clone()).await.map_err(Fail::from)?;
    let dir = folder(town);
    save(&dir, "provider.p12", &file.octets, true)?;
    save(&dir, "provider.p12.password", first.issue_password.as_bytes(), true)?;
    tell.check(
        t(
            "鍵と証明書のファイルは本人にだけ渡る。ほかの事業所には、その申請は存在しない",
            "the file with key and certificate goes to its owner; to another the case does not exist",
        ),
        holds(theirs == Some("claims.no_case") && file.name.ends_with(".p12"), || {
            format!("{theirs:?} {}", file.name)
        }),
    );
    tell.look(dir.join("provider.p12").display());
    Ok(())
}

/// Three are asked for by telephone, one of them undone; the list names the two (C11, C15, C17).
async fn revoke(
    town: &Town,
    tell: &mut Teller,
    claims: &Claims,
    cases: &[CaseNumber],
) -> Outcome<CaseNumber> {
    let asked = &cases[2..5];
    for number in asked {
        let ask = RevocationAsk {
            by: AskedBy::Prefecture,
            channel: Channel::Paper,
            reason: RevokeReason::Closed,
            note: "指定の取消し（文書番号 見本第5号）".to_owned(),
        };
        act(claims, *number, Command::RequestRevocation(ask), Hat::Clerk).await?;
    }
    act(claims, asked[2], Command::UndoRevocation, Hat::Manager).await?;
    town.pass(UNDO).await?;
    town.pass(SOON).await?;
    let list = town.list(town.of_ca(CA), "1.crl").await?;
    let mut on = Vec::new();
    for number in asked {
        let serial = look::serial(&certificate(claims, *number).await?);
        on.push(match (&list, serial) {
            (Ok(list), Ok(serial)) => list.entries.contains_key(&serial),
            _ => false,
        });
    }
    let revoked = count(claims, asked, |case| matches!(case, Case::Revoked { .. })).await?;
    tell.same(
        t(
            "都道府県から三件の失効依頼。一件は管理者が取り消し、二件が失効リストに載って「失効済み」になった",
            "the prefecture asks for three revocations; the manager undoes one, two stand on the list and are revoked",
        ),
        &(on, revoked),
        &(vec![true, true, false], 2),
    );
    Ok(asked[0])
}
