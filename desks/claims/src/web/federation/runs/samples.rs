//! The pages of mass work with sample data, in every state worth looking at.

use super::{confirm, list, revoke, show, start};
use crate::{
    Ended, Run, RunId, RunLine,
    service::{AskedLine, Plan, RevocationPlan, RunFile, Skipped, SkippedCase, Why},
    status::{Hat, Standing},
    store::runs::NewLine,
    web::samples::{self as data, TOKEN},
    words::{AskedBy, Channel, Rejection, RevocationAsk, RevokeReason},
    work::{LineState, Message, RunState, Work},
};
use core_words::{CaseNumber, Text, UtcMicros};
use kit_web::{Filled, FormData, Frame, gallery::SAMPLE_NOW};

const UNDO_SECONDS: u32 = 600;

fn ago(minutes: i64) -> UtcMicros {
    SAMPLE_NOW.plus_seconds(-minutes * 60)
}

fn number(at: u32) -> String {
    CaseNumber::new('C', 2026, 3_001 + at).map_or_else(String::new, |number| number.to_string())
}

fn ask() -> RevocationAsk {
    RevocationAsk {
        by: AskedBy::Prefecture,
        channel: Channel::Paper,
        reason: RevokeReason::Closed,
        note: "東京都福祉局指導課　8福指第123号".into(),
    }
}

fn file(id: i64, work: Work, state: RunState, [total, done, refused]: [u64; 3]) -> RunFile {
    let begun = ago(id * 7);
    let run = Run {
        id: RunId(id),
        operator: data::holder().operator,
        work,
        state,
        version: 2,
        total,
        done,
        refused,
        capacity: Hat::Clerk,
        account: Some(3),
        actor: "staff:3".into(),
        created: begun,
        started: Some(begun.plus_seconds(1)),
        finished: (!state.goes_on()).then(|| begun.plus_seconds(95)),
    };
    RunFile { run, starter: Some("佐藤 花子".into()) }
}

pub(in crate::web::federation) fn list(frame: Frame, none: bool) -> String {
    let message = Message {
        subject: "年末年始の休業".into(),
        text: "12月29日から1月3日まで休みます。".into(),
    };
    let runs = match none {
        true => Vec::new(),
        false => vec![
            file(1, Work::Issue, RunState::Running, [1_204, 850, 2]),
            file(2, Work::Revoke(ask()), RunState::Done, [38, 38, 0]),
            file(3, Work::Notify(message), RunState::Done, [9_870, 9_869, 1]),
            file(
                4,
                Work::Reject(Rejection::Refused("重複した申請のため".into())),
                RunState::Stopped,
                [12, 4, 0],
            ),
        ],
    };
    list::content(frame, &runs, runs.len() as u64, 0).html()
}

pub(in crate::web::federation) fn run(frame: Frame, state: RunState) -> String {
    let numbers = match state {
        RunState::Done => [4, 3, 1],
        _ => [4, 2, 1],
    };
    let file = file(1, Work::Issue, state, numbers);
    let lines = (1..=4).map(|n: u32| {
        let told = Text::new(
            "2026年11月20日 13:50に担当者（鈴木 一郎）が先に発行依頼を登録しました（状況は「発行依頼中」）。",
            "Clerk (Ichiro Suzuki) was first, on 20 November 2026, 13:50: Registered the issue request.",
        );
        let ended = match (n, state) {
            (2, _) => (LineState::Refused, Some("claims.overtaken".to_owned()), Some(told)),
            (4, RunState::Running | RunState::Stopped) => (LineState::Waiting, None, None),
            _ => (LineState::Done, None, None),
        };
        let (state, code, told) = ended;
        RunLine {
            subject: number(n),
            holder: Some(("1310000011".into(), "さくらの里デイサービス".into())),
            at: (state != LineState::Waiting).then(|| ago(6)),
            ended: Ended { n: i64::from(n), state, code, told },
        }
    });
    let lines: Vec<RunLine> = lines.collect();
    let hat = if state == RunState::Running { Hat::Manager } else { Hat::Clerk };
    let view = show::View { file: &file, lines: &lines, refused: false, after: 0, hat };
    show::content(frame, &view, TOKEN, UNDO_SECONDS).html()
}

fn typed(work: &str) -> FormData {
    let pairs = [
        ("status", "applied"),
        ("work", work),
        ("reason", "重複した申請のため"),
        ("subject", ""),
        ("text", ""),
    ];
    FormData::from_pairs(pairs).expect("a handful of short fields")
}

pub(in crate::web::federation) fn starting(frame: Frame, work: Option<&str>) -> String {
    let form = typed(work.unwrap_or_default());
    let filled = work.and_then(|_| start::read(&frame.say, &form).err()).unwrap_or_default();
    start::input(frame, &form, TOKEN, &filled).html()
}

pub(in crate::web::federation) fn checking(frame: Frame, changed: bool) -> String {
    let skipped =
        |n, why| SkippedCase { number: number(n), holder: "さくらの里デイサービス".into(), why };
    let (paid, issued) = (Skipped::Standing(Standing::AwaitingPayment), Skipped::Standing(Standing::Issued));
    let plan = Plan {
        lines: (0..43).map(|n| NewLine::about(&number(n), i64::from(n), 1)).collect(),
        fitting: vec![(Standing::Applied, 43)],
        skipped: vec![(paid, 2), (issued, 1)],
        examples: vec![skipped(50, paid), skipped(51, paid), skipped(52, issued)],
        proof: "0f".into(),
    };
    check(frame, "reject", &plan, changed)
}

pub(in crate::web::federation) fn nothing(frame: Frame) -> String {
    let plan = Plan { skipped: vec![(Skipped::Standing(Standing::Issued), 3)], ..Plan::default() };
    check(frame, "issue", &plan, false)
}

fn check(frame: Frame, work: &str, plan: &Plan, changed: bool) -> String {
    let form = typed(work);
    let work = start::read(&frame.say, &form).unwrap_or(Work::Issue);
    let asked = confirm::Checked { form: &form, work: &work, plan, token: "0f", changed };
    start::check(frame, &asked, TOKEN, UNDO_SECONDS).html()
}

fn revocation(whole: bool) -> FormData {
    let pairs = [
        ("office", "東京都福祉局指導課"),
        ("document", if whole { "8福指第123号" } else { "" }),
        ("channel", "paper"),
        ("reason", "closed"),
        ("several", "each"),
        ("numbers", "1310000011\n1310000029\n131000003\n1310000045\n1310000011"),
    ];
    FormData::from_pairs(pairs).expect("a handful of short fields")
}

pub(in crate::web::federation) fn revoking(frame: Frame, wrong: bool) -> String {
    let form = if wrong { revocation(false) } else { FormData::default() };
    let filled =
        if wrong { revoke::read(&frame.say, &form).err().unwrap_or_default() } else { Filled::default() };
    revoke::input(frame, &form, TOKEN, &filled).html()
}

pub(in crate::web::federation) fn revoking_checked(frame: Frame) -> String {
    let form = revocation(true);
    let Ok(asked) = revoke::read(&frame.say, &form) else { return String::new() };
    let until = Some(core_words::UtcSeconds(SAMPLE_NOW.0 / 1_000_000 + 400 * 86_400));
    let line = |typed: &str, name: Option<&str>, certificates: &[u32], why| AskedLine {
        typed: typed.into(),
        holder: name.map(str::to_owned),
        certificates: certificates.iter().map(|n| (number(*n), until)).collect(),
        why,
    };
    let (sakura, momiji) = (Some("さくらの里デイサービス"), Some("もみじ訪問看護ステーション"));
    let plan = RevocationPlan {
        asked: vec![
            line("1310000011", sakura, &[1], None),
            line("1310000029", momiji, &[2, 3], Some(Why::Several)),
            line("131000003", None, &[], Some(Why::NotANumber)),
            line("1310000045", None, &[], Some(Why::Unknown)),
            line("1310000011", sakura, &[1], Some(Why::Twice)),
        ],
        lines: vec![NewLine::about(&number(1), 1, 3)],
        proof: "0f".into(),
    };
    let view = confirm::Checked { form: &form, work: &asked, plan: &plan, token: "0f", changed: false };
    revoke::check(frame, &view, TOKEN, UNDO_SECONDS).html()
}
