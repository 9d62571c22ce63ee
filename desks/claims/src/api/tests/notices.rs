//! C7, K11: a reissue by a program, and the notice with its file.

use super::{
    house::{House, PASSWORD, START, TABLES},
    said,
};
use authority_front::{CertificateState, CertificateView};
use core_words::CertRef;
use kit_store::testing::both_with;
use serde_json::json;

/// A self-signed P-256 certificate of the number of sakura, whose key nobody kept.
pub(super) fn reader(cert: &CertRef) -> CertificateView {
    CertificateView {
        cert: cert.clone(),
        der: include_bytes!("reader.crt").to_vec(),
        state: CertificateState::Good,
        profile: "claims-provider".into(),
        issued_at: START,
        subject_ref: None,
    }
}

#[test]
fn c7_a_program_reissues_once_and_fetches_the_file_of_its_notice() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let number = house.issued().await;
        let body = json!({ "certificate": number });
        let early = house.post(&house.sakura, "/password", &[], &body).await;
        assert_eq!(early.told(), said(409, "claims.reissue_not_fetched"));
        let typed = json!({ "issue_password": PASSWORD });
        let download = format!("/cases/{number}/download");
        assert_eq!(house.post(&house.sakura, &download, &[], &typed).await.status, 200);
        // What happens at one moment has no order.
        house.clock.advance_micros(1);

        for (token, told) in [
            (&house.clerk, said(403, "gate.role_missing")),
            (&house.momiji, said(404, "claims.no_case")),
            (&house.stranger, said(403, "gate.role_missing")),
        ] {
            assert_eq!(house.post(token, "/password", &[], &body).await.told(), told);
        }
        for (bad, told) in [
            (json!({ "certificate": "x" }), said(404, "claims.no_case")),
            (json!({ "certificate": 7 }), said(400, "api.malformed_json")),
            (json!({}), said(400, "api.malformed_json")),
        ] {
            assert_eq!(house.post(&house.sakura, "/password", &[], &bad).await.told(), told);
        }
        // The same request again is answered, and is not one more of the day.
        let key = [("idempotency-key", "again")];
        let first = house.post(&house.sakura, "/password", &key, &body).await;
        assert_eq!((first.told(), &first.json()["version"]), (said(201, ""), &json!(2)));
        for _ in 0..4 {
            let second = house.post(&house.sakura, "/password", &key, &body).await;
            assert_eq!((second.told(), &second.octets), (said(201, ""), &first.octets));
            assert_eq!(second.headers["idempotent-replay"], "true");
        }
        assert_eq!(
            house.post(&house.sakura, &download, &[], &typed).await.told(),
            said(422, "gate.wrong_secret")
        );
        let id = first.json()["notice"].as_i64().expect("a number");
        assert_eq!(first.headers["location"], format!("/api/v1/claims/notices/{id}"));

        let listed = house.get(&house.sakura, "/notices").await.json();
        assert_eq!((&listed["total"], &listed["unread"]), (&json!(2), &json!(2)));
        assert_eq!(listed["notices"][0]["file"], json!({ "name": "notice.p7m", "fetched_at": null }));
        assert_eq!(listed["notices"][1]["file"], json!(null));
        let path = format!("/notices/{id}");
        let shown = house.get(&house.sakura, &path).await;
        assert_eq!((shown.status.as_u16(), &shown.json()["case"]), (200, &json!(number)));
        let file = house.get(&house.sakura, &format!("{path}/file")).await;
        assert_eq!((file.status.as_u16(), file.octets[0]), (200, 0x30));
        assert_eq!(file.headers["content-type"], "application/pkcs7-mime");
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"notice.p7m\"");
        let fetched = house.get(&house.sakura, &path).await.json();
        assert!(fetched["file"]["fetched_at"].is_string() && fetched["read_at"].is_string());
        assert_eq!(house.get(&house.sakura, "/notices").await.json()["unread"], 1);

        // The board is sakura's alone; staff have none.
        for path in [path.clone(), format!("{path}/file"), "/notices/x/file".into()] {
            assert_eq!(house.get(&house.momiji, &path).await.told(), said(404, "claims.no_notice"), "{path}");
            assert_eq!(house.get(&house.clerk, &path).await.told(), said(403, "gate.role_missing"), "{path}");
        }
        let other = listed["notices"][1]["id"].as_i64().expect("a number");
        let none = house.get(&house.sakura, &format!("/notices/{other}/file")).await;
        assert_eq!(none.told(), said(404, "claims.no_notice"), "it came without a file");
        assert_eq!(house.get(&house.sakura, "/notices?page=0").await.told(), said(400, "api.bad_field"));

        // C7: three in a day of Japan.
        for _ in 0..2 {
            assert_eq!(house.post(&house.sakura, "/password", &[], &body).await.told(), said(201, ""));
        }
        let fourth = house.post(&house.sakura, "/password", &[], &body).await;
        assert_eq!(fourth.told(), said(429, "claims.reissue_too_many"));
    });
}
