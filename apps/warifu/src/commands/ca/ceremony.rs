//! `warifu ca ceremony FILE`: authorities come to life (K1).

use super::record_files;
use crate::{
    api::view::rfc3339,
    cli::Run,
    commands::nothing_changed,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, configured_passphrase},
    lang::Lang,
    terminal::Page,
};
use authority_engine::{
    ceremony::{self, CeremonyPlan, Progress},
    lists,
};
use authority_front::Text;
use core_words::Actor;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// 鍵生成式を行う / hold a key ceremony
#[derive(clap::Args, Debug)]
pub struct Ceremony {
    /// The ceremony file, TOML
    file: PathBuf,
    /// Hold it; without this it is only rehearsed
    #[arg(long)]
    perform: bool,
    /// Where the signed record is written: ceremony.json, ceremony.json.sig, ceremony.pub.pem
    #[arg(long, value_name = "DIR", requires = "perform")]
    record: Option<PathBuf>,
}

/// Holds, or rehearses, a ceremony.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The text of the file.
    pub text: String,
    /// Whether it is held.
    pub perform: bool,
    /// Where the record is written.
    pub record: Option<PathBuf>,
}

impl Ceremony {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let octets = run.read_file(&self.file, ceremony::file::MAX_OCTETS as u64)?;
        let text = String::from_utf8(octets).map_err(|_| {
            Fail::usage("cli.unfit", Text::new("FILE: UTF-8 ではありません", "FILE: it is not UTF-8"))
        })?;
        let deed = Deed { text, perform: self.perform, record: self.record };
        carry_out(run, AnyDeed::Ceremony(deed), self.perform).await
    }
}

impl Deed {
    /// Carries it out. The first ceremony makes the key store, where the passphrase is configured.
    ///
    /// # Errors
    /// Every problem of the file; what a ceremony runs into.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let Installation { ctx, profiles, config, .. } = installation;
        let plan = ceremony::plan(ctx, &self.text, profiles).await.map_err(|e| Fail::from(e.refusal()))?;
        let named = &plan.file.installation.name;
        if let Some(configured) = config.installation.name.as_ref().filter(|configured| *configured != named)
        {
            return Err(other_name(named, configured));
        }
        let mut page = Page::new(lang);
        show(&plan, &mut page);
        if !self.perform {
            nothing_changed(&mut page);
            return Ok(Report::ok(page));
        }
        if installation.ledger_key().await?.is_none()
            && let Some(passphrase) = configured_passphrase(config)?
        {
            installation.found(&passphrase).await?;
        }
        let held = ceremony::perform(ctx, &plan, actor).await.map_err(|e| Fail::from(e.refusal()))?;
        for authority in &held.authorities {
            installation.engine.forget(authority);
        }
        page.raw("");
        match held.repeated {
            true => page.line("この鍵生成式は完了済みです。", "This ceremony was held to its end before."),
            false => page.line("鍵生成式が完了しました。", "The ceremony was held to its end."),
        }
        if let Err(error) = lists::publish_due(ctx).await {
            page.line(
                format!("最初の失効リストはまだ作れません: {error}"),
                format!("The first lists could not be made yet: {error}"),
            );
        }
        if let Some(key) = installation.ledger_key().await? {
            page.field("台帳の公開鍵", "public key of the ledger", key.verifier()?);
            page.next(
                "台帳の公開鍵と署名付き記録を、監査担当者に渡してください。",
                "Hand the public key of the ledger and the signed record to the auditor.",
            );
        }
        let report = Report::ok(page);
        Ok(match self.record {
            Some(dir) => record_files(report, &dir, &held.record),
            None => report,
        })
    }
}

fn show(plan: &CeremonyPlan, page: &mut Page) {
    page.field("設置", "installation", &plan.file.installation.name);
    page.field("URL", "URLs begin with", &plan.file.installation.base_url);
    let present: Vec<&str> = plan.file.participants.iter().map(|p| p.name.as_str()).collect();
    page.field("立会い", "present", present.join(", "));
    page.raw("");
    let rows: Vec<Vec<String>> = plan
        .entries
        .iter()
        .map(|entry| {
            let progress = match entry.progress {
                Progress::ToBeMade => "-",
                Progress::UnderWay => "under way",
                Progress::Made => "made",
            };
            vec![
                entry.kind.to_owned(),
                entry.name.clone(),
                entry.issuer.to_string(),
                entry.key.name().to_owned(),
                entry.subject.clone(),
                rfc3339(entry.not_after),
                entry.profile.clone(),
                progress.to_owned(),
            ]
        })
        .collect();
    let heading = [
        ("種類", "kind"),
        ("名前", "name"),
        ("発行者", "issuer"),
        ("鍵", "key"),
        ("主体者", "subject"),
        ("終了", "valid to"),
        ("プロファイル", "profile"),
        ("進み", "progress"),
    ];
    page.table(&heading, &rows);
}

fn other_name(named: &str, configured: &str) -> Fail {
    Fail::new(
        Exit::Refused,
        "ceremony.other_name",
        Text::new(
            format!("ファイルの設置名 {named} が設定の installation.name {configured} と違います。"),
            format!("The file names the installation {named}, but installation.name is {configured}."),
        ),
        Text::new("どちらかを直してください。", "Correct one of them."),
    )
}
