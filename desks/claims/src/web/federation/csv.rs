//! The list as a file (C8): UTF-8 with a mark at its beginning, RFC 4180, at most 10,000 lines.

use super::query;
use crate::{Claims, Line, service::MOST_LINES, web::Staff};
use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use core_words::UtcMicros;
use kit_desk::Status;
use kit_web::{Frame, Refused, Say};

pub(super) async fn send(
    State(claims): State<Claims>,
    staff: Staff,
    frame: Frame,
    RawQuery(asked): RawQuery,
) -> Result<Response, Refused> {
    let lines = claims.lines(staff.scope(), query::parse(asked.as_deref())).await?;
    let stamp: String = time(&frame.say, frame.now).chars().filter(char::is_ascii_digit).take(12).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"claims-{stamp}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file(&frame.say, &lines)).into_response())
}

/// Whether a list of so many lines is longer than its file.
pub(super) fn is_cut(total: u64) -> bool {
    total > u64::from(MOST_LINES)
}

/// The file.
fn file(say: &Say, lines: &[Line]) -> String {
    let head = [
        say.t("claims-fed-number"),
        say.t("claims-fed-status"),
        say.t("claims-fed-csv-applied"),
        say.t("claims-fed-provider-number"),
        say.t("claims-fed-provider-name"),
        say.t("claims-fed-provider-kana"),
    ];
    let mut text = String::from('\u{feff}');
    text.push_str(&row(&head));
    for line in lines {
        let status = line.standing.label();
        let status = say.text(&status).to_owned();
        let Line { number, holder_number, holder_name, holder_kana, .. } = line;
        let applied = time(say, line.applied);
        text.push_str(&row(&[
            number.clone(),
            status,
            applied,
            holder_number.clone(),
            holder_name.clone(),
            holder_kana.clone(),
        ]));
    }
    text
}

/// 2026-11-20 14:05:00, in Japan: what spreadsheets take for a time.
pub(super) fn time(say: &Say, at: UtcMicros) -> String {
    say.machine_time(at).chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// A line of fields.
pub(super) fn row(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| cell(field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field in quotes. One that a spreadsheet would take for a formula begins with an apostrophe, which says that it is
/// text: names are typed by others.
fn cell(text: &str) -> String {
    let first = text.trim_start().chars().next();
    let formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%'))
        || text.starts_with(['\t', '\r', '\n']);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('\0', "").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Standing;
    use core_words::Lang;
    use kit_web::{gallery::SAMPLE_NOW, testing};

    #[test]
    fn c8_what_looks_like_a_formula_is_defused() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝HYPERLINK(\"https://evil.example\")",
            "＋1",
            "－1",
            "＠a",
            "\t=1",
            " =1",
            "　=1",
            "\r=1",
            "|calc",
            "%0A",
        ] {
            assert!(cell(formula).starts_with("\"'"), "{formula:?} became {}", cell(formula));
        }
        for plain in ["さくら", "1310000011", "a=b", "C-2026-0000001-7", "", "２０２６"] {
            assert_eq!(cell(plain), format!("\"{plain}\""));
        }
    }

    #[test]
    fn c8_quotes_and_line_breaks_stay_in_their_field() {
        assert_eq!(cell("a\"b"), "\"a\"\"b\"");
        assert_eq!(row(&["a,b".into(), "c\r\nd".into()]), "\"a,b\",\"c\r\nd\"\r\n");
        assert_eq!(cell("\",=1"), "\"\"\",=1\"");
    }

    #[test]
    fn c8_the_file_has_a_mark_a_head_and_a_line_for_each_case() {
        let line = Line {
            id: 1,
            number: "C-2026-0000001-7".into(),
            standing: Standing::Issued,
            applied: SAMPLE_NOW,
            holder_number: "0110000015".into(),
            holder_name: "=cmd|' /C calc'!A0".into(),
            holder_kana: "サクラ".into(),
        };
        let say = testing::chrome(&[crate::plug::TEXTS]).texts().say(Lang::Ja);
        let text = file(&say, &[line]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "\u{feff}\"受付番号\",\"状況\",\"申請日時（日本時間）\",\"番号\",\"名称\",\"カナ\""
        );
        assert_eq!(
            lines[1],
            "\"C-2026-0000001-7\",\"発行済み\",\"2026-11-20 14:05:00\",\"0110000015\",\"'=cmd|' /C calc'!A0\",\"サクラ\""
        );
        assert_eq!(lines.len(), 3);
    }
}
