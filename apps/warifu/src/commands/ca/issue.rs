//! `warifu ca issue`: one certificate, ordered at the command line.

use crate::{
    cli::Run,
    commands::{nothing_changed, time, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Fail, Outcome},
    installation::Installation,
    lang::Lang,
    terminal::Page,
};
use authority_front::{Front, Order, RequestedName, Text, Validity};
use authority_journal::authorities;
use core_pack::sniff::{self, Object};
use core_words::{Actor, AuthorityId, ProfileId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// 証明書を発行する / issue a certificate
#[derive(clap::Args, Debug)]
pub struct Issue {
    /// The authority
    authority: String,
    /// The profile
    #[arg(long, value_name = "NAME")]
    profile: String,
    /// The PKCS#10 request, PEM or DER
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// An attribute of the subject, in order: CN=…; else that of the request
    #[arg(long = "subject", value_name = "TYPE=VALUE")]
    subject: Vec<String>,
    /// A dNSName; else those of the request
    #[arg(long = "dns", value_name = "NAME")]
    dns_names: Vec<String>,
    /// Last second of validity (RFC 3339); else as the profile says
    #[arg(long, value_name = "TIME")]
    not_after: Option<String>,
    /// A repeat under the same key returns the first result
    #[arg(long, value_name = "TEXT")]
    key: Option<String>,
    /// Where the certificate is written, PEM; else to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do it; without this it is only checked
    #[arg(long)]
    perform: bool,
}

/// Issues, or checks what would be issued.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The authority.
    pub authority: String,
    /// The profile.
    pub profile: String,
    /// The PKCS#10 request, DER.
    pub request: Vec<u8>,
    /// Attributes of the subject; empty for those of the request.
    pub subject: Vec<(String, String)>,
    /// The dNSNames; `None` for those of the request.
    pub dns_names: Option<Vec<String>>,
    /// Last second of validity, seconds UTC.
    pub not_after: Option<i64>,
    /// The idempotency key.
    pub key: Option<String>,
    /// Where the certificate is written.
    pub out: Option<PathBuf>,
    /// Whether it is done.
    pub perform: bool,
}

/// Octets of a request file.
const REQUEST_OCTETS: usize = 96 << 10;

impl Issue {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let octets = run.read_file(&self.request, REQUEST_OCTETS as u64)?;
        let request = sniff::der(&octets, Object::Request, REQUEST_OCTETS)
            .map_err(|e| unfit("--request", "PKCS#10 の要求として読めません", &e))?;
        let attribute = |text: &String| match text.split_once('=') {
            Some((kind, value)) => Ok((kind.trim().to_owned(), value.to_owned())),
            None => {
                Err(unfit("--subject", "TYPE=VALUE と書いてください", &format!("'{text}' is not TYPE=VALUE")))
            }
        };
        let not_after = self.not_after.as_deref().map(time).transpose().map_err(Fail::from)?;
        let deed = Deed {
            subject: self.subject.iter().map(attribute).collect::<Result<_, _>>()?,
            dns_names: (!self.dns_names.is_empty()).then_some(self.dns_names),
            authority: self.authority,
            profile: self.profile,
            request: request.into_owned(),
            not_after: not_after.map(|t| t.0),
            key: self.key,
            out: self.out,
            perform: self.perform,
        };
        let needs_keys = deed.perform;
        carry_out(run, AnyDeed::Issue(deed), needs_keys).await
    }
}

impl Deed {
    /// Carries it out.
    ///
    /// # Errors
    /// The authority's refusal.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let authority = AuthorityId::new(&self.authority)
            .map_err(|e| unfit("AUTHORITY", "名前の形式ではありません", &e))?;
        let profile =
            ProfileId::new(&self.profile).map_err(|e| unfit("--profile", "名前の形式ではありません", &e))?;
        let wanted = authority.clone();
        let found = installation.db.read(move |tx| authorities::get(tx, &wanted)).await;
        let found = found.map_err(|e| crate::installation::store_fail(&e))?;
        let operator = found.ok_or_else(|| super::super::no_authority(&self.authority))?.operator;
        let name = (!self.subject.is_empty() || self.dns_names.is_some())
            .then(|| RequestedName { subject: self.subject.clone(), dns_names: self.dns_names.clone() });
        let validity =
            self.not_after.map(|t| Validity { not_before: None, not_after: Some(core_words::UtcSeconds(t)) });
        let order = Order {
            orderer: actor.to_string(),
            key: self.key.clone(),
            operator,
            actor: actor.clone(),
            authority,
            profile,
            request: self.request,
            name,
            validity,
            subject_ref: None,
        };
        let mut page = Page::new(lang);
        if !self.perform {
            let seen = installation.engine.preflight(&order).await?;
            page.line("この要求は発行できます。", "This request would be granted.");
            page.field("主体者", "subject", seen.subject);
            page.field("有効期間", "valid from", crate::api::view::rfc3339(seen.not_before));
            page.field("", "to", crate::api::view::rfc3339(seen.not_after));
            nothing_changed(&mut page);
            return Ok(Report::ok(page));
        }
        let issued = installation.engine.order(order).await?;
        let pem = crate::api::view::pem(&issued.der);
        match self.out {
            None => {
                page.raw(pem.trim_end());
                Ok(Report::ok(page))
            }
            Some(path) => {
                page.field("シリアル番号", "serial number", issued.cert.serial);
                page.field("証明書", "certificate", path.display());
                Ok(Report::ok(page).with_file(path, pem.into_bytes()))
            }
        }
    }
}

/// What a certificate of an authority is named by on the command line.
///
/// # Errors
/// Not well formed.
pub(crate) fn cert_ref(authority: &str, serial: &str) -> Outcome<core_words::CertRef> {
    let authority =
        AuthorityId::new(authority).map_err(|e| unfit("AUTHORITY", "名前の形式ではありません", &e))?;
    let serial = core_words::Serial::from_hex(serial).map_err(|e| {
        Fail::usage(
            "cli.unfit",
            Text::new("SERIAL: 16 進のシリアル番号ではありません".to_owned(), format!("SERIAL: {e}")),
        )
    })?;
    Ok(core_words::CertRef { authority, serial })
}
