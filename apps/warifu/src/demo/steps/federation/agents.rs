//! 代理人: quotation, application, invoice, bank transfer; what comes too little, twice, or from nobody known (C1–C3,
//! C10, C19, C21).

use super::{Entered, Federation, UNDO, act, apply, count, desk, doer, folder, save, scope};
use crate::{
    demo::{
        broken, csr, house,
        people::{self, People, press, sign_in_link},
        steps::claims::holds,
        tell::{Teller, t},
        town::Town,
    },
    fail::{Fail, Outcome},
};
use core_crypto::KeyAlg;
use core_words::{CaseNumber, Yen};
use core_x509::name::{CN, Name};
use desk_claims::{
    Claims, bank,
    case::Case,
    command::Command,
    service::{Booked, Picked, TypedDeposit},
    status::Hat,
    words::{HolderNumber, KeyWay},
};
use kit_keys::SoftKey;
use kit_web::Day;

/// What a certificate costs.
const FEE: i64 = 7_800;

/// Agents with what they applied for.
pub(super) struct Agents {
    /// Their cases, in the order of the agents.
    pub(super) cases: Vec<CaseNumber>,
}

pub(super) async fn run(
    town: &Town,
    tell: &mut Teller,
    people: &mut People,
    federation: &Federation,
) -> Outcome<Agents> {
    tell.begin(t("代理人の申請と入金", "Agents apply and pay"), town.house.clock.now());
    tell.say(&t(
        "代理人は見積書を取り、申請し、請求書で振り込みます。担当者は銀行のファイルを取り込みます。足りない振込、二重の振込、名前のない振込もあります。",
        "Agents get a quotation, apply, and pay by the invoice. The clerk takes in the bank's file. One transfer is too little, one is twice as much, one is of nobody known.",
    ));
    let (claims, agents) = (desk(town)?, &federation.agents);
    let mut cases = Vec::new();
    for agent in agents {
        cases.push(apply(town, &claims, agent, KeyWay::Own(own_request()?.1)).await?);
    }
    tell.same(
        t(
            format!("{} 件の申請は「入金待ち」", cases.len()),
            format!("the {} applications wait for payment", cases.len()),
        ),
        &count(&claims, &cases, |case| matches!(case, Case::AwaitingPayment(_))).await?,
        &agents.len(),
    );
    papers(town, tell, &agents[0], cases[0]).await?;
    let link = sign_in_link(&town.server, people.clerk.login).await?;
    people.clerk.browser.forget();
    press(&mut people.clerk.browser, &link).await?.expect(200)?;
    bank_file(tell, &claims, agents, town).await?;
    pay(tell, &claims, people, agents, &cases).await?;
    town.pass(UNDO).await?;
    tell.same(
        t(
            format!("60 秒後、{} 件すべてが「発行済み」", cases.len()),
            format!("60 seconds later all {} are issued", cases.len()),
        ),
        &count(&claims, &cases, |case| matches!(case, Case::Issued(_))).await?,
        &agents.len(),
    );
    tell.look(format!("{}/claims/desk/payments", house::public_url(town.server.address())));
    Ok(Agents { cases })
}

/// A key of an applicant's own, and its request, DER.
pub(super) fn own_request() -> Outcome<(SoftKey, Vec<u8>)> {
    let key = SoftKey::generate(KeyAlg::P256).map_err(|e| broken("making a key", &e))?;
    let name = Name::of(&[(CN, "own")]).map_err(|e| broken("a name", &e))?;
    let request = csr::request(&key, &name, None)?;
    Ok((key, request))
}

/// 見積書 and 請求書, from the pages (C2, C3).
async fn papers(town: &Town, tell: &mut Teller, agent: &Entered, case: CaseNumber) -> Outcome<()> {
    let mut browser = people::browser(town, core_words::Lang::Ja);
    let form = browser.get("/sign-in").await?.expect(200)?.form("/sign-in")?;
    let form = form.typed("login", &agent.letter.login)?.typed("password", &agent.letter.password)?;
    browser.submit(&form).await?.expect(200)?;
    let form = browser.get("/claims/quotation").await?.expect(200)?.form("/claims/quotation")?;
    let quotation = browser.submit(&form).await?.expect(200)?;
    let invoice = browser.get(&format!("/claims/cases/{case}/invoice.pdf")).await?.expect(200)?;
    let dir = folder(town);
    for (file, name, ja, en) in [
        (
            quotation,
            "quotation.pdf",
            "申請の前に見積書（PDF/A）を受け取る",
            "before applying: the quotation (PDF/A)",
        ),
        (
            invoice,
            "invoice.pdf",
            "入金待ちの間に請求書（PDF/A）を印刷する",
            "while payment is awaited: the invoice (PDF/A)",
        ),
    ] {
        let body = &file.reply.body;
        let kind = file.reply.field("content-type");
        save(&dir, name, body, false)?;
        tell.check(
            t(ja, en),
            holds(kind == "application/pdf" && body.starts_with(b"%PDF-"), || format!("{name}: {kind}")),
        );
        tell.look(dir.join(name).display());
    }
    Ok(())
}

/// The bank's file: each agent's transfer but for the last, whose name nobody wrote.
async fn bank_file(tell: &mut Teller, claims: &Claims, agents: &[Entered], town: &Town) -> Outcome<()> {
    let now = town.house.clock.now();
    let day = Day::of(now);
    let mut text = String::from("入金日,金額,振込人名,照会番号\n");
    for (at, agent) in agents.iter().enumerate() {
        let (payer, amount) = match at {
            _ if at == agents.len() - 1 => ("ミナモセイキュウ", FEE),
            _ if at == agents.len() - 2 => (agent.office.number.as_str(), 2 * FEE),
            _ if at == agents.len() - 3 => (agent.office.number.as_str(), FEE - 800),
            _ => (agent.office.number.as_str(), FEE),
        };
        let day = format!("{}/{}/{}", day.year(), day.month(), day.day());
        text.push_str(&format!("{day},{amount},{payer},{at:06}\n"));
    }
    let read = || bank::read(text.clone().into_bytes(), now);
    let read = || read().map_err(|e| broken("the bank's file", &format_args!("{e:?}")));
    let first =
        claims.import_transfers(scope(claims), read()?, doer(Hat::Clerk)).await.map_err(Fail::from)?;
    let again =
        claims.import_transfers(scope(claims), read()?, doer(Hat::Clerk)).await.map_err(Fail::from)?;
    let matched = first.0.iter().filter(|(_, booked)| matches!(booked, Booked::To(_))).count();
    let before = again.0.iter().filter(|(_, booked)| *booked == Booked::Before).count();
    tell.same(
        t(
            format!("銀行のファイル: {} 件のうち {matched} 件は振込人名の ID で代理人がわかる。もう一度取り込んでも増えない", agents.len()),
            format!("the bank's file: of {} transfers {matched} name their agent's ID; taken in again nothing is added", agents.len()),
        ),
        &(matched, before),
        &(agents.len() - 1, agents.len()),
    );
    Ok(())
}

/// 入金登録: who paid enough; the others after it was cleared up.
async fn pay(
    tell: &mut Teller,
    claims: &Claims,
    people: &mut People,
    agents: &[Entered],
    cases: &[CaseNumber],
) -> Outcome<()> {
    let register = async |at: usize| {
        let version = super::file(claims, cases[at]).await?.case.version;
        let picked = vec![Picked { number: cases[at], version }];
        let agent: HolderNumber = agents[at].office.number.clone();
        Ok::<_, Fail>(claims.register_payments(scope(claims), agent, picked, doer(Hat::Clerk)).await)
    };
    let (mut paid, mut short) = (0, Vec::new());
    for at in 0..agents.len() {
        match register(at).await? {
            Ok(()) => paid += 1,
            Err(refusal) => short.push((at, refusal.code)),
        }
    }
    let last = agents.len() - 1;
    tell.same(
        t(
            format!("{paid} 件の入金を登録。800 円足りない一件と、名前のない一件は登録できない"),
            format!(
                "{paid} payments are registered; the one short of 800 yen and the one of nobody known are not"
            ),
        ),
        &short,
        &vec![(last - 2, "claims.not_paid"), (last, "claims.not_paid")],
    );
    let page = people.clerk.browser.get("/claims/desk/payments").await?.expect(200)?;
    tell.check(
        t(
            "名前のない振込は、入金の画面に残っている",
            "the transfer of nobody known stays on the page of payments",
        ),
        holds(page.says("ミナモセイキュウ"), || page.main()),
    );
    let lost = claims.payments(scope(claims)).await.map_err(Fail::from)?.unmatched;
    let lost = lost.first().ok_or_else(|| broken("the payments", &"nothing is unmatched"))?.id;
    let (agent, note) = (agents[last].office.number.clone(), "電話で確認".to_owned());
    claims.assign_deposit(scope(claims), lost, agent, note, doer(Hat::Clerk)).await.map_err(Fail::from)?;
    let rest = TypedDeposit {
        agent: Some(agents[last - 2].office.number.clone()),
        day: Day::of(super::file(claims, cases[0]).await?.now).begins(),
        amount: Yen(800),
        payer: agents[last - 2].office.number.to_string(),
        reference: String::new(),
        note: "不足分".to_owned(),
    };
    claims.enter_deposit(scope(claims), rest, doer(Hat::Clerk)).await.map_err(Fail::from)?;
    let after = [register(last - 2).await?.is_ok(), register(last).await?.is_ok()];
    let twice = agents[last - 1].office.number.clone();
    let back = claims
        .refund(scope(claims), twice.clone(), Yen(FEE), "二重の振込".to_owned(), doer(Hat::Clerk))
        .await;
    let left = claims.account(scope(claims), twice).await.map_err(Fail::from)?.balance;
    tell.check(
        t(
            "不足分が届き、名前のない振込の代理人もわかって登録できた。二重の振込は返金し、残高は 0 円",
            "the rest arrives, the unknown payer is found, both are registered; what came twice is sent back: balance 0",
        ),
        holds(after == [true, true] && back.is_ok() && left == Yen(0), || format!("{after:?} {back:?} {left}")),
    );
    act(claims, cases[0], Command::UndoIssue, Hat::Manager).await?;
    let undone = count(claims, &cases[..1], |case| matches!(case, Case::AwaitingPayment(_))).await?;
    let again = register(0).await?.is_ok();
    tell.same(
        t(
            "管理者が一件の入金登録を取り消すと「入金待ち」に戻り、残高から登録し直せる",
            "the manager undoes one: it waits for payment again, and is registered again from the balance",
        ),
        &(undone, again),
        &(1, true),
    );
    Ok(())
}
