//! K10: jobs as staff sees them, and what waits for whom, on both databases.

use super::house::{House, START, TABLES, operator};
use crate::{Waits, status::Hat};
use core_words::Actor;
use kit_desk::Doer;
use kit_gate::Scope;
use kit_jobs::{JobId, NewJob};
use kit_store::{StoreError, params, testing::both_with};
use serde_json::json;

fn scope(name: &str) -> Scope {
    Scope::of_the_house(operator(name))
}

fn doer(hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::staff(3), account: Some(3) }
}

async fn given_up(house: &House, kind: &'static str) -> JobId {
    let done = house.db.write(move |tx| {
        let id = kit_jobs::enqueue(tx, &NewJob::new(kind, 1, "1 1").keyed("1 1"), START)?.id();
        tx.execute(
            "UPDATE job SET state = 4, attempts = 14, last_error = 'no', ended_us = $1 WHERE id = $2",
            params![START, id.0],
        )?;
        Ok::<_, StoreError>(id)
    });
    done.await.expect("written")
}

#[test]
fn k10_a_job_that_stopped_is_run_again_by_a_manager_once_and_the_ledger_has_it() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let ours = given_up(&house, "claims.order").await;
        let theirs = given_up(&house, "list.due").await;
        let jobs = house.claims.jobs(scope("tokyo")).await.expect("read");
        assert_eq!(jobs.given_up.iter().map(|stuck| stuck.job.id).collect::<Vec<_>>(), [ours]);
        assert!(jobs.kinds.iter().all(|kind| kind.gauge.kind.starts_with("claims.")));
        let tasks = house.claims.tasks(scope("tokyo")).await.expect("read");
        assert_eq!((tasks.given_up.count, tasks.given_up.first), (1, Some(START)));
        // Another federation has no jobs here.
        assert!(house.claims.jobs(scope("osaka")).await.expect("read").given_up.is_empty());
        assert_eq!(house.claims.tasks(scope("osaka")).await.expect("read").given_up.count, 0);

        let rerun = async |name, id, hat| {
            house.claims.rerun(scope(name), id, doer(hat)).await.map_err(|refusal| refusal.code)
        };
        // From the command line too a job of the desk is its federation's, and others are nobody's.
        let whose = house.db.read(move |tx| {
            let mut whose = Vec::new();
            for id in [ours, theirs] {
                let job = kit_jobs::find_given_up(tx, id)?.expect("it is there");
                whose.push(crate::service::presser(tx, &operator("tokyo"), Actor::cli("hanako"), &job)?);
            }
            Ok::<_, StoreError>(whose)
        });
        let whose = whose.await.expect("read");
        assert!(whose.iter().all(|by| by.actor == Actor::cli("hanako") && by.case.is_none()));
        assert_eq!(
            whose.into_iter().map(|by| by.operator).collect::<Vec<_>>(),
            [Some(operator("tokyo")), None]
        );

        assert_eq!(rerun("tokyo", ours, Hat::Clerk).await, Err("claims.not_you"));
        assert_eq!(rerun("osaka", ours, Hat::Manager).await, Err("claims.no_job"));
        assert_eq!(rerun("tokyo", theirs, Hat::Manager).await, Err("claims.no_job"));
        let (one, other) =
            tokio::join!(rerun("tokyo", ours, Hat::Manager), rerun("tokyo", ours, Hat::Manager));
        assert_ne!(one.is_ok(), other.is_ok(), "one of the two");
        assert!(house.claims.jobs(scope("tokyo")).await.expect("read").given_up.is_empty());
        let entries = house.db.read(|tx| {
            let rows = tx.query("SELECT id FROM ledger_entry ORDER BY id", &[])?;
            let mut told = Vec::new();
            for row in &rows {
                let entry = kit_ledger::entry(tx, kit_ledger::EntryId(row.get(0)?))?.expect("it is there");
                told.push(entry.body()?);
            }
            Ok::<_, StoreError>(told)
        });
        let entries = entries.await.expect("read");
        let reruns: Vec<_> = entries.iter().filter(|body| body.kind == kit_jobs::RERUN_KIND).collect();
        assert_eq!(reruns.len(), 1);
        assert_eq!(reruns[0].actor, Actor::staff(3).as_str());
    });
}

#[test]
fn c8_what_waits_for_its_applicant_is_counted_as_it_is_listed() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let before = house.claims.tasks(scope("tokyo")).await.expect("read");
        assert_eq!(before, crate::Tasks::default());
        let number = house.issued().await;
        let tasks = house.claims.tasks(scope("tokyo")).await.expect("read");
        assert_eq!((tasks.unfetched.count, tasks.unfetched.first), (1, Some(START)));
        assert_eq!((tasks.overdue.count, tasks.undoable.count), (0, 0));
        let listed = house.claims.waiters(scope("tokyo"), Waits::Download).await.expect("read");
        assert_eq!(listed.iter().map(|waiter| &waiter.number).collect::<Vec<_>>(), [&number]);
        assert!(house.claims.waiters(scope("osaka"), Waits::Download).await.expect("read").is_empty());
        assert!(house.claims.waiters(scope("tokyo"), Waits::Payment).await.expect("read").is_empty());
        // Nobody waits for what cannot be downloaded any more.
        let erased = house.db.write(|tx| {
            let sql = "UPDATE claims_case SET custody = NULL, key_until_us = NULL, key_erased_us = 1";
            tx.execute(sql, params![])
        });
        assert_eq!(erased.await.map_err(|error: StoreError| error).expect("erased"), 1);
        let tasks = house.claims.tasks(scope("tokyo")).await.expect("read");
        assert_eq!(tasks.unfetched, crate::Count::default());
        assert!(house.claims.waiters(scope("tokyo"), Waits::Download).await.expect("read").is_empty());
    });
}

#[test]
fn k16_c18_programs_of_the_federation_close_a_month_once_and_others_see_nothing() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        house.issued().await;
        for token in [&house.sakura, &house.stranger] {
            let hidden = house.get(token, "/offset").await;
            assert_eq!(hidden.status.as_u16(), 403, "{:?}", hidden.told());
        }
        let open = house.get(&house.clerk, "/offset").await.json();
        assert_eq!(
            (&open["open"]["month"], &open["open"]["sums"]["certificates"]),
            (&json!("2026-09"), &json!(1))
        );
        let path = "/offset/2026-09/close";
        let early = house.post(&house.manager, path, &[], &json!({})).await;
        assert_eq!(early.told(), (409, "claims.offset_not_over".to_owned()));
        house.clock.advance_seconds(10 * 86_400);
        let clerk = house.post(&house.clerk, path, &[], &json!({})).await;
        assert_eq!(clerk.told(), (403, "claims.not_you".to_owned()));
        let key = [("idempotency-key", "close-1")];
        let begun = house.post(&house.manager, path, &key, &json!({})).await;
        assert_eq!(begun.status.as_u16(), 202, "{:?}", begun.told());
        let again = house.post(&house.manager, path, &key, &json!({})).await;
        assert_eq!(
            (again.status.as_u16(), &again.headers["idempotent-replay"]),
            (202, &"true".parse().expect("text"))
        );
        let twice = house.post(&house.manager, path, &[], &json!({})).await;
        assert_eq!(twice.told(), (409, "claims.offset_begun".to_owned()));
        let none = house.get(&house.clerk, "/offset/2020-01/file.csv").await;
        assert_eq!(none.told(), (404, "claims.no_offset_month".to_owned()));
        let wrong = json!({"case": "C-1", "amount_yen": -1, "note": "x"});
        let wrong = house.post(&house.manager, "/offset/corrections", &[], &wrong).await;
        assert_eq!(wrong.told(), (400, "api.bad_field".to_owned()));
        let stopped = house.get(&house.clerk, "/jobs").await.json();
        assert_eq!(stopped["stopped"], json!([]));
        let unknown = house.post(&house.manager, "/jobs/7/rerun", &[], &json!({})).await;
        assert_eq!(unknown.told(), (404, "claims.no_job".to_owned()));
    });
}
