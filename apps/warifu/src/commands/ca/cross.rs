//! `warifu ca cross`: a foreign authority is certified by one of ours (K1).

use super::rollover::term;
use crate::{
    api::view,
    cli::Run,
    commands::{nothing_changed, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Fail, Outcome},
    installation::Installation,
    lang::Lang,
    terminal::Page,
};
use authority_engine::ceremony::{CeremonyError, CrossRequest, Presented, check_foreign, cross_certify};
use base16ct::lower::encode_string as hex;
use core_pack::sniff::{self, Object};
use core_words::{Actor, AuthorityId, ProfileId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// 他の認証局を相互認証する / certify a foreign authority
#[derive(clap::Args, Debug)]
pub struct Cross {
    /// The authority of ours that certifies
    authority: String,
    /// A name for the foreign one; the certificate is served as cross-NAME.cer
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its certificate, PEM or DER
    #[arg(long, value_name = "FILE", required_unless_present = "request", conflicts_with = "request")]
    certificate: Option<PathBuf>,
    /// The certificate of who issued that one, when it is not self-signed
    #[arg(long, value_name = "FILE", requires = "certificate")]
    issuer: Option<PathBuf>,
    /// Or its PKCS#10 request, PEM or DER
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// The profile, which says what the foreign authority may do
    #[arg(long, value_name = "NAME", default_value = "cross-ca")]
    profile: String,
    /// How long it is valid ("3 years"); else as the profile says
    #[arg(long, value_name = "TERM")]
    valid: Option<String>,
    /// Where the cross certificate is written, PEM; else to standard output
    #[arg(long, value_name = "FILE", requires = "perform")]
    out: Option<PathBuf>,
    /// Do it; without this what was handed in is only checked
    #[arg(long)]
    perform: bool,
}

/// Certifies a foreign authority.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// Which of ours certifies.
    pub authority: String,
    /// A name for the foreign one.
    pub name: String,
    /// Its certificate, DER.
    pub certificate: Option<Vec<u8>>,
    /// Who issued that, DER.
    pub issuer: Option<Vec<u8>>,
    /// Or its request, DER.
    pub request: Option<Vec<u8>>,
    /// The profile.
    pub profile: String,
    /// How long it is valid.
    pub valid: Option<String>,
    /// Where the cross certificate is written.
    pub out: Option<PathBuf>,
    /// Whether it is done.
    pub perform: bool,
}

/// Octets of what a foreign authority hands in.
const OCTETS: usize = 96 << 10;

impl Cross {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let read = |name: &str, path: Option<&PathBuf>, object| match path {
            None => Ok(None),
            Some(path) => {
                let octets = run.read_file(path, OCTETS as u64)?;
                let der = sniff::der(&octets, object, OCTETS);
                der.map(|der| Some(der.into_owned())).map_err(|e| unfit(name, "読めません", &e))
            }
        };
        let deed = Deed {
            certificate: read("--certificate", self.certificate.as_ref(), Object::Certificate)?,
            issuer: read("--issuer", self.issuer.as_ref(), Object::Certificate)?,
            request: read("--request", self.request.as_ref(), Object::Request)?,
            authority: self.authority,
            name: self.name,
            profile: self.profile,
            valid: self.valid,
            out: self.out,
            perform: self.perform,
        };
        carry_out(run, AnyDeed::Cross(deed), self.perform).await
    }
}

impl Deed {
    /// Carries it out.
    ///
    /// # Errors
    /// What was handed in does not hold; what cross-certification runs into.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let slug = "名前の形式ではありません";
        let presented = match (&self.certificate, &self.request) {
            (Some(der), _) => Presented::Certificate { der, issuer: self.issuer.as_deref() },
            (None, Some(der)) => Presented::Request(der),
            (None, None) => return Err(unfit("--certificate", "必要です", &"is needed")),
        };
        let request = CrossRequest {
            authority: AuthorityId::new(&self.authority).map_err(|e| unfit("AUTHORITY", slug, &e))?,
            name: AuthorityId::new(&self.name).map_err(|e| unfit("--name", slug, &e))?,
            presented,
            profile: ProfileId::new(&self.profile).map_err(|e| unfit("--profile", slug, &e))?,
            valid: self.valid.as_deref().map(term).transpose()?,
        };
        let mut page = Page::new(lang);
        let provider = &*installation.provider;
        let now = installation.clock.now().whole_seconds();
        let foreign = check_foreign(presented, now, provider, provider)
            .map_err(|e| Fail::from(CeremonyError::from(e).refusal()))?;
        page.field("提出物の SHA-256", "SHA-256 of what was handed in", hex(&foreign.fingerprint));
        if !self.perform {
            page.next(
                "この値を、相手の認証局に電話などで確かめてください。",
                "Compare this value with the foreign authority, by telephone for instance.",
            );
            nothing_changed(&mut page);
            return Ok(Report::ok(page));
        }
        let crossed = cross_certify(&installation.ctx, &installation.profiles, &request, actor).await;
        let crossed = crossed.map_err(|e| Fail::from(e.refusal()))?;
        page.field("シリアル番号", "serial number", crossed.cert.serial);
        if crossed.repeated {
            page.line("これは認証済みでした。", "It was certified before.");
        }
        let pem = view::pem(&crossed.der);
        match self.out {
            Some(path) => Ok(Report::ok(page).with_file(path, pem.into_bytes())),
            None => {
                page.raw(pem.trim_end());
                Ok(Report::ok(page))
            }
        }
    }
}
