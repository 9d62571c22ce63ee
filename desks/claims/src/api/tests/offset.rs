//! C18: months of offset fees, on both databases.

use super::house::{House, START, TABLES, operator};
use crate::{
    case::Case,
    jobs,
    offset::{Month, Period, Sums},
    service::NewCorrection,
    status::Hat,
    store::{offset as store, rows},
    web::samples,
    words::{Application, Applied, HolderId, KeyWay},
};
use core_words::{Actor, CaseNumber, Refusal, UtcMicros, Yen};
use kit_desk::Doer;
use kit_gate::Scope;
use kit_jobs::Worker;
use kit_store::{StoreError, params, testing::both_with};
use std::{collections::BTreeMap, sync::Arc};

const FEE: i64 = 7_800;
const DAY: i64 = 86_400;

fn scope() -> Scope {
    Scope::of_the_house(operator("tokyo"))
}

fn doer(hat: Hat) -> Doer<Hat> {
    Doer { capacity: hat, actor: Actor::staff(3), account: Some(3) }
}

fn number(running: u32) -> CaseNumber {
    CaseNumber::new('C', 2026, running).expect("it fits")
}

/// A case of a provider, whose certificate was issued then, if it was; charged for unless that was forgotten.
async fn case(house: &House, running: u32, issued: Option<UtcMicros>, charged: bool) {
    let (of, claims) = (running % 7, house.claims.clone());
    let done = house.db.write(move |tx| {
        let (number, operator) = (number(running).to_string(), operator("tokyo"));
        let applied = Applied { terms: "2019-10-01".into(), fee: Yen(FEE), months: 36 };
        let application = samples::application(KeyWay::Service);
        let application = Application { holder: HolderId(of.into()), applied, ..application };
        let head = rows::Head {
            number: &number,
            operator: &operator,
            holder_number: &format!("131000000{of}"),
            holder_name: "さくら",
            holder_kana: "サクラ",
        };
        let id = rows::insert(tx, &head, &Case::Applied(application), START)?;
        if let Some(at) = issued {
            tx.execute("UPDATE claims_case SET status = 5, issued_us = $1 WHERE id = $2", params![at, id])?;
        }
        if charged {
            // The terms say which tax is in the fee; a second time changes nothing.
            let tax = claims.settings().tax_in("2019-10-01", START, Yen(FEE));
            store::charge(tx, id, tax)?;
            store::charge(tx, id, tax)?;
        }
        Ok::<_, StoreError>(())
    });
    done.await.expect("written");
}

fn worker(house: &House) -> Worker {
    let builder =
        Worker::builder(house.db.clone(), Arc::new(house.clock.clone()), Arc::new(kit_keys::Provider));
    jobs::register(builder, &house.claims).build().expect("well formed")
}

async fn run(worker: &Worker) {
    worker.run_until_idle().await.expect("the database answers");
}

async fn open(house: &House) -> Period {
    let open = house.claims.offsets(scope()).await.expect("read").open;
    open.expect("none is being closed").period
}

async fn file(house: &House, month: Month) -> Vec<u8> {
    house.claims.offset_file(scope(), month).await.expect("closed")
}

async fn correct(house: &House, running: u32, amount: i64) -> Result<(), Refusal> {
    let new = NewCorrection { case: number(running), amount: Yen(amount), note: "誤り".into() };
    house.claims.correct_offset(scope(), new, doer(Hat::Manager)).await
}

/// Numbers that look random, and are the same each time.
struct Luck(u64);

impl Luck {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[test]
fn c18_whatever_comes_in_whatever_order_each_certificate_is_charged_once_and_files_add_up() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let worker = worker(&house);
        let (mut luck, mut issued, mut corrected) = (Luck(18), Vec::new(), 0);
        let mut files: BTreeMap<Month, Vec<u8>> = BTreeMap::new();
        for running in 1..=90 {
            let now = house.claims.now();
            match luck.below(6) {
                // Some arrive long after they were issued, and after their month was closed.
                0..=2 => {
                    let late = i64::try_from(luck.below(40)).expect("small") * DAY;
                    case(&house, running, Some(now.plus_seconds(-late)), true).await;
                    issued.push(running);
                }
                // Rejected: never charged.
                3 => case(&house, running, None, true).await,
                4 if !issued.is_empty() => {
                    let which = issued[luck.below(issued.len() as u64) as usize];
                    let amount = [-FEE, FEE, -1_000, 1][luck.below(4) as usize];
                    if correct(&house, which, amount).await.is_ok() {
                        corrected += amount;
                    }
                }
                _ => {
                    house.clock.advance_seconds(i64::try_from(luck.below(25)).expect("small") * DAY);
                    let period = open(&house).await;
                    let closed = house.claims.close_offset(scope(), period.month, doer(Hat::Manager)).await;
                    assert_eq!(closed.is_ok(), period.ends < house.claims.now());
                    run(&worker).await;
                    if closed.is_ok() {
                        files.insert(period.month, file(&house, period.month).await);
                    }
                }
            }
        }
        house.clock.advance_seconds(62 * DAY);
        loop {
            let period = open(&house).await;
            if period.ends >= house.claims.now() {
                break;
            }
            house.claims.close_offset(scope(), period.month, doer(Hat::Manager)).await.expect("it is over");
            run(&worker).await;
            files.insert(period.month, file(&house, period.month).await);
        }
        let mut sums = Sums::default();
        for (month, octets) in &files {
            assert_eq!(&file(&house, *month).await, octets, "{month}: the same octets at any time");
            let lines = crate::offset::testing::read(octets).expect("it adds up");
            assert!(lines.windows(2).all(|two| two[0].number < two[1].number));
            lines.iter().for_each(|line| sums.add(&line.sums));
        }
        assert!(files.len() > 3 && issued.len() > 20 && corrected != 0, "something happened");
        assert_eq!((sums.charges, sums.charged), (issued.len() as u64, Yen(FEE * issued.len() as i64)));
        assert_eq!(sums.corrected, Yen(corrected));
        let charged = house.db.read(|tx| {
            let sql = "SELECT count(*), count(DISTINCT case_id), count(period) FROM claims_offset_entry WHERE kind = 1";
            let row = tx.query_one(sql, &[])?;
            Ok::<_, StoreError>([row.get::<i64>(0)?, row.get(1)?, row.get(2)?])
        });
        let each = issued.len() as i64;
        assert_eq!(charged.await.expect("read"), [each, each, each], "once, and in one month");
    });
}

#[test]
fn c18_of_two_managers_who_close_a_month_one_does_and_a_clerk_does_not() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let worker = worker(&house);
        case(&house, 1, Some(START), true).await;
        let month = open(&house).await.month;
        assert_eq!(month.to_string(), "2026-09");
        let close = |hat| house.claims.close_offset(scope(), month, doer(hat));
        assert_eq!(close(Hat::Manager).await.expect_err("not over").code, "claims.offset_not_over");
        house.clock.advance_seconds(10 * DAY);
        assert_eq!(close(Hat::Clerk).await.expect_err("a manager's").code, "claims.not_you");
        let (one, other) = tokio::join!(close(Hat::Manager), close(Hat::Manager));
        let refused = match (one, other) {
            (Ok(()), Err(refusal)) | (Err(refusal), Ok(())) => refusal,
            both => panic!("one does: {both:?}"),
        };
        assert_eq!(refused.code, "claims.offset_begun");
        let early = house.claims.offset_file(scope(), month).await.expect_err("under way");
        assert_eq!(early.code, "claims.offset_not_closed");
        assert!(house.claims.offsets(scope()).await.expect("read").open.is_none());
        run(&worker).await;
        let octets = file(&house, month).await;
        assert_eq!(crate::offset::testing::read(&octets).expect("it adds up").len(), 1);
        let closed = house.claims.offset_period(scope(), month).await.expect("there").closed.expect("closed");
        assert_eq!(closed.sums.tax, Yen(709), "of the case's own terms");
        // Another federation has none of it.
        let osaka = Scope::of_the_house(operator("osaka"));
        let hidden = house.claims.offset_file(osaka, month).await.expect_err("not theirs");
        assert_eq!(hidden.code, "claims.no_offset_month");
        // What is in the table is not what was closed: the file is not handed out.
        let spoilt = house.db.write(|tx| tx.execute("UPDATE claims_offset_entry SET amount_yen = 1", &[]));
        spoilt.await.expect("written");
        let refused = house.claims.offset_file(scope(), month).await.expect_err("altered");
        assert_eq!(refused.code, "claims.offset_altered");
    });
}

#[test]
fn c18_corrections_stay_between_nothing_and_the_fee_and_are_a_managers() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        case(&house, 1, Some(START), true).await;
        case(&house, 2, None, true).await;
        for wrong in [0, 1, -FEE - 1, i64::MIN, i64::MAX] {
            let refused = correct(&house, 1, wrong).await.expect_err("too much");
            assert_eq!(refused.code, "claims.correction_too_much", "{wrong}");
        }
        for none in [2, 3] {
            assert_eq!(correct(&house, none, -1).await.expect_err("no fee").code, "claims.no_charge");
        }
        let new = NewCorrection { case: number(1), amount: Yen(-1), note: String::new() };
        let clerk = house.claims.correct_offset(scope(), new, doer(Hat::Clerk)).await;
        assert_eq!(clerk.expect_err("a manager's").code, "claims.not_you");
        // Two at once: the fee is given back once.
        let (one, other) = tokio::join!(correct(&house, 1, -FEE), correct(&house, 1, -FEE));
        assert_ne!(one.is_ok(), other.is_ok());
        correct(&house, 1, FEE).await.expect("taken again");
        let open = house.claims.offsets(scope()).await.expect("read").open.expect("open");
        assert_eq!((open.sums.corrections, open.sums.total()), (2, Yen(FEE)));
        assert_eq!(open.sums.tax, Yen(709));
    });
}

#[test]
fn c18_a_certificate_without_a_charge_keeps_its_month_open_in_sight_of_everybody() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let worker = worker(&house);
        case(&house, 1, Some(START), true).await;
        case(&house, 2, Some(START), false).await;
        house.clock.advance_seconds(10 * DAY);
        let open = house.claims.offsets(scope()).await.expect("read").open.expect("open");
        assert_eq!((open.uncharged, open.sums.charges, open.over), (1, 1, true));
        let month = open.period.month;
        house.claims.close_offset(scope(), month, doer(Hat::Manager)).await.expect("begun");
        run(&worker).await;
        let left = house.claims.offset_period(scope(), month).await.expect("there");
        assert!(left.closed.is_none(), "the job was given up");
        let given_up = house.db.read(|tx| kit_jobs::given_up(tx, None, 10)).await.expect("read");
        assert!(given_up[0].last_error.contains("1 certificates"), "{}", given_up[0].last_error);
    });
}

#[test]
fn k16_a_program_reads_one_month_while_it_is_open_being_closed_and_closed() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let worker = worker(&house);
        case(&house, 1, Some(START), true).await;
        let one = async |token: &str, month: &str| {
            let shown = house.get(token, &format!("/offset/{month}")).await;
            (shown.told(), shown.json()["state"].clone(), shown.json()["sums"]["fees_yen"].clone())
        };
        let fine = || (200, String::new());
        assert_eq!(one(&house.clerk, "2026-09").await, (fine(), "open".into(), FEE.into()));
        house.clock.advance_seconds(10 * DAY);
        let month = open(&house).await.month;
        house.claims.close_offset(scope(), month, doer(Hat::Manager)).await.expect("it is over");
        assert_eq!(one(&house.clerk, "2026-09").await, (fine(), "closing".into(), serde_json::Value::Null));
        run(&worker).await;
        assert_eq!(one(&house.clerk, "2026-09").await, (fine(), "closed".into(), FEE.into()));
        assert_eq!(one(&house.clerk, "2026-10").await, (fine(), "open".into(), 0.into()));
        for none in ["2026-08", "2026-13", "x"] {
            assert_eq!(one(&house.clerk, none).await.0, (404, "claims.no_offset_month".into()), "{none}");
        }
        assert_eq!(
            one(&house.osaka, "2026-09").await.0,
            (404, "claims.no_offset_month".into()),
            "not theirs"
        );
        assert_eq!(one(&house.sakura, "2026-09").await.0, (403, "gate.role_missing".into()));
    });
}
