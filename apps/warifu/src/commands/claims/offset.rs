//! `warifu claims offset`: months of offset fees for the payment system, their closing, their files (C18).

use super::desk;
use crate::{
    cli::Run,
    commands::{nothing_changed, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::Installation,
    lang::Lang,
    terminal::Page,
};
use authority_front::Text;
use base16ct::lower::encode_string as hex;
use core_words::Actor;
use desk_claims::{
    offset::{Month, Sums},
    service::{Offsets, OpenPeriod},
    status::Hat,
};
use kit_desk::Doer;
use kit_gate::Scope;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// 手数料の相殺 / months of offset fees
#[derive(clap::Subcommand, Debug)]
pub enum Offset {
    /// 年月の一覧 / months that are open, being closed and closed
    List,
    /// 年月を締める / close a month
    Close(Close),
    /// 相殺ファイルを書き出す / write the file of a closed month
    File(File),
}

/// 年月を締める / close a month
#[derive(clap::Args, Debug)]
pub struct Close {
    /// The month, as 2026-11: the one that is to be closed next
    month: String,
    /// Do it; without this it is only looked at
    #[arg(long)]
    perform: bool,
}

/// 相殺ファイルを書き出す / write the file of a closed month
#[derive(clap::Args, Debug)]
pub struct File {
    /// The month, as 2026-11
    month: String,
    /// Where the file is written
    file: PathBuf,
}

/// Something about months of offset fees.
#[derive(Clone, Serialize, Deserialize)]
pub enum Deed {
    /// Lists them.
    List,
    /// Closes one, or tells what would be closed.
    Close {
        /// Which, as 2026-11.
        month: String,
        /// Whether it is done.
        perform: bool,
    },
    /// Writes the file of one.
    File {
        /// Which, as 2026-11.
        month: String,
        /// Where.
        path: PathBuf,
    },
}

impl Offset {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let deed = match self {
            Self::List => Deed::List,
            Self::Close(Close { month, perform }) => Deed::Close { month, perform },
            Self::File(File { month, file }) => Deed::File { month, path: file },
        };
        // A word that is no month is told before anybody is asked.
        if let Deed::Close { month, .. } | Deed::File { month, .. } = &deed {
            month_of(month)?;
        }
        carry_out(run, AnyDeed::Offset(deed), false).await
    }
}

impl Deed {
    /// Does it. What is begun is carried out by the workers of a server.
    ///
    /// # Errors
    /// `cli.unfit` for what is no month; `claims.…`, as on the pages.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let claims = desk(installation)?;
        let scope = Scope::of_the_house(claims.settings().operator.clone());
        let mut page = Page::new(lang);
        match self {
            Self::List => {
                list(&mut page, lang, &claims.offsets(scope).await?);
                Ok(Report::ok(page))
            }
            Self::Close { month, perform: false } => {
                let month = month_of(&month)?;
                let open = claims.offsets(scope).await?.open;
                look(&mut page, &open.filter(|open| open.period.month == month).ok_or_else(not_next)?);
                nothing_changed(&mut page);
                Ok(Report::ok(page))
            }
            Self::Close { month, perform: true } => {
                let month = month_of(&month)?;
                let doer = Doer { capacity: Hat::Manager, actor: actor.clone(), account: None };
                claims.close_offset(scope, month, doer).await?;
                page.field("年月", "month", month);
                page.next(
                    "締めを始めました。終わると `warifu claims offset list` に「締め済み」と表示されます。",
                    "The closing has begun. When it is over, `warifu claims offset list` shows it as closed.",
                );
                Ok(Report::ok(page))
            }
            Self::File { month, path } => {
                let month = month_of(&month)?;
                let octets = claims.offset_file(scope.clone(), month).await?;
                let period = claims.offset_period(scope, month).await?;
                page.field("ファイル", "file", path.display());
                if let Some(closing) = &period.closed {
                    tell(&mut page, &closing.sums);
                    page.field("SHA-256", "SHA-256", hex(&closing.sha256));
                }
                Ok(Report::ok(page).with_file(path, octets))
            }
        }
    }
}

/// The months, one a line.
fn list(page: &mut Page, lang: Lang, offsets: &Offsets) {
    let state = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let row = |month: Month, state: String, sums: Option<&Sums>, sha256: String| {
        let figure = |of: fn(&Sums) -> String| sums.map(of).unwrap_or_default();
        vec![
            month.to_string(),
            state,
            figure(|s| s.charges.to_string()),
            figure(|s| s.total().0.to_string()),
            sha256,
        ]
    };
    let open = offsets.open.iter().map(|open| {
        let state = match open.over {
            true => state("締められます", "can be closed"),
            false => state("途中", "open"),
        };
        row(open.period.month, state, Some(&open.sums), String::new())
    });
    let closed = offsets.closed.iter().map(|period| match &period.closed {
        None => row(period.period.month, state("締めの途中", "being closed"), None, String::new()),
        Some(closing) => {
            let sha256 = hex(&closing.sha256);
            row(period.period.month, state("締め済み", "closed"), Some(&closing.sums), sha256)
        }
    });
    let heading = [
        ("年月", "month"),
        ("状態", "state"),
        ("発行件数", "certificates"),
        ("相殺額（円）", "to be offset, yen"),
        ("SHA-256", "SHA-256"),
    ];
    page.table(&heading, &open.chain(closed).collect::<Vec<_>>());
}

/// What would be closed.
fn look(page: &mut Page, open: &OpenPeriod) {
    page.field("年月", "month", open.period.month);
    tell(page, &open.sums);
    if !open.over {
        page.line("この年月はまだ終わっていません。", "This month is not over yet.");
    }
    if open.uncharged > 0 {
        page.line(
            format!(
                "手数料が計上されていない証明書が {} 件あります。このままでは締まりません。",
                open.uncharged
            ),
            format!("{} certificates were never charged for: the month will not close.", open.uncharged),
        );
    }
}

fn tell(page: &mut Page, sums: &Sums) {
    page.field("発行件数", "certificates", sums.charges);
    page.field("発行手数料（円）", "their fees, yen", sums.charged);
    page.field("訂正件数", "corrections", sums.corrections);
    page.field("訂正額（円）", "what they change, yen", sums.corrected);
    page.field("相殺額（円）", "to be offset, yen", sums.total());
    page.field("うち消費税（円）", "the tax in it, yen", sums.tax);
}

fn month_of(text: &str) -> Outcome<Month> {
    let wrong = || unfit(text, "2026-11 の形式の年月ではありません。", &"not a month such as 2026-11");
    Month::parse(text).ok_or_else(wrong)
}

/// Months are closed in their order.
fn not_next() -> Fail {
    Fail::new(
        Exit::Refused,
        "cli.not_next_month",
        Text::new("次に締める年月ではありません。", "This is not the month that is to be closed next."),
        Text::new(
            "`warifu claims offset list` で確認してください。",
            "See the months with `warifu claims offset list`.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_words::{UtcMicros, Yen};
    use desk_claims::{ClosedPeriod, Closing, offset::Period, settings::OffsetTerms};

    fn period(text: &str) -> Period {
        let month = Month::parse(text).expect("a month");
        Period { month, begins: UtcMicros(0), ends: UtcMicros(1) }
    }

    fn sums() -> Sums {
        Sums { charges: 2, charged: Yen(15_600), corrections: 1, corrected: Yen(-7_800), tax: Yen(709) }
    }

    #[test]
    fn c18_months_are_listed_with_what_can_be_done() {
        let closed = |text: &str, closed| ClosedPeriod {
            period: period(text),
            encoding: OffsetTerms::default().encoding,
            started: UtcMicros(2),
            closed,
        };
        let closing = Closing { at: UtcMicros(3), holders: 1, sums: sums(), sha256: [0xab; 32] };
        let offsets = Offsets {
            open: Some(OpenPeriod { period: period("2026-11"), sums: sums(), uncharged: 3, over: true }),
            closed: vec![closed("2026-10", None), closed("2026-09", Some(closing))],
            corrections: Vec::new(),
            by_itself: false,
        };
        let mut page = Page::new(Lang::En);
        list(&mut page, Lang::En, &offsets);
        let text = page.into_text();
        let lines: Vec<Vec<&str>> =
            text.lines().map(|line| line.split("  ").map(str::trim).collect()).collect();
        let begins = |line: usize, words: &[&str]| {
            let cells: Vec<&str> = lines[line].iter().copied().filter(|cell| !cell.is_empty()).collect();
            assert_eq!(cells[..words.len()], *words, "{text}");
        };
        begins(1, &["2026-11", "can be closed", "2", "7800"]);
        begins(2, &["2026-10", "being closed"]);
        begins(3, &["2026-09", "closed", "2", "7800", &"ab".repeat(32)]);

        let mut page = Page::new(Lang::En);
        look(&mut page, &offsets.open.expect("it is there"));
        let text = page.into_text();
        assert!(
            text.contains("3 certificates were never charged for") && !text.contains("not over"),
            "{text}"
        );
    }

    #[test]
    fn c18_what_is_no_month_is_told_as_such() {
        for bad in ["", "2026", "2026-13", "2026-1", "202611", "x"] {
            assert_eq!(month_of(bad).map_err(|fail| fail.code), Err("cli.unfit".to_owned()), "{bad}");
        }
        assert!(month_of("2026-11").is_ok());
    }
}
