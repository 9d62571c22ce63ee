//! C7: the issue password is reissued on line, sealed to a certificate of the applicant, and opened with its key.

use crate::desk::{apply, ask, doer, scope};
use core_words::{CaseNumber, Lang, Refusal};
use desk_claims::{
    command::Command,
    service::{REISSUES_A_DAY, Reissued},
    status::Hat,
    words::KeyWay,
};
use kit_store::testing::{Place, both_places};
use std::{path::Path, process::Command as Program};
use tests_harness::{Office, Page, Town};
use warifu::{
    cli::{self, Cli, Run},
    fail::Exit,
};
use zeroize::Zeroizing;

const DAY: i64 = 86_400;

async fn issued(town: &Town, office: &Office, key: KeyWay) -> CaseNumber {
    let number = apply(town, office, key).await;
    let register =
        town.claims().act(scope(town), number, None, Command::RegisterIssue, doer(Hat::Clerk, 2)).await;
    register.expect("registered");
    town.pass(1_800).await;
    number
}

/// Downloads the certificate's file with this password: its path, or why not.
async fn fetch(town: &Town, office: &Office, number: CaseNumber, typed: &str) -> Result<String, String> {
    let typed = Zeroizing::new(typed.to_owned());
    let file = town
        .claims()
        .download(scope(town), number, office.letter.holder, typed, doer(Hat::Provider, 1))
        .await
        .map_err(|refusal| refusal.code.to_owned())?;
    std::fs::write(town.dir().join(&file.name), &*file.octets).expect("written");
    Ok(file.name)
}

async fn reissue(town: &Town, office: &Office, number: CaseNumber) -> Result<Reissued, Refusal> {
    let doer = doer(Hat::Provider, 1);
    town.claims().reissue_password(scope(town), office.letter.holder, number, Lang::Ja, doer).await
}

fn openssl(dir: &Path, arguments: &str) -> Vec<u8> {
    let done = Program::new("openssl").current_dir(dir).args(arguments.split(' ')).output();
    let done = done.expect("openssl is there");
    assert!(done.status.success(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// What the tool makes of `notice.p7m` with a PKCS#12 file under a password.
async fn tool(dir: &Path, p12: &str, password: &str) -> Result<String, String> {
    std::fs::write(dir.join("pw"), password).expect("written");
    let [notice, p12, pw, out] = ["notice.p7m", p12, "pw", "out.txt"].map(|name| dir.join(name));
    let _ = std::fs::remove_file(&out);
    let line = ["warifu".into(), "open-notice".into(), notice.into_os_string(), "--p12".into()];
    let more = [p12.into_os_string(), "--password-file".into(), pw.into_os_string(), "--out".into()];
    let said = line.into_iter().chain(more).chain([out.clone().into_os_string()]);
    let cli::Command::OpenNotice(open) = Cli::of_arguments(said).expect("well said").command else {
        panic!("another command")
    };
    let run = Run { lang: warifu::lang::Lang::En, chosen: None, config_file: None };
    match open.run(&run).await {
        Ok(Exit::Ok) => Ok(std::fs::read_to_string(&out).expect("written")),
        Ok(_) => panic!("neither open nor refused"),
        Err(fail) => Err(fail.code),
    }
}

/// The password in the text of a notice: the line that is indented.
fn password_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix("    ")).expect("a password");
    assert_eq!(line.len(), 12, "{line}");
    line.to_owned()
}

/// Gets the file of the notice behind a link, as `notice.p7m`; its octets.
async fn save_file(town: &Town, office: &mut Office, notice: &str) -> Vec<u8> {
    let page = office.get(notice).await;
    let file = page.links("notice.p7m").pop().unwrap_or_else(|| panic!("no file: {}", page.text()));
    let file = office.get(&file).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/pkcs7-mime")));
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"notice.p7m\""));
    std::fs::write(town.dir().join("notice.p7m"), &file.body).expect("written");
    file.body
}

/// 入力 → 確認 → 完了 on the pages.
async fn on_the_pages(office: &mut Office, number: CaseNumber) -> Page {
    let page = office.get("/claims/password").await;
    let form = page.form("/claims/password").unwrap_or_else(|| panic!("no form: {}", page.text()));
    assert_eq!(form.field("certificate"), Some(number.to_string().as_str()), "one alone is chosen");
    let check = office.submit(&form).await;
    assert!(check.says("すぐに使えなくなります") && check.says(&number.to_string()), "{}", check.text());
    let form = check.form("/claims/password").expect("the page of confirmation").with("_step", "confirm");
    office.submit(&form).await
}

#[test]
fn c07_a_password_is_reissued_on_line_and_only_the_certificates_key_opens_it() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut office = town.provider("さくら介護センター").await;
        let old = office.issue_password();
        let number = issued(&town, &office, KeyWay::Service).await;

        // Nobody has its key yet: there is nothing to send the password to.
        office.sign_in().await;
        let page = office.get("/claims/password").await;
        assert!(page.form("/claims/password").is_none() && page.says("電話"), "{}", page.text());
        let told = reissue(&town, &office, number).await.expect_err("never downloaded").code;
        assert_eq!(told, "claims.reissue_not_fetched");

        let p12 = fetch(&town, &office, number, &old).await.expect("downloaded");
        town.mail().wait_for(1).await;
        let done = on_the_pages(&mut office, number).await;
        assert_eq!((done.status, done.heading().as_str()), (200, "再発行の完了"), "{}", done.text());
        town.run_jobs().await;
        let mail = town.mail().mails_to(&office.email);
        let mail = mail.iter().find(|mail| mail.subject().contains("再発行")).expect("a mail tells of it");

        // The notice, its file, and what is in it.
        let notice = done.links("お知らせを開く").pop().expect("a link");
        assert!(mail.text().contains(&notice), "{}", mail.text());
        let sealed = save_file(&town, &mut office, &notice).await;
        assert!(office.get(&notice).await.says("受け取り済み"));
        let text = tool(town.dir(), &p12, &old).await.expect("it opens");
        assert!(text.contains(&office.number) && text.contains(&office.name), "{text}");
        let new = password_in(&text);
        assert!(!mail.text().contains(&new), "never the password itself");
        openssl(town.dir(), &format!("pkcs12 -in {p12} -passin pass:{old} -nodes -out all.pem"));
        let judged = openssl(
            town.dir(),
            "cms -decrypt -inform DER -in notice.p7m -inkey all.pem -recip all.pem -binary",
        );
        assert_eq!(String::from_utf8(judged).expect("UTF-8"), text);

        // C5: the old password is void at once, the new one is in force; the file keeps the password it has.
        assert_eq!(fetch(&town, &office, number, &old).await, Err("gate.wrong_secret".into()));
        let again = fetch(&town, &office, number, &new).await.expect("the new one");
        assert_eq!(tool(town.dir(), &again, &old).await, Err("notice.wrong_password".into()));
        tool(town.dir(), &again, &new)
            .await
            .expect("the file of the second download has the second password");

        // Nobody else gets the file, and no other certificate opens it.
        let mut other = town.provider("もみじ介護センター").await;
        let page = other.get(&format!("{notice}/file")).await;
        assert_eq!((page.status, page.says("見つかりません")), (404, true));
        let theirs = issued(&town, &other, KeyWay::Service).await;
        let word = other.issue_password();
        let p12 = fetch(&town, &other, theirs, &word).await.expect("downloaded");
        std::fs::write(town.dir().join("notice.p7m"), &sealed).expect("written");
        assert_eq!(tool(town.dir(), &p12, &word).await, Err("notice.other_certificate".into()));
        // Nor does it reissue to a certificate of somebody else.
        let told = reissue(&town, &office, theirs).await.expect_err("somebody else's").code;
        assert_eq!(told, "claims.no_case");
        assert_eq!(fetch(&town, &other, theirs, &word).await.map(drop), Ok(()), "theirs is what it was");
        town.end().await;
    });
}

#[test]
fn c07_two_reissues_at_once_leave_one_password_in_force_and_three_a_day_are_the_most() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut office = town.provider("さくら介護センター").await;
        let old = office.issue_password();
        let number = issued(&town, &office, KeyWay::Service).await;
        let p12 = fetch(&town, &office, number, &old).await.expect("downloaded");

        let (one, two) = tokio::join!(reissue(&town, &office, number), reissue(&town, &office, number));
        let mut done: Vec<Reissued> = Vec::new();
        for outcome in [one, two] {
            match outcome {
                Ok(reissued) => done.push(reissued),
                Err(refusal) => assert_eq!(refusal.code, "claims.reissue_overtaken"),
            }
        }
        done.sort_by_key(|reissued| reissued.version);
        let versions: Vec<i64> = done.iter().map(|reissued| reissued.version).collect();
        assert!(versions == [2] || versions == [2, 3], "{versions:?}");
        office.sign_in().await;
        let last = done.pop().expect("one at least");
        for earlier in done.iter().chain([&last]) {
            save_file(&town, &mut office, &format!("/claims/notices/{}", earlier.notice.0)).await;
            let word = password_in(&tool(town.dir(), &p12, &old).await.expect("it opens"));
            let fits = fetch(&town, &office, number, &word).await.is_ok();
            assert_eq!(fits, earlier.version == last.version, "the later one is in force, and it alone");
        }

        let left = REISSUES_A_DAY - done.len() as u64 - 1;
        for _ in 0..left {
            reissue(&town, &office, number).await.expect("there are some left today");
        }
        let refused = reissue(&town, &office, number).await.expect_err("too many").code;
        assert_eq!(refused, "claims.reissue_too_many");
        let page = on_the_pages_refused(&mut office).await;
        assert!(page.status == 429 && page.says("1日に3回まで"), "{} {}", page.status, page.text());
        // The town begins at five past two in the afternoon: the day ends at midnight in Japan.
        town.clock().advance_seconds(DAY);
        reissue(&town, &office, number).await.expect("another day");
        town.end().await;
    });
}

/// The first form sent on a day on which there are none left.
async fn on_the_pages_refused(office: &mut Office) -> Page {
    let page = office.get("/claims/password").await;
    let form = page.form("/claims/password").unwrap_or_else(|| panic!("no form: {}", page.text()));
    office.submit(&form).await
}

#[test]
fn c07_nothing_is_sent_to_a_certificate_that_is_revoked_expired_or_signs_only() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider_outside("さくら介護センター").await;
        let old = office.issue_password();

        // A key that signs only opens nothing.
        let dir = town.dir().to_owned();
        openssl(
            &dir,
            "req -new -newkey ed25519 -nodes -keyout own.key -subj /CN=own -outform DER -out own.csr",
        );
        let request = std::fs::read(dir.join("own.csr")).expect("a request");
        let signs = issued(&town, &office, KeyWay::Own(request)).await;
        let refused = reissue(&town, &office, signs).await.expect_err("it signs only").code;
        assert_eq!(refused, "claims.reissue_cannot_decrypt");

        let first = issued(&town, &office, KeyWay::Service).await;
        let second = issued(&town, &office, KeyWay::Service).await;
        for number in [first, second] {
            fetch(&town, &office, number, &old).await.expect("downloaded");
        }
        let revoke = Command::RequestRevocation(ask());
        town.claims().act(scope(&town), first, None, revoke, doer(Hat::Clerk, 2)).await.expect("6");
        let refused = async |number| reissue(&town, &office, number).await.expect_err("refused").code;
        assert_eq!(refused(first).await, "claims.reissue_not_issued", "a revocation was asked for");
        town.pass(1_800).await;
        town.pass(2).await;
        assert_eq!(refused(first).await, "claims.reissue_not_issued", "revoked");

        let file = town.claims().case(scope(&town), second, Hat::Clerk).await.expect("it is there");
        let until = file.case.case.holding().expect("issued").certificate.not_after.micros();
        let openers = town.claims().openers(office.letter.holder).await.expect("read");
        assert_eq!(openers.iter().filter(|one| one.number == second.to_string()).count(), 1);
        town.clock().set(until.plus_seconds(1));
        assert_eq!(refused(second).await, "claims.reissue_expired");
        assert_eq!(town.claims().openers(office.letter.holder).await.expect("read"), []);
        town.end().await;
    });
}
