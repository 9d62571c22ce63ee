//! The rules of the desk: what a command makes of a case. Pure and total; the table was asked before.

use crate::{
    case::{Case, Holding},
    cases::Cases,
    command::{Apply, Command, Erasure},
    no::No,
    status::{Deed, Hat, Standing, TABLE},
    words::{Application, Applied, Consent, HolderId, HolderKind, KeyState, KeyWay, Pays, Rejection},
};
use core_words::{UtcMicros, UtcSeconds, Yen};
use kit_desk::{Decision, Flow, Table};

/// What deciding needs to know beside the case.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The time of the deed.
    pub now: UtcMicros,
    /// When a request registered now is handed over (C19: until then it can be undone).
    pub takes: UtcMicros,
    /// Until when a key made now is kept for its owner.
    pub key_until: UtcMicros,
    /// What an application of today costs, and for how long it is.
    pub applied: Applied,
    /// The version of the text on offsetting that is in force.
    pub consent: String,
    /// Until when an agent that applies now is asked to pay.
    pub due: UtcMicros,
    /// Who applies, or applied.
    pub kind: HolderKind,
    /// What came from an agent and is not spent.
    pub balance: Yen,
    /// The version of the holder's issue password: one that was replaced in the meantime proves nothing.
    pub password: i64,
    /// The number of another application of the same provider that is not settled yet.
    pub unsettled: Option<String>,
    /// What an application wants to renew; `None` when there is no such case.
    pub renewed: Option<Renewed>,
}

/// The case whose certificate is to be renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// Whose it is.
    pub holder: HolderId,
    /// Where it stands.
    pub standing: Standing,
    /// The number of an application under way that renews it already.
    pub under_way: Option<String>,
}

/// What follows from a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The clock comes back to the case then: to hand it over, or to process its rejection.
    ComeBack(UtcMicros),
    /// The fee leaves the balance of the agent (C10).
    Pay(Yen),
    /// The fee comes back to the balance of the agent (C19).
    Unpay(Yen),
    /// The fee is offset against the provider's claim payments (C18).
    Charge,
    /// The certificate is ordered from the authority.
    Order,
    /// The revocation is ordered from the authority.
    Revoke,
    /// The applicant is told that the certificate is there (C22).
    TellIssued,
    /// The applicant is told of the rejection (C21: in the same transaction).
    TellRejected(Rejection),
    /// The clock comes back then to erase the key.
    EraseAt(UtcMicros),
    /// The key is erased.
    Erase {
        /// Under which number it is kept.
        custody: i64,
    },
}

impl Flow for Cases {
    const DESK: &'static str = "claims";
    type Status = Standing;
    type Verb = Deed;
    type Capacity = Hat;
    type Case = Case;
    type Command = Command;
    type Facts = Facts;
    type Effect = Effect;
    type No = No;

    const TABLE: Table<Standing, Deed, Hat> = TABLE;

    fn status(case: &Case) -> Standing {
        case.standing()
    }

    fn verb(command: &Command) -> Deed {
        command.deed()
    }

    fn remark(command: &Command) -> Option<String> {
        match command {
            Command::Reject(Rejection::Refused(reason)) => Some(reason.clone()),
            Command::RequestRevocation(ask) if !ask.note.is_empty() => Some(ask.note.clone()),
            _ => None,
        }
    }

    fn decide(case: Option<&Case>, command: &Command, facts: &Facts) -> Result<Decision<Self>, No> {
        match (case, command) {
            (None, Command::Apply(apply)) => application(apply, facts),
            (Some(Case::Applied(application)), Command::RegisterIssue) => {
                let (application, takes) = (application.clone(), facts.takes);
                to(Case::IssueRequested { application, takes }, [Effect::ComeBack(takes)])
            }
            (Some(Case::AwaitingPayment(application)), Command::RegisterPayment) => {
                let fee = paid(application, facts)?;
                let (application, takes) = (application.clone(), facts.takes);
                to(Case::IssueRequested { application, takes }, [Effect::Pay(fee), Effect::ComeBack(takes)])
            }
            (
                Some(Case::Applied(application) | Case::AwaitingPayment(application)),
                Command::Reject(rejection),
            ) => {
                let (application, rejection, takes) = (application.clone(), rejection.clone(), facts.takes);
                to(Case::Rejecting { application, rejection, takes }, [Effect::ComeBack(takes)])
            }
            (Some(Case::IssueRequested { application, .. }), Command::UndoIssue) => {
                let unpay = match application.pays {
                    Pays::Offset(_) => None,
                    Pays::Transfer { .. } => Some(Effect::Unpay(application.applied.fee)),
                };
                to(before_review(application), unpay.into_iter().collect::<Vec<_>>())
            }
            (Some(Case::Rejecting { application, .. }), Command::UndoReject) => {
                to(before_review(application), [])
            }
            (Some(Case::IssueRequested { application, takes }), Command::HandOver) => {
                due(*takes, facts)?;
                to(Case::AwaitingIssue { application: application.clone(), custody: None }, [Effect::Order])
            }
            (Some(Case::AwaitingIssue { application, custody }), Command::Register(certificate)) => {
                let key = key_of(application, *custody, facts)?;
                let mut effects = vec![Effect::TellIssued];
                if let Pays::Offset(_) = application.pays {
                    effects.push(Effect::Charge);
                }
                if let KeyState::Kept { until, .. } = key {
                    effects.push(Effect::EraseAt(until));
                }
                let (application, certificate) = (application.clone(), certificate.clone());
                to(Case::Issued(Holding { application, certificate, key, fetched: None }), effects)
            }
            (Some(Case::Issued(holding)), Command::Download(knew)) => {
                knows(knew.version(), facts)?;
                if let KeyState::Erased { at } = holding.key {
                    return Err(No::KeyErased { at });
                }
                let fetched = holding.fetched.or(Some(facts.now));
                to(Case::Issued(Holding { fetched, ..holding.clone() }), [])
            }
            (Some(Case::Issued(holding)), Command::EraseKey(why)) => erase(holding, *why, facts),
            (Some(Case::Issued(holding)), Command::RequestRevocation(ask)) => {
                let (holding, ask, takes) = (holding.clone(), ask.clone(), facts.takes);
                to(Case::RevocationRequested { holding, ask, takes }, [Effect::ComeBack(takes)])
            }
            (Some(Case::RevocationRequested { holding, .. }), Command::UndoRevocation) => {
                to(Case::Issued(holding.clone()), erase_at(&holding.key))
            }
            (Some(Case::RevocationRequested { holding, ask, takes }), Command::HandOverRevocation) => {
                due(*takes, facts)?;
                let (key, mut effects) = erased(&holding.key, facts.now);
                effects.push(Effect::Revoke);
                let holding = Holding { key, ..holding.clone() };
                to(Case::AwaitingRevocation { holding, ask: ask.clone() }, effects)
            }
            (Some(Case::AwaitingRevocation { holding, ask }), Command::RegisterList(listed)) => {
                let (holding, ask) = (holding.clone(), ask.clone());
                to(Case::Revoked { holding, ask, list: listed.number() }, [])
            }
            (Some(Case::Rejecting { application, rejection, takes }), Command::ProcessRejection) => {
                due(*takes, facts)?;
                let (application, rejection) = (application.clone(), rejection.clone());
                let tell = Effect::TellRejected(rejection.clone());
                to(Case::Rejected { application, rejection }, [tell])
            }
            // The table has refused these already; whoever asks without it is refused as well.
            _ => Err(No::NotInTable),
        }
    }
}

fn to(next: Case, effects: impl Into<Vec<Effect>>) -> Result<Decision<Cases>, No> {
    Ok(Decision { next, effects: effects.into() })
}

/// C1: an application of somebody who knows the issue password. A provider agrees to the text in force, and has one
/// application under way at a time; an agent has as many as it pays for.
fn application(apply: &Apply, facts: &Facts) -> Result<Decision<Cases>, No> {
    knows(apply.knew.version(), facts)?;
    if apply.renews.is_some() {
        renewable(apply.knew.holder(), facts)?;
    }
    let pays = match facts.kind {
        HolderKind::Provider => {
            if apply.consent.as_ref() != Some(&facts.consent) {
                return Err(No::OtherConsent);
            }
            if let Some(number) = &facts.unsettled {
                return Err(No::Unsettled { number: number.clone() });
            }
            Pays::Offset(Consent { version: facts.consent.clone(), at: facts.now })
        }
        HolderKind::Agent => Pays::Transfer { due: facts.due },
    };
    let application = Application {
        holder: apply.knew.holder(),
        key: apply.key.clone(),
        email: apply.email.clone(),
        lang: apply.lang,
        pays,
        applied: facts.applied.clone(),
        renews: apply.renews,
        at: facts.now,
    };
    to(before_review(&application), [])
}

/// C22: what is renewed is the applicant's own and issued, whether it is valid or has ended, and nothing else renews it.
fn renewable(holder: HolderId, facts: &Facts) -> Result<(), No> {
    match &facts.renewed {
        Some(old) if old.holder == holder && old.standing == Standing::Issued => match &old.under_way {
            Some(number) => Err(No::Unsettled { number: number.clone() }),
            None => Ok(()),
        },
        _ => Err(No::NotRenewable),
    }
}

/// How far ahead of its beginning a certificate is ordered that follows another one: 90 days. Profiles allow a day more.
const AHEAD_SECONDS: i64 = 90 * 86_400;

/// C22: the first second of a certificate that renews one whose last second is `last`, where the terms append what is
/// left of it; `None` for at once: when the terms do not, or nothing is left, or so much that no certificate could be
/// issued so far ahead.
pub fn begins(last: UtcSeconds, now: UtcMicros, append_remaining: bool) -> Option<UtcSeconds> {
    let ahead = last.0.checked_sub(now.whole_seconds().0)?;
    let first = UtcSeconds(last.0.checked_add(1)?);
    (append_remaining && (0..=AHEAD_SECONDS).contains(&ahead)).then_some(first)
}

/// Where an application stands until the federation has decided: by who applied (C21).
fn before_review(application: &Application) -> Case {
    match application.pays {
        Pays::Offset(_) => Case::Applied(application.clone()),
        Pays::Transfer { .. } => Case::AwaitingPayment(application.clone()),
    }
}

/// C10: the fee, once there is enough for it.
fn paid(application: &Application, facts: &Facts) -> Result<Yen, No> {
    let fee = application.applied.fee;
    if facts.balance.0 < fee.0 {
        return Err(No::NotPaid { fee, balance: facts.balance });
    }
    Ok(fee)
}

/// C5: a reissued password replaces the old one at once.
fn knows(version: i64, facts: &Facts) -> Result<(), No> {
    if version == facts.password { Ok(()) } else { Err(No::PasswordReplaced) }
}

/// C19: nothing is taken before its time.
fn due(takes: UtcMicros, facts: &Facts) -> Result<(), No> {
    if takes <= facts.now { Ok(()) } else { Err(No::TooEarly { takes }) }
}

/// Where the key of a certificate is that has just come.
fn key_of(application: &Application, custody: Option<i64>, facts: &Facts) -> Result<KeyState, No> {
    match (&application.key, custody) {
        (KeyWay::Own(_), _) => Ok(KeyState::Own),
        (KeyWay::Service, Some(custody)) => Ok(KeyState::Kept { custody, until: facts.key_until }),
        (KeyWay::Service, None) => Err(No::NoKey),
    }
}

/// C5: erased once fetched and confirmed, or when the time is over.
fn erase(holding: &Holding, why: Erasure, facts: &Facts) -> Result<Decision<Cases>, No> {
    match (why, &holding.key) {
        (_, KeyState::Own) => Err(No::OwnKey),
        (_, KeyState::Erased { at }) => Err(No::KeyErased { at: *at }),
        (Erasure::Confirmed, KeyState::Kept { .. }) if holding.fetched.is_none() => Err(No::NotFetched),
        (Erasure::WindowOver, KeyState::Kept { until, .. }) if *until > facts.now => {
            Err(No::TooEarly { takes: *until })
        }
        (_, KeyState::Kept { .. }) => {
            let (key, effects) = erased(&holding.key, facts.now);
            to(Case::Issued(Holding { key, ..holding.clone() }), effects)
        }
    }
}

/// A key that is kept is erased; any other stays as it is.
fn erased(key: &KeyState, now: UtcMicros) -> (KeyState, Vec<Effect>) {
    match key {
        KeyState::Kept { custody, .. } => {
            (KeyState::Erased { at: now }, vec![Effect::Erase { custody: *custody }])
        }
        other => (other.clone(), Vec::new()),
    }
}

/// The clock must come back to a key that is still kept: while a revocation was asked for it could not erase it.
fn erase_at(key: &KeyState) -> Vec<Effect> {
    match key {
        KeyState::Kept { until, .. } => vec![Effect::EraseAt(*until)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
