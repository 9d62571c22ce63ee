//! A sandbox of the JPKI: two authorities that live as long as the process, and an invented citizen.
//!
//! Certificates have the form of the real ones, octet by octet but for what tells them apart: the organisation is
//! `JPKI-SANDBOX`, the policies and hosts are those of the test hierarchy. The keys of the authorities are nowhere kept,
//! so that nothing here can ever issue again.

use core_card::{pin::PinKind, report::Kind};
use core_crypto::KeyAlg;
use core_moji::{Repertoire, check, substitute, substitute::Choice};
use core_words::{AuthorityId, UtcSeconds};
use core_x509::{
    assemble::assemble,
    certificate::Certificate,
    issuer::{IssuerInfo, Urls},
    jpki::{
        AuthCommonName, BasicFour, Birth, Flagged, Municipality, MunicipalityCode, Sex, SignCommonName,
        Suffix, validity,
    },
    lint::lint,
    plan::{EndWish, Input, KeyProof, OwnKey, SubjectValue, Template, ValidityWish, subject_name},
    profile::{Builtin, Profile},
};
use kit_keys::{Provider, SignInput, SoftKey, random_serial};
use std::sync::Arc;

/// The authorities and the citizen.
pub struct Sandbox {
    now: UtcSeconds,
    signing: Authority,
    authentication: Authority,
}

/// One of the two.
struct Authority {
    profile: Profile,
    issuer: IssuerInfo,
    key: SoftKey,
    der: Vec<u8>,
}

/// Why the sandbox could not be set up. Everything in it is made here, so that this is a defect of ours.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox cannot be made: {0}")]
pub struct NoSandbox(String);

fn no(why: impl std::fmt::Display) -> NoSandbox {
    NoSandbox(why.to_string())
}

/// The citizen's name as it stands in the register: its first character is in no certificate's repertoire.
pub const NAME: &str = "𠮷田　一郎";
/// Where the citizen lives.
pub const ADDRESS: &str = "東京都清瀬市中里５－８４２";

impl Sandbox {
    /// Both authorities for cards of this kind, with keys of their own.
    ///
    /// # Errors
    /// [`NoSandbox`].
    pub fn new(kind: Kind, now: UtcSeconds) -> Result<Self, NoSandbox> {
        let (sign, auth) = match kind {
            Kind::Rsa2048 => ("jpki-sign", "jpki-auth"),
            Kind::P384 => ("jpki-sign-next", "jpki-auth-next"),
        };
        Ok(Self {
            now,
            signing: Authority::new("jpki-sign-ca", sign, kind.key_alg(), now)?,
            authentication: Authority::new("jpki-auth-ca", auth, kind.key_alg(), now)?,
        })
    }

    fn of(&self, place: PinKind) -> &Authority {
        match place {
            PinKind::Signing => &self.signing,
            PinKind::Authentication => &self.authentication,
        }
    }

    /// The authority's own certificate, DER.
    pub fn authority(&self, place: PinKind) -> &[u8] {
        &self.of(place).der
    }

    /// The citizen's certificate for a public key (a DER SubjectPublicKeyInfo).
    ///
    /// # Errors
    /// [`NoSandbox`].
    pub fn certify(&self, place: PinKind, spki: &[u8]) -> Result<Vec<u8>, NoSandbox> {
        let code = MunicipalityCode::parse("132217").map_err(no)?;
        let municipality = Municipality::new(code, "Kiyose-shi").map_err(no)?;
        let birth = Birth::of_digits("319800217").map_err(no)?;
        let birthday = birth.birthday().ok_or_else(|| no("a birthday"))?;
        let today = core_x509::time::Day::of_tokyo(self.now);
        let card_ends = validity::birthday_after(today, birthday, 10).ok_or_else(|| no("an end"))?;
        let end = validity::end(self.now, birthday, validity::FIRST, card_ends).map_err(no)?;
        let common_name = match place {
            PinKind::Signing => {
                SignCommonName::new(self.now, 1, municipality.code(), Suffix::USUAL).map_err(no)?.to_string()
            }
            PinKind::Authentication => {
                let mut octets = [0; 16];
                core_crypto::Dice::fill(&Provider, &mut octets);
                AuthCommonName::from_random(octets, municipality.code(), Suffix::USUAL).to_string()
            }
        };
        let alt_names = match place {
            PinKind::Signing => citizen(birth)?.alt_names(),
            PinKind::Authentication => Vec::new(),
        };
        let subject = [
            SubjectValue::new("prefecture", municipality.prefecture()),
            SubjectValue::new("municipality", municipality.name()),
            SubjectValue::new("CN", &common_name),
        ];
        let authority = self.of(place);
        issue(
            &authority.profile,
            &authority.issuer,
            &authority.key,
            &Input {
                key: KeyProof::OwnKey(OwnKey::made_here(spki).map_err(no)?),
                subject: &subject,
                alt_names: &alt_names,
                serial: random_serial(&Provider),
                now: self.now,
                validity: ValidityWish { not_before: None, end: EndWish::At(end) },
                partition: None,
                digest: &Provider,
            },
        )
    }
}

/// The invented citizen: what the certificate cannot express in the name is replaced, and flagged.
fn citizen(birth: Birth) -> Result<BasicFour, NoSandbox> {
    let reached = |text: &str| -> Result<(String, String), NoSandbox> {
        let offered: Vec<(usize, String)> = check(text, Repertoire::JPKI)
            .map(|finding| {
                // The applicant chooses at the counter; this one takes the first that is offered.
                let first = finding.candidates().next().ok_or_else(|| no("a candidate"))?;
                Ok((finding.at, first.character.to_string()))
            })
            .collect::<Result<_, NoSandbox>>()?;
        let choices: Vec<_> = offered.iter().map(|(at, with)| Choice { at: *at, with }).collect();
        let done = substitute(text, Repertoire::JPKI, &choices).map_err(no)?;
        Ok((done.text, done.flags))
    };
    let (name, name_flags) = reached(NAME)?;
    let (address, address_flags) = reached(ADDRESS)?;
    BasicFour::new(
        Flagged::name(&name, &name_flags).map_err(no)?,
        Sex::Male,
        birth,
        Flagged::address(&address, &address_flags).map_err(no)?,
    )
    .map_err(no)
}

impl Authority {
    fn new(own: &str, leaf: &str, alg: KeyAlg, now: UtcSeconds) -> Result<Self, NoSandbox> {
        let own = sandboxed(own)?;
        let key = SoftKey::generate(alg).map_err(no)?;
        let id = AuthorityId::new("jpki-sandbox").map_err(no)?;
        let name = subject_name(&own, &[]).map_err(|_| no("a name"))?;
        let before = IssuerInfo::before_certificate(
            id.clone(),
            1,
            name.der(),
            key.public_spki(),
            key.alg(),
            Urls::default(),
            &Provider,
        )
        .map_err(no)?;
        let der = issue(
            &own,
            &before,
            &key,
            &Input {
                key: KeyProof::OwnKey(OwnKey::made_here(key.public_spki()).map_err(no)?),
                subject: &[],
                alt_names: &[],
                serial: random_serial(&Provider),
                now,
                validity: ValidityWish::default(),
                partition: None,
                digest: &Provider,
            },
        )?;
        let certificate = Certificate::parse(&der).map_err(no)?;
        let issuer = IssuerInfo::from_certificate(id, 1, &certificate, key.alg(), Urls::default(), &Provider)
            .map_err(no)?;
        Ok(Self { profile: sandboxed(leaf)?, issuer, key, der })
    }
}

/// A built-in profile as the test hierarchy has it.
fn sandboxed(id: &str) -> Result<Profile, NoSandbox> {
    let text = Builtin::find(id).ok_or_else(|| no(id))?.text;
    let text = text
        .replace("fixed = \"JPKI\"", "fixed = \"JPKI-SANDBOX\"")
        .replace("\"O=JPKI\"", "\"O=JPKI-SANDBOX\"")
        .replace("1.2.392.200149.8.5.1.1.20", "1.2.392.200149.8.5.1.0.20")
        .replace("1.2.392.200149.8.5.1.3.30", "1.2.392.200149.8.5.1.0.30")
        .replace("http://ocspauthnorm.", "http://test-ocspauthnorm.");
    Profile::parse(&text, &Provider).map_err(no)
}

fn issue(
    profile: &Profile,
    issuer: &IssuerInfo,
    key: &SoftKey,
    input: &Input<'_>,
) -> Result<Vec<u8>, NoSandbox> {
    let template =
        Template::new(Arc::new(profile.clone()), Arc::new(issuer.clone())).map_err(|_| no("a template"))?;
    let plan = template.plan(input).map_err(|_| no("a plan"))?;
    let linted = lint(plan, profile, issuer, &Provider).map_err(|_| no("the lints"))?;
    let plan = linted.into_plan();
    let signature = key.sign_now(SignInput::Message(plan.tbs())).map_err(no)?;
    Ok(assemble(plan.tbs(), plan.sig_alg(), &signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core_x509::jpki::Reading;

    /// 2026-11-21T03:00:00Z.
    const NOW: UtcSeconds = UtcSeconds(1_795_230_000);

    #[test]
    fn j5_j16_the_sandboxs_citizen_has_a_certificate_with_a_flagged_name_for_each_generation_of_cards() {
        for kind in Kind::ALL {
            let sandbox = Sandbox::new(kind, NOW).expect("a sandbox");
            let key = SoftKey::generate(kind.key_alg()).expect("a key");
            let der = sandbox.certify(PinKind::Signing, key.public_spki()).expect("a certificate");
            let certificate = Certificate::parse(&der).expect("read");
            let four = Reading::of(&certificate.tbs).expect("names").basic_four().expect("all four");
            assert_eq!((four.name().text(), four.name().flags()), ("吉田　一郎", "10000"));
            let der = sandbox.certify(PinKind::Authentication, key.public_spki()).expect("a certificate");
            let certificate = Certificate::parse(&der).expect("read");
            assert!(Reading::of(&certificate.tbs).expect("none").is_empty());
            let authority = Certificate::parse(sandbox.authority(PinKind::Authentication)).expect("read");
            assert_eq!(certificate.tbs.issuer, authority.tbs.subject);
            assert!(authority.tbs.subject.to_string().contains("JPKI-SANDBOX"));
        }
    }
}
