//! C5: the applicant gets key and certificate, or the certificate for a key of their own; keys do not stay here.

use crate::desk::{apply, ask, doer, scope};
use core_words::CaseNumber;
use desk_claims::{
    case::Case,
    command::Command,
    status::Hat,
    words::{KeyState, KeyWay},
};
use kit_store::{
    StoreError,
    testing::{Place, both_places},
};
use std::{path::Path, process::Command as Program};
use tests_harness::{Office, Town};
use zeroize::Zeroizing;

async fn issued(town: &Town, office: &Office, key: KeyWay) -> CaseNumber {
    let number = apply(town, office, key).await;
    let register =
        town.claims().act(scope(town), number, None, Command::RegisterIssue, doer(Hat::Clerk, 2)).await;
    register.expect("registered");
    town.pass(1_800).await;
    number
}

async fn key(town: &Town, number: CaseNumber) -> KeyState {
    let file = town.claims().case(scope(town), number, Hat::Clerk).await.expect("it is there");
    file.case.case.holding().expect("issued").key.clone()
}

/// Keys that the authority still keeps.
async fn kept(town: &Town) -> i64 {
    let count = town.installation().db.read(|tx| {
        tx.query_one("SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL", &[])?.get::<i64>(0)
    });
    let count: Result<i64, StoreError> = count.await;
    count.expect("counted")
}

fn openssl(dir: &Path, arguments: &[&str]) -> (bool, String) {
    let done = Program::new("openssl").current_dir(dir).args(arguments).output().expect("openssl is there");
    let text = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn c05_openssl_opens_the_file_with_the_password_of_that_download_and_verifies_the_chain() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let number = issued(&town, &office, KeyWay::Service).await;
        let (id, password) = (office.letter.holder, office.letter.issue_password.clone());
        let get = async |typed: &str| {
            let typed = Zeroizing::new(typed.to_owned());
            town.claims().download(scope(&town), number, id, typed, doer(Hat::Provider, 1)).await
        };
        assert_eq!(get("wrong-password").await.err().map(|no| no.code), Some("gate.wrong_secret"));
        let file = get(&password).await.expect("downloaded");
        let dir = town.dir();
        std::fs::write(dir.join("p.p12"), &*file.octets).expect("written");
        let pass = format!("pass:{}", *password);
        let (ok, text) =
            openssl(dir, &["pkcs12", "-in", "p.p12", "-passin", &pass, "-nodes", "-out", "all.pem"]);
        assert!(ok, "{text}");
        let (ok, _) = openssl(dir, &["pkcs12", "-in", "p.p12", "-passin", "pass:wrong", "-nokeys"]);
        assert!(!ok, "another password opens nothing");
        let (ok, text) = openssl(dir, &["x509", "-in", "all.pem", "-noout", "-subject"]);
        assert!(ok && text.contains(&office.number), "{text}");
        // A broken transfer may be repeated; then it is confirmed, and the key is gone.
        get(&password).await.expect("again");
        assert_eq!(kept(&town).await, 1);
        let confirm = town.claims().confirm_download(scope(&town), number, id, doer(Hat::Provider, 1)).await;
        confirm.expect("confirmed");
        town.run_jobs().await;
        assert_eq!(kept(&town).await, 0, "no key is left behind");
        assert_eq!(get(&password).await.err().map(|no| no.code), Some("claims.key_erased"));
        town.end().await;
    });
}

#[test]
fn c05_c12_a_key_that_nobody_fetches_is_erased_when_its_time_is_over_and_nobody_is_urged_to_renew() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut office = town.provider("さくら介護センター").await;
        let number = issued(&town, &office, KeyWay::Service).await;
        let KeyState::Kept { until, .. } = key(&town, number).await else { panic!("kept") };
        town.clock().set(until.plus_micros(-1));
        town.run_jobs().await;
        assert!(matches!(key(&town, number).await, KeyState::Kept { .. }));
        office.sign_in().await;
        assert!(!office.get("/claims").await.says("使えません"));
        town.clock().set(until);
        town.run_jobs().await;
        assert!(matches!(key(&town, number).await, KeyState::Erased { .. }));
        assert_eq!(kept(&town).await, 0);
        // The list says what it is worth; the end of what nobody can use is no news.
        let row =
            office.get("/claims").await.find("tr").into_iter().find(|row| row.contains(&number.to_string()));
        assert!(row.as_ref().is_some_and(|row| row.contains("使えません")), "{row:?}");
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        let last = file.case.case.holding().expect("it was issued").certificate.not_after;
        town.clock().set(last.micros().plus_seconds(-10 * 86_400));
        town.run_jobs().await;
        let mails = town.mail().mails_to(&office.email);
        assert!(mails.iter().all(|mail| !mail.subject().contains("有効期限")), "{}", mails.len());
        assert!(!mails.is_empty(), "that it was issued was told");
        town.end().await;
    });
}

#[test]
fn c05_a_key_that_nobody_fetched_goes_with_the_revocation() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let number = issued(&town, &office, KeyWay::Service).await;
        let revoke = Command::RequestRevocation(ask());
        town.claims().act(scope(&town), number, None, revoke, doer(Hat::Clerk, 2)).await.expect("6");
        town.pass(1_800).await;
        // The list comes a second after the revocation.
        town.pass(2).await;
        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert!(matches!(file.case.case, Case::Revoked { .. }), "{:?}", file.case.case.standing());
        assert_eq!(kept(&town).await, 0);
        town.end().await;
    });
}

#[test]
fn c05_a_key_of_the_applicants_own_never_comes_here() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let dir = town.dir().to_owned();
        let arguments =
            ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "own.key", "-subj", "/CN=own"];
        let (ok, text) = openssl(&dir, &[&arguments[..], &["-outform", "DER", "-out", "own.csr"]].concat());
        assert!(ok, "{text}");
        let request = std::fs::read(dir.join("own.csr")).expect("a request");
        let number = issued(&town, &office, KeyWay::Own(request)).await;
        assert_eq!(key(&town, number).await, KeyState::Own);
        assert_eq!(kept(&town).await, 0);
        let password = office.letter.issue_password.clone();
        let file = town
            .claims()
            .download(scope(&town), number, office.letter.holder, password, doer(Hat::Provider, 1))
            .await
            .expect("downloaded");
        std::fs::write(dir.join("own.pem"), &*file.octets).expect("written");
        let (_, of_key) = openssl(&dir, &["pkey", "-in", "own.key", "-pubout"]);
        let (_, of_certificate) = openssl(&dir, &["x509", "-in", "own.pem", "-pubkey", "-noout"]);
        assert_eq!(of_key, of_certificate);
        town.end().await;
    });
}

#[test]
fn c01_a_request_that_the_authority_would_refuse_never_becomes_a_case() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let knew = town
            .claims()
            .knows(office.letter.holder, office.letter.issue_password.clone())
            .await
            .expect("it is");
        let new = desk_claims::service::NewApplication {
            knew,
            key: KeyWay::Own(b"no request".to_vec()),
            email: office.email.clone(),
            lang: core_words::Lang::Ja,
            consent: Some(town.claims().settings().terms(town.now()).consent.clone()),
            renews: None,
        };
        let refused = town.claims().apply(new, doer(Hat::Provider, 1)).await.expect_err("no request");
        assert!(refused.code.starts_with("authority."), "{}", refused.code);
        assert_eq!(town.claims().own_cases(office.letter.holder).await.expect("read"), []);
        town.end().await;
    });
}
