//! Every page of applicants with sample data, in every state worth looking at.

use super::{
    apply::{self, Ground, Next, Typed},
    card::Inside,
    case, download, files, guide, home, notices, quotation,
};
use crate::{
    Line, Settings,
    case::Case,
    no,
    service::{Board, CaseFile},
    status::{Hat, Standing},
    store::holders::Holder,
    web::{provider_door, samples as data},
    words::{KeyState, KeyWay},
};
use core_words::{Kind, Refusal, Text};
use kit_post::{Notice, NoticeId, Paged};
use kit_web::{Filled, FormData, Frame, Reader, Sample, Stack, WhoLabel, gallery::SAMPLE_NOW, page_html};
use std::collections::BTreeSet;

/// The pages for the gallery.
pub(crate) fn samples() -> Vec<Sample> {
    let sample = |name, render| Sample::new("claims", name, render);
    vec![
        sample("provider-home", |frame| home_page(frame, &[Standing::Issued, Standing::Revoked], 1)),
        sample("provider-home-lost", lost_page),
        sample("provider-home-empty", |frame| home_page(frame, &[], 0)),
        sample("provider-home-waiting", |frame| home_page(frame, &[Standing::Applied, Standing::Issued], 0)),
        sample("provider-apply", |frame| apply_page(frame, None)),
        sample("provider-apply-wrong", |frame| {
            let typed = form(&[("email", "sakura@example"), ("key", "")]);
            let next = apply::read(&seated(frame.clone()), &typed).err();
            apply_page(frame, next)
        }),
        sample("provider-apply-wait", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-apply-title");
            html(&title, apply::wait(frame, &data::number(), &contact()))
        }),
        sample("provider-request", |frame| apply_page(frame, Some(Next::Request(Filled::default())))),
        sample("provider-request-wrong", |frame| {
            let typed = form(&[("email", "sakura@example.jp"), ("key", "own"), ("request", "こんにちは")]);
            let next = apply::read(&seated(frame.clone()), &typed).err();
            apply_page(frame, next)
        }),
        sample("provider-check", |frame| check(frame, KeyWay::Service, Filled::default())),
        sample("provider-check-own", |frame| check(frame, KeyWay::Own(vec![0x30, 0]), Filled::default())),
        sample("provider-check-wrong", |frame| {
            let typed = FormData::default();
            let mut reader = Reader::new(&frame.say, &typed);
            reader.agreed("agree", "claims-agree");
            let filled = reader.done().err().unwrap_or_default();
            check(frame, KeyWay::Service, filled.with_errors([download::at_password(&wrong_password())]))
        }),
        sample("provider-check-unavailable", |frame| {
            let typed = form(&[("agree", "yes")]);
            check(frame, KeyWay::Service, Filled::new(&typed).refused(&no::unavailable()))
        }),
        sample("provider-applied", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-applied-title");
            html(&title, apply::done_page(frame, &file(Standing::Applied), &contact()))
        }),
        sample("provider-case-applied", |frame| case_page(frame, file(Standing::Applied))),
        sample("provider-case-issue-requested", |frame| case_page(frame, file(Standing::IssueRequested))),
        sample("provider-case-awaiting-issue", |frame| case_page(frame, file(Standing::AwaitingIssue))),
        sample("provider-case-issued", |frame| case_page(frame, file(Standing::Issued))),
        sample("provider-case-fetched", |frame| case_page(frame, held(data::kept(), true))),
        sample("provider-case-own", |frame| case_page(frame, held(KeyState::Own, false))),
        sample("provider-case-own-fetched", |frame| case_page(frame, held(KeyState::Own, true))),
        sample("provider-case-erased", |frame| case_page(frame, held(erased(), true))),
        sample("provider-case-window-over", |frame| case_page(frame, held(erased(), false))),
        sample("provider-case-over", |frame| {
            let mut holding = data::holding(erased(), true);
            holding.certificate.not_after = SAMPLE_NOW.plus_seconds(-86_400).whole_seconds();
            holding.certificate.not_before = SAMPLE_NOW.plus_seconds(-1_097 * 86_400).whole_seconds();
            case_page(frame, data::file_of(Case::Issued(holding), Hat::Provider))
        }),
        sample("provider-case-revocation-requested", |frame| {
            case_page(frame, file(Standing::RevocationRequested))
        }),
        sample("provider-case-awaiting-revocation", |frame| {
            case_page(frame, file(Standing::AwaitingRevocation))
        }),
        sample("provider-case-revoked", |frame| case_page(frame, file(Standing::Revoked))),
        sample("provider-case-rejecting", |frame| case_page(frame, file(Standing::Rejecting))),
        sample("provider-case-rejected", |frame| case_page(frame, file(Standing::Rejected))),
        sample("agent-home", |frame| {
            home_of(agent_seated(frame), data::agent(), &[Standing::AwaitingPayment, Standing::Issued], 0)
        }),
        sample("agent-apply", |frame| agents_apply_page(frame, &Next::Input(Filled::default()))),
        sample("agent-check", |frame| {
            let typed = Typed { email: data::agent().email, key: KeyWay::Service };
            agents_apply_page(frame, &Next::Check(typed, Filled::default()))
        }),
        sample("agent-applied", |frame| {
            let frame = agent_seated(frame);
            let title = frame.say.t("claims-applied-title");
            html(
                &title,
                apply::done_page(frame, &data::file(Standing::AwaitingPayment, Hat::Agent), &contact()),
            )
        }),
        sample("agent-case-awaiting-payment", |frame| {
            case_page_of(agent_seated(frame), data::file(Standing::AwaitingPayment, Hat::Agent))
        }),
        sample("provider-download", |frame| download_page(frame, data::kept(), None)),
        sample("provider-download-own", |frame| download_page(frame, KeyState::Own, None)),
        sample("provider-download-wrong", |frame| {
            let filled = Filled::default().with_errors([download::at_password(&wrong_password())]);
            download_page(frame, data::kept(), Some(filled))
        }),
        sample("provider-proof-soon", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-proof");
            html(&title, files::not_yet(frame, &data::number(), 3))
        }),
        sample("provider-guide", |frame| {
            let frame = seated(frame);
            let title = frame.say.t("claims-guide");
            html(&title, guide::content(frame, &contact()))
        }),
        sample("provider-quotation", |frame| quotation_page(seated(frame), data::holder(), &[])),
        sample("provider-quotation-wrong", |frame| {
            quotation_page(
                seated(frame),
                data::holder(),
                &[("address", ""), ("name", "さくら"), ("honorific", "")],
            )
        }),
        sample("agent-quotation", |frame| quotation_page(agent_seated(frame), data::agent(), &[])),
        sample("provider-notices", |frame| notices_page(frame, board(1))),
        sample("provider-notices-none", |frame| {
            let none = Board { notices: Paged { rows: Vec::new(), total: 0 }, unread: 0 };
            notices_page(frame, none)
        }),
        sample("provider-notice", |frame| {
            let (frame, notice) = (seated(frame), notice(2, false));
            let title = frame.say.text(&notice.subject).to_owned();
            html(&title, notices::one(frame, &notice))
        }),
    ]
}

/// The frame of the provider's side, with the provider signed in.
pub(super) fn seated(mut frame: Frame) -> Frame {
    frame.desk = Some(provider_door());
    frame.who = Some(WhoLabel {
        name: data::holder().name,
        role: Some(Text::new("事業所", "Care provider")),
        operator: None,
        ends_at: SAMPLE_NOW.plus_seconds(1_200),
        sign_out: "/sign-out".into(),
        csrf: data::TOKEN.into(),
    });
    frame
}

/// The same with an agent signed in.
fn agent_seated(frame: Frame) -> Frame {
    let mut frame = seated(frame);
    if let Some(who) = &mut frame.who {
        who.name = data::agent().name;
        who.role = Some(Text::new("代理人", "Agent"));
    }
    frame
}

pub(super) fn html(title: &str, (frame, body): (Frame, Stack)) -> String {
    page_html(&frame, title, &body)
}

fn form(pairs: &[(&str, &str)]) -> FormData {
    FormData::from_pairs(pairs.iter().copied()).expect("a handful of short fields")
}

fn file(standing: Standing) -> CaseFile {
    data::file(standing, Hat::Provider)
}

fn held(key: KeyState, fetched: bool) -> CaseFile {
    data::file_of(Case::Issued(data::holding(key, fetched)), Hat::Provider)
}

fn erased() -> KeyState {
    KeyState::Erased { at: SAMPLE_NOW.plus_seconds(-600) }
}

pub(super) fn contact() -> Text {
    Text::new(
        "東京都国民健康保険団体連合会 電話 03-0000-0000（平日9時から17時）",
        "Tokyo federation, telephone 03-0000-0000 (weekdays, 9:00 to 17:00)",
    )
}

/// In the words of the gate, which alone makes it.
fn wrong_password() -> Refusal {
    Refusal::new(
        Kind::Refused,
        "gate.wrong_secret",
        Text::new("パスワードが違います。", "This password is not the right one."),
        Text::new(
            "大文字と小文字の違いを確かめて、もう一度入力してください。",
            "Check capitals and small letters and try again.",
        ),
    )
}

pub(super) fn notice(id: i64, read: bool) -> Notice {
    let at = SAMPLE_NOW.plus_seconds(-86_400 * (3 - id));
    Notice {
        id: NoticeId(id),
        subject: Text::new("電子証明書が発行されました", "Your certificate was issued"),
        body: Text::new(
            format!(
                "受付番号 {} の電子証明書が発行されました。「証明書」画面からダウンロードしてください。",
                data::number()
            ),
            format!("The certificate of application {} was issued. Please download it.", data::number()),
        ),
        case: Some(data::number()),
        link: Some(crate::tell::path(&data::number())),
        created: at,
        read: read.then_some(at),
        file: None,
    }
}

fn board(unread: u64) -> Board {
    let rows = vec![notice(2, unread == 0), notice(1, true)];
    Board { notices: Paged { rows, total: 2 }, unread }
}

fn home_page(frame: Frame, standings: &[Standing], unread: u64) -> String {
    home_of(seated(frame), data::holder(), standings, unread)
}

/// Nobody fetched the certificate in time.
fn lost_page(frame: Frame) -> String {
    let mut shown = home(data::holder(), &[Standing::Issued], 0);
    shown.lost = BTreeSet::from([data::number()]);
    shown.newest = Some(held(erased(), false));
    let title = frame.say.t("claims-certificates");
    html(&title, shown.content(seated(frame)))
}

fn home_of(frame: Frame, holder: Holder, standings: &[Standing], unread: u64) -> String {
    let title = frame.say.t("claims-certificates");
    html(&title, home(holder, standings, unread).content(frame))
}

fn home(holder: Holder, standings: &[Standing], unread: u64) -> home::Shown {
    let lines = standings.iter().zip(0i64..).map(|(standing, at)| Line {
        id: at,
        number: data::number(),
        standing: *standing,
        applied: SAMPLE_NOW.plus_seconds(-86_400 * (2 + at * 1_000)),
        holder_number: holder.number.to_string(),
        holder_name: holder.name.clone(),
        holder_kana: holder.kana.clone(),
    });
    home::Shown {
        lines: lines.collect(),
        lost: BTreeSet::new(),
        newest: standings.first().map(|standing| file(*standing)),
        board: board(unread),
        csrf: data::TOKEN.into(),
        contact: contact(),
        holder,
    }
}

fn ground() -> Ground {
    let terms = Settings::built_in_terms().pop().expect("there are two");
    Ground { holder: data::holder(), terms, csrf: data::TOKEN.into(), contact: contact(), renews: None }
}

fn apply_page(frame: Frame, next: Option<Next>) -> String {
    let next = next.unwrap_or_else(|| Next::Input(Filled::default()));
    let (title, frame, body) = ground().content(seated(frame), &next);
    page_html(&frame, &title, &body)
}

fn agents_apply_page(frame: Frame, next: &Next) -> String {
    let ground = Ground { holder: data::agent(), ..ground() };
    let (title, frame, body) = ground.content(agent_seated(frame), next);
    page_html(&frame, &title, &body)
}

fn check(frame: Frame, key: KeyWay, filled: Filled) -> String {
    apply_page(frame, Some(Next::Check(Typed { email: "sakura@example.jp".into(), key }, filled)))
}

fn case_page(frame: Frame, file: CaseFile) -> String {
    case_page_of(seated(frame), file)
}

fn case_page_of(frame: Frame, file: CaseFile) -> String {
    let shown = case::Shown {
        inside: file.case.case.holding().map(|_| Inside::for_gallery()),
        csrf: data::TOKEN.into(),
        // Said where it is true: the key was fetched, and is gone.
        confirmed: file.case.case.holding().is_some_and(|holding| holding.fetched.is_some()),
        contact: contact(),
        file,
    };
    let (frame, body) = shown.content(frame);
    page_html(&frame, &frame.say.t("claims-case"), &body)
}

fn download_page(frame: Frame, key: KeyState, filled: Option<Filled>) -> String {
    let file = held(key, false);
    let contact = contact();
    let shown = download::Shown::of(&file, data::TOKEN, &contact, filled.as_ref());
    let shown = shown.expect("the sample can be downloaded");
    let (frame, body) = shown.content(seated(frame));
    page_html(&frame, &frame.say.t("claims-download-title"), &body)
}

fn notices_page(frame: Frame, board: Board) -> String {
    let (frame, body) = notices::listed(seated(frame), &board, 1);
    page_html(&frame, &frame.say.t("claims-notices"), &body)
}

/// The page of a quotation in a frame; with anything typed, after it was sent.
fn quotation_page(frame: Frame, holder: Holder, typed: &[(&str, &str)]) -> String {
    let terms = Settings::built_in_terms().pop().expect("there are some");
    let kind = holder.number.kind();
    let ground = quotation::Ground { holder, terms, csrf: data::TOKEN.into(), contact: contact() };
    let sent = (!typed.is_empty()).then(|| quotation::read(&frame, &form(typed), kind, |_| Vec::new()).err());
    let title = frame.say.t("claims-quotation");
    html(&title, ground.content(frame, sent.flatten().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(name: &str, lang: core_words::Lang) -> String {
        let chrome = kit_web::testing::chrome(&[crate::plug::TEXTS]);
        let samples = samples();
        let sample = samples.iter().find(|sample| sample.name == name).expect("there is such a sample");
        sample.html(&chrome, lang)
    }

    #[test]
    fn k17_every_page_is_sound_in_both_languages() {
        kit_web::testing::every_sample_is_sound(&samples(), &[crate::plug::TEXTS]);
    }

    #[test]
    fn c5_what_is_offered_follows_the_key() {
        let offers = |name, what: &str| rendered(name, core_words::Lang::En).contains(what);
        let confirm = "/confirm\"";
        assert!(offers("provider-case-issued", "/download\"") && !offers("provider-case-issued", confirm));
        assert!(offers("provider-case-fetched", "/download\"") && offers("provider-case-fetched", confirm));
        assert!(offers("provider-case-own", "/download\"") && !offers("provider-case-own-fetched", confirm));
        for gone in ["provider-case-erased", "provider-case-window-over", "provider-case-revoked"] {
            assert!(!offers(gone, "/download\"") && !offers(gone, confirm), "{gone}");
        }
    }

    #[test]
    fn c4_whoever_has_no_use_of_a_certificate_is_led_to_another_one() {
        let again = |name| {
            rendered(name, core_words::Lang::Ja).contains(r#"href="/claims/apply">もう一度申請する</a>"#)
        };
        for name in ["provider-case-window-over", "provider-case-rejected"] {
            assert!(again(name), "{name}");
        }
        let over = rendered("provider-case-over", core_words::Lang::Ja);
        assert!(over.contains("/claims/apply?renews=C-") && over.contains("更新を申請する"), "C22");
        assert!(!again("provider-case-erased"), "it was fetched, and is good until it expires");
    }

    #[test]
    fn c4_a_rejection_says_why() {
        let html = rendered("provider-case-rejected", core_words::Lang::Ja);
        let (_, note) = html.split_once("却下の理由").expect("a note above the time line");
        let (note, _) = note.split_once("timeline").expect("the time line");
        assert!(note.contains("事業所の指定が2026年10月31日で終わっているため。"));
    }
}
