//! N16, K9: what goes wrong at the desk's forms between the first field and the last button.

use crate::c01_application::{act, apply, to_check};
use core_words::Actor;
use kit_gate::{
    AccountKind,
    accounts::{find_by_login, set_password},
};
use tests_harness::{Form, Office, Page, Town};
use zeroize::Zeroizing;

/// Longer than a session lasts in which nothing happens.
const AWAY: i64 = 21 * 60;

/// The sign-in form of the page 「セッション無効」, filled in.
fn sign_in_again(page: &Page, office: &Office) -> Form {
    let form = page.form("/sign-in").unwrap_or_else(|| panic!("no way in: {}", page.text()));
    form.with("login", &office.letter.login).with("password", &office.letter.password)
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_a_session_that_ends_in_mid_form_loses_nothing_that_was_typed() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await.with("email", "other@example.jp");
    town.pass(AWAY).await;

    let ended = office.submit(&form).await;
    assert_eq!(ended.status, 401, "{}", ended.text());
    assert_eq!(ended.heading(), "セッション無効");
    assert!(ended.says("入力内容はこの画面に残っています"), "{}", ended.text());
    assert!(!ended.html().contains(&office.issue_password()), "a password is not kept");

    let again = sign_in_again(&ended, &office);
    let back = office.submit(&again).await;
    assert!(back.says("入力した内容は残っています"), "{}", back.text());
    let kept = back.form("/claims/apply").unwrap_or_else(|| panic!("nothing was kept: {}", back.text()));
    assert_eq!(kept.field("email"), Some("other@example.jp"));

    // Only the password is asked for once more.
    let page = office.submit(&kept).await;
    assert_eq!(page.status, 422, "{}", page.text());
    let form = page.forms().into_iter().find(|form| form.field("issue_password").is_some());
    let form = form.unwrap_or_else(|| panic!("no form: {}", page.text()));
    assert_eq!(form.field("email"), Some("other@example.jp"));
    let password = office.issue_password();
    let form = if form.field("agree").is_some() { form } else { form.tick("agree") };
    let form = form.with("issue_password", &password).with("_step", "confirm");
    let page = office.submit(&form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let cases = town.claims().own_cases(office.letter.holder).await.expect("read");
    assert_eq!(cases.len(), 1);
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_a_deleted_cookie_is_said_to_be_one_and_what_was_typed_is_still_there() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await.with("email", "other@example.jp");
    office.cookies().clear();
    let ended = office.submit(&form).await;
    assert_eq!(ended.status, 401, "{}", ended.text());
    assert!(ended.says("Cookie が削除されています"), "{}", ended.text());
    let again = sign_in_again(&ended, &office);
    let back = office.submit(&again).await;
    let kept = back.form("/claims/apply").unwrap_or_else(|| panic!("nothing was kept: {}", back.text()));
    assert_eq!(kept.field("email"), Some("other@example.jp"));
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_somebody_elses_sign_in_does_not_send_what_was_typed_in_the_first_ones_name() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let other = town.provider_outside("さくら苑").await;
    let form = to_check(&mut office).await;
    town.pass(AWAY).await;
    let ended = office.submit(&form).await;
    let back = office.submit(&sign_in_again(&ended, &other)).await;
    if let Some(kept) = back.form("/claims/apply") {
        let page = office.submit(&kept).await;
        assert_eq!(page.status, 422, "without that provider's own password nothing goes: {}", page.text());
    }
    for holder in [office.letter.holder, other.letter.holder] {
        assert!(town.claims().own_cases(holder).await.expect("read").is_empty());
    }
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k9_a_password_replaced_while_a_page_was_open_ends_the_session_and_the_old_one_opens_nothing() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await;
    let gate = town.server().workers().portal().gate.clone();
    let new = Zeroizing::new("another-password-9".to_owned());
    let phc = gate.hash_password(new.clone()).await.expect("it fits");
    let (login, now) = (office.letter.login.clone(), town.now());
    let db = &town.installation().db;
    db.write(move |tx| {
        let account = find_by_login(tx, AccountKind::Applicant, &login)?.expect("it is there");
        set_password(tx, &gate, account.id, &phc, &Actor::cli("test"), now)
    })
    .await
    .expect("set");

    let ended = office.submit(&form).await;
    assert_eq!(ended.status, 401, "{}", ended.text());
    let with_the_old = sign_in_again(&ended, &office);
    let old = office.submit(&with_the_old).await;
    assert_eq!(old.status, 401, "{}", old.text());
    let again = old.form("/sign-in").unwrap_or_else(|| panic!("no way in: {}", old.text()));
    let login = office.letter.login.clone();
    let back = office.submit(&again.with("login", &login).with("password", &new)).await;
    assert!(back.form("/claims/apply").is_some(), "kept over a wrong try: {}", back.text());
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k9_forged_forms_change_nothing() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await;
    let other = town.provider("さくら苑").await.get("/claims").await;
    let others = other.forms().iter().find_map(|form| form.field("_csrf").map(str::to_owned));
    let others = others.expect("the button to sign out carries a token");
    let fields = |token: Option<&str>| -> Vec<(String, String)> {
        let kept = form.fields.iter().filter(|(name, _)| name != "_csrf").cloned();
        kept.chain(token.map(|token| ("_csrf".to_owned(), token.to_owned()))).collect()
    };
    let right = form.field("_csrf").expect("a token").to_owned();
    let ours = ("sec-fetch-site", "same-origin");
    for (token, header, what) in [
        (None, ours, "no token"),
        (Some(""), ours, "an empty token"),
        (Some(&*others), ours, "the token of another session"),
        (Some(&*right), ("sec-fetch-site", "cross-site"), "the right token from another site"),
        (Some(&*right), ("origin", "https://evil.example"), "the right token from another origin"),
    ] {
        let fields = fields(token);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
        let page = office.post("/claims/apply", &pairs, &[header]).await;
        assert_eq!(page.status, 403, "{what}: {}", page.text());
        assert!(page.html().contains("gate.forged"), "{what}: {}", page.text());
    }
    assert!(town.claims().own_cases(office.letter.holder).await.expect("read").is_empty());
    // The person's own form still goes through.
    assert_eq!(office.submit(&form).await.status, 200);
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k9_a_locked_id_is_answered_as_a_wrong_one_and_opens_half_an_hour_later() {
    let mut town = Town::new().await;
    let mut office = town.provider_outside("もみじ苑").await;
    let login = office.letter.login.clone();
    let told = |page: &Page| {
        assert_eq!(page.status, 401, "{}", page.text());
        page.find("main").concat().replace(&login, "").replace("NOBODY-1", "")
    };
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(told(&office.sign_in_with(&login, "wrong-password").await));
    }
    // Closed: the right password is answered as the wrong ones were, and so is an ID that nobody has.
    answers.push(told(&office.sign_in().await));
    for _ in 0..4 {
        answers.push(told(&office.sign_in_with("NOBODY-1", "wrong-password").await));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    town.clock().advance_seconds(30 * 60 - 1);
    told(&office.sign_in().await);
    town.clock().advance_seconds(30 * 60);
    let page = office.sign_in().await;
    assert_eq!(page.status, 200, "{}", page.text());
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_hostile_text_in_every_field_is_stored_shown_and_mailed_as_text() {
    const HOSTILE: &str = "<img src=x onerror=alert(1)>'\"&{{7*7}}%0d%0aBcc: x@example.jp =cmd|' /C calc'!A0";
    let mut town = Town::new().await;
    let mut office = town.provider(HOSTILE).await;
    let number = apply(&mut office).await;
    let mut clerk = town.clerk().await;
    // 却下: the reason goes to the provider's page and notice.
    let path = format!("/claims/desk/cases/{number}/reject");
    let form = clerk.get(&path).await.form("reject").expect("a form");
    let done = clerk.submit(&form.with("how", "refused").with("reason", HOSTILE)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    town.pass(1_800).await;
    office.sign_in().await;
    // A second case: issued, its revocation asked for with a note.
    let second = apply(&mut office).await;
    let mut clerk = town.clerk().await;
    assert_eq!(act(&mut clerk, &second, "register-issue").await.status, 200);
    town.pass(1_800).await;
    let mut clerk = town.clerk().await;
    let path = format!("/claims/desk/cases/{second}/request-revocation");
    let form = clerk.get(&path).await.form("request-revocation").expect("a form");
    let form = form.with("by", "provider").with("channel", "phone").with("reason", "closed");
    let check = clerk.submit(&form.with("note", HOSTILE)).await;
    assert!(check.says("onerror=alert(1)"), "{}", check.text());
    let sure = check.form("request-revocation").expect("the last form");
    assert_eq!(clerk.submit(&sure).await.status, 200);
    office.sign_in().await;

    let mut pages = vec![office.get("/claims").await, office.get("/claims/notices").await];
    for number in [&number, &second] {
        pages.push(office.get(&format!("/claims/cases/{number}")).await);
        pages.push(clerk.get(&format!("/claims/desk/cases/{number}")).await);
    }
    pages.push(clerk.get("/claims/desk/cases").await);
    pages.push(clerk.get("/claims/desk/outbox").await);
    let search: String = HOSTILE.bytes().map(|b| format!("%{b:02x}")).collect();
    pages.push(clerk.get(&format!("/claims/desk/cases?q={search}")).await);
    for page in &pages {
        assert_eq!(page.status, 200, "{}: {}", page.path, page.text());
        assert!(page.find("img").is_empty(), "{}: it became an element", page.path);
        assert!(!page.html().contains("<img src=x"), "{}", page.path);
    }
    assert!(pages.iter().filter(|page| page.says("onerror=alert(1)")).count() >= 5);
    for mail in town.mail().mails_to(&office.email) {
        assert!(mail.header("bcc").is_none(), "a header came from a field");
        assert!(mail.header_names().iter().all(|name| !name.contains('<')), "{:?}", mail.header_names());
    }
    assert!(!town.mail().mails_to(&office.email).is_empty(), "C7: the mail at issue");
    assert!(town.mail().mails_to("x@example.jp").is_empty());
    // A spreadsheet takes no cell for a formula.
    let list = clerk.get("/claims/desk/cases.csv").await;
    assert_eq!(list.status, 200);
    let formula = |cell: &str| cell.trim_matches('"').starts_with(['=', '+', '@']);
    assert!(!list.html().lines().flat_map(|line| line.split(',')).any(formula), "{}", list.html());
    town.end().await;
}
