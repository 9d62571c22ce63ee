//! One page: the diagram, the statuses, the transitions.

use crate::requirements;
use core_words::Text;
use kit_desk::{Capacity, Line, Status, Table, Verb};
use std::fmt::Write as _;

/// What the page needs beside the table.
pub(crate) struct Told {
    /// What the desk is called.
    pub(crate) name: Text,
    /// Where its table stands.
    pub(crate) place: &'static str,
    /// What stands there.
    pub(crate) source: &'static str,
}

/// The page of a table, without its first line.
pub(crate) fn page<S: Status, V: Verb, C: Capacity>(told: &Told, table: &Table<S, V, C>) -> String {
    let Told { name, place, source } = told;
    let mut text = format!(
        "# {}の状況 / {}: statuses\n\n\
         Drawn from the table in [{place}](../../{place}), which decides what is possible: rules, buttons and API ask \
         the same table. What stands in no line is refused.\n\n```mermaid\n{}```\n\n## 状況 / Statuses\n\n\
         | | 状況 | status | name in the API |\n|---|---|---|---|\n",
        name.ja,
        name.en,
        table.diagram()
    );
    for status in S::ALL {
        let label = status.label();
        let ends = !table.0.iter().any(|line| line.from == Some(*status));
        let (ja, en) = if ends { ("（終わり）", " (the end)") } else { ("", "") };
        let (code, slug) = (status.code(), status.slug());
        // Writing into a String cannot fail, here and below.
        let _ = writeln!(text, "| {code} | {}{ja} | {}{en} | `{slug}` |", label.ja, label.en);
    }
    text.push_str(
        "\n## 操作 / Commands\n\n\
         | 状況 status | 操作 command | | できる人 who may | 次の状況 next status | 要件 requirement |\n\
         |---|---|---|---|---|---|\n",
    );
    for line in table.0 {
        let _ = writeln!(text, "{}", row(line, source));
    }
    text
}

fn row<S: Status, V: Verb, C: Capacity>(line: &Line<S, V, C>, source: &str) -> String {
    let both = |text: Text| format!("{}<br>{}", text.ja, text.en);
    let named = |status: S| format!("{} {}", status.code(), both(status.label()));
    let from = line.from.map_or_else(|| "（申請前）<br>before there is a case".to_owned(), named);
    let who: Vec<Text> = line.by.iter().map(|capacity| capacity.label()).collect();
    let who = Text::new(joined(&who, "・", |text| &text.ja), joined(&who, ", ", |text| &text.en));
    let to = |status: S| match line.from == Some(status) {
        true => format!("{}（そのまま）<br>unchanged", status.code()),
        false => named(status),
    };
    let to: Vec<String> = line.to.iter().map(|status| to(*status)).collect();
    let wanted = requirements::of_variant(source, &format!("{:?}", line.verb));
    let wanted = if wanted.is_empty() { "–".to_owned() } else { wanted.join(", ") };
    let (command, slug) = (both(line.verb.label()), line.verb.slug());
    format!("| {from} | {command} | `{slug}` | {} | {} | {wanted} |", both(who), to.join("<br>"))
}

fn joined<'a>(texts: &'a [Text], between: &str, of: impl Fn(&'a Text) -> &'a String) -> String {
    texts.iter().map(|text| of(text).as_str()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C21: the page has a row for every line of the table, and every arrow is drawn.
    #[test]
    fn c21_every_line_of_the_table_is_on_the_page() {
        let source = "enum Deed {\n    /// 申請 (C1).\n    Apply,\n}\n";
        let told = Told { name: Text::new("窓口", "Desk"), place: "x.rs", source };
        let table = desk_claims::status::TABLE;
        let page = page(&told, &table);
        let (above, rows) = page.split_once("|---|---|---|---|---|---|\n").expect("the second table");
        assert_eq!(rows.lines().count(), table.0.len());
        assert!(rows.lines().next().is_some_and(|row| row.ends_with("| C1 |")), "{rows}");
        assert!(rows.contains("| 5（そのまま）<br>unchanged | – |"), "{rows}");
        let moves = table.0.iter().flat_map(|line| line.to.iter().map(move |to| (line.from, *to)));
        let moves = moves.filter(|(from, to)| *from != Some(*to)).count();
        assert_eq!(above.matches(" --> ").count(), moves);
        assert_eq!(above.matches("（終わり）").count(), 2);
    }
}
