//! C12, C13, C22: three years and more of a certificate: a notice with a calendar, renewal by one button before and after
//! the end, and deletion with an archive whose proofs stand alone.

use crate::desk::{ask, doer, scope};
use core_words::{CaseNumber, UtcMicros, UtcSeconds};
use desk_claims::{
    Stage,
    command::Command,
    status::{Hat, Standing},
};
use kit_keys::Provider;
use kit_store::testing::{Place, both_places};
use tests_harness::{Office, Town, Worker};

const DAY: i64 = 86_400;

async fn last_second(town: &Town, number: CaseNumber) -> UtcSeconds {
    let file = town.claims().case(scope(town), number, Hat::Clerk).await.expect("it is there");
    file.case.case.holding().expect("it was issued").certificate.not_after
}

/// Lets time pass up to a moment.
async fn until(town: &Town, at: UtcMicros) {
    town.pass(at.since(town.now()) / 1_000_000).await;
}

/// From the page that this link is on to the number of the new case.
pub(crate) async fn apply_from(office: &mut Office, page: &str, link: &str) -> CaseNumber {
    let page = office.get(page).await;
    let way = page.links(link).first().cloned().unwrap_or_else(|| panic!("{link}: {}", page.text()));
    let form = office.get(&way).await.form("/claims/apply").expect("a form");
    let page = office.submit(&form.with("key", "service")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let password = office.issue_password();
    let form = page.forms().into_iter().find(|form| form.field("issue_password").is_some());
    let form = form.expect("the last form").tick("agree").with("issue_password", &password);
    let done = office.submit(&form.with("_step", "confirm")).await;
    let number = done.path.split('/').nth(3).unwrap_or_else(|| panic!("{}", done.text())).to_owned();
    number.parse().unwrap_or_else(|_| panic!("{}", done.text()))
}

async fn issue(town: &Town, number: CaseNumber) {
    let done = town.claims().act(scope(town), number, None, Command::RegisterIssue, doer(Hat::Clerk, 2));
    done.await.expect("registered");
    town.pass(1_800).await;
}

/// Takes the file and says a second later that it opened.
pub(crate) async fn fetch(town: &Town, office: &mut Office, number: CaseNumber) {
    office.sign_in().await;
    let path = format!("/claims/cases/{number}/download");
    let form = office.get(&path).await.form("/download").expect("a form");
    let password = office.issue_password();
    let file = office.submit(&form.with("issue_password", &password)).await;
    assert_eq!(file.status, 200, "{}", file.text());
    town.pass(1).await;
    let case = format!("/claims/cases/{number}");
    let form = office.get(&case).await.form("/confirm").expect("a form");
    let done = office.submit(&form).await;
    assert_eq!(done.status, 200, "{}", done.text());
}

/// How often a mail about the end has come, and the calendar of the last one.
fn told(town: &Town, office: &Office) -> (usize, String) {
    let mails = town.mail().mails_to(&office.email);
    let told: Vec<_> = mails.iter().filter(|mail| mail.subject().contains("有効期限")).collect();
    let calendar = told.last().and_then(|mail| mail.files().into_iter().next());
    let calendar = calendar.map(|(name, kind, octets)| {
        assert!(name.ends_with(".ics") && kind.starts_with("text/calendar"), "{name} {kind}");
        String::from_utf8(octets).expect("UTF-8")
    });
    (told.len(), calendar.unwrap_or_default())
}

#[test]
fn c12_c22_the_holder_is_told_once_and_renews_before_and_after_the_end() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut office = town.provider("さくら介護センター").await;
        let first = apply_from(&mut office, "/claims", "発行を申請する").await;
        issue(&town, first).await;
        fetch(&town, &mut office, first).await;
        let last = last_second(&town, first).await;
        let begins = |days: i64| {
            let day = kit_web::dates::Day::of(last.micros());
            UtcMicros(day.begins().0 - days * DAY * 1_000_000)
        };

        // At six of the day before nobody is told; then the house stands still for three days, and tells once.
        until(&town, begins(91).plus_seconds(6 * 3_600)).await;
        assert_eq!(told(&town, &office).0, 0);
        town.pass(3 * DAY).await;
        let (count, calendar) = told(&town, &office);
        assert_eq!(count, 1);
        let day = kit_web::dates::Day::of(last.micros()).to_string().replace('-', "");
        assert!(calendar.contains(&format!("DTSTART;VALUE=DATE:{day}\r\n")), "{calendar}");
        town.pass(DAY).await;
        town.pass(DAY).await;
        assert_eq!(told(&town, &office).0, 1, "once for each lead");
        let clerk = &mut town.clerk().await;
        let case = clerk.get(&format!("/claims/desk/cases/{first}")).await;
        assert!(
            case.says("電子証明書の有効期限が近づいています"),
            "the clerk sees that it was told: {}",
            case.text()
        );
        let list = clerk.get("/claims/desk/expiring?days=90").await;
        assert!(list.says(&first.to_string()), "{}", list.text());
        let letters = list.links("PDFで開く");
        let pdf = clerk.get(letters.first().expect("the letters of the month")).await;
        assert!(pdf.body.starts_with(b"%PDF-"), "{}", pdf.text());

        // One button, while the old one is valid: both are there, and nobody is told of the old one any more.
        office.sign_in().await;
        let second = apply_from(&mut office, &format!("/claims/cases/{first}"), "更新を申請する").await;
        issue(&town, second).await;
        office.sign_in().await;
        let home = office.get("/claims").await;
        assert!(home.says(&first.to_string()) && home.says(&second.to_string()), "C4: {}", home.text());
        let case = office.get(&format!("/claims/cases/{second}")).await;
        assert!(case.says("更新する証明書") && case.says(&first.to_string()), "{}", case.text());
        let case = office.get(&format!("/claims/cases/{first}")).await;
        assert!(case.links("更新を申請する").is_empty(), "it is renewed: {}", case.text());
        let list = town.clerk().await.get("/claims/desk/expiring?days=90").await;
        assert!(!list.says(&first.to_string()), "{}", list.text());

        // The same button after the end.
        let mut late = town.provider("もみじ苑").await;
        let old = apply_from(&mut late, "/claims", "発行を申請する").await;
        issue(&town, old).await;
        fetch(&town, &mut late, old).await;
        until(&town, last_second(&town, old).await.micros().plus_seconds(DAY)).await;
        late.sign_in().await;
        let new = apply_from(&mut late, &format!("/claims/cases/{old}"), "更新を申請する").await;
        issue(&town, new).await;
        assert!(last_second(&town, new).await > last_second(&town, old).await);
        town.end().await;
    });
}

/// What stands in an archive, after every proof in it was checked with the public key of the ledger alone.
async fn verified(town: &Town, archive: &[u8]) -> Vec<String> {
    let key = town.installation().ledger_key_made().await.expect("there is one");
    let key = key.verifier().expect("a name");
    let text = std::str::from_utf8(archive).expect("UTF-8");
    let mut lines =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON in every line"));
    let head = lines.next().expect("a first line");
    assert_eq!(head["format"], desk_claims::service::ARCHIVE_FORMAT);
    let mut numbers = Vec::new();
    for line in lines {
        let number = line["case"]["number"].as_str().expect("a number").to_owned();
        assert!(line["certificate"].as_str().is_some_and(|pem| pem.contains("BEGIN CERTIFICATE")));
        let proofs = line["proofs"].as_array().expect("proofs");
        assert_eq!(proofs.len(), line["case"]["events"].as_array().expect("events").len());
        for proof in proofs {
            let proof = proof["tlog_proof"].as_str().expect("a text");
            let receipt = kit_ledger::Receipt::from_tlog_proof(proof).expect("a proof");
            let proved = receipt.verify(&key, &Provider, &Provider).expect("it verifies");
            assert_eq!(proved.body.case.as_deref(), Some(number.as_str()));
        }
        numbers.push(number);
    }
    numbers
}

async fn press_delete(manager: &mut Worker) -> String {
    let page = manager.get("/claims/desk/deletion/check").await;
    let form = page.form("/deletion/check").unwrap_or_else(|| panic!("{}", page.text()));
    manager.submit(&form).await.path
}

#[test]
fn c13_what_has_ended_or_was_revoked_is_archived_and_deleted_and_nothing_else() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut sakura = town.provider("さくら介護センター").await;
        let ended = apply_from(&mut sakura, "/claims", "発行を申請する").await;
        issue(&town, ended).await;
        let last = last_second(&town, ended).await;
        let mut momiji = town.provider("もみじ苑").await;
        let revoked = apply_from(&mut momiji, "/claims", "発行を申請する").await;
        issue(&town, revoked).await;
        let revoke = Command::RequestRevocation(ask());
        town.claims().act(scope(&town), revoked, None, revoke, doer(Hat::Clerk, 2)).await.expect("asked");
        town.pass(1_800).await;
        town.pass(2).await;

        // A year and a day: what was revoked may go, the other one is valid.
        town.pass(367 * DAY).await;
        let valid = town.claims().case(scope(&town), ended, Hat::Clerk).await.expect("it is there");
        assert_eq!(valid.case.case.standing(), Standing::Issued);
        let mut clerk = town.clerk().await;
        assert_eq!(clerk.get("/claims/desk/deletion").await.status, 403, "for managers");
        let mut manager = town.manager().await;
        let page = manager.get("/claims/desk/deletion").await;
        assert!(page.says(&revoked.to_string()) && !page.says(&ended.to_string()), "{}", page.text());
        let path = press_delete(&mut manager).await;
        town.run_jobs().await;
        let done = manager.get(&path).await;
        assert!(done.says("終わりました"), "{}", done.text());
        let archive = manager.get(&format!("{path}/archive.jsonl")).await;
        assert_eq!(verified(&town, &archive.body).await, [revoked.to_string()]);

        // It is off the screens. Staff are told where it is, applicants are told of nothing.
        let gone = manager.get(&format!("/claims/desk/cases/{revoked}")).await;
        let number = path.rsplit('/').next().expect("a number");
        assert_eq!(gone.status, 404);
        assert!(gone.says("削除されました") && gone.says(number), "{}", gone.text());
        momiji.sign_in().await;
        let own = momiji.get(&format!("/claims/cases/{revoked}")).await;
        assert_eq!((own.status, own.says("削除されました")), (404, false), "{}", own.text());
        assert!(!momiji.get("/claims").await.says(&revoked.to_string()));
        let list = manager.get("/claims/desk/cases").await;
        assert!(!list.says(&revoked.to_string()) && list.says(&ended.to_string()), "{}", list.text());
        // Nothing is left to delete: asked again it is refused, and nothing changes.
        let again = town.claims().delete(scope(&town), doer(Hat::Manager, 3)).await.expect_err("nothing");
        assert_eq!(again.code, "claims.nothing_to_delete");
        let not_theirs = town.claims().delete(scope(&town), doer(Hat::Clerk, 2)).await.expect_err("a clerk");
        assert_eq!(not_theirs.code, "claims.manager_only");

        // The other one goes when it has ended, 365 whole days after.
        until(&town, last.micros().plus_seconds(1 + 365 * DAY)).await;
        let deletable = town.claims().deletable(scope(&town), 0, Hat::Manager).await.expect("read");
        assert_eq!(deletable.ended, 0, "its last day was 365 days ago");
        town.pass(DAY).await;
        let asked = town.claims().delete(scope(&town), doer(Hat::Manager, 3)).await.expect("asked");
        town.run_jobs().await;
        let deletion = town.claims().deletion(scope(&town), asked, Hat::Manager).await.expect("it is there");
        assert_eq!((deletion.stage, deletion.chosen, deletion.deleted), (Stage::Done, 1, 1));
        let archive = town.claims().archive(scope(&town), asked, Hat::Manager).await.expect("it is there");
        assert_eq!(verified(&town, &archive).await, [ended.to_string()]);
        assert_eq!(town.claims().own_cases(sakura.letter.holder).await.expect("read"), []);
        town.end().await;
    });
}
