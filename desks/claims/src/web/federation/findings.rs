//! What is wrong with a file, line by line: the same table for every file that is taken in (C10, C23).

use core_sheet::Findings;
use kit_web::{
    Say, Stack,
    parts::{Cell, Column, Line, Table},
};

/// Adds the findings of a file, if it has any, under this title; of more than are kept it says so.
pub(super) fn told(body: Stack, say: &Say, title: &str, findings: Option<&Findings>) -> Stack {
    let Some(findings) = findings else { return body };
    let body = body.add(&table(say, title, findings));
    match findings.more_text() {
        Some(more) => body.text(say.text(&more)),
        None => body,
    }
}

fn table(say: &Say, title: &str, findings: &Findings) -> Table {
    let columns = vec![
        Column::new(say.t("claims-pay-import-line")).figures(),
        Column::new(say.t("claims-pay-import-column")).whole(),
        Column::new(say.t("claims-pay-import-what")),
        Column::new(say.t("claims-pay-import-value")),
    ];
    let lines = findings.iter().map(|finding| {
        Line::new(vec![
            Cell::text(finding.line.to_string()),
            Cell::text(&finding.column),
            Cell::text(say.text(&finding.text)),
            Cell::text(&finding.value),
        ])
    });
    Table::new(say, title, columns, "").lines(lines.collect())
}
