//! C23: lines of a file as lines of a run, carried out together or one by one, on both databases.

use super::*;
use crate::{
    api::tests::house::{House, START, TABLES, operator},
    jobs::register,
};
use core_words::{Actor, Lang};
use kit_clock::Clock;
use kit_gate::accounts::{NewApplicant, create_applicant};
use kit_jobs::Worker;
use kit_keys::Provider as Keys;
use kit_store::{params, testing::both_with};

fn office(number: &str, name: &str) -> NewOffice {
    NewOffice {
        number: HolderNumber::new(number).expect("a number"),
        name: name.into(),
        kana: "サクラエン".into(),
        postal: "1640001".into(),
        address: "東京都".into(),
        phone: "0353850000".into(),
        email: "a@example.jp".into(),
    }
}

#[test]
fn c23_a_line_of_a_run_is_the_line_of_its_file() {
    let line = OfficeLine { line: 7, office: office("1310000011", "さくら\"園") };
    let NewLine { subject, payload } = to_line(&line);
    assert_eq!(of_line(&subject, &payload), Some(line));
    assert_eq!(of_line("x", &payload), None);
    assert_eq!(of_line(&subject, b"[7,[]]"), None);
}

/// Begins to import these.
async fn start(house: &House, offices: &[NewOffice]) -> RunId {
    let scope = Scope::of_the_house(operator("tokyo"));
    let doer = Doer { capacity: Hat::Clerk, actor: Actor::staff(7), account: Some(7) };
    let lines =
        (2..).zip(offices).map(|(line, office)| to_line(&OfficeLine { line, office: office.clone() }));
    let token = format!("import-{}", offices.len());
    let run = house.claims.start_run(scope, Work::Import, token, lines.collect(), doer).await;
    run.expect("started")
}

/// Lets the jobs of the desk run that are due.
async fn work(house: &House) {
    let clock: Arc<dyn Clock> = Arc::new(house.clock.clone());
    let worker = register(Worker::builder(house.db.clone(), clock, Arc::new(Keys)), &house.claims).build();
    worker.expect("good handlers").run_until_idle().await.expect("ran");
}

/// What became of each line, in words.
async fn told(house: &House, run: RunId) -> Vec<String> {
    let scope = Scope::of_the_house(operator("tokyo"));
    let lines = house.claims.run_lines(scope, run, false, 0).await.expect("read");
    let told = lines.into_iter().map(|line| line.ended.told.map_or_else(String::new, |told| told.en));
    told.collect()
}

/// Imports these; what became of each.
async fn import(house: &House, offices: &[NewOffice]) -> Vec<String> {
    let run = start(house, offices).await;
    work(house).await;
    told(house, run).await
}

#[test]
fn c23_of_lines_carried_out_together_each_ends_as_it_would_by_itself() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let told =
            import(&house, &[office("1310000034", "もみじ園"), office("1310000042", "さくら園")]).await;
        assert_eq!(told, ["Line 2: entered", "Line 3: entered"]);

        // The ID that one of them would sign in with is somebody else's already.
        let gate = house.claims.gate().clone();
        let somebody = db.write(move |tx| {
            let operator = operator("tokyo");
            let new = NewApplicant {
                operator: &operator,
                login: "KJ1310000059",
                name: "だれか",
                subject: None,
                lang: Lang::Ja,
                roles: &[],
                phc: None,
            };
            create_applicant(tx, &gate, &new, &Actor::system(), START)
        });
        somebody.await.expect("made");
        let all = [
            office("1310000034", "もみじ園"),
            office("1310000042", "かえで園"),
            office("1310000059", "けやき園"),
            office("1310000067", "いちょう園"),
            office("DA13000017", "みどり請求"),
        ];
        let told = import(&house, &all).await;
        let mine = ["Line 2: as it was", "Line 3: changed", "This number is entered already."];
        assert_eq!(told, [&mine[..], &["Line 5: entered", "Line 6: entered"]].concat());

        // Each has its record, its account and its entry in the ledger, once.
        let counted = db.read(|tx| {
            let mut of = |sql: &str| tx.query_one(sql, params![])?.get::<i64>(0);
            let holders = of("SELECT count(*) FROM claims_holder WHERE number IN \
                ('1310000034', '1310000042', '1310000067', 'DA13000017')")?;
            let orphans = of("SELECT count(*) FROM claims_holder WHERE number = '1310000059'")?;
            let accounts =
                of("SELECT count(*) FROM gate_account JOIN gate_role ON account = id WHERE login IN \
                ('KJ1310000034', 'KJ1310000042', 'KJ1310000067', 'DA13000017')")?;
            let entered = of("SELECT count(*) FROM ledger_lookup WHERE kind = 'claims.enter-holder'")?;
            let changed = of("SELECT count(*) FROM ledger_lookup WHERE kind = 'claims.change-holder'")?;
            Ok::<_, StoreError>([holders, orphans, accounts, entered, changed])
        });
        assert_eq!(counted.await.expect("counted"), [4, 0, 4, 4, 1]);
    });
}

#[test]
fn c23_one_record_that_cannot_be_read_keeps_no_other_line_of_its_chunk_waiting() {
    both_with(TABLES, async |db| {
        // So that PostgreSQL too takes a state that is no number of 16 bits.
        let widened = db.write(|tx| match tx.dialect() {
            kit_store::Dialect::Sqlite => Ok(0),
            kit_store::Dialect::Postgres => {
                tx.execute("ALTER TABLE claims_holder ALTER COLUMN state TYPE BIGINT", params![])
            }
        });
        widened.await.map_err(|error: StoreError| error).expect("widened");
        let house = House::on(&db).await;
        let before = [office("1310000034", "もみじ園"), office("1310000042", "さくら園")];
        import(&house, &before).await;
        let broken = db.write(|tx| {
            let sql = "UPDATE claims_holder SET state = 70000 WHERE number = '1310000034'";
            tx.execute(sql, params![])
        });
        assert_eq!(broken.await.map_err(|error: StoreError| error).expect("altered"), 1);

        let all = [
            office("1310000067", "いちょう園"),
            office("1310000034", "もみじ園"),
            office("1310000042", "かえで園"),
            office("DA13000017", "みどり請求"),
        ];
        let run = start(&house, &all).await;
        for _ in 0..2 {
            work(&house).await;
            assert_eq!(told(&house, run).await, [""; 4], "it may pass by itself");
            house.clock.advance_seconds(10);
        }
        work(&house).await;
        let broken = "A record makes no sense: this could not be done.";
        let each = ["Line 2: entered", broken, "Line 4: changed", "Line 5: entered"];
        assert_eq!(told(&house, run).await, each);
        let counted = db.read(|tx| {
            let mut of = |sql: &str| tx.query_one(sql, params![])?.get::<i64>(0);
            let entered = of("SELECT count(*) FROM claims_holder WHERE \
                number IN ('1310000067', 'DA13000017') OR name = 'かえで園'")?;
            let untouched = of("SELECT count(*) FROM claims_holder WHERE state = 70000 AND version = 1")?;
            let accounts = of("SELECT count(*) FROM gate_account JOIN gate_role ON account = id \
                WHERE login IN ('KJ1310000067', 'DA13000017')")?;
            Ok::<_, StoreError>([entered, untouched, accounts])
        });
        assert_eq!(counted.await.expect("counted"), [3, 1, 2]);
    });
}
