//! 失効: the federation registers a request, the list names the certificate, and everything that happened to the case
//! is proven by the ledger (C6, C11, C15, C17, C20, K8, K16).

use super::{CA, Desk, Federation, UNDO, folder, holds};
use crate::{
    demo::{
        broken,
        client::Client,
        house,
        people::{Office, token},
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
};
use core_words::{RevocationReason, Serial};
use desk_claims::status::{Deed, Standing};
use kit_desk::{Status, Verb};
use kit_keys::Provider;
use kit_ledger::Receipt;
use serde_json::Value;

/// A list is out so soon after a revocation, in seconds.
const SOON: i64 = 60;

pub(super) async fn run(
    town: &mut Town,
    tell: &mut Teller,
    desk: &mut Desk,
    staff: &mut Federation,
) -> Outcome<()> {
    tell.begin(t("失効の依頼", "A revocation"), town.house.clock.now());
    tell.say(&t(
        "さくら が閉じることになり、電話で連絡がありました。担当者が失効依頼を登録し、失効リストに載るまでを見届けます。",
        "Sakura closes, and says so on the telephone. The clerk registers the request, and sees it through until the list is out.",
    ));
    let machine = town.client.with_token(&token(&town.server, staff.clerk.login).await?);
    let case = desk.sakura.case.clone();
    let serial = serial(&machine, &case).await?;
    request(tell, staff, &case).await?;

    let before = town.list(town.of_ca(CA), "1.crl").await?;
    town.pass(UNDO).await?;
    let handed = desk.sakura.office.sees(&case, Standing::AwaitingRevocation).await?;
    town.note(CA, serial, (Some(RevocationReason::CessationOfOperation), None));
    town.pass(SOON).await?;
    let after = town.list(town.of_ca(CA), "1.crl").await?;
    tell.check(
        t(
            "60 秒後に認証局へ渡り、次の失効リストに、業務の終了を理由として載った",
            "after 60 seconds it goes to the authority, and the next list names the certificate: cessation of operation",
        ),
        handed.and(before).and_then(|before| {
            let after = after?;
            let entry = after.entries.get(&serial);
            let right = Some(&(Some(RevocationReason::CessationOfOperation), None));
            holds(!before.entries.contains_key(&serial) && entry == right, || format!("{serial}: {entry:?}"))
        }),
    );
    tell.check(
        t(
            "リストが届くと、事業所の画面でも「失効済み」になる",
            "once the list has come, the provider sees it too: revoked",
        ),
        desk.sakura.office.sees(&case, Standing::Revoked).await?,
    );
    proofs(town, tell, &mut desk.sakura.office, &case).await?;
    machines(tell, &machine, desk).await?;
    tell.look(format!("{}/claims/desk/cases/{case}", house::public_url(town.server.address())));
    tell.look(folder(town).join("apply.tlog-proof").display());
    Ok(())
}

/// The serial number of the certificate of a case, as the API tells it.
async fn serial(machine: &Client, case: &str) -> Outcome<Serial> {
    let path = format!("/api/v1/claims/cases/{case}");
    let body = machine.get(&path).await?.expect(200, &path)?.json()?;
    let text = body["certificate"]["serial"].as_str().unwrap_or_default();
    Serial::from_hex(text).map_err(|e| broken("a serial number", &e))
}

/// 失効依頼登録: 入力 → 確認 → 完了.
async fn request(tell: &mut Teller, staff: &mut Federation, case: &str) -> Outcome<()> {
    let (clerk, slug) = (&mut staff.clerk, Deed::RequestRevocation.slug());
    let form =
        clerk.browser.get(&format!("/claims/desk/cases/{case}/{slug}")).await?.expect(200)?.form(slug)?;
    let form = form.picked("by", "provider")?.picked("reason", "closed")?;
    let missing = clerk.browser.submit(&form).await?;
    let form = form.picked("channel", "phone")?.typed("note", "事業を終えるとのこと。")?;
    let check = clerk.browser.submit(&form).await?.expect(200)?;
    let untouched = clerk.sees(case, Standing::Issued).await?;
    clerk.browser.submit(&check.form(slug)?.picked("_step", "confirm")?).await?.expect(200)?;
    tell.check(
        t(
            "誰がどのように頼んだかを入れないと進めず、確認して登録すると「失効依頼中」になる",
            "who asked and how must be said; looked over and registered, the revocation is under way",
        ),
        clerk.sees(case, Standing::RevocationRequested).await?.and(untouched).and_then(|()| {
            holds(missing.status() == 422, || format!("without the channel: {}", missing.status()))
        }),
    );
    Ok(())
}

/// What happened, with a proof for each, downloaded by the provider and checked with the key of the ledger (K8).
async fn proofs(town: &Town, tell: &mut Teller, office: &mut Office, case: &str) -> Outcome<()> {
    let page = office.case(case).await?.expect(200)?;
    // The time line tells the last first.
    let links: Vec<String> = page.links().into_iter().filter(|link| link.contains("/proof/")).rev().collect();
    let mut outcome = holds(links.len() == STORY.len(), || format!("{} proofs", links.len()));
    for (version, (link, deed)) in (1..).zip(links.iter().zip(STORY)) {
        let file = office.browser.get(link).await?.expect(200)?;
        let text = String::from_utf8_lossy(&file.reply.body).into_owned();
        if deed == Deed::Apply {
            house::write(&folder(town).join("apply.tlog-proof"), text.as_bytes(), 0o644)?;
        }
        let proved = Receipt::from_tlog_proof(&text)
            .and_then(|receipt| receipt.verify(&town.ledger_key, &Provider, &Provider))
            .map_err(|e| format!("{link}: {e}"));
        outcome = outcome.and(proved).and_then(|proved| {
            let (kind, subject) = (proved.body.kind, proved.body.subject);
            let right = kind == deed.ledger_kind() && subject == format!("case:{case}/{version}");
            holds(right, || format!("{link} is about {kind} {subject}"))
        });
    }
    tell.check(
        t(
            format!("申請から失効まで {} 件の出来事を、台帳の証明と公開鍵だけで確かめられる", STORY.len()),
            format!(
                "{} things happened from application to revocation; each is proven by the ledger's key",
                STORY.len()
            ),
        ),
        outcome,
    );
    Ok(())
}

/// What happened to the certificate that went all the way (C20, C21).
const STORY: [Deed; 9] = [
    Deed::Apply,
    Deed::RegisterIssue,
    Deed::HandOver,
    Deed::Register,
    Deed::Download,
    Deed::EraseKey,
    Deed::RequestRevocation,
    Deed::HandOverRevocation,
    Deed::RegisterList,
];

/// A program of the federation sees the same cases, and cannot act on what it has not looked at (K16).
async fn machines(tell: &mut Teller, machine: &Client, desk: &Desk) -> Outcome<()> {
    let body = machine.get("/api/v1/claims/cases").await?.expect(200, "the cases")?.json()?;
    let found: Vec<(String, String)> = body["cases"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|case| (text_of(&case["number"]), text_of(&case["status"]["name"])))
        .collect();
    let mut expected: Vec<(String, String)> = [
        (&desk.sakura.case, Standing::Revoked),
        (&desk.momiji.case, Standing::Rejected),
        (&desk.again, Standing::Applied),
        (&desk.himawari.case, Standing::Applied),
        (&desk.aoba.case, Standing::Issued),
        (&desk.tsukushi.case, Standing::Issued),
    ]
    .map(|(case, standing)| (case.clone(), standing.slug().to_owned()))
    .into();
    expected.sort();
    // Beside them there are those of the years before.
    let found: Vec<_> =
        found.into_iter().filter(|(case, _)| expected.iter().any(|(theirs, _)| theirs == case)).collect();
    tell.same(
        t(
            "API で見ても六件は同じ状況: 失効済み 1、却下 1、発行依頼待ち 2、発行済み 2",
            "the API tells the same of the six: one revoked, one rejected, two wait for review, two issued",
        ),
        &found,
        &expected,
    );
    let path = format!("/api/v1/claims/cases/{}/register-issue", desk.himawari.case);
    let blind = machine.post(&path, &Value::Object(serde_json::Map::new())).await?;
    tell.same(
        t(
            "どの版を見たか（If-Match）を言わない登録は、API でも断られる（428）",
            "a program that does not say which version it saw (If-Match) is refused (428)",
        ),
        &blind.status,
        &428,
    );
    Ok(())
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
