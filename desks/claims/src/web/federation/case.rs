//! 証明書発行管理: one case, with everything that is known of it and all that may be done now (C8, C9, C11, C19).

use super::{Shown, about, case_path, facts, next_path, span};
use crate::{
    Claims, Line as CaseLine, Wanted,
    service::{CaseFile, Told},
    status::{Deed, Standing},
    web::{Staff, attached, number, show},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, header},
    response::Response,
};
use kit_desk::{Verb, events::Event};
use kit_web::{
    FormData, Frame, Refused, Say, Stack, Tone,
    parts::{Action, Actions, BackLink, Banner, Steps},
};

pub(super) async fn show(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    let told = claims.told(&file.case).await?;
    let others = claims.own_cases(file.holder.id).await?;
    let waiting = waiting(&claims, &staff).await?;
    let asked = FormData::parse(asked.unwrap_or_default().as_bytes()).unwrap_or_default();
    let done = asked.get("done").and_then(|version| done(&file, version, staff.session.account.0));
    let view = View {
        file: &file,
        told: &told,
        others: &others,
        csrf: staff.session.csrf.as_str(),
        done,
        waiting,
        undo_seconds: claims.settings().undo_seconds,
        list: list_before(&headers),
    };
    Ok(content(frame, &view).ok())
}

/// The list as the reader left it, searched and sorted, if that is where they come from.
fn list_before(headers: &HeaderMap) -> String {
    let before = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = before.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let path = path.map_or("", kit_web::answers::own_path);
    match path.strip_prefix(super::LIST) {
        Some(query) if query.starts_with('?') => path.to_owned(),
        _ => super::LIST.to_owned(),
    }
}

/// How many applications wait for review.
async fn waiting(claims: &Claims, staff: &Staff) -> Result<u64, Refused> {
    // The list's own total of these alone: counting every case would be most of what this page costs.
    let applied = Wanted { standings: vec![Standing::Applied], ..Wanted::default() };
    Ok(claims.find(staff.scope(), applied).await?.total)
}

/// What the reader has just done: `?done=VERSION` is believed only if it was the last thing that happened and they
/// did it.
fn done<'a>(file: &'a CaseFile, version: &str, account: i64) -> Option<&'a Event> {
    let version: i64 = version.parse().ok()?;
    file.events.last().filter(|event| event.version == version && event.account == Some(account))
}

/// The receipt, for the clerk who has the applicant on the telephone.
pub(super) async fn receipt(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    let pdf = claims.receipt(&file, frame.lang).await?;
    Ok(attached("application/pdf", &format!("{}.pdf", file.case.number), pdf))
}

/// The invoice, for the same.
pub(super) async fn invoice(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    Path(no): Path<String>,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    let pdf = claims.invoice(&file, frame.lang).await?;
    Ok(attached("application/pdf", &format!("{}-invoice.pdf", file.case.number), pdf))
}

/// The proof that the ledger has what made a version of the case (K8).
pub(super) async fn proof(
    State(claims): State<Claims>,
    staff: Staff,
    Path((no, version)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file = claims.case(staff.scope(), number(&no)?, staff.hat).await?;
    let version: i64 = version.parse().map_err(|_| Refused(crate::no::no_case()))?;
    let proof = claims.proof(&file, version).await?;
    let name = format!("{}-{version}.tlog-proof", file.case.number);
    Ok(attached("text/plain; charset=utf-8", &name, proof.to_tlog_proof().into_bytes()))
}

/// What the page shows.
pub(super) struct View<'a> {
    pub(super) file: &'a CaseFile,
    pub(super) told: &'a Told,
    /// What the provider ever applied for.
    pub(super) others: &'a [CaseLine],
    pub(super) csrf: &'a str,
    /// What the reader has just done.
    pub(super) done: Option<&'a Event>,
    /// How many applications wait for review.
    pub(super) waiting: u64,
    pub(super) undo_seconds: u32,
    /// The way back to the list.
    pub(super) list: String,
}

/// The page.
pub(super) fn content(frame: Frame, view: &View<'_>) -> Shown {
    let say = &frame.say.clone();
    let View { file, told, .. } = view;
    let case = &file.case.case;
    let path = case_path(&file.case.number);
    // The page itself is the last step of the way.
    let mut frame = about(frame, file).wide();
    frame.crumbs.pop();
    let frame = frame
        .help(say.t("claims-fed-help-withdraw"), say.t("claims-fed-help-withdraw-text"))
        .help(say.t("claims-fed-help-undo"), say.t("claims-fed-help-undo-text"));
    let mut panel = show::desk_panel(say, file, actions(say, view));
    if let Some(rejection) = case.rejection() {
        panel = panel.note(facts::rejection(say, rejection));
    }
    let frame = match view.done {
        Some(event) => frame.flash(flash(say, event, view)),
        None => frame,
    };
    let body = match view.done {
        Some(event) => after(say, event, view),
        None => Stack::new().add(&BackLink::new(say, &view.list).label(say.t("claims-fed-to-list"))),
    };
    let mut rest = Stack::new();
    if let Some(ask) = case.ask() {
        rest = rest.heading(&say.t("claims-fed-ask")).add(&facts::ask(say, ask));
    }
    rest = rest.heading(&say.t("claims-fed-application")).add(&facts::application(say, file)).add(
        &Actions::new(vec![
            Action::link(say.t("claims-fed-holder-record"), super::offices::path(&file.holder.number))
                .quiet(),
        ]),
    );
    if let Some(holding) = case.holding() {
        rest = rest.heading(&say.t("claims-fed-certificate")).add(&facts::certificate(say, file, holding));
    }
    let mut papers = vec![Action::file(say.t("claims-fed-receipt"), format!("{path}/receipt.pdf"))];
    if crate::papers::is_owed(file) {
        papers.push(Action::file(say.t("claims-fed-invoice"), format!("{path}/invoice.pdf")));
    }
    rest = rest
        .heading(&say.t("claims-fed-papers"))
        .add(&Actions::new(papers))
        .add(&show::timeline(say, file, &path))
        .add(&Actions::new(vec![
            Action::link(say.t("claims-ledger-case-all"), super::ledger::of_case(&file.case.number)).quiet(),
        ]))
        .heading(&say.t("claims-fed-told"));
    rest = match (told.mails.is_empty(), told.notices.is_empty()) {
        (true, true) => rest.text(&say.t("claims-fed-told-none")),
        _ => rest.add(&super::outbox::of_case(say, &told.mails)).add(&notices(say, told)),
    };
    let rest = rest.add(&facts::others(say, file, view.others));
    let body = body.beside(&Stack::new().add(&panel), &rest);
    let title = say.t("claims-fed-case");
    Shown::new(frame, title, body)
}

/// What may be done now: the table says it, nothing else is drawn. The act of every day is done from here, the
/// others have a page that says what follows from them.
fn actions(say: &Say, view: &View<'_>) -> Actions {
    let View { file, .. } = view;
    let path = case_path(&file.case.number);
    let span = span(say, view.undo_seconds);
    let mut actions = Vec::new();
    for deed in &file.possible {
        let (label, to) = (say.text(&deed.label()).to_owned(), format!("{path}/{}", deed.slug()));
        actions.push(match deed {
            Deed::RegisterIssue => Action::post(label, to, view.csrf)
                .hidden("version", file.case.version)
                .primary()
                .consequence(say.with("claims-fed-register-consequence", [("span", span.clone().into())])),
            Deed::RegisterPayment => Action::link(label, super::payments::agent_path(&file.holder.number))
                .primary()
                .consequence(say.t("claims-fed-payment-consequence")),
            Deed::Reject => Action::link(label, to).consequence(say.t("claims-fed-reject-consequence")),
            Deed::RequestRevocation => {
                Action::link(label, to).consequence(say.t("claims-fed-revoke-consequence"))
            }
            Deed::UndoIssue | Deed::UndoReject | Deed::UndoRevocation => {
                let action = Action::link(label, to);
                match file.case.case.takes() {
                    Some(at) => action
                        .consequence(say.with("claims-fed-undo-until", [("time", say.date_time(at).into())])),
                    None => action,
                }
            }
            _ => continue,
        });
    }
    if file.possible.contains(&Deed::RegisterIssue) && view.done.is_none() && view.waiting > 1 {
        actions.push(Action::link(say.t("claims-fed-later"), next_path(&file.case.number)).quiet());
    }
    Actions::new(actions)
}

/// What was done, and until when it can be undone.
fn flash(say: &Say, event: &Event, view: &View<'_>) -> Banner {
    let done = Deed::of_slug(&event.verb).map(Verb::done);
    let done = done.map_or_else(|| event.verb.clone(), |text| say.text(&text).to_owned());
    let banner = Banner::new(say, Tone::Success, done);
    match view.file.case.case.takes() {
        Some(at) => banner.text(say.with("claims-fed-done-undo", [("time", say.date_time(at).into())])),
        None => banner,
    }
}

/// The ways on after an act: the next application, for whoever has two hundred of them.
fn after(say: &Say, event: &Event, view: &View<'_>) -> Stack {
    let number = &view.file.case.number;
    let mut actions = Vec::new();
    if view.waiting > 0 && !view.file.possible.contains(&Deed::RegisterIssue) {
        let n = say.number(i64::try_from(view.waiting).unwrap_or(i64::MAX));
        let label = say.with("claims-fed-next-of", [("n", n.into())]);
        actions.push(Action::link(label, next_path(number)).primary());
    }
    actions.push(Action::link(say.t("claims-fed-to-list"), super::LIST));
    let mut body = Stack::new();
    if event.verb == Deed::RequestRevocation.slug() {
        body = body.add(&Steps::done(say));
    }
    if view.waiting == 0 {
        body = body.text(&say.t("claims-fed-empty-review"));
    }
    body.add(&Actions::new(actions))
}

/// The notices about the case, as they hang on the provider's board.
fn notices(say: &Say, told: &Told) -> kit_web::parts::Table {
    use kit_web::parts::{Cell, Column, Line, Table};
    let columns = vec![
        Column::new(say.t("claims-fed-notice-at")).whole(),
        Column::new(say.t("claims-fed-notice-subject")),
        Column::new(say.t("claims-fed-notice-read")).whole(),
    ];
    let lines = told.notices.iter().map(|notice| {
        let read = match notice.read {
            Some(at) => say.short_date_time(at),
            None => say.t("claims-fed-notice-unread"),
        };
        Line::new(vec![
            Cell::text(say.short_date_time(notice.created)),
            Cell::text(say.text(&notice.subject)),
            Cell::text(read),
        ])
    });
    Table::new(say, say.t("claims-fed-notices"), columns, say.t("claims-fed-notices-none"))
        .lines(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        status::{Hat, Standing},
        web::samples,
    };

    #[test]
    fn c8_the_way_back_leads_to_the_list_as_it_was_and_nowhere_else() {
        let back = |from: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, from.parse().expect("visible"));
            list_before(&headers)
        };
        let searched = "/claims/desk/cases?q=%E3%81%95&status=applied&sort=kana";
        assert_eq!(back(&format!("https://claims.example{searched}")), searched);
        for elsewhere in
            ["", "https://claims.example", "https://claims.example/claims/desk/cases/C-1?x", "x?y"]
        {
            assert_eq!(back(elsewhere), super::super::LIST, "{elsewhere}");
        }
        assert_eq!(list_before(&HeaderMap::new()), super::super::LIST);
    }

    #[test]
    fn c9_what_was_done_is_told_to_who_did_it_and_to_nobody_else() {
        let file = samples::file(Standing::IssueRequested, Hat::Clerk);
        assert!(done(&file, "2", 3).is_some());
        for (version, account) in [("2", 4), ("1", 3), ("1", 7), ("3", 3), ("x", 3), ("", 3)] {
            assert!(done(&file, version, account).is_none(), "{version} {account}");
        }
    }
}
