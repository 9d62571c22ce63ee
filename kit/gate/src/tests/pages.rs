//! The door over HTTP: who is let in, which forms are believed, and what becomes of what was typed (K9, N16).

use super::{
    browser::{Browser, Page, pairs},
    support::*,
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use kit_store::testing::both_with;

const IDLE: i64 = 20 * 60;

impl Browser {
    async fn apply(&mut self, csrf: &str, more: &[(&str, &str)]) -> Page {
        let mut form = pairs(&[("_csrf", csrf)]);
        form.extend(pairs(more));
        self.post("/claims/apply", &form).await
    }
}

#[test]
fn k9_pages_lead_to_their_door_and_back() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        let mut browser = house.browser();
        assert_eq!(browser.get("/open").await.text, "nobody");
        let asked = browser.get("/claims/page?q=%E3%81%82&n=1").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
        assert_eq!(asked.location(), "/sign-in?return=/claims/page%3Fq%3D%25E3%2581%2582%26n%3D1");
        assert_eq!(browser.get("/desk/page").await.location(), "/staff/sign-in?return=/desk/page");
        let page = browser.get(asked.location()).await;
        assert_eq!(page.status, StatusCode::OK);
        let done = browser.sign_in_on(&page, "Ｐ０００１", PASSWORD).await;
        assert_eq!(done.location(), "/claims/page?q=%E3%81%82&n=1", "full width is taken too: {}", done.text);
        assert_eq!(browser.get("/claims/page").await.text, "page of ひまわり苑");
        assert_eq!(browser.get("/open").await.text, id.to_string());
        // Whoever is in is not asked again, and no return leads out of the house.
        assert_eq!(browser.get("/sign-in?return=/claims/page").await.location(), "/claims/page");
        assert_eq!(browser.get("/sign-in?return=//evil.example").await.location(), "/");
        assert_eq!(browser.get("/sign-in?return=https://evil.example").await.location(), "/");
    });
}

#[test]
fn k9_over_tls_cookies_are_secure_and_of_this_host() {
    both_with(TABLES, async |db| {
        let house = house_with(&db, |s| s.public_url = "https://warifu.example".into());
        house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let names: Vec<_> = browser.cookies.keys().map(String::as_str).collect();
        assert_eq!(names, ["__Host-gate_browser", "__Host-gate_session"]);
    });
}

#[test]
fn k9_wrong_closed_and_unknown_look_the_same_on_the_page() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        let page = browser.get("/sign-in").await;
        let mut told = Vec::new();
        for (login, password) in
            [("P0001", "a"), ("P0001", "a"), ("P0001", "a"), ("P0001", PASSWORD), ("X", "a")]
        {
            let answer = browser.sign_in_on(&page, login, password).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert!(answer.says("エラー") && answer.says("30分間"), "{}", answer.text);
            assert!(answer.says(&format!("value=\"{login}\"")), "the ID is kept");
            assert!(!answer.says(PASSWORD), "the password is not");
            told.push(answer.text.replace("P0001", "").replace("value=\"X\"", "value=\"\""));
        }
        assert!(told.iter().all(|text| *text == told[0]));
        assert!(!browser.cookies.contains_key("gate_session"));
    });
}

#[test]
fn k9_a_sign_in_form_of_another_site_or_browser_is_not_believed() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let (mut browser, mut other) = (house.browser(), house.browser());
        let page = browser.get("/sign-in").await;
        let foreign = other.get("/sign-in").await;
        let forged = browser.sign_in_on(&foreign, "P0001", PASSWORD).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert!(forged.says("gate.forged") && forged.says("再読み込み"), "{}", forged.text);
        for headers in [vec![("sec-fetch-site", "cross-site")], vec![("origin", "http://evil.example")]] {
            browser.headers = headers;
            assert_eq!(browser.sign_in_on(&page, "P0001", PASSWORD).await.status, StatusCode::FORBIDDEN);
        }
        browser.headers = vec![("origin", "http://localhost:8080")];
        assert_eq!(browser.sign_in_on(&page, "P0001", PASSWORD).await.status, StatusCode::SEE_OTHER);
        assert_eq!(house.count_acts("gate.signed_in").await, 1);
        assert_eq!(house.count_acts("gate.refused").await, 0, "what is not believed is not counted");
    });
}

#[test]
fn k9_forms_bear_the_token_of_their_session() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        house.applicant("P0002").await;
        let (mut browser, mut other) = (house.browser(), house.browser());
        browser.signed_in("P0001").await;
        other.signed_in("P0002").await;
        let (own, foreign) = (browser.csrf().await, other.csrf().await);
        let good = browser.apply(&own, &[("name", "あ")]).await;
        assert_eq!((good.status, good.text), (StatusCode::OK, format!("{id}: name=あ")));
        for bad in [foreign.as_str(), "", &own[..42], &own.to_lowercase()] {
            let forged = browser.apply(bad, &[("name", "x")]).await;
            assert_eq!(forged.status, StatusCode::FORBIDDEN);
            assert!(forged.says("gate.forged"), "{}", forged.text);
        }
        // The right token, from another site.
        for headers in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "null")],
        ] {
            browser.headers = headers;
            assert_eq!(browser.apply(&own, &[]).await.status, StatusCode::FORBIDDEN);
        }
        // An old browser that says nothing is judged by its token alone.
        browser.headers = Vec::new();
        assert_eq!(browser.apply(&own, &[]).await.status, StatusCode::OK);
        assert_eq!(browser.apply(&foreign, &[]).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn n16_what_was_typed_is_there_after_signing_in_again() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let csrf = browser.csrf().await;
        house.clock.advance_seconds(IDLE);
        let typed = [
            ("name", "<b>ひまわり苑</b>"),
            ("_step", "check"),
            ("kind", "a"),
            ("kind", "b"),
            ("password", "geheim"),
        ];
        let ended = browser.apply(&csrf, &typed).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
        assert!(ended.says("セッション無効") && ended.says("残っています"), "{}", ended.text);
        assert!(!ended.says("geheim") && !ended.says("<b>"));
        // A wrong password in between loses nothing.
        let wrong = browser.sign_in_on(&ended, "P0001", "wrong").await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        let again = browser.sign_in_on(&wrong, "P0001", PASSWORD).await;
        assert_eq!(again.status, StatusCode::OK);
        let form = again.hidden("/claims/apply");
        assert_ne!(form[0].1, csrf, "a fresh token");
        let sent = browser.post("/claims/apply", &form).await;
        assert_eq!(sent.text, format!("{id}: name=<b>ひまわり苑</b>&_step=check&kind=a&kind=b"));
    });
}

#[test]
fn n16_what_one_account_typed_is_not_presented_to_another() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        house.applicant("P0002").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let csrf = browser.csrf().await;
        house.clock.advance_seconds(IDLE);
        let ended = browser.apply(&csrf, &[("name", "ひまわり苑")]).await;
        let other = browser.sign_in_on(&ended, "P0002", PASSWORD).await;
        assert_eq!((other.status, other.location()), (StatusCode::SEE_OTHER, "/"));
        assert!(!other.says("ひまわり苑"));
    });
}

#[test]
fn n16_a_deleted_cookie_is_told_plainly_and_loses_nothing() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let csrf = browser.csrf().await;
        browser.cookies.clear();
        let ended = browser.apply(&csrf, &[("name", "あ")]).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
        assert!(ended.says("Cookie"), "{}", ended.text);
        let again = browser.sign_in_on(&ended, "P0001", PASSWORD).await;
        let sent = browser.post("/claims/apply", &again.hidden("/claims/apply")).await;
        assert_eq!(sent.text, format!("{id}: name=あ"));
        // A page that was asked for leads to the door, and so does one with a cookie of nonsense.
        browser.cookies.clear();
        assert_eq!(browser.get("/claims/page").await.location(), "/sign-in?return=/claims/page");
        browser.cookies.insert("gate_session".into(), "nonsense".into());
        assert_eq!(browser.get("/claims/page").await.location(), "/sign-in?return=/claims/page");
    });
}

#[test]
fn n16_another_site_cannot_plant_a_form_on_the_page_of_an_ended_session() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let mut browser = house.browser();
        browser.headers = vec![("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")];
        // Also where a handler asks for the session before it looks at the form.
        for path in ["/claims/apply", "/desk/act"] {
            let planted = browser.post(path, &pairs(&[("name", "planted")])).await;
            assert_eq!(planted.status, StatusCode::FORBIDDEN);
            assert!(!planted.says("planted"), "{}", planted.text);
        }
    });
}

#[test]
fn n16_an_ended_session_says_so_also_when_a_page_is_asked_for() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        house.clock.advance_seconds(IDLE);
        let asked = browser.get("/claims/page").await;
        assert_eq!(asked.location(), "/session-ended?return=/claims/page");
        let ended = browser.get(asked.location()).await;
        assert!(ended.says("セッション無効") && ended.says("有効時間"), "{}", ended.text);
        let done = browser.sign_in_on(&ended, "P0001", PASSWORD).await;
        assert_eq!(done.location(), "/claims/page");
    });
}

#[test]
fn k9_signing_out_takes_cookie_and_session() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let cookie = browser.cookies["gate_session"].clone();
        assert_eq!(
            browser.post("/sign-out", &pairs(&[("_csrf", "wrong")])).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            browser.get("/claims/page").await.status,
            StatusCode::OK,
            "nobody is signed out by others"
        );
        let csrf = browser.csrf().await;
        let out = browser.post("/sign-out", &pairs(&[("_csrf", &csrf)])).await;
        assert_eq!(out.location(), "/signed-out");
        assert!(!browser.cookies.contains_key("gate_session"));
        browser.cookies.insert("gate_session".into(), cookie);
        assert_eq!(browser.get("/open").await.text, "nobody");
    });
}

#[test]
fn bodies_have_a_limit_with_and_without_a_session() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        let huge = || Body::from(format!("name={}", "a".repeat(2_000_000)));
        let post =
            || Request::post("/claims/apply").header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(browser.send(post(), huge()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        browser.signed_in("P0001").await;
        assert_eq!(browser.send(post(), huge()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        // A form with files is answered too; of one that holds nothing it says that nothing was kept.
        browser.cookies.remove("gate_session");
        let files = Request::post("/claims/apply").header("content-type", "multipart/form-data; boundary=x");
        let ended = browser.send(files, Body::from("--x--")).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
        assert!(ended.says("入力内容は送信されていません"), "{}", ended.text);
    });
}

#[test]
fn n16_of_a_form_with_a_file_the_texts_are_kept_and_the_file_is_asked_for_again() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        browser.signed_in("P0001").await;
        let csrf = browser.csrf().await;
        house.clock.advance_seconds(IDLE);
        let part = |head: &str, value: &str| {
            format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n{value}\r\n")
        };
        let body = [
            part("name=\"_csrf\"", &csrf),
            part("name=\"name\"", "ひまわり苑"),
            part("name=\"password\"", "geheim"),
            part("name=\"request_file\"; filename=\"own.csr\"", "OCTETS-OF-THE-FILE"),
        ];
        let body = format!("{}--x--\r\n", body.concat());
        let post = Request::post("/claims/apply").header("content-type", "multipart/form-data; boundary=x");
        let ended = browser.send(post, Body::from(body)).await;
        assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
        assert!(
            ended.says("入力内容はこの画面に残っています") && ended.says("選んだファイルは残っていません")
        );
        assert!(!ended.says("OCTETS-OF-THE-FILE") && !ended.says("geheim"), "{}", ended.text);
        let again = browser.sign_in_on(&ended, "P0001", PASSWORD).await;
        assert!(again.says("次の画面でもう一度選んでください"), "{}", again.text);
        let names: Vec<String> = again.hidden("/claims/apply").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["_csrf", "name"]);
    });
}

#[test]
fn k9_an_address_that_leads_nowhere_says_so_to_whoever_is_signed_in_by_name() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        house.applicant("P0001").await;
        let mut browser = house.browser();
        let told = |page: &Page| (page.status, page.says("web.no_page"), page.says("action=\"/sign-out\""));
        let nobody = browser.get("/nowhere").await;
        assert_eq!(told(&nobody), (StatusCode::NOT_FOUND, true, false), "{}", nobody.text);
        browser.signed_in("P0001").await;
        for path in ["/nowhere", "/claims/nowhere"] {
            let page = browser.get(path).await;
            assert_eq!(told(&page), (StatusCode::NOT_FOUND, true, true), "{path}: {}", page.text);
        }
        // A method that an address does not know is none the wiser.
        let wrong = browser.get("/claims/apply").await;
        assert_eq!(told(&wrong), (StatusCode::NOT_FOUND, true, true), "{}", wrong.text);
        house.clock.advance_seconds(IDLE);
        assert_eq!(told(&browser.get("/nowhere").await), (StatusCode::NOT_FOUND, true, false));
    });
}
