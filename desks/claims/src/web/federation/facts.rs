//! The application in full, the certificate, the request for revocation: what a clerk reads before deciding (C8).

use super::{LIST, case_path, query};
use crate::{
    Line as CaseLine,
    case::{Case, Holding},
    papers::postal,
    service::CaseFile,
    web::show::tag,
    words::{Choice, KeyState, KeyWay, Pays, Rejection, RevocationAsk},
};
use core_words::Lang;
use kit_desk::Status;
use kit_web::{
    Day, Markup, Say, Stack, Tone,
    parts::{
        Action, Actions, Banner, Cell, CertificateCard, Column, CopyCode, Details, Line, Row, Table, Tag,
    },
};

/// Whose and which: above every act.
pub(super) fn short(say: &Say, file: &CaseFile) -> Details {
    let application = file.case.case.application();
    Details::new()
        .row(say.t("claims-fed-number"), &file.case.number)
        .row(say.t("claims-fed-provider-number"), file.holder.number.as_str())
        .row(say.t("claims-fed-provider-name"), named(file))
        .row(say.t("claims-fed-applied-at"), say.date_time(application.at))
        .part(say.t("claims-fed-status"), &tag(say, file.case.case.standing()))
}

/// Everything that was applied for, and by whom.
pub(super) fn application(say: &Say, file: &CaseFile) -> Details {
    let (application, holder) = (file.case.case.application(), &file.holder);
    let doubt = (!holder.number.check_digit_fits()).then(|| say.t("claims-fed-check-digit"));
    let number = doubted(holder.number.as_str(), doubt);
    let registered = [("email", (&holder.email).into())];
    let doubt = application.email != holder.email;
    let email = doubted(&application.email, doubt.then(|| say.with("claims-fed-other-email", registered)));
    let key = match application.key {
        KeyWay::Service => say.t("claims-fed-key-service"),
        KeyWay::Own(_) => say.t("claims-fed-key-own"),
    };
    let applied = &application.applied;
    let terms =
        [("terms", terms_day(say, &applied.terms).into()), ("months", u32::from(applied.months).into())];
    let (paying, paid) = match &application.pays {
        Pays::Offset(consent) => {
            let given = [("version", (&consent.version).into()), ("time", say.date_time(consent.at).into())];
            (say.t("claims-fed-consent"), say.with("claims-fed-consent-text", given))
        }
        Pays::Transfer { due } => (
            say.t("claims-fed-transfer"),
            say.with("claims-fed-transfer-text", [("day", say.date(*due).into())]),
        ),
    };
    let lang = match application.lang {
        Lang::Ja => say.t("claims-fed-lang-ja"),
        Lang::En => say.t("claims-fed-lang-en"),
    };
    let details = Details::new()
        .part(say.t("claims-fed-provider-number"), &number)
        .row(say.t("claims-fed-provider-name"), named(file))
        .row(say.t("claims-fed-address"), format!("〒{}\n{}", postal(&holder.postal), holder.address))
        .row(say.t("claims-fed-phone"), &holder.phone)
        .part(say.t("claims-fed-email"), &email)
        .row(say.t("claims-fed-applied-at"), say.date_time(application.at))
        .row(say.t("claims-fed-key"), key)
        .row(say.t("claims-fed-fee"), say.yen(applied.fee))
        .row(say.t("claims-fed-terms"), say.with("claims-fed-terms-text", terms))
        .row(paying, paid)
        .row(say.t("claims-fed-lang"), lang);
    match application.renews {
        Some(number) => details.row(say.t("claims-end-renews"), number.to_string()),
        None => details,
    }
}

/// A name, and how it is read.
fn named(file: &CaseFile) -> String {
    format!("{}\n{}", file.holder.name, file.holder.kana)
}

/// A value, and what is to be looked at before it is believed.
pub(super) fn doubted(value: &str, doubt: Option<String>) -> Stack {
    match doubt {
        Some(doubt) => {
            let value = Markup::inline(&format!("{value}\n"));
            Stack::new().markup(value).add(&Tag::new(Tone::Attention, doubt))
        }
        None => Stack::new().markup(Markup::inline(value)),
    }
}

/// The day since which terms are in force, which is their name: `2014-08-18`.
fn terms_day(say: &Say, name: &str) -> String {
    let mut parts = name.splitn(3, '-');
    let mut part = || parts.next().and_then(|part| part.parse::<u16>().ok());
    let day = match (part(), part(), part()) {
        (Some(year), Some(month), Some(day)) => u8::try_from(month)
            .ok()
            .zip(u8::try_from(day).ok())
            .and_then(|(m, d)| Day::new(year.into(), m, d)),
        _ => None,
    };
    day.map_or_else(|| name.to_owned(), |day| say.day(day))
}

/// The certificate, where there is one.
pub(super) fn certificate(say: &Say, file: &CaseFile, holding: &Holding) -> Stack {
    let certificate = &holding.certificate;
    let sentence = say.with("claims-fed-cert-sentence", [("name", (&file.holder.name).into())]);
    let serial = CopyCode::new(say, say.t("claims-fed-serial"), certificate.cert.serial.to_string());
    let key = match &holding.key {
        KeyState::Own => say.t("claims-fed-key-own"),
        KeyState::Kept { until, .. } => {
            say.with("claims-fed-key-kept", [("time", say.date_time(*until).into())])
        }
        KeyState::Erased { at } => say.with("claims-fed-key-erased", [("time", say.date_time(*at).into())]),
    };
    let fetched = match holding.fetched {
        Some(at) => say.date_time(at),
        None => say.t("claims-fed-not-fetched"),
    };
    let renewed = match &file.renewal {
        Some(line) => format!("{}　{}", line.number, say.text(&line.standing.label())),
        None => say.t("claims-end-not-renewed"),
    };
    let rows = [
        Row::text(say.t("claims-end-renewal"), &renewed),
        Row::part(say.t("claims-fed-serial"), &serial),
        Row::text(say.t("claims-fed-authority"), certificate.cert.authority.as_str()),
        Row::text(say.t("claims-fed-issued-at"), &say.date_time(certificate.issued_at)),
        Row::text(say.t("claims-fed-private-key"), &key),
        Row::text(say.t("claims-fed-fetched"), &fetched),
    ];
    let standing = tag(say, file.case.case.standing());
    let (from, until) = (certificate.not_before.micros(), certificate.not_after.micros());
    // A bar of days left would mislead where the certificate holds no more.
    if let Case::Revoked { list, .. } = &file.case.case {
        let details = Details::new()
            .row(say.t("claims-fed-list-number"), say.number(*list))
            .row(say.t("claims-fed-valid-was"), format!("{} – {}", say.date(from), say.date(until)));
        let add = |details: Details, row: Row| details.part(row.label, &Stack::new().markup(row.value));
        return Stack::new().add(&rows.into_iter().fold(details, add));
    }
    let card = CertificateCard::new(say, sentence, standing, from, until, file.now);
    Stack::new().add(&rows.into_iter().fold(card, CertificateCard::detail))
}

/// Who asked for the revocation, how and why.
pub(super) fn ask(say: &Say, ask: &RevocationAsk) -> Details {
    let details = Details::new()
        .row(say.t("claims-fed-by"), by(say, ask))
        .row(say.t("claims-fed-channel"), channel(say, ask))
        .row(say.t("claims-fed-reason"), reason(say, ask));
    if ask.note.is_empty() { details } else { details.row(say.t("claims-fed-note"), &ask.note) }
}

// keys: claims-fed-by-* claims-fed-channel-* claims-fed-reason-*
pub(super) fn by(say: &Say, ask: &RevocationAsk) -> String {
    say.t(&format!("claims-fed-by-{}", ask.by.slug()))
}

pub(super) fn channel(say: &Say, ask: &RevocationAsk) -> String {
    say.t(&format!("claims-fed-channel-{}", ask.channel.slug()))
}

pub(super) fn reason(say: &Say, ask: &RevocationAsk) -> String {
    say.t(&format!("claims-fed-reason-{}", ask.reason.slug()))
}

/// Why it was rejected.
pub(super) fn rejection(say: &Say, rejection: &Rejection) -> Banner {
    match rejection {
        Rejection::Refused(reason) => {
            Banner::new(say, Tone::Neutral, say.t("claims-fed-why-rejected")).text(reason.clone())
        }
        Rejection::Withdrawn => Banner::new(say, Tone::Neutral, say.t("claims-fed-withdrawn")),
    }
}

/// What else the provider applied for, the youngest first, at most five.
pub(super) fn others(say: &Say, file: &CaseFile, lines: &[CaseLine]) -> Stack {
    if lines.iter().all(|line| line.id == file.case.id) {
        let heading = Stack::new().heading(&say.t("claims-fed-others"));
        return heading.text(&say.t("claims-fed-others-none"));
    }
    let columns = [say.t("claims-fed-number"), say.t("claims-fed-status"), say.t("claims-fed-applied-on")];
    let columns = columns.map(|label| Column::new(label).whole()).to_vec();
    let others = lines.iter().filter(|line| line.id != file.case.id).take(5).map(|line| {
        Line::new(vec![
            Cell::link(&line.number, case_path(&line.number)),
            Cell::part(&tag(say, line.standing)),
            Cell::text(say.short_date(line.applied)),
        ])
    });
    let table = Table::new(say, say.t("claims-fed-others"), columns, say.t("claims-fed-others-none"));
    let find = query::with_query(LIST, &[("q", file.holder.number.to_string())]);
    let all = Action::link(say.t("claims-fed-others-all"), find).quiet();
    Stack::new().add(&table.lines(others.collect())).add(&Actions::new(vec![all]))
}
