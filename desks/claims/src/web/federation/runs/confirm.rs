//! What the second page of mass work needs, whatever is done to whom: what was looked at, whether that is still so, and
//! that its button begins one run, however often it is pressed.

use super::{figure, run_path};
use crate::{Claims, RunId, web::Staff};
use axum::response::Response;
use kit_web::{
    FormData, Refused, Say, Stack, Step, Tone,
    parts::{Action, Actions, Banner, CheckAnswers},
    see_other,
};

/// What the second page shows.
pub(super) struct Checked<'a, Work, Plan> {
    pub(super) form: &'a FormData,
    /// What is to be done.
    pub(super) work: &'a Work,
    /// What that means.
    pub(super) plan: &'a Plan,
    /// What makes a form that is sent twice known.
    pub(super) token: &'a str,
    /// Whether something changed since it was looked at before.
    pub(super) changed: bool,
}

/// What makes a form that is sent twice known.
pub(super) fn token(form: &FormData) -> String {
    form.get("token").unwrap_or_default().chars().take(64).collect()
}

/// The way to the run that this form has started before: its button was pressed twice.
pub(super) async fn begun(
    claims: &Claims,
    staff: &Staff,
    form: &FormData,
) -> Result<Option<Response>, Refused> {
    match form.step() {
        Step::Confirm => {
            let run: Option<RunId> = claims.run_of_token(staff.scope(), token(form)).await?;
            Ok(run.map(|id| see_other(&run_path(id))))
        }
        Step::Check | Step::Change(_) => Ok(None),
    }
}

impl<Work, Plan> Checked<'_, Work, Plan> {
    /// The top of the page: that something changed, if it did.
    pub(super) fn begin(&self, say: &Say, body: Stack) -> Stack {
        if !self.changed {
            return body;
        }
        let told = Banner::new(say, Tone::Attention, say.t("claims-run-changed"));
        body.add(&told.text(say.t("claims-run-changed-text")))
    }

    /// The form that confirms it, sent to `path`: so many lines, as the plan with this proof has them. `not` goes along
    /// in another way.
    pub(super) fn answers(
        &self,
        say: &Say,
        path: &str,
        csrf: &str,
        (lines, proof): (usize, &str),
        not: &[&str],
    ) -> CheckAnswers {
        let mut leave = vec!["proof", "token"];
        leave.extend(not);
        let n = [("n", say.number(figure(lines as u64)).into())];
        CheckAnswers::new(say, path, csrf, say.with("claims-run-begin", n))
            .carry(self.form, &leave)
            .hidden("proof", proof)
            .hidden("token", self.token)
    }
}

/// There is nothing to be done, and `way` leads on; `body` goes before it, `table` between.
pub(super) fn nothing(say: &Say, body: Stack, table: Option<&kit_web::parts::Table>, way: Action) -> Stack {
    let body = body.add(&Banner::new(say, Tone::Attention, say.t("claims-run-empty")));
    let body = match table {
        Some(table) => body.add(table),
        None => body,
    };
    body.add(&Actions::new(vec![way.primary()]))
}

/// How many lines there are, in words.
pub(super) fn total(say: &Say, lines: usize) -> String {
    say.with("claims-run-count", [("n", say.number(figure(lines as u64)).into())])
}
