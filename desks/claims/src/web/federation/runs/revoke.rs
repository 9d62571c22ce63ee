//! 都道府県からの失効依頼 (C11): who asked, why, and the numbers of care providers; line by line what that means, before
//! anything is registered.

use super::{
    super::{Shown, acts::warning, case_path, facts},
    LIST, REVOKE, below_list,
    confirm::{Checked, begun, nothing, token, total},
    figure, run_path,
};
use crate::{
    Claims,
    service::{self, AskedLine, LONGEST_TEXT, MOST_REVOKED, RevocationPlan, Why, numbers_in},
    web::Staff,
    words::{AskedBy, Channel, Choice as _, RevocationAsk, RevokeReason},
    work::Work,
};
use axum::{extract::State, http::StatusCode, response::Response};
use core_words::Text;
use kit_gate::CheckedForm;
use kit_web::{
    Filled, FormData, Frame, Reader, Refused, Say, Stack, Step, Tone,
    parts::{Action, Actions, BackLink, Banner, Cell, Choice, Column, Field, Form, Line, Steps, Table, Tag},
    see_other,
};

/// The longest name of an office, and the longest number of a document, in characters.
const LONGEST: usize = 100;
/// The numbers of a file, carried along in pieces that a field holds.
const HELD: &str = "held";
/// How many numbers one piece has.
const PIECE: usize = 800;
const SEVERAL: [&str; 2] = ["each", "all"];

pub(super) async fn show(staff: Staff, frame: Frame) -> Response {
    input(frame, &FormData::default(), staff.session.csrf.as_str(), &Filled::default()).ok()
}

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    CheckedForm { form, .. }: CheckedForm,
) -> Result<Response, Refused> {
    let csrf = staff.session.csrf.as_str();
    let asked = match (form.step(), read(&frame.say, &form)) {
        (Step::Change(_), _) => return Ok(input(frame, &form, csrf, &Filled::new(&form)).ok()),
        (_, Ok(asked)) => asked,
        (_, Err(filled)) => {
            return Ok(input(frame, &form, csrf, &filled).response(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    if let Some(there) = begun(&claims, &staff, &form).await? {
        return Ok(there);
    }
    let plan = claims.plan_revocation(staff.scope(), asked.numbers.clone(), asked.all).await?;
    let confirmed = form.step() == Step::Confirm;
    let same = form.get("proof") == Some(plan.proof.as_str());
    if !confirmed || !same || plan.lines.is_empty() {
        let token = claims.run_token();
        let undo = claims.settings().undo_seconds;
        let view =
            Checked { form: &form, work: &asked, plan: &plan, token: &token, changed: confirmed && !same };
        let status = if confirmed { StatusCode::CONFLICT } else { StatusCode::OK };
        return Ok(check(frame, &view, csrf, undo).response(status));
    }
    let work = Work::Revoke(asked.ask);
    let id = claims.start_run(staff.scope(), work, token(&form), plan.lines, staff.doer()).await?;
    Ok(see_other(&run_path(id)))
}

/// What a prefecture asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) ask: RevocationAsk,
    pub(super) numbers: Vec<String>,
    /// Whether those who have several certificates lose all of them.
    pub(super) all: bool,
}

/// What was typed, or what is wrong with it.
pub(super) fn read(say: &Say, form: &FormData) -> Result<Asked, Filled> {
    let mut reader = Reader::new(say, form);
    let office = reader.text("office", "claims-run-office", LONGEST);
    let document = reader.text("document", "claims-run-document", LONGEST);
    let channels: Vec<&str> = Channel::ALL.iter().map(|(_, _, slug)| *slug).collect();
    let channel = Channel::of_slug(&reader.choice("channel", "claims-fed-channel", &channels));
    let reasons: Vec<&str> = RevokeReason::ALL.iter().map(|(_, _, slug)| *slug).collect();
    let reason = RevokeReason::of_slug(&reader.choice("reason", "claims-fed-reason", &reasons));
    let several = reader.choice("several", "claims-run-several", &SEVERAL);
    let mut numbers = numbers_in(form.get("numbers").unwrap_or_default(), false);
    numbers.extend(held(form));
    if numbers.is_empty() {
        let text = Text::new(
            "事業所番号を入力するか、ファイルを選んでください",
            "Type the numbers, or choose a file",
        );
        reader.error("numbers", text);
    } else if numbers.len() > MOST_REVOKED {
        let text = Text::new(
            format!("一度に指定できるのは {MOST_REVOKED} 件までです"),
            format!("No more than {MOST_REVOKED} at once"),
        );
        reader.error("numbers", text);
    }
    reader.done()?;
    // Read without an error, so each is one of the choices.
    let (Some(channel), Some(reason)) = (channel, reason) else { return Err(Filled::new(form)) };
    let note = format!("{office}　{document}");
    let ask = RevocationAsk { by: AskedBy::Prefecture, channel, reason, note };
    let ask = service::revocation(ask).map_err(|refusal| Filled::new(form).refused(&refusal))?;
    Ok(Asked { ask, numbers, all: several == "all" })
}

/// The numbers of the file that came with the form, or of one that came before.
fn held(form: &FormData) -> Vec<String> {
    match form.file("file") {
        // Numbers are ASCII in every encoding that spreadsheets write, and so are commas and the ends of lines.
        Some(file) => numbers_in(&String::from_utf8_lossy(&file.octets), true),
        None => form.all(HELD).flat_map(|piece| numbers_in(&piece.replace(' ', "\n"), false)).collect(),
    }
}

/// The same as fields that go along.
fn pieces(form: &FormData) -> Vec<String> {
    held(form).chunks(PIECE).map(|numbers| numbers.join(" ")).collect()
}

/// The first page.
pub(super) fn input(frame: Frame, form: &FormData, csrf: &str, filled: &Filled) -> Shown {
    let say = &frame.say.clone();
    let frame = below_list(frame).errors(filled.summary(say));
    // keys: claims-fed-channel-* claims-fed-reason-* claims-run-several-*
    let choices = |name: &str, slugs: &[&'static str]| -> Vec<Choice> {
        slugs.iter().map(|slug| Choice::new(*slug, say.t(&format!("{name}-{slug}")))).collect()
    };
    let channels: Vec<&str> = Channel::ALL.iter().map(|(_, _, slug)| *slug).collect();
    let reasons: Vec<&str> = RevokeReason::ALL.iter().map(|(_, _, slug)| *slug).collect();
    let mut asked = Form::new(REVOKE, csrf, say.t("claims-fed-to-check"))
        .multipart()
        .to_check()
        .field(
            Field::text(say, "office", say.t("claims-run-office"))
                .hint(say.t("claims-run-office-hint"))
                .max(LONGEST),
        )
        .field(
            Field::text(say, "document", say.t("claims-run-document"))
                .hint(say.t("claims-run-document-hint"))
                .max(LONGEST),
        )
        .field(Field::choice(
            say,
            "channel",
            say.t("claims-fed-channel"),
            choices("claims-fed-channel", &channels),
        ))
        .field(Field::choice(
            say,
            "reason",
            say.t("claims-fed-reason"),
            choices("claims-fed-reason", &reasons),
        ))
        .field(
            Field::textarea(say, "numbers", say.t("claims-run-numbers"), 8)
                .needed(say.t("claims-run-numbers-needed"))
                .hint(say.t("claims-run-numbers-hint"))
                .max(LONGEST_TYPED),
        )
        .field(
            Field::file(say, "file", say.t("claims-run-file"), ".csv,.txt")
                .optional()
                .hint(say.t("claims-run-file-hint")),
        )
        .field(Field::choice(
            say,
            "several",
            say.t("claims-run-several"),
            choices("claims-run-several", &SEVERAL),
        ))
        .cancel(say.t("claims-fed-cancel"), LIST)
        .filled(filled);
    let held = held(form).len();
    if held > 0 {
        let n = [("n", say.number(figure(held as u64)).into())];
        asked = asked.banner(&Banner::new(say, Tone::Info, say.with("claims-run-held", n)));
        for piece in pieces(form) {
            asked = asked.hidden(HELD, piece);
        }
    }
    let body = Stack::new()
        .add(&BackLink::new(say, LIST).label(say.t("claims-run-to-list")))
        .add(&Steps::input(say))
        .text(&say.t("claims-run-revoke-about"))
        .add(&asked);
    Shown::new(frame, say.t("claims-run-revoke"), body)
}

/// The most characters that are typed: what a field of a form holds.
const LONGEST_TYPED: usize = 10 * LONGEST_TEXT;

/// The second page: every line, and what becomes of it.
pub(super) fn check(
    frame: Frame,
    view: &Checked<'_, Asked, RevocationPlan>,
    csrf: &str,
    undo_seconds: u32,
) -> Shown {
    let Checked { form, work: asked, plan, .. } = view;
    let say = &frame.say.clone();
    let frame = below_list(frame).wide();
    let mut body = view.begin(say, Stack::new().add(&Steps::check(say)));
    let passed = plan.asked.iter().filter(|line| line.why.is_some()).count();
    if passed > 0 {
        let n = [("n", say.number(figure(passed as u64)).into())];
        body = body.add(&Banner::new(say, Tone::Attention, say.with("claims-run-revoke-passed", n)));
    }
    let table = table(say, &plan.asked);
    let title = say.t("claims-run-revoke-check");
    if plan.lines.is_empty() {
        let way = Action::link(say.t("claims-run-again"), REVOKE);
        return Shown::new(frame, title, nothing(say, body, Some(&table), way));
    }
    let mut answers = view
        .answers(say, REVOKE, csrf, (plan.lines.len(), &plan.proof), &[HELD])
        .fixed(say.t("claims-fed-by"), facts::by(say, &asked.ask))
        .answer(say.t("claims-run-office"), form.get("office").unwrap_or_default(), "office")
        .answer(say.t("claims-run-document"), form.get("document").unwrap_or_default(), "document")
        .answer(say.t("claims-fed-channel"), facts::channel(say, &asked.ask), "channel")
        .answer(say.t("claims-fed-reason"), facts::reason(say, &asked.ask), "reason")
        .answer(say.t("claims-run-total"), total(say, plan.lines.len()), "numbers")
        .before(&warning(say, say.t("claims-run-revoke-warning"), undo_seconds));
    for piece in pieces(form) {
        answers = answers.hidden(HELD, piece);
    }
    Shown::new(frame, title, body.add(&table).add(&answers))
}

fn table(say: &Say, asked: &[AskedLine]) -> Table {
    let columns = vec![
        Column::new(say.t("claims-run-line")).figures(),
        Column::new(say.t("claims-fed-provider-number")).whole(),
        Column::new(say.t("claims-fed-provider-name")),
        Column::new(say.t("claims-run-certificates")),
        Column::new(say.t("claims-run-becomes")),
    ];
    let lines = asked.iter().zip(1..).map(|(line, n): (_, u64)| {
        let certificates = Stack::new().add(&Actions::new(
            line.certificates
                .iter()
                .map(|(number, until)| {
                    let until = until.map(|until| say.short_date(until.micros())).unwrap_or_default();
                    let label = say.with(
                        "claims-run-certificate",
                        [("number", number.clone().into()), ("until", until.into())],
                    );
                    Action::link(label, case_path(number)).quiet()
                })
                .collect(),
        ));
        let certificates =
            if line.certificates.is_empty() { Cell::text("") } else { Cell::part(&certificates) };
        let becomes = match line.why {
            None => Cell::text(say.t("claims-run-is-revoked")),
            Some(why) => {
                Cell::marked(reason(say, why), "", &Tag::new(Tone::Attention, say.t("claims-run-is-passed")))
            }
        };
        Line::new(vec![
            Cell::text(n.to_string()),
            Cell::text(&line.typed),
            Cell::text(line.holder.as_deref().unwrap_or_default()),
            certificates,
            becomes,
        ])
    });
    Table::new(say, say.t("claims-run-revoke-lines"), columns, "").lines(lines.collect())
}

fn reason(say: &Say, why: Why) -> String {
    match why {
        Why::NotANumber => say.t("claims-run-why-number"),
        Why::Unknown => say.t("claims-run-why-unknown"),
        Why::None => say.t("claims-run-why-none"),
        Why::Several => say.t("claims-run-why-several"),
        Why::Twice => say.t("claims-run-why-twice"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::Lang;
    use kit_web::testing;

    #[test]
    fn c11_a_revocation_of_many_says_who_asked_and_whose() {
        let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
        let whole = [
            ("office", "東京都福祉局指導課"),
            ("document", "8福指第123号"),
            ("channel", "paper"),
            ("reason", "closed"),
            ("several", "each"),
            ("numbers", "1310000018\n1310000026"),
        ];
        let form =
            |pairs: &[(&str, &str)]| FormData::from_pairs(pairs.iter().copied()).expect("within limits");
        let asked = read(&say, &form(&whole)).expect("it is whole");
        assert_eq!((asked.ask.by, asked.numbers.len(), asked.all), (AskedBy::Prefecture, 2, false));
        assert_eq!(asked.ask.note, "東京都福祉局指導課　8福指第123号");
        for (missing, _) in whole {
            let part: Vec<_> = whole.into_iter().filter(|(name, _)| *name != missing).collect();
            let filled = read(&say, &form(&part)).expect_err("it is not whole");
            assert!(filled.error(missing).is_some() && filled.errors().len() == 1, "{missing}");
        }
        // What a file held goes along in pieces, each within the limits of a field.
        let many: Vec<String> = (0..MOST_REVOKED).map(|n| format!("13{n:08}")).collect();
        let pieces: Vec<(&str, String)> =
            many.chunks(PIECE).map(|numbers| (HELD, numbers.join(" "))).collect();
        let mut pairs = whole[..5].to_vec();
        pairs.extend(pieces.iter().map(|(name, piece)| (*name, piece.as_str())));
        assert_eq!(read(&say, &form(&pairs)).expect("it is whole").numbers, many);
        pairs.push(whole[5]);
        assert!(read(&say, &form(&pairs)).expect_err("too many").error("numbers").is_some());
    }
}
