//! `warifu claims import` and `warifu claims export`: the records of care providers and agents as a file (C23).

use super::desk;
use crate::{
    cli::Run,
    commands::nothing_changed,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::Installation,
    lang::Lang,
    terminal::Page,
};
use authority_front::Text;
use core_words::Actor;
use desk_claims::{
    office::import::{NotTaken, Plan},
    status::Hat,
};
use kit_desk::Doer;
use kit_gate::Scope;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};

/// The most octets of a file: as a deed on its way it is four times as long.
const MOST_OCTETS: u64 = 30 << 20;

/// 事業所・代理人を CSV から取り込む / import care providers and agents from CSV
#[derive(clap::Args, Debug)]
pub struct Import {
    /// The file: UTF-8 or Shift_JIS, at most 200,000 lines
    file: PathBuf,
    /// Do it; without this it is only checked
    #[arg(long)]
    perform: bool,
}

/// 事業所・代理人を CSV に書き出す / write care providers and agents as CSV
#[derive(clap::Args, Debug)]
pub struct Export {
    /// Where the file is written
    file: PathBuf,
    /// In Shift_JIS instead of UTF-8
    #[arg(long)]
    shift_jis: bool,
}

/// Imports a file, or checks what would be imported.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The file.
    pub octets: Vec<u8>,
    /// Whether it is done.
    pub perform: bool,
}

/// Writes a file.
#[derive(Clone, Serialize, Deserialize)]
pub struct Write {
    /// Where.
    pub path: PathBuf,
    /// In which encoding.
    pub shift_jis: bool,
}

impl Import {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let octets = run.read_file(&self.file, MOST_OCTETS)?;
        carry_out(run, AnyDeed::ImportHolders(Deed { octets, perform: self.perform }), false).await
    }
}

impl Export {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let deed = Write { path: self.file, shift_jis: self.shift_jis };
        carry_out(run, AnyDeed::ExportHolders(deed), false).await
    }
}

impl Deed {
    /// Imports the file, or tells what it would do. What is begun is carried out by the workers of a server.
    ///
    /// # Errors
    /// A file of which anything is wrong.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let claims = desk(installation)?;
        let scope = Scope::of_the_house(claims.settings().operator.clone());
        let octets = Arc::new(self.octets);
        let mut page = Page::new(lang);
        if !self.perform {
            return match claims.look_at_import(scope, octets).await {
                Ok(plan) => {
                    tell(&mut page, &plan);
                    nothing_changed(&mut page);
                    Ok(Report::ok(page))
                }
                Err(not) => not_taken(not, page, lang),
            };
        }
        let doer = Doer { capacity: Hat::Manager, actor: actor.clone(), account: None };
        match claims.prepare_import(scope.clone(), octets, doer.clone()).await {
            Ok((run, plan)) => {
                claims.begin_run(scope, run, doer).await?;
                tell(&mut page, &plan);
                page.field("一括処理の番号", "run", run.0);
                page.next(
                    "取り込みを始めました。進み具合と行ごとの結果は「一括処理」の画面にあります。",
                    "The import has begun. How far it is, and what became of each line, stands on the page of mass work.",
                );
                Ok(Report::ok(page))
            }
            Err(not) => not_taken(not, page, lang),
        }
    }
}

impl Write {
    /// Writes the file.
    ///
    /// # Errors
    /// A character that Shift_JIS lacks.
    pub async fn perform(self, installation: &Installation, lang: Lang) -> Outcome<Report> {
        let claims = desk(installation)?;
        let scope = Scope::of_the_house(claims.settings().operator.clone());
        let octets = claims.export_offices(scope, self.shift_jis).await?;
        let mut page = Page::new(lang);
        page.field("ファイル", "file", self.path.display());
        Ok(Report::ok(page).with_file(self.path, octets))
    }
}

fn tell(page: &mut Page, plan: &Plan) {
    page.field("新しく登録", "entered", plan.new);
    page.field("変更", "changed", plan.changed);
    page.field("変更なし", "as they are", plan.same);
    for (line, number) in &plan.doubts {
        page.line(
            format!("{line}行目: {number} の最後の1桁が規則に合いません（取り込めます）"),
            format!("line {line}: the last digit of {number} does not follow the rule (it can be imported)"),
        );
    }
}

/// What is wrong with a file, line by line.
fn not_taken(not: NotTaken, mut page: Page, lang: Lang) -> Outcome<Report> {
    match not {
        NotTaken::Refused(refusal) => Err(Fail::from(*refusal)),
        NotTaken::Sheet(bad) => {
            let next = Text::new("ファイルを確かめてください。", "Please look at the file.");
            Err(Fail::new(Exit::Refused, "claims.bad_file", bad.text(), next))
        }
        NotTaken::Lines(findings) => {
            for finding in findings.iter() {
                let what = lang.of(&finding.text);
                page.raw(format!("{}\t{}\t{what}\t{}", finding.line, finding.column, finding.value));
            }
            if let Some(more) = findings.more_text() {
                page.line(&more.ja, &more.en);
            }
            page.next("何も取り込んでいません。", "Nothing was taken.");
            Ok(Report::new(Exit::Refused, page))
        }
    }
}
