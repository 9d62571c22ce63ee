//! K8: who did what to a case, from the application to the revocation: told once, proved by files alone, and to nobody of
//! another federation and to no applicant.

use crate::{
    c12_expiry::{apply_from, fetch},
    desk::{apply, ask, doer, scope},
};
use core_words::{Actor, Lang};
use desk_claims::{command::Command, status::Hat, words::KeyWay};
use kit_keys::Provider;
use kit_ledger::Receipt;
use kit_store::{
    StoreError, params,
    testing::{Place, both_places},
};
use std::collections::BTreeSet;
use tests_harness::{Page, Town};
use warifu::commands::admin::jobs;

/// The paths of the entries that a page links to, in its order.
fn entries(page: &Page) -> Vec<String> {
    let html = page.html();
    let of = |part: &str| {
        let id = part.split('"').next().unwrap_or_default();
        let number = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        number.then(|| format!("/claims/desk/ledger/{id}"))
    };
    html.split("href=\"/claims/desk/ledger/").skip(1).filter_map(of).collect()
}

/// The kinds of all entries in the whole ledger that are about a case, in its order.
async fn kinds_about(town: &Town, case: &str) -> Vec<String> {
    let all = town.installation().db.read(|tx| {
        let found = kit_ledger::entries(tx, 0, 10_000)?;
        found.iter().map(|entry| entry.body()).collect::<Result<Vec<_>, StoreError>>()
    });
    let mut all = all.await.expect("read");
    all.retain(|body| body.case.as_deref() == Some(case));
    all.into_iter().map(|body| body.kind).collect()
}

#[test]
fn k8_who_did_what_to_a_case_is_told_once_and_proved() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut office = town.provider("さくら介護センター").await;
        let number = apply_from(&mut office, "/claims", "発行を申請する").await;
        town.pass(1).await;
        let mut clerk = town.clerk().await;
        let case = format!("/claims/desk/cases/{number}");
        let page = clerk.get(&case).await;
        let form = page.form("/register-issue").unwrap_or_else(|| panic!("{}", page.text()));
        assert_eq!(clerk.submit(&form).await.status, 200);
        town.pass(1_800).await;
        town.pass(1).await;
        fetch(&town, &mut office, number).await;
        town.pass(1).await;
        let revoke = Command::RequestRevocation(ask());
        town.claims().act(scope(&town), number, None, revoke, doer(Hat::Clerk, 2)).await.expect("asked");
        town.pass(1_800).await;
        town.pass(2).await;

        // From the case to all that was done about it, each act once, in order; but for what happened at one moment, as
        // it does where no time passes by itself.
        let mut clerk = town.clerk().await;
        let page = clerk.get(&case).await;
        let way = page.links("この申請の記録をすべて見る");
        let list = clerk.get(way.first().unwrap_or_else(|| panic!("{}", page.text()))).await;
        assert_eq!(list.status, 200, "{}", list.text());
        let text = list.text();
        let mut from = 0;
        for moment in [
            &["発行を申請しました"][..],
            &["発行依頼を登録しました"],
            &["認証局へ発行を依頼しました", "証明書が発行されました"],
            &["証明書をダウンロードしました"],
            &["保管していた秘密鍵を消去しました"],
            &["失効依頼を登録しました"],
            &["認証局へ失効を依頼しました"],
        ] {
            let before = from;
            for done in moment {
                assert_eq!(text.matches(done).count(), 1, "{done}: {text}");
                let at = text.find(done).expect("it was counted");
                assert!(at > before, "{done} comes too early: {text}");
                from = from.max(at);
            }
        }
        assert!(list.says("さくら介護センター"), "the applicant by name: {text}");
        let paths = entries(&list);
        let mut kinds = kinds_about(&town, &number.to_string()).await;
        assert_eq!(paths.len(), kinds.len(), "{kinds:?}");
        assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), paths.len(), "no entry twice");

        // Every one has a proof, which holds by the public key alone and says the same.
        let key = town.installation().ledger_key_made().await.expect("there is one");
        let key = key.verifier().expect("a name");
        let mut told = Vec::new();
        for path in &paths {
            let page = clerk.get(path).await;
            let proof = page.links("証明をダウンロードする");
            let proof = clerk.get(proof.first().unwrap_or_else(|| panic!("{}", page.text()))).await;
            assert_eq!(proof.header("content-type"), Some("text/plain; charset=utf-8"));
            let text = std::str::from_utf8(&proof.body).expect("a text");
            let proved = Receipt::from_tlog_proof(text).expect("a proof").verify(&key, &Provider, &Provider);
            let body = proved.expect("it verifies").body;
            assert_eq!(body.case, Some(number.to_string()));
            assert!(page.says(&body.kind) && page.says(&number.to_string()), "{}", page.text());
            told.push(body.kind);
        }
        // The log's order is not that of the page where things happened at one moment.
        kinds.sort();
        told.sort();
        assert_eq!(told, kinds);

        // The whole list has it too; narrowed to money, nothing of it.
        let all = clerk.get("/claims/desk/ledger").await;
        assert!(all.says("証明書をダウンロードしました"), "{}", all.text());
        let money = clerk.get(&format!("/claims/desk/ledger?topic=money&case={number}")).await;
        assert!(money.says("条件に合う記録はありません"), "{}", money.text());
        let wrong = clerk.get("/claims/desk/ledger?q=C-2026-0000001-0").await;
        assert!(wrong.says("この受付番号は正しくありません"), "{}", wrong.text());

        // Neither another federation's staff nor the applicant finds anything.
        let mut stranger = town.worker_of(Some("elsewhere"), &["claims.manager", "claims.clerk"]).await;
        for path in ["/claims/desk/ledger".to_owned(), format!("/claims/desk/ledger?case={number}")] {
            let page = stranger.get(&path).await;
            assert_eq!((page.status, entries(&page)), (200, Vec::new()), "{}", page.text());
        }
        office.sign_in().await;
        for path in [paths[0].clone(), format!("{}/proof", paths[0])] {
            assert_eq!(stranger.get(&path).await.status, 404, "{path}");
            assert_eq!(office.get(&path).await.status, 403, "{path}");
        }
        assert_eq!(office.get("/claims/desk/ledger").await.status, 403);
        town.end().await;
    });
}

#[test]
fn k8_a_job_run_again_from_the_command_line_is_told_with_who_did_it_for_whom_and_about_which_case() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let office = town.provider("さくら介護センター").await;
        let number = apply(&town, &office, KeyWay::Service).await;
        let register = Command::RegisterIssue;
        town.claims()
            .act(scope(&town), number, None, register, doer(Hat::Clerk, 2))
            .await
            .expect("registered");
        // The job that would take it on stopped.
        let now = town.now();
        let given_up = town.installation().db.write(move |tx| {
            let id: i64 = tx.query_one("SELECT id FROM job WHERE kind = 'claims.take'", params![])?.get(0)?;
            let sql =
                "UPDATE job SET state = 4, attempts = 14, last_error = 'no', ended_us = $1 WHERE id = $2";
            tx.execute(sql, params![now, id])?;
            Ok::<_, StoreError>(id)
        });
        let id = given_up.await.expect("written");
        let deed = jobs::Deed { numbers: Some(vec![id]) };
        let done = deed.perform(town.installation(), Lang::En, &Actor::cli("hanako")).await;
        let done = done.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
        assert!(done.text.contains("waits to be run again"), "{}", done.text);
        town.pass(1_800).await;

        let all = town.installation().db.read(|tx| {
            let found = kit_ledger::entries(tx, 0, 10_000)?;
            found.iter().map(|entry| entry.body()).collect::<Result<Vec<_>, StoreError>>()
        });
        let all = all.await.expect("read");
        let told: Vec<_> = all.iter().filter(|body| body.kind == "job.rerun").collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].actor.as_str(), &told[0].subject), ("cli:hanako", &format!("job:{id}")));
        let federation = town.claims().settings().operator.clone();
        assert_eq!(told[0].operator.as_deref(), Some(federation.as_str()));
        assert_eq!(told[0].case, Some(number.to_string()));
        // The people of the federation find it with the case.
        let mut clerk = town.clerk().await;
        let list = clerk.get(&format!("/claims/desk/ledger?case={number}&topic=jobs")).await;
        assert!(list.says("hanako"), "{}", list.text());
        town.end().await;
    });
}
