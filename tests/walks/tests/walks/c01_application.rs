//! C1, C4, C5, C8, C9, C20: one case on the pages, as people walk it; and what goes wrong on the way.

use tests_harness::{Office, Page, Town, Worker};

const APPLY: &str = "/claims/apply";

/// The page of confirmation, filled in and ready to be sent.
pub(crate) async fn to_check(office: &mut Office) -> tests_harness::Form {
    let page = office.get(APPLY).await;
    let form = page.form(APPLY).unwrap_or_else(|| panic!("no form: {}", page.text()));
    assert_eq!(form.field("email"), Some(&*office.email), "the address of the record is there already");
    let page = office.submit(&form.with("key", "service")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.says("7,800円"), "C1: what it costs: {}", page.text());
    let password = office.issue_password();
    let form = page.forms().into_iter().find(|form| form.field("issue_password").is_some());
    form.expect("the last form").tick("agree").with("issue_password", &password).with("_step", "confirm")
}

/// Applies; the number of the case.
pub(crate) async fn apply(office: &mut Office) -> String {
    let form = to_check(office).await;
    let page = office.submit(&form).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let number = page.path.split('/').nth(3).expect("/claims/cases/NUMBER/applied").to_owned();
    assert!(page.says(&number), "{}", page.text());
    number
}

/// A clerk's act on a case: the page with the consequence, then the button.
pub(crate) async fn act(worker: &mut Worker, number: &str, deed: &str) -> Page {
    let path = format!("/claims/desk/cases/{number}/{deed}");
    let page = worker.get(&path).await;
    let form = page.form(deed).unwrap_or_else(|| panic!("{path}: {}", page.text()));
    worker.submit(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_c04_c09_an_application_goes_from_the_office_to_the_clerk_and_back_as_a_file() {
    let mut town = Town::new().await;
    let mut office = town.provider("さくら介護センター").await;
    let home = office.get("/claims").await;
    assert!(home.says("さくら介護センター"), "{}", home.text());
    let number = apply(&mut office).await;
    let status = office.get(&format!("/claims/cases/{number}")).await;
    assert!(status.says("発行依頼待ち") && status.says("連合会の担当者"), "{}", status.text());
    let receipt = office.get(&format!("/claims/cases/{number}/receipt.pdf")).await;
    assert!(receipt.body.starts_with(b"%PDF-"));

    let mut clerk = town.clerk().await;
    let list = clerk.get("/claims/desk/cases?q=%E3%81%95%E3%81%8F%E3%82%89").await;
    assert!(list.says(&number), "C8: found by the name of the provider: {}", list.text());
    let done = act(&mut clerk, &number, "register-issue").await;
    assert_eq!(done.status, 200, "{}", done.text());
    town.pass(1_800).await;

    // Half an hour later the session is over (N16); the office signs in again.
    office.sign_in().await;
    let status = office.get(&format!("/claims/cases/{number}")).await;
    assert!(status.says("発行済み"), "{}", status.text());
    assert!(!status.says("職員 "), "who works at the federation is not for applicants: {}", status.text());
    let case = town.clerk().await.get(&format!("/claims/desk/cases/{number}")).await;
    assert!(case.says("担当者（職員 "), "K8: who did what, by name: {}", case.text());
    let path = format!("/claims/cases/{number}/download");
    let form = office.get(&path).await.form("/download").expect("a form");
    let wrong = office.submit(&form.clone().with("issue_password", "wrong-password")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert!(wrong.title().starts_with("エラー："), "{}", wrong.title());
    let password = office.issue_password();
    let file = office.submit(&form.with("issue_password", &password)).await;
    assert_eq!(file.header("content-type"), Some("application/x-pkcs12"));
    assert!(file.header("content-disposition").is_some_and(|name| name.contains(".p12")));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let status = office.get(&format!("/claims/cases/{number}")).await;
    let confirm = status.form("/confirm").unwrap_or_else(|| panic!("no button: {}", status.text()));
    let confirmed = office.submit(&confirm).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());
    assert!(office.get(&path).await.form("/download").is_none(), "C5: nothing is left to download");
    let list = office.get("/claims").await;
    assert!(list.says("発行済み") && list.says(&number), "C4: {}", list.text());
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_a_double_click_and_the_back_button_make_one_application() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await;
    let first = office.submit(&form).await;
    assert_eq!(first.status, 200, "{}", first.text());
    // The same form again, as the back button or an impatient hand sends it.
    let second = office.submit(&form).await;
    assert!(second.says("手続き中の申請") || second.path.ends_with("/applied"), "{}", second.text());
    let cases = town.claims().own_cases(office.letter.holder).await.expect("read");
    assert_eq!(cases.len(), 1);
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_without_the_tick_or_with_a_wrong_password_nothing_is_applied_for_and_nothing_typed_is_lost() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let form = to_check(&mut office).await.with("email", "other@example.jp");
    let mut without = form.clone();
    without.fields.retain(|(name, _)| name != "agree");
    for (bad, what) in
        [(without, "no tick"), (form.clone().with("issue_password", "wrong-password"), "password")]
    {
        let page = office.submit(&bad).await;
        assert_eq!(page.status, 422, "{what}: {}", page.text());
        assert!(page.says("other@example.jp"), "{what}: what was typed is still there");
        assert!(!page.html().contains("wrong-password"), "a password is never shown again");
    }
    assert!(town.claims().own_cases(office.letter.holder).await.expect("read").is_empty());
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c09_of_two_clerks_on_their_pages_the_second_is_told_who_was_first_and_when() {
    let mut town = Town::new().await;
    let mut office = town.provider("もみじ苑").await;
    let number = apply(&mut office).await;
    let (mut first, mut second) = (town.clerk().await, town.clerk().await);
    let path = format!("/claims/desk/cases/{number}/register-issue");
    let of_first = first.get(&path).await.form("register-issue").expect("a form");
    let of_second = second.get(&path).await.form("register-issue").expect("a form");
    assert_eq!(first.submit(&of_first).await.status, 200);
    let late = second.submit(&of_second).await;
    assert_eq!(late.status, 409, "{}", late.text());
    assert!(late.says("担当者（職員 ") && late.says("2026年11月20日"), "{}", late.text());
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c20_a_provider_sees_its_own_cases_and_no_page_of_the_federation() {
    let mut town = Town::new().await;
    let (mut office, mut other) = (town.provider("もみじ苑").await, town.provider("さくら苑").await);
    let number = apply(&mut office).await;
    for path in ["", "/receipt.pdf", "/download", "/proof/1", "/applied"] {
        let page = other.get(&format!("/claims/cases/{number}{path}")).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text());
    }
    for path in
        ["", "/cases", &format!("/cases/{number}"), &format!("/cases/{number}/register-issue"), "/outbox"]
    {
        let page = other.get(&format!("/claims/desk{path}")).await;
        assert_eq!(page.status, 403, "{path}: {}", page.text());
    }
    let mut clerk = town.clerk().await;
    assert_eq!(clerk.get("/claims").await.status, 403);
    // Undoing is the manager's alone (C19): no button, and no way around it.
    assert_eq!(act(&mut clerk, &number, "register-issue").await.status, 200);
    let page = clerk.get(&format!("/claims/desk/cases/{number}")).await;
    assert!(page.links("取り消す").is_empty() && page.form("undo-issue").is_none(), "{}", page.text());
    let mut manager = town.manager().await;
    assert_eq!(act(&mut manager, &number, "undo-issue").await.status, 200);
    town.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_hostile_text_is_text_everywhere() {
    let mut town = Town::new().await;
    let mut office = town.provider("<script>alert(1)</script>&\"'{{7*7}}#import 苑").await;
    let number = apply(&mut office).await;
    let mut clerk = town.clerk().await;
    for page in [
        office.get("/claims").await,
        office.get(&format!("/claims/cases/{number}")).await,
        clerk.get("/claims/desk/cases").await,
        clerk.get(&format!("/claims/desk/cases/{number}")).await,
    ] {
        assert_eq!(page.status, 200);
        assert!(!page.html().contains("<script>alert"), "{}", page.path);
        assert!(page.says("<script>alert(1)</script>"), "{}", page.path);
    }
    let receipt = office.get(&format!("/claims/cases/{number}/receipt.pdf")).await;
    assert!(receipt.body.starts_with(b"%PDF-"), "{}", receipt.text());
    let path = format!("/claims/desk/cases/{number}/reject");
    // Two megabytes in a field are refused, and nothing is changed by them.
    let form = clerk.get(&path).await.form("reject").expect("a form");
    let page = clerk.submit(&form.with("how", "refused").with("reason", &"あ".repeat(700_000))).await;
    assert_eq!(page.status, 413, "{}", page.text());
    let form = clerk.get(&path).await.form("reject").expect("a form");
    let hostile = "<b>理由</b> =1+1 \u{202e}";
    let done = clerk.submit(&form.with("how", "refused").with("reason", hostile)).await;
    assert!([200, 422].contains(&done.status), "{}", done.text());
    town.end().await;
}
