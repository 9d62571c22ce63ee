//! The pages of the federation with sample data, in every state worth looking at.

mod mails;

use super::{
    Shown, acts,
    case::{self, View},
    ending::samples as ending,
    jobs::samples as jobs,
    ledger::samples as ledger,
    list,
    offset::samples as offset,
    overtaken, overview,
    payments::samples as money,
    query, reject, revocation,
    runs::samples as runs,
};
use crate::{
    Found, Line, Waits,
    case::Case,
    service::Told,
    status::{Deed, Hat, Standing},
    web::{
        federation_door,
        samples::{self as data, TOKEN},
    },
    words::HolderNumber,
    work::RunState,
};
use core_words::{CaseNumber, Text};
use kit_desk::Halt;
use kit_post::MailState;
use kit_web::{FormData, Frame, Sample, WhoLabel, gallery::SAMPLE_NOW};
use mails::{a_mail, mails, mails_of_all, notice, one_mail};

const DAY: i64 = 86_400;
const UNDO_SECONDS: u32 = 600;

/// The pages for the gallery.
pub(crate) fn samples() -> Vec<Sample> {
    let sample = |name, render| Sample::new("claims", name, render);
    vec![
        sample("desk-overview", |frame| overview(frame, false)),
        sample("desk-overview-quiet", |frame| overview(frame, true)),
        sample("desk-cases", |frame| cases(frame, "", true)),
        sample("desk-cases-found", |frame| {
            cases(frame, "q=%E3%81%95%E3%81%8F%E3%82%89&status=applied&status=issued&sort=kana&page=3", true)
        }),
        sample("desk-cases-none", |frame| cases(frame, "q=x", false)),
        sample("desk-cases-all-reviewed", |frame| cases(frame, "status=applied", false)),
        sample("desk-case-applied", |frame| show(frame, Standing::Applied, Hat::Clerk, false)),
        sample("desk-case-doubtful", doubtful),
        sample("desk-case-issue-requested", |frame| {
            show(frame, Standing::IssueRequested, Hat::Manager, false)
        }),
        sample("desk-case-registered", |frame| show(frame, Standing::IssueRequested, Hat::Clerk, true)),
        sample("desk-case-awaiting-issue", |frame| show(frame, Standing::AwaitingIssue, Hat::Clerk, false)),
        sample("desk-case-issued", |frame| show(frame, Standing::Issued, Hat::Clerk, false)),
        sample("desk-case-revocation-requested", |frame| {
            show(frame, Standing::RevocationRequested, Hat::Manager, true)
        }),
        sample("desk-case-awaiting-revocation", |frame| {
            show(frame, Standing::AwaitingRevocation, Hat::Clerk, false)
        }),
        sample("desk-case-revoked", |frame| show(frame, Standing::Revoked, Hat::Clerk, false)),
        sample("desk-case-rejecting", |frame| show(frame, Standing::Rejecting, Hat::Manager, true)),
        sample("desk-case-rejected", |frame| show(frame, Standing::Rejected, Hat::Clerk, false)),
        sample("desk-register-issue", |frame| act(frame, Standing::Applied, Deed::RegisterIssue)),
        sample("desk-undo-issue", |frame| act(frame, Standing::IssueRequested, Deed::UndoIssue)),
        sample("desk-undo-payment", |frame| {
            let application = data::agents_application();
            let case = Case::IssueRequested { application, takes: SAMPLE_NOW.plus_seconds(540) };
            let file = data::file_of(case, Hat::Manager);
            acts::content(staff(frame, Hat::Manager), &file, Deed::UndoIssue, TOKEN, UNDO_SECONDS).html()
        }),
        sample("desk-undo-reject", |frame| act(frame, Standing::Rejecting, Deed::UndoReject)),
        sample("desk-undo-revocation", |frame| {
            act(frame, Standing::RevocationRequested, Deed::UndoRevocation)
        }),
        sample("desk-reject", |frame| rejecting(frame, None)),
        sample("desk-reject-wrong", |frame| rejecting(frame, Some(&[("how", "refused"), ("reason", " ")]))),
        sample("desk-request-revocation", |frame| revoking(frame, None)),
        sample("desk-request-revocation-wrong", |frame| {
            revoking(frame, Some(&[("by", "prefecture"), ("note", "事業所の指定の取消による")]))
        }),
        sample("desk-request-revocation-check", revoking_checked),
        sample("desk-overtaken", too_late),
        sample("desk-case-awaiting-payment", |frame| {
            show(frame, Standing::AwaitingPayment, Hat::Clerk, false)
        }),
        sample("desk-payments", |frame| money::payments(staff(frame, Hat::Clerk), false)),
        sample("desk-payments-none", |frame| money::payments(staff(frame, Hat::Clerk), true)),
        sample("desk-payment-new", |frame| money::entering(staff(frame, Hat::Clerk), None)),
        sample("desk-payment-new-wrong", |frame| {
            money::entering(staff(frame, Hat::Clerk), Some("1310000018"))
        }),
        sample("desk-payment-check", |frame| money::checking(staff(frame, Hat::Clerk))),
        sample("desk-payment-import", |frame| money::importing(staff(frame, Hat::Clerk), false)),
        sample("desk-payment-import-wrong", |frame| money::importing(staff(frame, Hat::Clerk), true)),
        sample("desk-payment-imported", |frame| money::imported(staff(frame, Hat::Clerk))),
        sample("desk-payment-assign", |frame| money::assigning(staff(frame, Hat::Clerk), false)),
        sample("desk-payment-assign-wrong", |frame| money::assigning(staff(frame, Hat::Clerk), true)),
        sample("desk-agent", |frame| money::account_page(staff(frame, Hat::Clerk), 15_600, 3)),
        sample("desk-agent-poor", |frame| money::account_page(staff(frame, Hat::Clerk), 0, 3)),
        sample("desk-agent-left", |frame| money::account_page(staff(frame, Hat::Clerk), 7_800, 0)),
        sample("desk-agent-pay", |frame| money::paying(staff(frame, Hat::Clerk), 15_600, 2)),
        sample("desk-agent-pay-missing", |frame| money::paying(staff(frame, Hat::Clerk), 7_800, 2)),
        sample("desk-agent-pay-gone", |frame| money::paying(staff(frame, Hat::Clerk), 31_200, 4)),
        sample("desk-agent-pay-none", |frame| money::none_picked(staff(frame, Hat::Clerk))),
        sample("desk-agent-refund", |frame| money::refunding(staff(frame, Hat::Clerk))),
        sample("desk-offset", |frame| offset::months(staff(frame, Hat::Manager), "")),
        sample("desk-offset-none", |frame| offset::months(staff(frame, Hat::Manager), "none")),
        sample("desk-offset-over", |frame| offset::months(staff(frame, Hat::Manager), "over")),
        sample("desk-offset-closing", |frame| offset::months(staff(frame, Hat::Manager), "closing")),
        sample("desk-offset-month", |frame| offset::one(staff(frame, Hat::Manager), true)),
        sample("desk-offset-month-closing", |frame| offset::one(staff(frame, Hat::Manager), false)),
        sample("desk-offset-close", |frame| offset::closing(staff(frame, Hat::Manager), true, 0)),
        sample("desk-offset-close-early", |frame| offset::closing(staff(frame, Hat::Manager), false, 0)),
        sample("desk-offset-close-wrong", |frame| offset::closing(staff(frame, Hat::Manager), true, 2)),
        sample("desk-offset-correct", |frame| offset::correcting(staff(frame, Hat::Manager), None)),
        sample("desk-offset-correct-wrong", |frame| {
            offset::correcting(staff(frame, Hat::Manager), Some("0"))
        }),
        sample("desk-offset-correct-check", |frame| offset::checking(staff(frame, Hat::Manager))),
        sample("desk-expiring", |frame| ending::expiring(staff(frame, Hat::Clerk), false)),
        sample("desk-deletion", |frame| ending::deleting(staff(frame, Hat::Manager), false)),
        sample("desk-deletion-none", |frame| ending::deleting(staff(frame, Hat::Manager), true)),
        sample("desk-deletion-check", |frame| ending::checking(staff(frame, Hat::Manager), false)),
        sample("desk-deletion-refused", |frame| ending::checking(staff(frame, Hat::Manager), true)),
        sample("desk-deletion-under-way", |frame| ending::under_way(staff(frame, Hat::Manager), false)),
        sample("desk-deletion-done", |frame| ending::under_way(staff(frame, Hat::Manager), true)),
        sample("desk-expiring-none", |frame| ending::expiring(staff(frame, Hat::Clerk), true)),
        sample("desk-runs", |frame| runs::list(staff(frame, Hat::Clerk), false)),
        sample("desk-runs-none", |frame| runs::list(staff(frame, Hat::Clerk), true)),
        sample("desk-run-running", |frame| runs::run(staff(frame, Hat::Manager), RunState::Running)),
        sample("desk-run-done", |frame| runs::run(staff(frame, Hat::Clerk), RunState::Done)),
        sample("desk-run-stopped", |frame| runs::run(staff(frame, Hat::Manager), RunState::Stopped)),
        sample("desk-run-new", |frame| runs::starting(staff(frame, Hat::Clerk), None)),
        sample("desk-run-new-wrong", |frame| runs::starting(staff(frame, Hat::Clerk), Some("notify"))),
        sample("desk-run-check", |frame| runs::checking(staff(frame, Hat::Clerk), false)),
        sample("desk-run-check-changed", |frame| runs::checking(staff(frame, Hat::Clerk), true)),
        sample("desk-run-check-none", |frame| runs::nothing(staff(frame, Hat::Clerk))),
        sample("desk-revoke-many", |frame| runs::revoking(staff(frame, Hat::Clerk), false)),
        sample("desk-revoke-many-wrong", |frame| runs::revoking(staff(frame, Hat::Clerk), true)),
        sample("desk-revoke-many-check", |frame| runs::revoking_checked(staff(frame, Hat::Clerk))),
        sample("desk-jobs", |frame| jobs::list(staff(frame, Hat::Clerk), false)),
        sample("desk-jobs-quiet", |frame| jobs::list(staff(frame, Hat::Clerk), true)),
        sample("desk-job", |frame| jobs::one(staff(frame, Hat::Manager), Hat::Manager)),
        sample("desk-job-clerk", |frame| jobs::one(staff(frame, Hat::Clerk), Hat::Clerk)),
        sample("desk-waiting-download", |frame| {
            jobs::waiting(staff(frame, Hat::Clerk), Waits::Download, true)
        }),
        sample("desk-waiting-payment", |frame| jobs::waiting(staff(frame, Hat::Clerk), Waits::Payment, true)),
        sample("desk-waiting-none", |frame| jobs::waiting(staff(frame, Hat::Clerk), Waits::Payment, false)),
        sample("desk-ledger", |frame| ledger::list(staff(frame, Hat::Clerk), "")),
        sample("desk-ledger-none", |frame| ledger::list(staff(frame, Hat::Clerk), "topic=offset")),
        sample("desk-ledger-narrowed", |frame| {
            let asked = "topic=cases&by=staff%3A3&from-year=2026&from-month=11&from-day=1";
            ledger::list(staff(frame, Hat::Manager), asked)
        }),
        sample("desk-ledger-wrong", |frame| {
            ledger::list(staff(frame, Hat::Clerk), "q=C-1&from-year=2026&from-month=2&from-day=30")
        }),
        sample("desk-ledger-case", |frame| ledger::case(staff(frame, Hat::Clerk))),
        sample("desk-ledger-entry", |frame| ledger::one(staff(frame, Hat::Clerk), 3, None)),
        sample("desk-ledger-entry-soon", |frame| {
            ledger::one(staff(frame, Hat::Clerk), 0, Some("名称が登録と違います。"))
        }),
        sample("desk-ledger-entry-gone", |frame| ledger::one(staff(frame, Hat::Clerk), 5, None)),
        sample("desk-outbox", |frame| mails(frame, "", mails_of_all())),
        sample("desk-outbox-none", |frame| mails(frame, "state=failed", Vec::new())),
        sample("desk-mail-sent", |frame| one_mail(frame, MailState::Sent, false)),
        sample("desk-mail-failed", |frame| one_mail(frame, MailState::Failed, false)),
        sample("desk-mail-queued", |frame| one_mail(frame, MailState::Waiting, true)),
    ]
}

/// A frame of the desk with a member of staff signed in.
pub(super) fn staff(frame: Frame, hat: Hat) -> Frame {
    use kit_desk::Capacity;
    let who = WhoLabel {
        name: frame.lang.pick("佐藤 花子", "Hanako Sato").into(),
        role: Some(hat.label()),
        operator: Some(Text::new("東京都国民健康保険団体連合会", "Tokyo Federation")),
        ends_at: SAMPLE_NOW.plus_seconds(18 * 60),
        sign_out: "/sign-out".into(),
        csrf: TOKEN.into(),
    };
    Frame { who: Some(who), desk: Some(federation_door()), ..frame }
}

fn overview(frame: Frame, quiet: bool) -> String {
    let ago = |seconds: i64| Some(SAMPLE_NOW.plus_seconds(-seconds));
    let standing = if quiet {
        vec![(Standing::Issued, 29_731, None), (Standing::Revoked, 1_204, None)]
    } else {
        vec![
            (Standing::Applied, 43, ago(5 * 3_600)),
            (Standing::IssueRequested, 12, ago(540)),
            (Standing::AwaitingIssue, 1, ago(4 * 3_600)),
            (Standing::Issued, 29_731, None),
            (Standing::AwaitingRevocation, 3, ago(7_200)),
            (Standing::Revoked, 1_204, None),
            (Standing::Rejected, 88, None),
        ]
    };
    let waiting = overview::Waiting {
        standing,
        failed: if quiet { 0 } else { 2 },
        tasks: if quiet { Default::default() } else { jobs::tasks() },
        undo_seconds: UNDO_SECONDS,
        due_days: 30,
    };
    overview::content(staff(frame, Hat::Clerk), &waiting).html()
}

fn cases(frame: Frame, query: &str, found: bool) -> String {
    let wanted = query::parse(Some(query));
    let lines: Vec<Line> = if found { lines() } else { Vec::new() };
    let total = if found { 12_345 } else { 0 };
    let counts = [(Standing::Applied, 43), (Standing::Issued, 11_980), (Standing::Rejected, 322)];
    let counts = if found { &counts[..] } else { &[] };
    list::content(staff(frame, Hat::Clerk), &wanted, &Found { lines, total }, counts, TOKEN).html()
}

pub(super) fn lines() -> Vec<Line> {
    let names = [
        ("さくらの里デイサービス", "サクラノサトデイサービス"),
        (
            "社会福祉法人みどり会 特別養護老人ホームひだまり",
            "シャカイフクシホウジンミドリカイ トクベツヨウゴロウジンホームヒダマリ",
        ),
        ("ケアセンター青空", "ケアセンターアオゾラ"),
        ("訪問看護ステーションつばさ", "ホウモンカンゴステーションツバサ"),
    ];
    let standings = [Standing::Applied, Standing::Issued, Standing::AwaitingIssue, Standing::Rejected];
    (0..8_u32)
        .map(|at| {
            let which = at as usize % 4;
            Line {
                id: i64::from(at),
                number: number(1_234 + at),
                standing: standings[which],
                applied: SAMPLE_NOW.plus_seconds(-DAY * i64::from(at) * 2 - 7_200),
                holder_number: holder_number(at),
                holder_name: names[which].0.into(),
                holder_kana: names[which].1.into(),
            }
        })
        .collect()
}

/// A number of Tokyo with its check digit.
fn holder_number(running: u32) -> String {
    let digits =
        (0..10).filter_map(|digit| HolderNumber::new(&format!("1310000{:02}{digit}", running % 100)));
    digits.into_iter().find(HolderNumber::check_digit_fits).map_or_else(String::new, |n| n.to_string())
}

fn number(running: u32) -> String {
    CaseNumber::new('C', 2026, running).map_or_else(String::new, |number| number.to_string())
}

fn show(frame: Frame, standing: Standing, hat: Hat, done: bool) -> String {
    let file = data::file(standing, hat);
    let told = match file.case.case.holding() {
        Some(_) => Told { mails: vec![a_mail(MailState::Sent)], notices: vec![notice()] },
        None => Told::default(),
    };
    let others = lines();
    let view = View {
        file: &file,
        told: &told,
        others: if standing == Standing::Applied { &others[1..3] } else { &[] },

        csrf: TOKEN,
        done: file.events.last().filter(|_| done),
        waiting: 42,
        undo_seconds: UNDO_SECONDS,
        list: super::LIST.into(),
    };
    case::content(staff(frame, hat), &view).html()
}

/// An application with a number that breaks the rule, and another address than the registered one.
fn doubtful(frame: Frame) -> String {
    let mut file = data::file(Standing::Applied, Hat::Clerk);
    file.holder.number = HolderNumber::new("1310000018").expect("ten digits of Tokyo");
    file.holder.email = "office@example.jp".into();
    let view = View {
        file: &file,
        told: &Told::default(),
        others: &[],
        csrf: TOKEN,
        done: None,
        waiting: 42,
        undo_seconds: UNDO_SECONDS,
        list: super::LIST.into(),
    };
    case::content(staff(frame, Hat::Clerk), &view).html()
}

fn act(frame: Frame, standing: Standing, deed: Deed) -> String {
    let file = data::file(standing, Hat::Manager);
    acts::content(staff(frame, Hat::Manager), &file, deed, TOKEN, UNDO_SECONDS).html()
}

fn typed(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().copied()).expect("within limits")
}

fn rejecting(frame: Frame, pairs: Option<&[(&str, &str)]>) -> String {
    let file = data::file(Standing::Applied, Hat::Clerk);
    let asked = reject::Asked::new(&file, TOKEN, UNDO_SECONDS);
    let asked = match pairs {
        Some(pairs) => asked.typed(&frame.say, &typed(pairs)),
        None => asked,
    };
    reject::content(staff(frame, Hat::Clerk), &asked).html()
}

fn revoking(frame: Frame, pairs: Option<&[(&str, &str)]>) -> String {
    let file = data::file(Standing::Issued, Hat::Clerk);
    let read = pairs.map(|pairs| revocation::read(&frame.say, &typed(pairs)));
    let filled = read.and_then(Result::err).unwrap_or_default();
    revocation::input(staff(frame, Hat::Clerk), &file, TOKEN, &filled).html()
}

fn revoking_checked(frame: Frame) -> String {
    let file = data::file(Standing::Issued, Hat::Clerk);
    let form = typed(&[
        ("version", "4"),
        ("by", "provider"),
        ("channel", "phone"),
        ("reason", "closed"),
        ("note", "10月31日に事業を終えたとのこと。"),
    ]);
    let frame = staff(frame, Hat::Clerk);
    revocation::check(frame, &file, TOKEN, &form, &data::ask(), UNDO_SECONDS).html()
}

fn too_late(frame: Frame) -> String {
    let file = data::file(Standing::IssueRequested, Hat::Clerk);
    let last = file.events.last().cloned().map(Box::new);
    let refusal = crate::no::told_of(Halt::Overtaken { last }, |last| file.name(last));
    let shown: Shown = overtaken(staff(frame, Hat::Clerk), &file.case.number, &refusal);
    shown.html()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;

    #[test]
    fn k17_every_page_of_the_federation_is_sound_in_both_languages() {
        kit_web::testing::every_sample_is_sound(&samples(), &[crate::plug::TEXTS]);
    }

    #[test]
    fn c19_a_clerk_is_offered_no_undoing() {
        let chrome = kit_web::testing::chrome(&[crate::plug::TEXTS]);
        let page = |hat| {
            let frame = Frame::new(&chrome, Lang::Ja, "/claims/desk/cases/x");
            let file = data::file(Standing::IssueRequested, hat);
            let view = View {
                file: &file,
                told: &Told::default(),
                others: &[],
                csrf: TOKEN,
                done: None,
                waiting: 0,
                undo_seconds: UNDO_SECONDS,
                list: super::super::LIST.into(),
            };
            case::content(staff(frame, hat), &view).html()
        };
        assert!(page(Hat::Manager).contains("/undo-issue"));
        assert!(!page(Hat::Clerk).contains("/undo-issue"));
    }
}
