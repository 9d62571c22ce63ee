//! K10: mass work on both databases: carried out once, refused line by line, stopped, resumed.

mod interrupted;
mod plans;
mod refused;

use super::*;
use crate::{
    api::tests::house::{House, START, TABLES, operator},
    case::Case,
    jobs::register,
    status::Standing,
    store::rows,
    words::{Application, Applied, Consent, KeyWay, Pays},
    work::{LineState, Message},
};
use core_words::{Actor, CaseNumber, Lang, Yen};
use kit_clock::Clock;
use kit_jobs::Worker;
use kit_keys::Provider as Keys;
use kit_store::{Db, params, testing::both_with};
use std::sync::Arc;

fn scope() -> Scope {
    Scope::of_the_house(operator("tokyo"))
}

fn doer(hat: Hat, account: i64) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::staff(account), account: Some(account) }
}

/// So many applications that wait for review; the lines of a run about them.
async fn applications(house: &House, many: u32) -> Vec<NewLine> {
    let holder = house.holders[0];
    let case = Case::Applied(Application {
        holder,
        key: KeyWay::Service,
        email: "office@example.jp".into(),
        pays: Pays::Offset(Consent { version: "1".into(), at: START }),
        lang: Lang::Ja,
        applied: Applied { terms: "2014-08-18".into(), fee: Yen(7_800), months: 36 },
        at: START,
        renews: None,
    });
    let made = house.db.write(move |tx| {
        let operator = operator("tokyo");
        (1..=many)
            .map(|n| {
                let number = CaseNumber::new('C', 2026, n).expect("it fits").to_string();
                let head = rows::Head {
                    number: &number,
                    operator: &operator,
                    holder_number: "1310000018",
                    holder_name: "さくら介護センター",
                    holder_kana: "サクラカイゴセンター",
                };
                Ok::<_, StoreError>(NewLine::about(&number, rows::insert(tx, &head, &case, START)?, 1))
            })
            .collect::<Result<Vec<_>, _>>()
    });
    made.await.expect("written")
}

fn worker(house: &House) -> Worker {
    let clock: Arc<dyn Clock> = Arc::new(house.clock.clone());
    let builder = Worker::builder(house.db.clone(), clock, Arc::new(Keys));
    register(builder, &house.claims).build().expect("good handlers")
}

async fn work(house: &House) {
    worker(house).run_until_idle().await.expect("ran");
}

async fn start(house: &House, work: Work, token: &str, lines: &[NewLine]) -> Result<RunId, Refusal> {
    let doer = doer(Hat::Clerk, 7);
    house.claims.start_run(scope(), work, token.into(), lines.to_vec(), doer).await
}

async fn run(house: &House, id: RunId) -> Run {
    house.claims.run(scope(), id).await.expect("it is there").run
}

/// How a run stands: state, total, done, refused.
async fn stands(house: &House, id: RunId) -> (RunState, u64, u64, u64) {
    let run = run(house, id).await;
    (run.state, run.total, run.done, run.refused)
}

async fn standings(house: &House) -> Vec<(Standing, u64)> {
    let found = house.claims.standing(scope()).await.expect("counted");
    found.into_iter().map(|(standing, many, _)| (standing, many)).collect()
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(move |tx| tx.query_one(sql, params![])?.get::<i64>(0)).await.expect("counted")
}

/// Entries of the ledger of this kind.
async fn entries(db: &Db, kind: &'static str) -> usize {
    let bodies = db.read(|tx| {
        let rows = tx.query("SELECT body FROM ledger_entry", params![])?;
        rows.iter().map(|row| row.get::<Vec<u8>>(0)).collect::<Result<Vec<_>, StoreError>>()
    });
    let bodies = bodies.await.expect("read");
    let tells = |body: &Vec<u8>| body.windows(kind.len()).any(|part| part == kind.as_bytes());
    bodies.iter().filter(|body| tells(body)).count()
}

#[test]
fn k10_c9_a_run_carries_each_line_out_once_in_the_name_of_who_started_it() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 130).await;
        // One is dealt with by hand before.
        let number = CaseNumber::parse(&lines[99].subject).expect("a number");
        let by_hand = house.claims.act(
            scope(),
            number,
            Some(1),
            crate::command::Command::RegisterIssue,
            doer(Hat::Manager, 8),
        );
        by_hand.await.expect("done");
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        assert_eq!(stands(&house, id).await, (RunState::Running, 130, 0, 0));
        house.clock.advance_seconds(60);
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Done, 130, 129, 1));
        assert_eq!(standings(&house).await, [(Standing::IssueRequested, 130)]);
        let found = run(&house, id).await;
        let minute = START.plus_seconds(60);
        assert_eq!((found.started, found.finished), (Some(START), Some(minute)));

        let refused = house.claims.run_lines(scope(), id, true, 0).await.expect("read");
        assert_eq!(refused.len(), 1);
        let RunLine { subject, ended, holder, at } = &refused[0];
        assert_eq!((subject, ended.n, *at), (&lines[99].subject, 100, Some(minute)));
        assert_eq!(ended.code.as_deref(), Some("claims.overtaken"));
        assert_eq!(holder.as_ref().map(|(number, _)| number.as_str()), Some("1310000018"));
        // Every line, a stretch at a time.
        let first = house.claims.run_lines(scope(), id, false, 0).await.expect("read");
        let rest = house.claims.run_lines(scope(), id, false, 100).await.expect("read");
        assert_eq!((first.len(), rest.len()), (100, 30));
        assert!(rest.iter().all(|line| line.ended.state == LineState::Done));

        // The deeds are those of a hand: by whom, in the ledger, to be undone until (C19).
        let file =
            house.claims.case(scope(), CaseNumber::parse(&lines[0].subject).expect("one"), Hat::Manager);
        let file = file.await.expect("there");
        let last = file.events.last().expect("an event");
        assert_eq!((last.account, last.capacity.as_str()), (Some(7), "claims.clerk"));
        assert_eq!(file.case.case.takes(), Some(minute.plus_seconds(600)));
        assert!(file.possible.contains(&crate::status::Deed::UndoIssue));
        let deeds = "claims.register-issue";
        assert_eq!(entries(&db, deeds).await, 130);
        assert_eq!(entries(&db, "claims.start-run").await, 1);

        // The same again: nothing is done twice.
        let again = start(&house, Work::Issue, "b", &lines).await.expect("started");
        work(&house).await;
        assert_eq!(stands(&house, again).await, (RunState::Done, 130, 0, 130));
        assert_eq!(entries(&db, deeds).await, 130);
    });
}

#[test]
fn k10_two_runs_side_by_side_do_each_case_once() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 120).await;
        let one = start(&house, Work::Issue, "a", &lines).await.expect("started");
        let reject = Work::Reject(crate::words::Rejection::Refused("重複".into()));
        let other = start(&house, reject, "b", &lines).await.expect("started");
        // Two processes on PostgreSQL; on SQLite two jobs of one.
        let (here, there) = (worker(&house), worker(&house));
        let (here, there) = tokio::join!(here.run_until_idle(), there.run_until_idle());
        here.expect("ran");
        there.expect("ran");
        let (one, other) = (run(&house, one).await, run(&house, other).await);
        assert_eq!((one.state, other.state), (RunState::Done, RunState::Done));
        assert_eq!((one.done + other.done, one.refused + other.refused), (120, 120));
        assert_eq!(count(&db, "SELECT count(*) FROM desk_event").await, 120);
        let issued = standings(&house).await;
        let issued = issued.iter().find(|(standing, _)| *standing == Standing::IssueRequested);
        assert_eq!(issued.map_or(0, |(_, many)| *many), one.done);
    });
}

#[test]
fn k10_a_line_that_the_database_will_not_have_is_set_aside_and_the_others_go_on() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let mut lines = applications(&house, 3).await;
        lines[1].payload = b"nonsense".to_vec();
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        for _ in 0..2 {
            work(&house).await;
            assert_eq!(stands(&house, id).await, (RunState::Running, 3, 0, 0), "it may pass by itself");
            house.clock.advance_seconds(10);
        }
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Done, 3, 2, 1));
        let refused = house.claims.run_lines(scope(), id, true, 0).await.expect("read");
        assert_eq!(refused[0].ended.code.as_deref(), Some("claims.line_broken"));
    });
}

#[test]
fn k10_a_run_is_stopped_by_a_manager_alone_and_what_is_left_stays_as_it_was() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 3).await;
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        let stop = async |hat| house.claims.stop_run(scope(), id, doer(hat, 9)).await.map_err(|no| no.code);
        assert_eq!(stop(Hat::Clerk).await, Err("claims.not_you"));
        assert_eq!(stop(Hat::Manager).await, Ok(()));
        assert_eq!(stop(Hat::Manager).await, Err("claims.run_over"));
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Stopped, 3, 0, 0));
        assert_eq!(standings(&house).await, [(Standing::Applied, 3)]);
        let waiting = house.claims.run_lines(scope(), id, false, 0).await.expect("read");
        assert!(waiting.iter().all(|line| line.ended.state == LineState::Waiting && line.at.is_none()));
        assert_eq!(entries(&db, "claims.stop-run").await, 1);
        // One that never got its lines can be thrown away too, and takes none then.
        let opened = house.claims.open_run(scope(), Work::Issue, "b".into(), doer(Hat::Clerk, 7)).await;
        let Ok(Opened::New(half)) = opened else { panic!("{opened:?}") };
        let stopped = house.claims.stop_run(scope(), half, doer(Hat::Manager, 9)).await;
        stopped.expect("stopped");
        let late = house.claims.add_lines(half, lines).await.map_err(|no| no.code);
        assert_eq!(late, Err("claims.no_run"));
    });
}

#[test]
fn k10_who_may_start_a_run_how_often_and_over_how_much() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 2).await;
        let id = start(&house, Work::Issue, "a", &lines).await.expect("started");
        assert_eq!(start(&house, Work::Issue, "a", &lines).await, Ok(id), "the same form sent twice");
        let code = |started: Result<RunId, Refusal>| started.map_err(|no| no.code);
        assert_eq!(code(start(&house, Work::Issue, "b", &[]).await), Err("claims.run_empty"));
        let many = vec![lines[0].clone(); 10_001];
        assert_eq!(code(start(&house, Work::Issue, "c", &many).await), Err("claims.run_too_long"));
        for hat in [Hat::Provider, Hat::Agent, Hat::System] {
            let by = doer(hat, 1);
            let started = house.claims.start_run(scope(), Work::Issue, "d".into(), lines.clone(), by).await;
            assert_eq!(code(started), Err("claims.not_you"));
        }
        // Another federation sees nothing of it.
        let osaka = Scope::of_the_house(operator("osaka"));
        assert_eq!(house.claims.run(osaka.clone(), id).await.map_err(|no| no.code), Err("claims.no_run"));
        let lines = house.claims.run_lines(osaka.clone(), id, false, 0).await;
        assert_eq!(lines.map_err(|no| no.code), Err("claims.no_run"));
        let stopped = house.claims.stop_run(osaka.clone(), id, doer(Hat::Manager, 9)).await;
        assert_eq!(stopped.map_err(|no| no.code), Err("claims.no_run"));
        assert_eq!(house.claims.runs(osaka, 0).await.expect("read").1, 0);
        assert_eq!(house.claims.runs(scope(), 0).await.expect("read").1, 1, "a refused one leaves nothing");
    });
}

#[test]
fn k11_a_message_is_put_up_and_mailed_once_for_each_line() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 3).await;
        let message = Message {
            subject: "休業のお知らせ".into(),
            text: "年末年始は休みます。\n再開は4日です。".into(),
        };
        let id = start(&house, Work::Notify(message), "a", &lines).await.expect("started");
        work(&house).await;
        assert_eq!(stands(&house, id).await, (RunState::Done, 3, 3, 0));
        assert_eq!(count(&db, "SELECT count(*) FROM post_notice").await, 3);
        assert_eq!(count(&db, "SELECT count(*) FROM post_mail WHERE template = 'claims.message'").await, 3);
        let number = CaseNumber::parse(&lines[0].subject).expect("a number");
        let file = house.claims.case(scope(), number, Hat::Clerk).await.expect("there");
        let told = house.claims.told(&file.case).await.expect("read");
        assert_eq!(told.notices[0].body.ja, "年末年始は休みます。\n再開は4日です。");
        assert_eq!(told.mails[0].subject, "休業のお知らせ");
        // The case itself is as it was.
        assert_eq!((file.case.version, standings(&house).await), (1, vec![(Standing::Applied, 3)]));
    });
}

#[test]
fn k10_waiting_and_refused_lines_are_found_by_their_indexes() {
    both_with(TABLES, async |db| {
        let plan = db.read(|tx| {
            let explain = match tx.dialect() {
                kit_store::Dialect::Sqlite => "EXPLAIN QUERY PLAN",
                kit_store::Dialect::Postgres => "EXPLAIN",
            };
            let sql = format!(
                "{explain} SELECT n FROM claims_run_line WHERE run = $1 AND state = 1 ORDER BY n LIMIT $2"
            );
            let column = if tx.dialect() == kit_store::Dialect::Sqlite { 3 } else { 0 };
            let rows = tx.query(&sql, params![1_i64, 50_i64])?;
            rows.iter().map(|row| row.get::<String>(column)).collect::<Result<Vec<_>, StoreError>>()
        });
        let plan = plan.await.expect("planned").join("\n");
        assert!(plan.contains("claims_run_line_waiting"), "{plan}");
    });
}

#[test]
fn k16_a_program_starts_a_run_and_follows_it() {
    use serde_json::json;
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 3).await;
        let numbers: Vec<&str> = lines.iter().map(|line| line.subject.as_str()).collect();
        let body = json!({ "work": "issue", "cases": numbers });
        let key = [("idempotency-key", "mass-1")];
        let begun = house.post(&house.clerk, "/runs", &key, &body).await;
        assert_eq!(begun.told(), (202, String::new()), "{}", String::from_utf8_lossy(&begun.octets));
        let id = begun.json()["id"].as_str().expect("a number").to_owned();
        work(&house).await;
        // The same request again, when its cases are dealt with: the same run; another under its key: refused.
        let again = house.post(&house.clerk, "/runs", &key, &body).await;
        assert_eq!((again.told().0, again.json()["id"].as_str()), (202, Some(id.as_str())));
        let other = json!({ "work": "withdraw", "cases": numbers });
        let other = house.post(&house.clerk, "/runs", &key, &other).await;
        assert_eq!(other.told(), (409, "api.idempotency_conflict".into()));
        let shown = house.get(&house.manager, &format!("/runs/{id}")).await.json();
        assert_eq!(
            (&shown["state"], &shown["done"], &shown["work"]),
            (&json!("done"), &json!(3), &json!("issue"))
        );
        let read = house.get(&house.clerk, &format!("/runs/{id}/lines")).await.json();
        assert_eq!(read["lines"].as_array().map(Vec::len), Some(3));
        assert_eq!(read["lines"][0]["subject"], numbers[0]);
        let none = house.get(&house.clerk, &format!("/runs/{id}/lines?only=refused&after=1")).await.json();
        assert_eq!(none, json!({ "lines": [], "next": null }));
        assert_eq!(house.get(&house.clerk, "/runs").await.json()["runs"].as_array().map(Vec::len), Some(1));

        for (body, status, code) in [
            (json!({ "work": "delete", "cases": numbers }), 400, "api.bad_field"),
            (json!({ "work": "reject", "cases": numbers }), 422, "claims.reason_missing"),
            (json!({ "work": "notify", "cases": numbers, "text": "x" }), 400, "api.bad_field"),
            (json!({ "work": "issue", "cases": ["x"] }), 404, "claims.no_case"),
            (json!({ "work": "issue", "cases": [] }), 422, "claims.run_empty"),
            (json!({ "work": "issue" }), 400, "api.malformed_json"),
            (json!({ "work": "issue", "cases": numbers, "more": 1 }), 400, "api.malformed_json"),
        ] {
            assert_eq!(
                house.post(&house.clerk, "/runs", &[], &body).await.told(),
                (status, code.into()),
                "{body}"
            );
        }
        for path in ["/runs", &format!("/runs/{id}"), &format!("/runs/{id}/lines")] {
            assert_eq!(house.get(&house.sakura, path).await.status, 403, "{path}");
        }
        assert_eq!(house.post(&house.sakura, "/runs", &[], &body).await.status, 403);
        assert_eq!(house.get(&house.osaka, &format!("/runs/{id}")).await.told().1, "claims.no_run");
        for path in
            ["/runs/x".to_owned(), format!("/runs/{id}/lines?after=x"), format!("/runs/{id}/lines?only=done")]
        {
            assert!(house.get(&house.clerk, &path).await.status.is_client_error(), "{path}");
        }
    });
}

#[test]
fn k10_what_was_prepared_and_left_is_stopped_after_a_day_and_a_slow_preparation_is_not() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 2).await;
        let open = async |token: &str| {
            let opened = house.claims.open_run(scope(), Work::Issue, token.into(), doer(Hat::Clerk, 7)).await;
            match opened.expect("opened") {
                Opened::New(id) | Opened::Already(id) => id,
            }
        };
        let left = open("left").await;
        house.claims.add_lines(left, lines.clone()).await.expect("written");
        house.clock.advance_seconds(3_600);
        let slow = open("slow").await;
        house.clock.advance_seconds(86_400 - 1);
        work(&house).await;
        assert_eq!(stands(&house, left).await, (RunState::Stopped, 2, 0, 0));
        assert_eq!(stands(&house, slow).await.0, RunState::Loading);
        let late = house.claims.begin_run(scope(), left, doer(Hat::Clerk, 7)).await;
        assert_eq!(late.map_err(|refusal| refusal.code), Err("claims.no_run"));
        house.claims.add_lines(slow, lines).await.expect("written");
        house.claims.begin_run(scope(), slow, doer(Hat::Clerk, 7)).await.expect("begun");
        work(&house).await;
        assert_eq!(stands(&house, slow).await, (RunState::Done, 2, 2, 0));
    });
}
