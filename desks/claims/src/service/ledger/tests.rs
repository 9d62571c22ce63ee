//! K8: the entries of a federation on both databases, and words for every kind of them.

use super::*;
use crate::{
    api::tests::house::{House, START, TABLES, operator},
    status::Hat,
};
use core_words::Actor;
use kit_desk::Doer;
use kit_jobs::NewJob;
use kit_keys::Provider as Keys;
use kit_ledger::Entry;
use kit_store::{params, testing::both_with};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn scope(name: &str) -> Scope {
    Scope::of_the_house(operator(name))
}

async fn kinds(house: &House, name: &str, wanted: WantedRecords) -> Vec<String> {
    let found = house.claims.ledger(scope(name), wanted).await.expect("read");
    found.lines.into_iter().map(|line| line.body.kind).collect()
}

#[test]
fn k8_what_was_done_about_a_case_is_told_once_in_order_and_to_its_federation_alone() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let number = house.issued().await;
        let case = CaseNumber::parse(&number).ok();
        let of_case = WantedRecords { case, ..WantedRecords::default() };
        let life =
            ["claims.apply", "claims.register-issue", "claims.hand-over", "claims.register-certificate"];
        assert_eq!(kinds(&house, "tokyo", of_case.clone()).await, life);
        let all = kinds(&house, "tokyo", WantedRecords::default()).await;
        assert_eq!(all, life.iter().rev().copied().collect::<Vec<_>>(), "the latest first");
        for wanted in [of_case.clone(), WantedRecords::default()] {
            assert_eq!(kinds(&house, "osaka", wanted).await, Vec::<String>::new());
        }

        let found = house.claims.ledger(scope("tokyo"), of_case.clone()).await.expect("read");
        let whom: Vec<&Whom> = found.lines.iter().map(|line| &line.whom).collect();
        assert!(
            matches!(whom[0], Whom::Applicant(name) if !name.bytes().all(|b| b.is_ascii_digit())),
            "{whom:?}"
        );
        assert!(
            matches!(whom[1], Whom::Staff(name) if !name.bytes().all(|b| b.is_ascii_digit())),
            "{whom:?}"
        );
        assert_eq!(whom[2..], [&Whom::System, &Whom::System]);
        assert!(found.lines.iter().all(|line| line.case_opens) && found.next.is_none());

        // By whom, about what, on which days.
        let by = WantedRecords { actor: Some(found.lines[1].body.actor.clone()), ..WantedRecords::default() };
        assert_eq!(kinds(&house, "tokyo", by.clone()).await, ["claims.register-issue"]);
        let by = house.claims.ledger(scope("tokyo"), by).await.expect("read");
        assert_eq!(by.actor.as_ref(), Some(whom[1]));
        let topic = |topic| WantedRecords { topic: Some(topic), ..WantedRecords::default() };
        assert_eq!(kinds(&house, "tokyo", topic(Topic::Cases)).await.len(), 4);
        assert!(kinds(&house, "tokyo", topic(Topic::Money)).await.is_empty());
        let today = Day::of(START);
        let before = Day::of(START.plus_seconds(-86_400));
        let days = |from, until| WantedRecords { from, until, ..of_case.clone() };
        assert_eq!(kinds(&house, "tokyo", days(Some(today), Some(today))).await, life);
        assert!(kinds(&house, "tokyo", days(None, Some(before))).await.is_empty());

        // One entry; no proof before the ledger is signed, and nothing of it for others.
        let id = found.lines[0].id;
        let file = house.claims.ledger_record(scope("tokyo"), id).await.expect("it is there");
        assert_eq!((&file.record, file.said, file.provable), (&found.lines[0], None, false));
        let early = house.claims.ledger_proof(scope("tokyo"), id).await;
        assert_eq!(early.map_err(|refusal| refusal.code), Err("claims.no_proof_yet"));
        for (name, id) in [("osaka", id), ("tokyo", EntryId(0)), ("tokyo", EntryId(i64::MAX))] {
            let refused = house.claims.ledger_record(scope(name), id).await.map_err(|refusal| refusal.code);
            assert_eq!(refused, Err("claims.no_record"));
            let refused = house.claims.ledger_proof(scope(name), id).await.map_err(|refusal| refusal.code);
            assert_eq!(refused, Err("claims.no_record"));
        }
    });
}

#[test]
fn k8_pages_of_the_ledger_join_without_a_gap_and_without_a_double() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let count = 2 * RECORDS + 7;
        let written = db.write(move |tx| {
            for n in 0..count {
                let mut entry = Entry::new("claims.refund", Actor::staff(3), format!("claims.deposit:{n}"));
                entry.list_for(&operator("tokyo"));
                entry.details = Some([&[1], "理由".as_bytes()].concat());
                // Several at the same moment.
                kit_ledger::append(tx, &entry, START.plus_micros(i64::from(n / 5)), &Keys, &Keys)?;
            }
            Ok::<_, StoreError>(())
        });
        written.await.expect("written");
        let (mut seen, mut after, mut pages) = (BTreeSet::new(), None, 0);
        let mut last = None;
        loop {
            let wanted = WantedRecords { after, topic: Some(Topic::Money), ..WantedRecords::default() };
            let page = house.claims.ledger(scope("tokyo"), wanted).await.expect("read");
            pages += 1;
            for line in &page.lines {
                assert!(seen.insert(line.body.subject.clone()), "twice: {}", line.body.subject);
                assert!(last.is_none_or(|last| last >= line.body.time), "the latest first");
                last = Some(line.body.time);
            }
            after = page.next;
            if after.is_none() {
                let file = house.claims.ledger_record(scope("tokyo"), page.lines[0].id).await.expect("there");
                assert_eq!(file.said.as_deref(), Some("理由"));
                let erased = page.lines[0].id;
                db.write(move |tx| kit_ledger::erase_details(tx, erased)).await.expect("erased");
                let file = house.claims.ledger_record(scope("tokyo"), erased).await.expect("there");
                assert_eq!((file.said, file.record.body.commitment.is_some()), (None, true));
                break;
            }
        }
        assert_eq!((seen.len(), pages), (count as usize, 3));
    });
}

#[test]
fn k8_k10_a_job_that_was_run_again_is_among_the_entries_of_its_case() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let number = house.issued().await;
        let wanted = number.clone();
        let job = db.write(move |tx| {
            let row = tx.query_one("SELECT id FROM claims_case WHERE number = $1", params![&wanted])?;
            let key = format!("{} 1", row.get::<i64>(0)?);
            let id =
                kit_jobs::enqueue(tx, &NewJob::new("claims.order", 1, key.as_str()).keyed(&key), START)?.id();
            tx.execute(
                "UPDATE job SET state = 4, attempts = 14, last_error = 'no', ended_us = $1 WHERE id = $2",
                params![START, id.0],
            )?;
            Ok::<_, StoreError>(id)
        });
        let job = job.await.expect("written");
        let doer = Doer { capacity: Hat::Manager, actor: Actor::staff(3), account: Some(3) };
        house.claims.rerun(scope("tokyo"), job, doer).await.expect("it runs again");
        let of_case = WantedRecords {
            case: CaseNumber::parse(&number).ok(),
            topic: Some(Topic::Jobs),
            ..Default::default()
        };
        assert_eq!(kinds(&house, "tokyo", of_case).await, [kit_jobs::RERUN_KIND]);
    });
}

#[test]
fn k16_k8_programs_of_the_federation_read_the_entries_that_its_pages_show_and_others_none() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let number = house.issued().await;
        let of_case = format!("/ledger?case={number}");
        for token in [&house.sakura, &house.stranger] {
            assert_eq!(house.get(token, &of_case).await.status.as_u16(), 403);
        }
        assert_eq!(house.get(&house.osaka, &of_case).await.json()["records"], json!([]));
        let told = house.get(&house.clerk, &of_case).await.json();
        let records = told["records"].as_array().expect("a list");
        let kinds: Vec<_> =
            records.iter().map(|record| record["kind"].as_str().unwrap_or_default()).collect();
        let all = kinds_of_case(&house, &number).await;
        assert_eq!((kinds, &told["next"]), (all.iter().map(String::as_str).collect(), &Value::Null));
        assert_eq!((&records[1]["name"], &records[2]["name"]), (&json!("山田"), &Value::Null));
        assert_eq!(records[1]["label"]["ja"], "発行依頼を登録しました");

        // One of them, with its proof once it is signed.
        let actor = records[1]["actor"].as_str().expect("a text");
        let id = records[1]["id"].as_str().expect("a text");
        let one = house.get(&house.clerk, &format!("/ledger/{id}")).await.json();
        assert_eq!((&one["id"], &one["provable"], &one["case"]), (&json!(id), &json!(false), &json!(number)));
        let early = house.get(&house.clerk, &format!("/ledger/{id}/proof")).await.told();
        assert_eq!(early.1, "claims.no_proof_yet");
        for (token, path) in
            [(&house.osaka, id), (&house.clerk, "0"), (&house.clerk, "x"), (&house.clerk, "-1")]
        {
            let told = house.get(token, &format!("/ledger/{path}")).await.told();
            assert_eq!(told, (404, "claims.no_record".to_owned()), "{path}");
        }

        // By whom, about what, on which days, from where.
        let many = async |query: &str| {
            let told = house.get(&house.clerk, &format!("/ledger?{query}")).await.json();
            told["records"].as_array().expect(query).len()
        };
        assert_eq!(many(&format!("actor={actor}")).await, 1);
        assert_eq!((many("topic=cases").await, many("topic=money").await), (4, 0));
        assert_eq!((many("from=2026-09-21").await, many("until=2026-09-20").await), (4, 0));
        assert_eq!(many("after=0-0").await, 0, "nothing is older");
        for (query, field) in [
            ("topic=all", "topic"),
            ("actor=%20", "actor"),
            ("case=C-1", "case"),
            ("from=2026", "from"),
            ("after=x", "after"),
        ] {
            let told = house.get(&house.clerk, &format!("/ledger?{query}")).await;
            assert_eq!(
                (told.told().1.as_str(), &told.json()["fields"][0]["field"]),
                ("api.bad_field", &json!(field))
            );
        }
    });
}

async fn kinds_of_case(house: &House, number: &str) -> Vec<String> {
    let case = CaseNumber::parse(number).ok();
    kinds(house, "tokyo", WantedRecords { case, ..WantedRecords::default() }).await
}

/// Names of jobs, which look like kinds of entries.
const JOBS: [&str; 11] = [
    "claims.delete",
    "claims.erase",
    "claims.expiry",
    "claims.offset",
    "claims.offset-due",
    "claims.order",
    "claims.revoke",
    "claims.run",
    "claims.run-left",
    "claims.take",
    "claims.window",
];

#[test]
fn k8_every_kind_of_entry_that_the_desk_writes_has_words_in_both_languages() {
    let told: Vec<(&str, Text)> = Topic::ALL.iter().flat_map(|topic| topic.kinds()).collect();
    let names: BTreeSet<&str> = told.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(names.len(), told.len(), "each kind is about one thing");
    for (kind, text) in &told {
        assert!(!text.ja.is_ascii() && text.en.is_ascii() && text.en.contains(' '), "{kind}: {text:?}");
        assert_eq!(told_by(kind), *text);
        assert!(kind.starts_with("claims.") || *kind == kit_jobs::RERUN_KIND, "{kind}");
    }
    // Every name of the kind's form that the sources of acts have is one of them, or that of a job.
    let mut seen = 0;
    for folder in ["src/service", "src/office", "src/jobs"] {
        for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            for line in fs::read_to_string(&path).expect("a source").lines() {
                let Some((_, name)) = line.split_once(": &str = \"claims.") else { continue };
                let name = format!("claims.{}", name.trim_end_matches("\";"));
                // Those of refusals have underscores.
                if name == "claims." || name.contains('_') || JOBS.contains(&name.as_str()) {
                    continue;
                }
                seen += 1;
                assert!(names.contains(name.as_str()), "{}: {name} has no words", path.display());
            }
        }
    }
    assert!(seen >= 15, "{seen} kinds were found in the sources");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.with_extension("rs")];
    found.retain(|path| path.exists());
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}
