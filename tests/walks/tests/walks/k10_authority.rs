//! K10, C14, C16: the authority is slow, then out of order for an hour, while more than a hundred applications come in.
//! The desk goes on, the queue is in sight, and everything drains by itself, nothing of it twice.

use crate::desk::{apply_knowing, doer, scope};
use core_words::CaseNumber;
use desk_claims::{
    command::Command,
    service::TypedDeposit,
    status::{Hat, Standing},
    words::{HolderNumber, KeyWay},
};
use kit_store::{
    StoreError,
    testing::{Place, both_places},
};
use std::time::{Duration, Instant};
use tests_harness::{Office, Town, Worker};

/// Agents and the applications of each; a care provider has one at a time.
const AGENTS: usize = 6;
const OF_EACH: usize = 17;
/// Applications, with those of two care providers.
const ALL: usize = AGENTS * OF_EACH + 2;
const FEE: i64 = 7_800;

/// A page that waits for nobody is there within this, on a machine that does much else.
const AT_ONCE: Duration = Duration::from_secs(6);

/// Every page that people use while they wait, asked for and looked at.
async fn pages_answer(office: &mut Office, cases: &[CaseNumber], clerk: &mut Worker, waiting: usize) {
    let mut seen = Vec::new();
    for path in ["/claims", "/claims/apply", "/claims/quotation", "/claims/notices", "/claims/guide"] {
        seen.push((path.to_owned(), true));
    }
    for case in cases {
        seen.push((format!("/claims/cases/{case}"), true));
        seen.push((format!("/claims/cases/{case}/receipt.pdf"), true));
        seen.push((format!("/claims/desk/cases/{case}"), false));
    }
    for path in ["/claims/desk", "/claims/desk/cases", "/claims/desk/payments", "/claims/desk/outbox"] {
        seen.push((path.to_owned(), false));
    }
    for (path, applicant) in seen {
        let asked = Instant::now();
        let page = if applicant { office.get(&path).await } else { clerk.get(&path).await };
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(asked.elapsed() < AT_ONCE, "{path} took {:?}", asked.elapsed());
    }
    // The queue is in sight: how many, and since when.
    let overview = clerk.get("/claims/desk").await;
    let row = overview.find("tr").into_iter().find(|row| row.contains("発行待ち"));
    let row = row.unwrap_or_else(|| panic!("{}", overview.text()));
    assert!(row.contains(&waiting.to_string()), "{waiting}: {row}");
    let list = clerk.get("/claims/desk/cases?status=awaiting-issue").await;
    assert!(list.says("発行待ち"), "{}", list.text());
}

async fn register(town: &Town, number: CaseNumber) {
    let done =
        town.claims().act(scope(town), number, None, Command::RegisterIssue, doer(Hat::Clerk, 2)).await;
    done.expect("registered");
}

/// The agent has paid, and the clerk says so.
async fn pay(town: &Town, office: &Office, numbers: &[CaseNumber]) {
    let agent = HolderNumber::new(&office.number).expect("an ID");
    let new = TypedDeposit {
        agent: Some(agent.clone()),
        day: town.now(),
        amount: core_words::Yen(FEE * i64::try_from(numbers.len()).expect("few")),
        payer: office.number.clone(),
        reference: String::new(),
        note: String::new(),
    };
    town.claims().enter_deposit(scope(town), new, doer(Hat::Clerk, 2)).await.expect("entered");
    let picked = numbers.iter().map(|number| desk_claims::service::Picked { number: *number, version: 1 });
    let done =
        town.claims().register_payments(scope(town), agent, picked.collect(), doer(Hat::Clerk, 2)).await;
    done.expect("registered");
}

async fn standings(town: &Town, standing: Standing) -> usize {
    let all = town.claims().standing(scope(town)).await.expect("counted");
    all.iter().find(|(s, ..)| *s == standing).map_or(0, |(_, count, _)| *count as usize)
}

async fn count(town: &Town, sql: &'static str) -> usize {
    let counted = town.installation().db.read(move |tx| tx.query_one(sql, &[])?.get::<i64>(0)).await;
    let counted: Result<i64, StoreError> = counted;
    usize::try_from(counted.expect("counted")).expect("not below nothing")
}

#[test]
fn k10_c14_an_authority_out_of_order_for_an_hour_holds_up_nobody_and_everything_drains_once() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        // Somebody who has a certificate already, and somebody who waits for one.
        let mut settled = town.provider("まえから苑").await;
        let knew = town.claims().knows(settled.letter.holder, settled.letter.issue_password.clone());
        let knew = knew.await.expect("it is");
        let old = apply_knowing(&town, &settled, knew, KeyWay::Service).await;
        register(&town, old).await;
        town.pass(1_800).await;
        let waits = town.provider_outside("これから苑").await;
        let mut agents = Vec::new();
        for at in 0..AGENTS {
            let agent = town.agent_outside(&format!("代行社 {at}")).await;
            let knew = town.claims().knows(agent.letter.holder, agent.letter.issue_password.clone());
            let knew = knew.await.expect("it is");
            agents.push((agent, knew));
        }
        let knew = town.claims().knows(waits.letter.holder, waits.letter.issue_password.clone());
        let knew = knew.await.expect("it is");

        // Half of them come in while nobody is answered.
        town.trouble().slow();
        let mut all = vec![old];
        for (agent, knew) in &agents[..AGENTS / 2] {
            let mut theirs = Vec::new();
            for _ in 0..OF_EACH {
                theirs.push(apply_knowing(&town, agent, *knew, KeyWay::Service).await);
            }
            pay(&town, agent, &theirs).await;
            all.extend(theirs);
        }
        let own = apply_knowing(&town, &waits, knew, KeyWay::Service).await;
        register(&town, own).await;
        all.push(own);
        town.pass_in_trouble(1_800).await;
        let half = AGENTS / 2 * OF_EACH + 1;
        assert_eq!(standings(&town, Standing::AwaitingIssue).await, half);
        settled.sign_in().await;
        let mut clerk = town.clerk().await;
        pages_answer(&mut settled, &[old], &mut clerk, half).await;
        // What the authority itself must say is not waited for for ever either, and nothing has changed.
        let typed = settled.letter.issue_password.clone();
        let refused = town
            .claims()
            .download(scope(&town), old, settled.letter.holder, typed, doer(Hat::Provider, 1))
            .await
            .err()
            .expect("nobody answers");
        assert_eq!(refused.code, "claims.authority_silent");

        // The other half within the hour in which nothing goes at all.
        town.trouble().down();
        for (agent, knew) in &agents[AGENTS / 2..] {
            let mut theirs = Vec::new();
            for _ in 0..OF_EACH {
                theirs.push(apply_knowing(&town, agent, *knew, KeyWay::Service).await);
            }
            pay(&town, agent, &theirs).await;
            all.extend(theirs);
        }
        for ten_minutes in 0..7 {
            town.pass_in_trouble(600).await;
            let waiting = standings(&town, Standing::AwaitingIssue).await;
            assert_eq!(waiting, if ten_minutes < 2 { half } else { ALL - 1 });
            pages_answer(&mut settled, &[old], &mut clerk, waiting).await;
        }
        let overview = clerk.get("/claims/desk").await;
        assert!(overview.says("遅れています"), "the queue is late, and says so: {}", overview.text());

        // It answers again; within the longest pause between two tries everything has gone through.
        town.trouble().well();
        town.pass(3_600).await;
        town.pass(1_800).await;
        assert_eq!(all.len(), ALL);
        assert_eq!(standings(&town, Standing::Issued).await, ALL, "nothing is left behind");
        assert_eq!(
            count(&town, "SELECT COUNT(*) FROM ca_certificate WHERE authority = 'claims-ca'").await,
            ALL
        );
        assert_eq!(count(&town, "SELECT COUNT(DISTINCT serial) FROM claims_case").await, ALL);
        assert_eq!(count(&town, "SELECT COUNT(*) FROM ca_order WHERE orderer = 'claims'").await, ALL);
        for number in all {
            let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
            let path: Vec<i16> = file.events.iter().map(|event| event.to).collect();
            assert!(matches!(path[..], [1 | 2, 3, 4, 5]), "{number}: {path:?}");
        }
        town.end().await;
    });
}
