//! A case as machines see it.

use super::PREFIX;
use crate::{
    Line,
    case::{Case, Holding},
    service::CaseFile,
    status::{Deed, Hat, Standing},
    words::{Certificate, Choice, KeyState, KeyWay, Pays, Rejection, RevocationAsk},
};
use axum::http::StatusCode;
use core_words::Text;
use kit_desk::{
    Capacity, Status, Verb,
    api::{Answer, TextBody, rfc3339, rfc3339_micros},
    events::Event,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A case: what was applied for, where it stands, what happened, what may be done now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsCase)]
pub(super) struct CaseBody {
    /// Its number.
    #[schema(example = "C-2026-0000001-7")]
    number: String,
    /// How often it was changed, from 1; also the ETag. `If-Match` names it.
    #[schema(minimum = 1)]
    version: i64,
    /// Where it stands.
    status: StatusBody,
    /// Who applied, as they are entered now.
    holder: HolderBody,
    /// What was applied for.
    application: ApplicationBody,
    /// When the house goes on by itself; until then a manager may undo.
    #[schema(format = DateTime)]
    takes_at: Option<String>,
    /// Why it was rejected.
    rejection: Option<RejectionBody>,
    /// The certificate.
    certificate: Option<CertificateBody>,
    /// Where its private key is.
    key: Option<KeyBody>,
    /// Who asked for the revocation, and why.
    revocation: Option<RevocationBody>,
    /// What happened, the first first.
    events: Vec<EventBody>,
    /// What the caller may do now.
    actions: Vec<ActionBody>,
}

/// A status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsStatus)]
pub(super) struct StatusBody {
    /// Its number in the source documents: 1 to 10.
    code: i16,
    /// Its name in this API.
    #[schema(example = "issue-requested")]
    name: &'static str,
    /// Its name as people know it.
    label: TextBody,
}

/// Who applied: a care provider or an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsHolder)]
pub(super) struct HolderBody {
    /// Its number: ten digits, or an agent's ID, `DA` and eight digits.
    #[schema(pattern = "^(DA[0-9]{8}|[0-9]{10})$")]
    number: String,
    /// Its name.
    name: String,
    /// Its name in katakana.
    kana: String,
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsApplication)]
pub(super) struct ApplicationBody {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Who makes the key: `service` or `own`.
    #[schema(pattern = "^(service|own)$")]
    key: &'static str,
    /// Where notices are sent.
    email: String,
    /// In which language: `ja` or `en`.
    #[schema(pattern = "^(ja|en)$")]
    lang: &'static str,
    /// Of a care provider: the version of the text on offsetting that was agreed to.
    consent: Option<String>,
    /// When it was agreed to.
    #[schema(format = DateTime)]
    consent_at: Option<String>,
    /// Of an agent: until when the fee is to be transferred. Nothing happens by itself when it is over.
    #[schema(format = DateTime)]
    pay_until: Option<String>,
    /// The cost of issue in yen, tax included.
    fee_yen: i64,
    /// For how many months the certificate is asked for.
    months: u16,
    /// The number of the case whose certificate it renews.
    #[schema(example = "C-2026-0000001-7")]
    renews: Option<String>,
}

/// A rejection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRejection)]
pub(super) struct RejectionBody {
    /// Whether the applicant asked for it back.
    withdrawn: bool,
    /// Else the reason.
    reason: Option<String>,
}

/// A certificate of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsCertificate)]
pub(super) struct CertificateBody {
    /// The issuing authority.
    authority: String,
    /// Serial number, lower-case hexadecimal.
    #[schema(pattern = "^[0-9a-f]{1,40}$")]
    serial: String,
    /// First second of validity.
    #[schema(format = DateTime)]
    not_before: String,
    /// Last second of validity.
    #[schema(format = DateTime)]
    not_after: String,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
}

/// Where a private key is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsKey)]
pub(super) struct KeyBody {
    /// `own`: with the applicant; `kept`: in the service; `erased`: no longer here.
    #[schema(pattern = "^(own|kept|erased)$")]
    state: &'static str,
    /// Until when it is kept.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Since when it is erased.
    #[schema(format = DateTime)]
    erased_at: Option<String>,
    /// When the certificate was first downloaded.
    #[schema(format = DateTime)]
    fetched_at: Option<String>,
}

/// A request for revocation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsRevocation)]
pub(super) struct RevocationBody {
    /// Who asked.
    #[schema(pattern = "^(provider|agent|prefecture)$")]
    by: &'static str,
    /// How.
    #[schema(pattern = "^(phone|paper|mail|counter)$")]
    channel: &'static str,
    /// Why.
    #[schema(pattern = "^(closed|changed|key-lost|key-compromised|other)$")]
    reason: &'static str,
    /// What was said besides.
    note: String,
    /// The number of the revocation list that first named the certificate.
    list: Option<i64>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsEvent)]
pub(super) struct EventBody {
    /// The version that it made.
    version: i64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What, as the table names it.
    what: String,
    /// What, as people are told.
    label: Option<TextBody>,
    /// The status before.
    from: Option<&'static str>,
    /// The status after.
    to: Option<&'static str>,
    /// In what capacity: `claims.clerk`, `system`.
    capacity: String,
    /// The account of who did it; told to staff alone.
    account: Option<i64>,
    /// What was said with it.
    remark: Option<String>,
    /// Where the proof of its ledger entry is.
    proof: String,
}

/// Something that may be done now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsAction)]
pub(super) struct ActionBody {
    /// Its name in this API.
    #[schema(example = "register-issue")]
    command: &'static str,
    /// Its name as people know it.
    label: TextBody,
    /// Where it is posted to, with `If-Match`.
    href: String,
}

/// One case in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimsLine)]
pub(super) struct LineBody {
    /// Its number.
    pub(super) number: String,
    /// Where it stands.
    status: StatusBody,
    /// When it was applied for.
    #[schema(format = DateTime)]
    applied_at: String,
    /// The number of the provider.
    holder_number: String,
    /// Its name on that day.
    holder_name: String,
    /// Where all of it is.
    href: String,
}

/// The path of a case.
pub(super) fn path(number: &str) -> String {
    format!("{PREFIX}/cases/{number}")
}

/// A case, as the answer to a look or to a deed.
pub(crate) fn answer(status: StatusCode, file: &CaseFile, hat: Hat) -> Answer {
    Answer::new(status, Some(file.case.version), &body(file, hat))
}

pub(super) fn status(standing: Standing) -> StatusBody {
    StatusBody { code: standing.code(), name: standing.slug(), label: standing.label().into() }
}

pub(super) fn line(line: Line) -> LineBody {
    LineBody {
        status: status(line.standing),
        applied_at: rfc3339_micros(line.applied),
        holder_number: line.holder_number,
        holder_name: line.holder_name,
        href: path(&line.number),
        number: line.number,
    }
}

pub(super) fn body(file: &CaseFile, hat: Hat) -> CaseBody {
    let case = &file.case.case;
    let path = path(&file.case.number);
    let list = if let Case::Revoked { list, .. } = case { Some(*list) } else { None };
    CaseBody {
        number: file.case.number.clone(),
        version: file.case.version,
        status: status(case.standing()),
        holder: HolderBody {
            number: file.holder.number.to_string(),
            name: file.holder.name.clone(),
            kana: file.holder.kana.clone(),
        },
        application: application(case),
        takes_at: case.takes().map(rfc3339_micros),
        rejection: case.rejection().map(rejection),
        certificate: case.holding().map(|holding| certificate(&holding.certificate)),
        key: case.holding().map(key),
        revocation: case.ask().map(|ask| revocation(ask, list)),
        events: file.events.iter().map(|e| event(e, hat, &path)).collect(),
        actions: file.possible.iter().map(|deed| action(*deed, &path)).collect(),
    }
}

fn application(case: &Case) -> ApplicationBody {
    let application = case.application();
    let (consent, due) = match &application.pays {
        Pays::Offset(consent) => (Some(consent), None),
        Pays::Transfer { due } => (None, Some(*due)),
    };
    ApplicationBody {
        at: rfc3339_micros(application.at),
        key: match application.key {
            KeyWay::Service => "service",
            KeyWay::Own(_) => "own",
        },
        email: application.email.clone(),
        lang: application.lang.tag(),
        consent: consent.map(|consent| consent.version.clone()),
        consent_at: consent.map(|consent| rfc3339_micros(consent.at)),
        pay_until: due.map(rfc3339_micros),
        fee_yen: application.applied.fee.0,
        months: application.applied.months,
        renews: application.renews.map(|number| number.to_string()),
    }
}

fn rejection(rejection: &Rejection) -> RejectionBody {
    match rejection {
        Rejection::Refused(reason) => RejectionBody { withdrawn: false, reason: Some(reason.clone()) },
        Rejection::Withdrawn => RejectionBody { withdrawn: true, reason: None },
    }
}

fn certificate(certificate: &Certificate) -> CertificateBody {
    CertificateBody {
        authority: certificate.cert.authority.to_string(),
        serial: certificate.cert.serial.to_string(),
        not_before: rfc3339(certificate.not_before),
        not_after: rfc3339(certificate.not_after),
        issued_at: rfc3339_micros(certificate.issued_at),
    }
}

fn key(holding: &Holding) -> KeyBody {
    let (state, until, erased) = match holding.key {
        KeyState::Own => ("own", None, None),
        KeyState::Kept { until, .. } => ("kept", Some(until), None),
        KeyState::Erased { at } => ("erased", None, Some(at)),
    };
    KeyBody {
        state,
        until: until.map(rfc3339_micros),
        erased_at: erased.map(rfc3339_micros),
        fetched_at: holding.fetched.map(rfc3339_micros),
    }
}

fn revocation(ask: &RevocationAsk, list: Option<i64>) -> RevocationBody {
    RevocationBody {
        by: ask.by.slug(),
        channel: ask.channel.slug(),
        reason: ask.reason.slug(),
        note: ask.note.clone(),
        list,
    }
}

fn event(event: &Event, hat: Hat, path: &str) -> EventBody {
    let name = |code| Standing::of_code(code).map(Status::slug);
    EventBody {
        version: event.version,
        at: rfc3339_micros(event.at),
        what: event.verb.clone(),
        label: Deed::of_slug(&event.verb).map(|deed| TextBody::from(Verb::done(deed))),
        from: event.from.and_then(name),
        to: name(event.to),
        capacity: event.capacity.clone(),
        // An applicant has no use for the numbers of the federation's staff.
        account: event.account.filter(|_| !hat.applies() || event.capacity == hat.slug()),
        remark: event.remark.clone(),
        proof: format!("{path}/proof/{}", event.version),
    }
}

fn action(deed: Deed, path: &str) -> ActionBody {
    let label: Text = deed.label();
    ActionBody { command: deed.slug(), label: label.into(), href: format!("{path}/{}", deed.slug()) }
}
