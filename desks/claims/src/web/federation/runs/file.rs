//! The lines of a run with their results, as a file: UTF-8 with a mark at its beginning, RFC 4180.

use super::run_of;
use crate::{
    Claims, RunLine,
    service::RUN_LINES,
    web::{Staff, attached, federation::csv},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use kit_web::{Frame, Refused, Say};

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id = run_of(&id)?;
    let say = &frame.say;
    let mut text = head(say);
    let mut after = 0;
    loop {
        let lines = claims.run_lines(staff.scope(), id, false, after).await?;
        lines.iter().for_each(|line| text.push_str(&row(say, line)));
        match lines.last() {
            Some(last) if lines.len() == RUN_LINES as usize => after = last.ended.n,
            _ => break,
        }
    }
    Ok(attached("text/csv; charset=utf-8", &format!("run-{}.csv", id.0), text))
}

fn head(say: &Say) -> String {
    let labels = [
        say.t("claims-run-line"),
        say.t("claims-run-about-what"),
        say.t("claims-fed-provider-number"),
        say.t("claims-fed-provider-name"),
        say.t("claims-run-result"),
        say.t("claims-run-why"),
        say.t("claims-run-code"),
        say.t("claims-run-ended"),
    ];
    format!("\u{feff}{}", csv::row(&labels))
}

fn row(say: &Say, line: &RunLine) -> String {
    let (number, name) = line.holder.clone().unwrap_or_default();
    csv::row(&[
        line.ended.n.to_string(),
        line.subject.clone(),
        number,
        name,
        say.text(&line.ended.state.label()).to_owned(),
        line.ended.told.as_ref().map(|told| say.text(told).to_owned()).unwrap_or_default(),
        line.ended.code.clone().unwrap_or_default(),
        line.at.map(|at| csv::time(say, at)).unwrap_or_default(),
    ])
}
