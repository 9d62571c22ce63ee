//! C7: a notice is opened in the browser with the file of its certificate, and nothing leaves the browser.

use crate::walk::judge;
use core_sign::enveloped::{Crypto, Recipient, seal};
use core_words::{CaseNumber, Lang};
use desk_claims::{command::Command, service::NewApplication, status::Hat, words::KeyWay};
use kit_desk::Doer;
use kit_gate::Scope;
use kit_keys::Provider;
use std::{path::Path, process::Command as Program};
use tests_browser::{Axe, Driver, Manner, Window};
use tests_harness::{Office, Town};

const PAGE: &str = "/claims/open-notice";
const TEXT: &str = "新しい証明書発行用パスワード\n\n    K7m4K7m4K7m4\n";

fn openssl(dir: &Path, line: &str) {
    let done = Program::new("openssl").current_dir(dir).args(line.split(' ')).output();
    let done = done.expect("openssl is there");
    assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Key, certificate, both in PKCS#12 under `horse`, and a notice for them, all of this name.
fn certificate(dir: &Path, name: &str, newkey: &str, usage: &str) {
    openssl(
        dir,
        &format!(
            "req -x509 -newkey {newkey} -nodes -keyout {name}.key -out {name}.pem -subj /CN={name} -days 9 -addext keyUsage={usage}"
        ),
    );
    openssl(
        dir,
        &format!("pkcs12 -export -inkey {name}.key -in {name}.pem -out {name}.p12 -passout pass:horse"),
    );
    openssl(dir, &format!("x509 -in {name}.pem -outform DER -out {name}.crt"));
    let der = std::fs::read(dir.join(format!("{name}.crt"))).expect("a certificate");
    let recipient = Recipient::of_certificate(&der).expect("a recipient");
    let sealed = seal(TEXT.as_bytes(), &recipient, &Crypto::of(&Provider)).expect("sealed");
    std::fs::write(dir.join(format!("{name}.p7m")), sealed).expect("written");
}

/// What was asked of the network since this was last asked. The drawing of the tab is the browser's own wish, which it
/// fulfils when it finds the time; its address is the page's, and nothing can be said with it.
async fn asked(window: &Window) -> Vec<String> {
    let mut asked = window.requests().await;
    asked.retain(|address| !address.ends_with("/icon.svg"));
    asked
}

/// Chooses both files, types the password, and reads what the page says of it.
async fn tries(window: &Window, dir: &Path, [notice, key, password]: [&str; 3], said: &str) {
    window.open(PAGE).await;
    // What the page itself is made of has come.
    asked(window).await;
    for (field, file) in [("#notice", notice), ("#key", key)] {
        if !file.is_empty() {
            window.choose(field, &dir.join(file)).await;
        }
    }
    window.fill("#password", password).await;
    window.click("[data-open]").await;
    window.reads(said).await;
    let left = asked(window).await;
    assert_eq!(left, Vec::<String>::new(), "{notice} {key}: something left the browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c07_a_notice_opens_in_the_browser_and_nothing_leaves_it() {
    let town = Town::in_browser().await;
    let dir = town.dir();
    certificate(dir, "rsa", "rsa:2048", "keyEncipherment");
    certificate(dir, "ec", "ec -pkeyopt ec_paramgen_curve:P-256", "keyAgreement");
    certificate(dir, "p384", "ec -pkeyopt ec_paramgen_curve:P-384", "keyAgreement");
    certificate(dir, "other", "ec -pkeyopt ec_paramgen_curve:P-256", "keyAgreement");
    let driver = Driver::start();
    let window = driver.window(town.base(), Manner { watched: true, ..Manner::default() }).await;
    const OPENED: &str = "お知らせを開きました";
    for [notice, key, password] in [
        ["rsa.p7m", "rsa.p12", "horse"],
        ["ec.p7m", "ec.p12", "horse"],
        ["p384.p7m", "p384.p12", "horse"],
        ["rsa.p7m", "rsa.key", ""],
        ["ec.p7m", "ec.key", ""],
    ] {
        tries(&window, dir, [notice, key, password], OPENED).await;
        assert_eq!(window.text_of("[data-text]").await.trim(), TEXT.trim(), "{notice} {key}");
        let typed = window.script("return document.getElementById('password').value;", vec![]).await;
        assert_eq!(typed, "", "the password does not stay in its field");
    }
    window.click("[data-clear]").await;
    window.reads("画面から消しました").await;
    assert_eq!(window.script("return document.querySelector('[data-text]').textContent;", vec![]).await, "");

    let mut altered = std::fs::read(dir.join("rsa.p7m")).expect("a notice");
    // A bit of the block before the last is that bit of the last one's padding (CBC): 128 and more is none.
    let at = altered.len() - 17;
    altered[at] ^= 0x80;
    std::fs::write(dir.join("altered.p7m"), &altered).expect("written");
    std::fs::write(dir.join("long.p7m"), vec![0x30; (1 << 20) + 1]).expect("written");
    for (what, said) in [
        (["rsa.p7m", "rsa.p12", "hors"], "証明書のファイルが開けません"),
        (["rsa.p7m", "rsa.p12", ""], "証明書のファイルが開けません"),
        (["ec.p7m", "other.p12", "horse"], "別の証明書宛て"),
        (["ec.p7m", "rsa.p12", "horse"], "別の証明書宛て"),
        (["ec.p7m", "other.key", ""], "別の証明書宛て"),
        (["rsa.pem", "rsa.p12", "horse"], "暗号化されたお知らせではありません"),
        (["rsa.p12", "rsa.p12", "horse"], "暗号化されたお知らせではありません"),
        (["rsa.p7m", "rsa.p7m", "horse"], "鍵の入った"),
        (["rsa.p7m", "rsa.crt", "horse"], "鍵の入った"),
        (["rsa.p7m", "rsa.pem", "horse"], "鍵の入った"),
        (["altered.p7m", "rsa.p12", "horse"], "壊れているか、書き換えられています"),
        (["long.p7m", "rsa.p12", "horse"], "ファイルが大きすぎます"),
        (["", "rsa.p12", "horse"], "notice.p7m）を選んでください"),
        (["rsa.p7m", "", "horse"], "証明書のファイル（.p12）を選んでください"),
    ] {
        tries(&window, dir, what, said).await;
        assert_eq!(window.count("section[data-opened]:not([hidden])").await, 0, "{what:?}");
    }

    // Were there something that asked, it would be told, and the policy would refuse it.
    let fetch = "return fetch(arguments[0]).then(() => 'sent', () => 'refused');";
    assert_eq!(window.script(fetch, vec!["/claims/open-notice.js".into()]).await, "refused");
    window.open("/sign-in").await;
    asked(&window).await;
    assert_eq!(window.script(fetch, vec!["/sign-in".into()]).await, "sent", "other pages may");
    assert_eq!(asked(&window).await, [format!("{}/sign-in", town.base())]);
    window.close().await;
    town.end().await;
}

async fn issued(town: &Town, office: &Office) -> CaseNumber {
    let claims = town.claims();
    let holder = office.letter.holder;
    let knew = claims.knows(holder, office.letter.issue_password.clone()).await.expect("it is the password");
    let consent = Some(claims.settings().terms(town.now()).consent.clone());
    let new = NewApplication {
        knew,
        key: KeyWay::Service,
        email: office.email.clone(),
        lang: Lang::Ja,
        consent,
        renews: None,
    };
    let number = claims.apply(new, doer(Hat::Provider)).await.expect("accepted").number;
    let number: CaseNumber = number.parse().expect("a number");
    let scope = Scope::of_the_house(claims.settings().operator.clone());
    claims.act(scope, number, None, Command::RegisterIssue, doer(Hat::Clerk)).await.expect("registered");
    town.pass(1_800).await;
    number
}

fn doer(hat: Hat) -> Doer<Hat> {
    let actor = if hat.applies() { core_words::Actor::applicant(1) } else { core_words::Actor::staff(2) };
    Doer { capacity: hat, actor, account: Some(1) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c07_what_this_service_writes_opens_with_what_was_downloaded_here() {
    let mut town = Town::in_browser().await;
    let office = town.provider_outside("さくら介護センター").await;
    let number = issued(&town, &office).await;
    let (claims, holder) = (town.claims(), office.letter.holder);
    let scope = || Scope::of_the_house(claims.settings().operator.clone());
    let password = office.letter.issue_password.clone();
    let p12 = claims.download(scope(), number, holder, password.clone(), doer(Hat::Provider)).await;
    std::fs::write(town.dir().join("own.p12"), &*p12.expect("downloaded").octets).expect("written");
    let done = claims.reissue_password(scope(), holder, number, Lang::Ja, doer(Hat::Provider)).await;
    let notice = done.expect("reissued").notice.0;
    let file = claims.notice_file(scope(), holder, notice, doer(Hat::Provider)).await.expect("it has one");
    std::fs::write(town.dir().join(&file.name), &file.octets).expect("written");

    let (driver, axe) = (Driver::start(), Axe::load());
    let window = driver.window(town.base(), Manner { watched: true, ..Manner::default() }).await;
    tries(&window, town.dir(), [&file.name, "own.p12", &password], "お知らせを開きました").await;
    let shown = window.text_of("[data-text]").await;
    let new = shown.lines().find(|line| line.trim().len() == 12).expect("a password").trim().to_owned();
    claims.knows(holder, zeroize::Zeroizing::new(new)).await.expect("it is in force");
    assert_eq!(judge(&axe, &window, "an open notice").await, Vec::<String>::new());
    window.close().await;

    // Without scripts the page says how else.
    let window = driver.window(town.base(), Manner { scripts: false, ..Manner::default() }).await;
    window.open(PAGE).await;
    window.reads("warifu open-notice notice.p7m --p12").await;
    assert_eq!(window.text_of("#open-notice").await, "", "no button that would do nothing");
    window.close().await;
    town.end().await;
}
