//! A calendar file that tells of the last day of a certificate (RFC 5545), for whatever calendar its holder keeps.

use core_words::UtcMicros;
use kit_web::dates::Day;

/// A whole day to be entered in a calendar, with a reminder 30 and 7 days before it, at nine in the morning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// By what a calendar knows the entry again: a later file of the same takes the place of the earlier.
    pub uid: &'a str,
    /// When the file is written.
    pub stamp: UtcMicros,
    /// The day, of Japan. It stands in the calendar as this day, wherever that is read.
    pub day: Day,
    /// One line.
    pub summary: &'a str,
    /// Several lines.
    pub description: &'a str,
    /// Where to go.
    pub url: &'a str,
    /// What the reminders say.
    pub reminder: &'a str,
}

/// The longest line, in octets, without its end (RFC 5545 section 3.1).
const LINE: usize = 75;

/// The file: UTF-8, lines ending in CRLF.
pub fn file(entry: &Entry<'_>) -> Vec<u8> {
    let next = Day::of(entry.day.begins().plus_seconds(86_400));
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Warifu//claims//JA".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "X-WR-TIMEZONE:Asia/Tokyo".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", text(entry.uid)),
        format!("DTSTAMP:{}", moment(entry.stamp)),
        format!("DTSTART;VALUE=DATE:{}", date(entry.day)),
        // The day on which it is over (section 3.6.1).
        format!("DTEND;VALUE=DATE:{}", date(next)),
        format!("SUMMARY:{}", text(entry.summary)),
        format!("DESCRIPTION:{}", text(entry.description)),
        format!("URL:{}", uri(entry.url)),
        "TRANSP:TRANSPARENT".to_owned(),
    ];
    // From midnight of the day backwards: nine o'clock 30 and 7 days before.
    for trigger in ["-P29DT15H", "-P6DT15H"] {
        lines.extend([
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("TRIGGER:{trigger}"),
            format!("DESCRIPTION:{}", text(entry.reminder)),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    let mut file = String::new();
    for line in &lines {
        fold(line, &mut file);
    }
    file.into_bytes()
}

/// A TEXT (section 3.3.11): commas, semicolons, backslashes and line breaks are escaped, other controls left out.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").replace('\r', "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A URI of this house: no control character can stand in it.
fn uri(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() && *c != ' ').collect()
}

/// A line, folded where it is longer than it may be, never within a character.
fn fold(line: &str, file: &mut String) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            file.push_str("\r\n ");
            // The blank at the beginning is of the line.
            room = LINE - 1;
        }
        room -= c.len_utf8();
        file.push(c);
    }
    file.push_str("\r\n");
}

fn date(day: Day) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A moment in UTC: `20261120T050500Z`.
fn moment(at: UtcMicros) -> String {
    let seconds = at.whole_seconds().0.rem_euclid(86_400);
    // The day of UTC is that of Japan nine hours before.
    let day = Day::of(at.plus_seconds(-9 * 3_600));
    format!("{}T{:02}{:02}{:02}Z", date(day), seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry<'a>(summary: &'a str, description: &'a str) -> Entry<'a> {
        Entry {
            uid: "C-2026-0001234-5@claims.example",
            // 2026-11-20T14:05:09+09:00.
            stamp: UtcMicros(1_795_151_109_000_000),
            day: Day::new(2029, 12, 31).expect("a day"),
            summary,
            description,
            url: "https://claims.example/claims/cases/C-2026-0001234-5",
            reminder: "まもなく期限です",
        }
    }

    /// Lines as section 3.1 has them unfolded.
    fn unfolded(file: &[u8]) -> Vec<String> {
        let text = std::str::from_utf8(file).expect("no character is cut");
        let text = text.strip_suffix("\r\n").expect("the last line ends").replace("\r\n ", "");
        text.split("\r\n").map(str::to_owned).collect()
    }

    /// A TEXT as section 3.3.11 reads it.
    fn read(value: &str) -> String {
        let (mut plain, mut chars) = (String::new(), value.chars());
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => match chars.next().expect("something is escaped") {
                    'n' | 'N' => plain.push('\n'),
                    c => plain.push(c),
                },
                (',' | ';', _) => panic!("bare {c}"),
                (c, _) => plain.push(c),
            }
        }
        plain
    }

    #[test]
    fn c12_the_calendar_has_the_last_day_and_two_reminders() {
        let file = file(&entry("電子証明書の期限, さくら; 園", "一行目\n二行目 \\"));
        let lines = unfolded(&file);
        for line in [
            "UID:C-2026-0001234-5@claims.example",
            "DTSTAMP:20261120T050509Z",
            "DTSTART;VALUE=DATE:20291231",
            "DTEND;VALUE=DATE:20300101",
            "SUMMARY:電子証明書の期限\\, さくら\\; 園",
            "DESCRIPTION:一行目\\n二行目 \\\\",
            "TRIGGER:-P6DT15H",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:#?}");
        }
        assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VALARM").count(), 2);
        assert_eq!(
            (lines[0].as_str(), lines[lines.len() - 1].as_str()),
            ("BEGIN:VCALENDAR", "END:VCALENDAR")
        );
    }

    proptest! {
        #[test]
        fn c12_whatever_stands_in_a_calendar_is_read_back_and_no_line_is_too_long(
            summary in "\\PC{0,200}",
            description in "[\\PC\n,;\\\\]{0,300}",
        ) {
            let file = file(&entry(&summary, &description));
            for line in std::str::from_utf8(&file).expect("UTF-8").split("\r\n") {
                prop_assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{}", line);
            }
            let lines = unfolded(&file);
            let value = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).map(read);
            prop_assert_eq!(value("SUMMARY:"), Some(summary));
            prop_assert_eq!(value("DESCRIPTION:"), Some(description));
            prop_assert_eq!(lines.iter().filter(|line| line.starts_with("BEGIN:")).count(), 4);
        }
    }
}
