//! What both sides see alike: the status of a case, what happens next, its time line, its certificate (C4, C8, C20).

use crate::{
    case::{Case, Holding},
    no,
    service::CaseFile,
    status::{Deed, Standing},
    words::{KeyState, Pays},
};
use kit_desk::{Status, Verb};
use kit_web::{
    Say, Tone,
    parts::{Actions, Entry, NextStep, StatusPanel, StatusTag, Timeline},
};

/// The colour of a status: never the only sign of it.
pub(crate) fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Issued => Tone::Success,
        Standing::Rejected | Standing::Revoked => Tone::Neutral,
        Standing::Rejecting | Standing::RevocationRequested | Standing::AwaitingRevocation => Tone::Attention,
        Standing::Applied
        | Standing::AwaitingPayment
        | Standing::IssueRequested
        | Standing::AwaitingIssue => Tone::Info,
    }
}

/// The status as a tag.
pub(crate) fn tag(say: &Say, standing: Standing) -> StatusTag {
    StatusTag::new(tone(standing), say.text(&standing.label()))
}

/// The status as its applicant sees it: its plain meaning, what happens next, who does it and when; and what may be
/// done now.
pub(crate) fn status_panel(say: &Say, file: &CaseFile, actions: Actions) -> StatusPanel {
    panel(say, file, "provider", actions)
}

/// The status as the federation sees it.
pub(crate) fn desk_panel(say: &Say, file: &CaseFile, actions: Actions) -> StatusPanel {
    panel(say, file, "desk", actions)
}

fn panel(say: &Say, file: &CaseFile, side: &str, actions: Actions) -> StatusPanel {
    let case = &file.case.case;
    let standing = case.standing();
    // keys: claims-meaning-*
    let meaning = say.t(&format!("claims-meaning-{}", standing.slug()));
    let panel = StatusPanel::new(say, tag(say, standing), meaning);
    match next(say, file, side) {
        Some(next) => panel.next(next).actions(actions),
        None => panel.actions(actions),
    }
}

/// What happens next: of the case, and of a key that waits to be fetched.
fn next(say: &Say, file: &CaseFile, side: &str) -> Option<NextStep> {
    let case = &file.case.case;
    let slug = match case {
        Case::Issued(holding) if holding.certificate.not_after.micros() < file.now => "issued-over",
        Case::Issued(holding) => match (&holding.key, holding.fetched) {
            (KeyState::Kept { .. }, None) => "issued-fetch",
            (KeyState::Kept { .. }, Some(_)) => "issued-confirm",
            (KeyState::Own, None) => "issued-own",
            (KeyState::Erased { .. }, None) => "issued-lost",
            (KeyState::Own | KeyState::Erased { .. }, Some(_)) => "issued-done",
        },
        Case::Revoked { .. } | Case::Rejected { .. } => return None,
        other => other.standing().slug(),
    };
    // keys: claims-next-*
    let step = NextStep::new(say.t(&format!("claims-next-{slug}-{side}")));
    let step = match slug {
        // Nobody has to do anything.
        "issued-done" => step,
        _ => step.who(say, say.t(&format!("claims-next-{slug}-who"))),
    };
    Some(match case {
        Case::Issued(Holding { key: KeyState::Kept { until, .. }, .. }) => step.until(say, *until),
        Case::AwaitingPayment(application) => match application.pays {
            Pays::Transfer { due } => {
                step.by_when(say, say.with("claims-pay-by", [("day", say.date(due).into())]))
            }
            Pays::Offset(_) => step,
        },
        other => match other.takes() {
            Some(at) => {
                step.by_when(say, say.with("claims-next-about", [("time", say.date_time(at).into())]))
            }
            None => step,
        },
    })
}

/// What has happened, the last first, each with the proof of its ledger entry.
pub(crate) fn timeline(say: &Say, file: &CaseFile, base: &str) -> Timeline {
    let entries = file.events.iter().rev().map(|event| {
        let done = Deed::of_slug(&event.verb).map(Verb::done);
        let what = done.map_or_else(|| event.verb.clone(), |text| say.text(&text).to_owned());
        let who = no::who(event, file.name(event).as_deref());
        let entry =
            Entry::new(what, event.at, say.text(&who)).ledger(format!("{base}/proof/{}", event.version));
        match &event.remark {
            Some(remark) => entry.note(remark.clone()),
            None => entry,
        }
    });
    Timeline::new(say, entries.collect())
}
