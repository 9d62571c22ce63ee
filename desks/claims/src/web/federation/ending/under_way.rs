//! 完了: a deletion, how far it is, and its archive (C13).

use super::{super::Shown, DELETION};
use crate::{
    Claims, Deletion, Stage,
    web::{Staff, attached, number},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_web::{
    Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, CopyCode, Details, Steps},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let deletion = claims.deletion(staff.scope(), number(&no)?, staff.hat).await?;
    Ok(content(frame, &deletion).ok())
}

/// The archive itself.
pub(super) async fn archive(
    State(claims): State<Claims>,
    staff: Staff,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let number = number(&no)?;
    let octets = claims.archive(staff.scope(), number, staff.hat).await?;
    Ok(attached("application/jsonl; charset=utf-8", &format!("{number}.jsonl"), octets))
}

/// The page.
pub(super) fn content(frame: Frame, deletion: &Deletion) -> Shown {
    let say = &frame.say.clone();
    let frame = frame
        .crumb(say.t("claims-end-deletion"), DELETION)
        .caption(&deletion.number)
        .help(say.t("claims-end-help-archive"), say.t("claims-end-help-archive-text"));
    let path = format!("{DELETION}/{}", deletion.number);
    let figure = |count: u64| say.number(i64::try_from(count).unwrap_or(i64::MAX));
    let mut details = Details::new()
        .row(say.t("claims-end-archive-number"), &deletion.number)
        .row(say.t("claims-end-asked"), say.date_time(deletion.asked))
        .row(say.t("claims-end-stage"), stage(say, deletion.stage))
        .row(say.t("claims-end-chosen"), figure(deletion.chosen))
        .row(say.t("claims-end-deleted"), figure(deletion.deleted));
    let mut ways = Vec::new();
    if let Some(archive) = &deletion.archive {
        let hash: String = archive.sha256.iter().map(|octet| format!("{octet:02x}")).collect();
        details = details
            .row(say.t("claims-end-octets"), figure(archive.octets))
            .part(say.t("claims-end-sha256"), &CopyCode::new(say, say.t("claims-end-sha256"), hash));
        ways.push(Action::file(say.t("claims-end-open-archive"), format!("{path}/archive.jsonl")).primary());
    }
    let mut body = Stack::new().add(&BackLink::new(say, DELETION).label(say.t("claims-end-to-deletion")));
    body = match deletion.done {
        Some(at) => {
            let title = say.with("claims-end-done", [("time", say.date_time(at).into())]);
            let spared = deletion.chosen.saturating_sub(deletion.deleted);
            let banner = Banner::new(say, Tone::Success, title);
            let banner = match spared {
                0 => banner,
                n => banner.text(say.with("claims-end-spared", [("n", figure(n).into())])),
            };
            body.add(&Steps::done(say)).add(&banner)
        }
        None => {
            ways.push(Action::link(say.t("claims-end-again"), &path));
            let banner = Banner::new(say, Tone::Info, say.t("claims-end-under-way"));
            body.add(&banner.text(say.t("claims-end-under-way-text")))
        }
    };
    let body = body.add(&details).add(&Actions::new(ways));
    Shown::new(frame, say.t("claims-end-one"), body)
}

/// How far it is, in words.
pub(super) fn stage(say: &Say, stage: Stage) -> String {
    // keys: claims-end-stage-*
    say.t(match stage {
        Stage::Choosing => "claims-end-stage-choosing",
        Stage::Archiving => "claims-end-stage-archiving",
        Stage::Deleting => "claims-end-stage-deleting",
        Stage::Done => "claims-end-stage-done",
    })
}
