//! The API over HTTP, on both databases.

pub(crate) mod house;
mod money;
mod notices;
mod offices;
mod offset;
mod walking;
mod watch;

use super::command::COMMANDS;
use crate::{Claims, status::TABLE};
use axum::http::Method;
use house::{House, PASSWORD, REFUSED_REQUEST, START, TABLES, application};
use kit_desk::{Status, Verb};
use kit_store::testing::both_with;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn said(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn k16_a_provider_applies_once_however_often_the_request_comes() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let key = [("idempotency-key", "job-1")];
        let first = house.post(&house.sakura, "/cases", &key, &application()).await;
        assert_eq!(first.told(), said(201, ""), "{}", String::from_utf8_lossy(&first.octets));
        let body = first.json();
        let number = body["number"].as_str().expect("a number").to_owned();
        assert_eq!(first.headers["location"], format!("/api/v1/claims/cases/{number}"));
        assert_eq!((first.etag().as_str(), &body["version"]), ("\"1\"", &json!(1)));
        assert_eq!(body["status"]["name"], "applied");
        assert_eq!(body["application"]["fee_yen"], 7_800);
        assert_eq!(body["application"]["at"], "2026-09-21T14:13:20.000000Z");
        assert_eq!(body["actions"], json!([]));

        // Blanks and the order of fields make no difference, and a repeat needs no right password.
        let mut again = application();
        again["issue_password"] = json!("wrong");
        let second = house.post(&house.sakura, "/cases", &key, &again).await;
        assert_eq!((second.told(), second.octets), (said(201, ""), first.octets));
        assert_eq!(second.headers["idempotent-replay"], "true");
        assert_eq!(second.headers["location"], first.headers["location"]);
        again["email"] = json!("other@example.jp");
        let other = house.post(&house.sakura, "/cases", &key, &again).await;
        assert_eq!(other.told(), said(409, "api.idempotency_conflict"));
        // The key is sakura's alone.
        let momiji = house.post(&house.momiji, "/cases", &key, &application()).await;
        assert_eq!(momiji.told(), said(201, ""));
        let unsettled = house.post(&house.sakura, "/cases", &[], &application()).await;
        assert_eq!(unsettled.told(), said(409, "claims.unsettled"));

        let shown = house.get(&house.sakura, &format!("/cases/{number}")).await;
        assert_eq!((shown.told(), shown.json()), (said(200, ""), body));
        for (token, code) in [(&house.momiji, "claims.no_case"), (&house.osaka, "claims.no_case")] {
            let hidden = house.get(token, &format!("/cases/{number}")).await;
            assert_eq!(hidden.told(), said(404, code));
        }
    });
}

#[test]
fn c1_an_application_that_does_not_fit_names_its_field() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let with = |field: &str, value: Value| {
            let mut body = application();
            body[field] = value;
            body
        };
        for (body, status, code, field) in [
            (with("email", json!("office")), 400, "api.bad_field", "email"),
            (with("key", json!("hsm")), 400, "api.bad_field", "key"),
            (with("key", json!("own")), 400, "api.bad_field", "request"),
            (with("request", json!("x")), 400, "api.bad_field", "request"),
            (with("lang", json!("fr")), 400, "api.bad_field", "lang"),
            (with("issue_password", json!("")), 400, "api.bad_field", "issue_password"),
            (with("issue_password", json!(7)), 400, "api.malformed_json", "body"),
            (with("consent", json!("a\0")), 400, "api.bad_field", "consent"),
            (with("more", json!(1)), 400, "api.malformed_json", "body"),
        ] {
            let refused = house.post(&house.sakura, "/cases", &[], &body).await;
            assert_eq!(refused.told(), said(status, code), "{body}");
            assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
        }
        let refused = async |body| house.post(&house.sakura, "/cases", &[], &body).await.told();
        assert_eq!(refused(with("consent", json!("0"))).await, said(409, "claims.other_consent"));
        assert_eq!(refused(with("issue_password", json!("x"))).await, said(422, "gate.wrong_secret"));
        let key = "-----BEGIN PRIVATE KEY-----\nMAMCAQU=\n-----END PRIVATE KEY-----\n";
        let mut own = with("key", json!("own"));
        own["request"] = json!(key);
        assert_eq!(refused(own.clone()).await, said(400, "api.bad_field"));
        // What the authority would refuse never becomes a case.
        own["request"] = json!("MAMCAQk=");
        assert_eq!(REFUSED_REQUEST, [0x30, 3, 2, 1, 9]);
        assert_eq!(refused(own.clone()).await, said(422, "authority.bad_request"));
        assert_eq!(house.get(&house.clerk, "/cases").await.json()["cases"], json!([]));
        own["request"] = json!("MAMCAQU=");
        assert_eq!(refused(own).await, said(201, ""));
        let staff = house.post(&house.clerk, "/cases", &[], &application()).await;
        assert_eq!(staff.told(), said(403, "gate.role_missing"));
    });
}

#[test]
fn c9_c19_commands_name_what_was_looked_at_and_one_of_two_wins() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let applied = house.post(&house.sakura, "/cases", &[], &application()).await;
        let case = format!("/cases/{}", applied.json()["number"].as_str().expect("a number"));
        let looked = house.get(&house.clerk, &case).await;
        let actions: Vec<_> = looked.json()["actions"].as_array().expect("a list").clone();
        let names: Vec<_> = actions.iter().map(|action| action["command"].clone()).collect();
        assert_eq!(names, [json!("register-issue"), json!("reject")]);
        let register = actions[0]["href"].as_str().expect("a path").to_owned();
        let register = register.strip_prefix("/api/v1/claims").expect("the prefix");

        let seen = looked.etag();
        let seen = [("if-match", seen.as_str()), ("idempotency-key", "k")];
        let unseen = house.post(&house.clerk, register, &[], &json!({})).await;
        assert_eq!(unseen.told(), said(428, "api.if_match_missing"));
        let holder = house.post(&house.sakura, register, &seen, &json!({})).await;
        assert_eq!(holder.told(), said(403, "claims.not_you"));
        let other = house.post(&house.momiji, register, &seen, &json!({})).await;
        assert_eq!(other.told(), said(404, "claims.no_case"));
        let done = house.post(&house.clerk, register, &seen, &json!({})).await;
        assert_eq!((done.told(), done.etag().as_str()), (said(200, ""), "\"2\""));
        assert_eq!(done.json()["status"]["name"], "issue-requested");
        assert_eq!(done.json()["takes_at"], "2026-09-21T14:23:20.000000Z");

        // The same request again is answered; the other clerk is told who was first.
        let again = house.post(&house.clerk, register, &seen, &json!({})).await;
        assert_eq!(
            (again.octets, again.headers["idempotent-replay"].as_bytes()),
            (done.octets, &b"true"[..])
        );
        let late = house.post(&house.manager, register, &[("if-match", "\"1\"")], &json!({})).await;
        assert_eq!(late.told(), said(412, "claims.overtaken"));
        assert!(late.json()["message"]["en"].as_str().expect("a text").starts_with("Clerk"));
        let twice = house.post(&house.manager, register, &[("if-match", "\"2\"")], &json!({})).await;
        assert_eq!(twice.told(), said(409, "claims.overtaken"));

        let undo = format!("{case}/undo-issue");
        let seen = [("if-match", "\"2\"")];
        assert_eq!(
            house.post(&house.clerk, &undo, &seen, &json!({})).await.told(),
            said(403, "claims.not_you")
        );
        assert_eq!(house.post(&house.manager, &undo, &seen, &json!({})).await.told(), said(200, ""));
        let reject = format!("{case}/reject");
        let seen = [("if-match", "\"3\"")];
        let rejected = house.post(&house.clerk, &reject, &seen, &json!({"reason": "重複"})).await;
        assert_eq!(rejected.json()["rejection"], json!({"withdrawn": false, "reason": "重複"}));
        // An applicant learns in what capacity, and no account.
        let events = house.get(&house.sakura, &case).await.json()["events"].clone();
        assert_eq!((&events[3]["capacity"], &events[3]["account"]), (&json!("claims.clerk"), &json!(null)));
        assert!(house.get(&house.clerk, &case).await.json()["events"][3]["account"].is_i64());
    });
}

#[test]
fn c5_a_kept_key_is_handed_over_under_the_password_until_it_is_erased() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let number = house.issued().await;
        let (case, download) = (format!("/cases/{number}"), format!("/cases/{number}/download"));
        let typed = |password: &str| json!({ "issue_password": password });
        let wrong = house.post(&house.sakura, &download, &[], &typed("x")).await;
        assert_eq!(wrong.told(), said(422, "gate.wrong_secret"));
        for (token, told) in
            [(&house.clerk, said(403, "gate.role_missing")), (&house.momiji, said(404, "claims.no_case"))]
        {
            assert_eq!(house.post(token, &download, &[], &typed(PASSWORD)).await.told(), told);
        }
        let file = house.post(&house.sakura, &download, &[], &typed(PASSWORD)).await;
        assert_eq!((file.status.as_u16(), file.octets.as_slice()), (200, &b"p12 of 7"[..]));
        assert_eq!(file.headers["content-type"], "application/x-pkcs12");
        assert_eq!(file.headers["cache-control"], "no-store");
        assert_eq!(
            file.headers["content-disposition"],
            format!("attachment; filename=\"1310000018-{number}.p12\"")
        );

        let shown = house.get(&house.sakura, &case).await;
        assert_eq!(shown.json()["key"]["state"], "kept");
        assert!(shown.json()["key"]["fetched_at"].is_string());
        let erase = format!("{case}/erase-key");
        let seen = shown.etag();
        let erased = house.post(&house.sakura, &erase, &[("if-match", &seen)], &json!({})).await;
        assert_eq!((erased.told(), &erased.json()["key"]["state"]), (said(200, ""), &json!("erased")));
        let gone = house.post(&house.sakura, &download, &[], &typed(PASSWORD)).await;
        assert_eq!(gone.told(), said(422, "claims.key_erased"));
    });
}

#[test]
fn k8_k12_receipts_and_proofs_are_files_of_the_case() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let applied = house.post(&house.sakura, "/cases", &[], &application()).await;
        let case = format!("/cases/{}", applied.json()["number"].as_str().expect("a number"));
        let receipt = house.get(&house.sakura, &format!("{case}/receipt.pdf?lang=en")).await;
        assert_eq!(receipt.headers["content-type"], "application/pdf");
        assert_eq!(receipt.octets, b"%PDF Receipt of an application");
        for (path, told) in [
            ("receipt.pdf?lang=fr", said(400, "api.bad_field")),
            ("receipt.pdf?size=a5", said(400, "api.bad_field")),
            // No sequencer runs here.
            ("proof/1", said(404, "claims.no_proof_yet")),
            ("proof/2", said(404, "claims.no_case")),
            ("proof/x", said(404, "claims.no_case")),
        ] {
            assert_eq!(house.get(&house.sakura, &format!("{case}/{path}")).await.told(), told, "{path}");
            let hidden = house.get(&house.momiji, &format!("{case}/{path}")).await.status;
            assert!(hidden.is_client_error(), "{path}");
        }
        let terms = house.get(&house.sakura, "/terms").await.json();
        assert_eq!((&terms["fee_yen"], &terms["consent"]), (&json!(7_800), &json!("1")));
    });
}

#[test]
fn k9_only_a_token_with_a_role_lets_in() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let told = async |headers: &[(&str, &str)]| {
            house.call(Method::GET, "/api/v1/claims/cases", headers, "").await
        };
        let nobody = told(&[]).await;
        assert_eq!(nobody.told(), said(401, "gate.no_token"));
        assert_eq!(nobody.headers["www-authenticate"], "Bearer realm=\"warifu\"");
        assert_eq!(nobody.headers["content-type"], "application/problem+json");
        let cookie = format!("gate_session={}; token={}", house.clerk, house.clerk);
        assert_eq!(told(&[("cookie", &cookie)]).await.told(), said(401, "gate.no_token"));
        assert_eq!(told(&[("authorization", "Basic eDp5")]).await.told(), said(401, "gate.no_token"));
        assert_eq!(told(&[("authorization", "Bearer wt_x")]).await.told(), said(401, "gate.bad_token"));
        let bearer = |token: &str| format!("Bearer {token}");
        let stranger = bearer(&house.stranger);
        assert_eq!(told(&[("authorization", &stranger)]).await.told(), said(403, "gate.role_missing"));
        assert_eq!(told(&[("authorization", &bearer(&house.clerk))]).await.told(), said(200, ""));
    });
}

#[test]
fn k16_every_answer_outside_is_a_problem_too() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let applied = house.post(&house.sakura, "/cases", &[], &application()).await;
        let case = format!("/cases/{}", applied.json()["number"].as_str().expect("a number"));
        let command = format!("/api/v1/claims{case}/reject");
        let bearer = format!("Bearer {}", house.clerk);
        let (auth, seen) = (("authorization", bearer.as_str()), ("if-match", "\"1\""));
        let json = ("content-type", "application/json");
        let post = async |headers: &[(&str, &str)], body: String| {
            house.call(Method::POST, &command, headers, body).await.told()
        };
        assert_eq!(
            post(&[auth, seen], "{\"withdrawn\":true}".into()).await,
            said(415, "api.unsupported_media_type")
        );
        assert_eq!(post(&[auth, seen, json], "x".repeat(20_000)).await, said(413, "api.body_too_large"));
        assert_eq!(post(&[auth, seen, json], "{".into()).await, said(400, "api.malformed_json"));
        assert_eq!(post(&[auth, ("if-match", "*"), json], "{}".into()).await, said(400, "api.bad_if_match"));
        let key = ("idempotency-key", "a b");
        let withdrawn = "{\"withdrawn\":true}".to_owned();
        assert_eq!(post(&[auth, seen, json, key], withdrawn).await, said(400, "api.bad_idempotency_key"));
        for (method, path, told) in [
            (Method::GET, "/x".to_owned(), said(404, "api.not_found")),
            (Method::GET, format!("{case}/reject"), said(405, "api.method_not_allowed")),
            (Method::DELETE, "/cases".to_owned(), said(405, "api.method_not_allowed")),
            (Method::POST, format!("{case}/hand-over"), said(404, "claims.no_command")),
            (Method::POST, format!("{case}/approve"), said(404, "claims.no_command")),
            (Method::POST, "/cases/C-1/reject".to_owned(), said(404, "claims.no_case")),
            (Method::GET, "/cases/%ff".to_owned(), said(400, "api.bad_field")),
            (Method::GET, "/cases?order=up".to_owned(), said(400, "api.bad_field")),
            (Method::GET, "/cases?limit=1&limit=2".to_owned(), said(400, "api.bad_field")),
            (Method::GET, "/cases?q=%00".to_owned(), said(400, "api.bad_field")),
        ] {
            let answered = house.call(method, &format!("/api/v1/claims{path}"), &[auth, seen], "").await;
            assert_eq!(answered.told(), told, "{path}");
        }
        // Nothing of all that changed anything.
        assert_eq!(house.get(&house.clerk, &case).await.etag(), "\"1\"");
        assert_eq!(house.claims.now(), START);
    });
}

#[test]
fn k16_openapi_tells_of_each_command_and_of_nothing_else() {
    let described = serde_json::to_value(Claims::openapi()).expect("JSON");
    let paths = described["paths"].as_object().expect("paths");
    let mut ids = BTreeSet::new();
    let mut operations = 0;
    for (path, item) in paths {
        assert!(path.starts_with("/api/v1/claims/") && !path.contains("{command}"), "{path}");
        for operation in item.as_object().expect("operations").values() {
            operations += 1;
            ids.insert(operation["operationId"].as_str().expect("an id").to_owned());
            assert_eq!(operation["security"], json!([{"desk": []}]), "{path}");
        }
    }
    assert_eq!((ids.len(), operations), (operations, 44 + COMMANDS.len()));
    for (deed, schema) in COMMANDS {
        let operation = &paths[&format!("/api/v1/claims/cases/{{number}}/{}", deed.slug())]["post"];
        let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        assert_eq!(*body, format!("#/components/schemas/{schema}"));
        for line in TABLE.0.iter().filter(|line| line.verb == *deed) {
            let from = line.from.map(Status::slug).expect("a status");
            assert!(operation["description"].as_str().expect("a text").contains(from), "{deed:?}");
        }
    }
    // Whatever is referred to is there.
    let text = described.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().expect("a name");
        assert!(described["components"]["schemas"].get(name).is_some(), "{name}");
    }
}
