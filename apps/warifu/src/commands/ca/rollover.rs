//! `warifu ca rollover`: an authority gets a new key (K1).

use super::record_files;
use crate::{
    api::view,
    cli::Run,
    commands::{no_authority, nothing_changed, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
    terminal::Page,
};
use authority_engine::{
    ceremony::{RolloverRequest, rollover},
    lists,
};
use authority_front::Text;
use authority_journal::authorities;
use core_crypto::KeyAlg;
use core_words::{Actor, AuthorityId, ProfileId};
use core_x509::time::Period;
use kit_store::StoreError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// 鍵を更新し、リンク証明書を作る / give an authority a new key
#[derive(clap::Args, Debug)]
pub struct Rollover {
    /// The authority
    authority: String,
    /// The generation that issues now; naming it makes a repeat harmless. Needed with --perform
    #[arg(long, value_name = "NUMBER", required_if_eq("perform", "true"))]
    from: Option<u16>,
    /// The kind of the new key (p-256, rsa-4096, ml-dsa-65 …); else that of the old one
    #[arg(long, value_name = "KIND")]
    key: Option<String>,
    /// The profile of the new certificate; else that of the old one
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// How long the new certificate is valid ("20 years"); else as the profile says
    #[arg(long, value_name = "TERM")]
    valid: Option<String>,
    /// The profile of link certificates
    #[arg(long, value_name = "NAME", default_value = "link")]
    link_profile: String,
    /// Do it; without this it is only shown
    #[arg(long)]
    perform: bool,
    /// Where the signed record is written
    #[arg(long, value_name = "DIR", requires = "perform")]
    record: Option<PathBuf>,
}

/// Gives an authority a new key.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// Which.
    pub authority: String,
    /// The generation that issues now.
    pub from: Option<u16>,
    /// The kind of the new key.
    pub key: Option<String>,
    /// The profile of the new certificate.
    pub profile: Option<String>,
    /// How long it is valid.
    pub valid: Option<String>,
    /// The profile of link certificates.
    pub link_profile: String,
    /// Whether it is done.
    pub perform: bool,
    /// Where the record is written.
    pub record: Option<PathBuf>,
}

impl Rollover {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let deed = Deed {
            authority: self.authority,
            from: self.from,
            key: self.key,
            profile: self.profile,
            valid: self.valid,
            link_profile: self.link_profile,
            perform: self.perform,
            record: self.record,
        };
        carry_out(run, AnyDeed::Rollover(deed), self.perform).await
    }
}

impl Deed {
    /// Carries it out.
    ///
    /// # Errors
    /// What a rollover runs into.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let request = self.request()?;
        let wanted = request.authority.clone();
        let found = installation
            .db
            .read(move |tx| {
                let Some(authority) = authorities::get(tx, &wanted)? else { return Ok(None) };
                let active = authorities::active_generation(tx, &wanted)?;
                Ok::<_, StoreError>(active.map(|active| (authority, active)))
            })
            .await;
        let (authority, active) =
            found.map_err(|e| store_fail(&e))?.ok_or_else(|| no_authority(&self.authority))?;
        let mut page = Page::new(lang);
        page.field("認証局", "authority", &authority.id);
        page.field("現在の鍵世代", "active generation", active.generation);
        page.field("その終了", "which ends", view::rfc3339(active.not_after));
        if !self.perform {
            page.field("新しい鍵", "new key", request.key.map_or("-".into(), |k| k.name().to_owned()));
            match authority.parent {
                Some(parent) => page.line(
                    format!("{parent} が新しい鍵を認証します。"),
                    format!("{parent} will certify the new key."),
                ),
                None => page.line(
                    "新しい自己署名証明書と 2 枚のリンク証明書を作ります。",
                    "A new self-signed certificate and two link certificates will be made.",
                ),
            }
            nothing_changed(&mut page);
            return Ok(Report::ok(page));
        }
        let rolled = rollover(&installation.ctx, &installation.profiles, &request, actor).await;
        let rolled = rolled.map_err(|e| Fail::from(e.refusal()))?;
        installation.engine.forget(&request.authority);
        page.field("新しい鍵世代", "new generation", rolled.generation);
        page.raw(view::pem(&rolled.certificate).trim_end());
        for link in &rolled.links {
            page.field("リンク証明書", "link certificate", &link.name);
        }
        if rolled.repeated {
            page.line("これは完了済みでした。", "It was done before.");
        }
        if let Err(error) = lists::publish_due(&installation.ctx).await {
            page.line(
                format!("新しい世代の失効リストはまだ作れません: {error}"),
                format!("The lists of the new generation could not be made yet: {error}"),
            );
        }
        let report = Report::ok(page);
        Ok(match &self.record {
            Some(dir) => record_files(report, dir, &rolled.record),
            None => report,
        })
    }

    fn request(&self) -> Outcome<RolloverRequest> {
        let slug = "名前の形式ではありません";
        let key = match &self.key {
            None => None,
            Some(name) => Some(KeyAlg::from_name(name).ok_or_else(|| unknown_key(name))?),
        };
        let profile = self.profile.as_deref().map(ProfileId::new).transpose();
        Ok(RolloverRequest {
            authority: AuthorityId::new(&self.authority).map_err(|e| unfit("AUTHORITY", slug, &e))?,
            from: self.from.unwrap_or(0),
            key,
            profile: profile.map_err(|e| unfit("--profile", slug, &e))?,
            valid: self.valid.as_deref().map(term).transpose()?,
            link_profile: ProfileId::new(&self.link_profile)
                .map_err(|e| unfit("--link-profile", slug, &e))?,
            participants: Vec::new(),
        })
    }
}

/// A term of validity on the command line.
///
/// # Errors
/// Not one.
pub(super) fn term(text: &str) -> Outcome<Period> {
    Period::parse(text).ok_or_else(|| {
        unfit(
            "--valid",
            "期間（例 20 years）ではありません",
            &format!("'{text}' is not a term such as 20 years"),
        )
    })
}

fn unknown_key(name: &str) -> Fail {
    let known: Vec<&str> = KeyAlg::ALL.into_iter().map(KeyAlg::name).collect();
    let known = known.join(", ");
    Fail::new(
        Exit::Usage,
        "cli.unknown_key",
        Text::new(
            format!("--key {name}: 知らない鍵の種類です。"),
            format!("--key {name}: unknown kind of key."),
        ),
        Text::new(format!("使えるもの: {known}"), format!("Known are {known}.")),
    )
}
