//! `warifu ca revoke`: revoking, holding, releasing at the command line (K4).

use super::issue::cert_ref;
use crate::{
    api::{refusals, revoke::reason, view},
    cli::Run,
    commands::{nothing_changed, time},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
    terminal::Page,
};
use authority_front::{CertificateState, Front, Revocation};
use authority_journal::authorities;
use core_words::{Actor, UtcSeconds};
use serde::{Deserialize, Serialize};

/// 証明書を失効・停止・解除する / revoke, hold or release a certificate
#[derive(clap::Args, Debug)]
pub struct Revoke {
    /// The authority that issued it
    authority: String,
    /// Its serial number, hexadecimal
    serial: String,
    /// The reason by its name in RFC 5280; certificateHold suspends, removeFromCRL releases
    #[arg(long, value_name = "NAME")]
    reason: String,
    /// Since when the key is known or suspected to be bad (RFC 3339)
    #[arg(long, value_name = "TIME")]
    invalidity: Option<String>,
    /// Do it; without this it is only shown
    #[arg(long)]
    perform: bool,
}

/// Changes a certificate's state.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The authority that issued it.
    pub authority: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The reason by its name in RFC 5280.
    pub reason: String,
    /// Since when the key was bad, seconds UTC.
    pub invalidity: Option<i64>,
    /// Whether it is done.
    pub perform: bool,
}

impl Revoke {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        reason(&self.reason).map_err(Fail::from)?;
        cert_ref(&self.authority, &self.serial)?;
        let invalidity = self.invalidity.as_deref().map(time).transpose().map_err(Fail::from)?;
        let deed = Deed {
            authority: self.authority,
            serial: self.serial,
            reason: self.reason,
            invalidity: invalidity.map(|t| t.0),
            perform: self.perform,
        };
        carry_out(run, AnyDeed::Revoke(deed), false).await
    }
}

impl Deed {
    /// Carries it out.
    ///
    /// # Errors
    /// The authority's refusal.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let cert = cert_ref(&self.authority, &self.serial)?;
        let found = installation.engine.certificate(&cert).await?;
        let found = found.ok_or_else(|| Fail::from(refusals::no_certificate()))?;
        let mut page = Page::new(lang);
        page.field("認証局", "authority", &cert.authority);
        page.field("シリアル番号", "serial number", cert.serial);
        page.field("発行", "issued", view::rfc3339_micros(found.issued_at));
        page.field("状態", "state", state(&found.state));
        if !self.perform {
            page.field("理由", "reason", &self.reason);
            nothing_changed(&mut page);
            return Ok(Report::ok(page));
        }
        let wanted = cert.authority.clone();
        let authority = installation.db.read(move |tx| authorities::get(tx, &wanted)).await;
        let authority = authority.map_err(|e| store_fail(&e))?;
        let operator = authority.ok_or_else(|| crate::commands::no_authority(&self.authority))?.operator;
        let revocation = Revocation {
            cert,
            reason: reason(&self.reason).map_err(Fail::from)?,
            invalidity: self.invalidity.map(UtcSeconds),
            operator,
            actor: actor.clone(),
        };
        let revoked = installation.engine.revoke(revocation).await?;
        page.field("新しい状態", "new state", state(&revoked.state));
        if revoked.repeated {
            page.line("すでにその状態でした。", "It was so already.");
        }
        Ok(Report::ok(page))
    }
}

fn state(state: &CertificateState) -> String {
    let body = view::state(state);
    let parts = [Some(body.state), body.reason, body.since.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
