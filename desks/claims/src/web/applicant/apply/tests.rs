//! C1, C5: what the input pages take, and where they lead.

use super::*;
use core_words::Lang;
use kit_web::testing;

/// A request of RSA 2048 bits for CN=test, by OpenSSL 3.
const PEM: &str = include_str!("test-request.pem");

fn frame(lang: Lang) -> Frame {
    Frame::new(&testing::chrome(&[crate::plug::TEXTS]), lang, PATH)
}

fn form(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().copied()).expect("within limits")
}

fn read_form(pairs: &[(&str, &str)]) -> Result<Typed, Next> {
    read(&frame(Lang::Ja), &form(pairs))
}

/// The messages at fields of the page that is shown again.
fn wrong(next: &Next) -> Vec<&str> {
    let (Next::Input(filled) | Next::Request(filled) | Next::Check(_, filled)) = next else {
        panic!("a form: {next:?}")
    };
    filled.errors().iter().map(|error| error.field.as_str()).collect()
}

fn ground() -> Ground {
    Ground {
        holder: crate::web::samples::holder(),
        terms: crate::Settings::built_in_terms().remove(1),
        csrf: "sample".into(),
        contact: Text::new("", ""),
        renews: None,
    }
}

#[test]
fn c1_a_key_of_the_service_leads_straight_to_the_check() {
    let typed =
        read_form(&[("email", " ｏｆｆｉｃｅ＠example.jp "), ("key", "service")]).expect("all is well");
    assert_eq!(typed, Typed { email: "office@example.jp".into(), key: KeyWay::Service });
    // What is left over from a request once pasted does no harm.
    let typed = read_form(&[("email", "a@example.jp"), ("key", "service"), ("request", "x")]);
    assert_eq!(typed.expect("all is well").key, KeyWay::Service);
}

#[test]
fn c1_what_is_wrong_is_said_at_its_field() {
    let next = read_form(&[("email", "office"), ("key", "hsm")]).expect_err("both are wrong");
    assert!(matches!(next, Next::Input(_)));
    assert_eq!(wrong(&next), ["email", "key"]);
}

#[test]
fn c5_a_key_of_ones_own_is_asked_for_its_request_and_not_complained_of_at_once() {
    let own = [("email", "a@example.jp"), ("key", "own")];
    let asked = read_form(&own).expect_err("the request is missing");
    assert!(matches!(&asked, Next::Request(filled) if filled.errors().is_empty()), "{asked:?}");
    let empty = read_form(&[own[0], own[1], ("request", " ")]).expect_err("the request is missing");
    assert_eq!(wrong(&empty), ["request"]);
    let typed = read_form(&[own[0], own[1], ("request", PEM)]).expect("a request");
    let KeyWay::Own(der) = &typed.key else { panic!("a key of one's own") };
    // What is carried to the next page is read there as the same.
    let carried = request::carried(der);
    assert_eq!(read_form(&[own[0], own[1], ("request", &carried)]).ok(), Some(typed));
}

#[test]
fn c5_what_is_no_request_is_told_apart() {
    let bad = |text: &str| request::read(&form(&[("request", text)]));
    assert_eq!(bad(&PEM.replace("CERTIFICATE", "NEW CERTIFICATE")).map(|der| der[0]), Ok(0x30));
    assert_eq!(bad(&format!("Subject: CN=test\n{PEM}")).map(|der| der[0]), Ok(0x30));
    assert_eq!(bad(""), Err(BadRequest::Missing));
    assert_eq!(bad("こんにちは"), Err(BadRequest::Form));
    assert_eq!(bad(&PEM.replacen("MII", "MIJ", 1)), Err(BadRequest::Form));
    assert_eq!(bad(&PEM.replace("CERTIFICATE REQUEST", "CERTIFICATE")), Err(BadRequest::Certificate));
    assert_eq!(bad(&PEM.replace("CERTIFICATE REQUEST", "PRIVATE KEY")), Err(BadRequest::PrivateKey));
    assert_eq!(bad(&format!("{PEM}\n{PEM}")), Err(BadRequest::Several));
    assert_eq!(bad(&format!("{PEM}\n-----BEGIN RSA PRIVATE KEY-----\n")), Err(BadRequest::PrivateKey));
    // 10,000 characters fit into a field, and 16 KiB are read: the field's limit is the form's.
    assert_eq!(bad(&"あ".repeat(6_000)), Err(BadRequest::TooLarge));
}

#[test]
fn c5_a_private_key_that_was_pasted_is_not_shown_again() {
    let key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    let next = read_form(&[("email", "a@example.jp"), ("key", "own"), ("request", key)]);
    let next = next.expect_err("a private key");
    let (_, frame, body) = ground().content(frame(Lang::Ja), &next);
    let html = kit_web::page_html(&frame, "", &body);
    assert!(!html.contains("c2VjcmV0"), "{html}");
    assert!(html.contains("a@example.jp"), "the rest is still there");
}

#[test]
fn c1_the_check_carries_what_was_typed_and_never_the_password() {
    let typed = form(&[("agree", "yes"), ("issue_password", "himitsu"), ("consent", "1")]);
    let refusal = crate::no::unavailable();
    let given = Typed { email: "<b>@example.jp".into(), key: KeyWay::Service };
    let (next, status) = refused(&typed, given, &refusal);
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let (_, frame, body) = ground().content(frame(Lang::En), &next);
    let html = kit_web::page_html(&frame, "", &body);
    assert!(!html.contains("himitsu") && !html.contains("<b>@"), "{html}");
    assert!(html.contains("value=\"yes\"") && html.contains("checked"), "the tick is still there");
    assert!(html.contains("name=\"consent\" value=\"1\""), "the version that was shown");
}

#[test]
fn c1_a_refusal_leads_to_the_page_where_it_can_be_mended() {
    let typed = || Typed { email: "a@example.jp".into(), key: KeyWay::Own(vec![0x30, 0]) };
    let told = |no: crate::no::No| Refusal::from(no);
    let empty = form(&[("agree", "yes")]);
    let (next, status) = refused(&empty, typed(), &told(crate::no::No::OtherConsent));
    assert_eq!((wrong(&next), status), (vec!["agree"], StatusCode::CONFLICT));
    let (Next::Check(_, filled), _) = (&next, ()) else { panic!("the check") };
    assert_eq!(filled.get("agree"), None, "a new text is agreed to anew");
    let (next, _) = refused(&empty, typed(), &told(crate::no::No::PasswordReplaced));
    assert_eq!(wrong(&next), ["issue_password"]);
    let weak = Refusal::new(
        core_words::Kind::Refused,
        "authority.weak_key",
        Text::new("弱い", "weak"),
        Text::new("作り直す", "make another"),
    );
    let (next, _) = refused(&empty, typed(), &weak);
    assert!(matches!(next, Next::Request(_)));
    let service = Typed { key: KeyWay::Service, ..typed() };
    assert!(matches!(refused(&empty, service, &weak).0, Next::Check(..)));
}
