//! The pages about money with sample data, in every state worth looking at.

use super::{agent, assign, enter, import, list, pay, refund};
use crate::{
    Deposit, Entry, EntryKind, bank,
    case::Case,
    service::{Account, AgentLine, Booked, Imported, Payments, Picked},
    web::samples::{self as data, TOKEN},
    words::{HolderId, Pays},
};
use core_words::{CaseNumber, UtcMicros, Yen};
use kit_desk::Stored;
use kit_web::{Filled, FormData, Frame, gallery::SAMPLE_NOW};

const DAY: i64 = 86_400;
const UNDO_SECONDS: u32 = 600;
const FEE: i64 = 7_800;

fn ago(days: i64) -> UtcMicros {
    SAMPLE_NOW.plus_seconds(-days * DAY)
}

fn deposit(id: i64, holder: Option<HolderId>, amount: i64, payer: &str) -> Deposit {
    Deposit {
        id,
        version: 1,
        holder,
        day: ago(id),
        amount: Yen(amount),
        payer: payer.into(),
        reference: format!("{:06}", 120 + id),
        note: String::new(),
        entered: ago(id),
    }
}

fn account(balance: i64, waiting: u32) -> Account {
    let agent = data::agent();
    let waiting = (0..waiting).map(|at| {
        let mut application = data::agents_application();
        application.at = ago(40 - i64::from(at));
        if at == 0 {
            application.pays = Pays::Transfer { due: ago(9) };
        }
        Stored {
            id: i64::from(at),
            number: number(at).to_string(),
            operator: agent.operator.clone(),
            version: 1,
            case: Case::AwaitingPayment(application),
        }
    });
    let deposits = match balance {
        0 => Vec::new(),
        _ => vec![deposit(
            2,
            Some(agent.id),
            balance + FEE,
            "ＤＡ１３０００１７　カ）ミドリセイキユウサ－ビス",
        )],
    };
    let entries = match balance {
        0 => Vec::new(),
        _ => vec![
            Entry {
                kind: EntryKind::Payment,
                amount: Yen(-FEE),
                case: Some(number(9).to_string()),
                note: String::new(),
                at: ago(1),
            },
            Entry {
                kind: EntryKind::Refund,
                amount: Yen(-200),
                case: None,
                note: "二重の振込のため、同じ口座へ返金".into(),
                at: ago(30),
            },
        ],
    };
    Account { balance: Yen(balance), deposits, entries, waiting: waiting.collect(), agent }
}

fn number(at: u32) -> CaseNumber {
    CaseNumber::new('C', 2026, 2_001 + at).expect("a number of the year")
}

fn picked(count: u32) -> Vec<Picked> {
    (0..count).map(|at| Picked { number: number(at), version: 1 }).collect()
}

fn typed(agent: &str) -> FormData {
    FormData::from_pairs([
        ("day-era", "reiwa"),
        ("day-year", "8"),
        ("day-month", "11"),
        ("day-day", "19"),
        ("amount", "15600"),
        ("payer", "DA13000017 ミドリセイキュウサービス"),
        ("agent", agent),
        ("reference", "000123"),
        ("note", ""),
    ])
    .expect("a handful of short fields")
}

pub(in crate::web::federation) fn payments(frame: Frame, quiet: bool) -> String {
    let line = |balance, waiting: u64| AgentLine {
        agent: data::agent(),
        balance: Yen(balance),
        waiting,
        fees: Yen(FEE * i64::try_from(waiting).unwrap_or_default()),
    };
    let payments = if quiet {
        Payments { unmatched: Vec::new(), agents: Vec::new() }
    } else {
        Payments {
            unmatched: vec![
                deposit(3, None, FEE, "カ）アオゾラジムサ－ビス"),
                deposit(1, None, 23_400, "サトウ　タロウ"),
            ],
            agents: vec![line(0, 3), line(FEE, 2), line(2 * FEE, 2), line(FEE, 0), line(5 * FEE, 1)],
        }
    };
    list::content(frame, &payments).html()
}

pub(in crate::web::federation) fn entering(frame: Frame, agent: Option<&str>) -> String {
    let filled =
        agent.map(|agent| enter::read(&frame.say, &typed(agent), SAMPLE_NOW).err().unwrap_or_default());
    enter::input(frame, TOKEN, &filled.unwrap_or_default()).html()
}

pub(in crate::web::federation) fn checking(frame: Frame) -> String {
    let form = typed("DA13000017");
    let new = enter::read(&frame.say, &form, SAMPLE_NOW).expect("well formed");
    enter::check(frame, TOKEN, &form, &new, &data::agent().name).html()
}

pub(in crate::web::federation) fn importing(frame: Frame, wrong: bool) -> String {
    let Err(bank::Unreadable::Lines(findings)) = bank::read(
        "入金日,金額,振込人名\n令和99年1月1日,7800,ミドリ\n2026/11/20,0,\n".as_bytes().to_vec(),
        SAMPLE_NOW,
    ) else {
        return String::new();
    };
    let text = frame.say.both("claims-pay-import-wrong");
    let filled = Filled::default().with_errors([kit_web::FieldError::new("file", text)]);
    match wrong {
        true => import::content(frame, TOKEN, &filled, Some(&*findings)).html(),
        false => import::content(frame, TOKEN, &Filled::default(), None).html(),
    }
}

pub(in crate::web::federation) fn imported(frame: Frame) -> String {
    let table = "入金日,金額,振込人名,照会番号\n2026/11/19,15600,DA13000017 ミドリセイキュウ,121\n\
                 2026/11/19,7800,カ）アオゾラジム,122\n2026/11/18,7800,DA13000017 ミドリセイキュウ,120\n";
    let file = bank::read(table.as_bytes().to_vec(), SAMPLE_NOW).expect("well formed");
    let became = [Booked::To(data::agent().number), Booked::Unmatched, Booked::Before];
    import::done(frame, &Imported(file.told.into_iter().zip(became).collect())).html()
}

pub(in crate::web::federation) fn assigning(frame: Frame, wrong: bool) -> String {
    let pairs = [("agent", if wrong { "1310000018" } else { "DA13000017" })];
    let form = FormData::from_pairs(pairs).expect("one short field");
    let filled = match assign::read(&frame.say, &form) {
        Err(filled) if wrong => filled,
        _ => Filled::default(),
    };
    assign::content(frame, &deposit(3, None, FEE, "カ）アオゾラジムサ－ビス"), TOKEN, &filled).html()
}

pub(in crate::web::federation) fn account_page(frame: Frame, balance: i64, waiting: u32) -> String {
    agent::content(frame, &account(balance, waiting), TOKEN).html()
}

pub(in crate::web::federation) fn paying(frame: Frame, balance: i64, count: u32) -> String {
    pay::content(frame, &account(balance, 3), &picked(count), TOKEN, UNDO_SECONDS, None).html()
}

pub(in crate::web::federation) fn none_picked(frame: Frame) -> String {
    pay::nothing(frame, &account(FEE, 3)).html()
}

pub(in crate::web::federation) fn refunding(frame: Frame) -> String {
    refund::content(frame, &account(FEE, 0), TOKEN, &Filled::default()).html()
}
