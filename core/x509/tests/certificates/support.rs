//! An authority, its profiles and its applicants, the same in every run.

use core_crypto::{Digest, KeyAlg};
use core_words::{AuthorityId, Serial, UtcSeconds};
use core_x509::assemble::assemble;
use core_x509::certificate::Certificate;
use core_x509::explain::Explain;
use core_x509::issuer::{IssuerInfo, OwnCertificate, Urls};
use core_x509::lint::lint;
use core_x509::name::{AttributeType, C, CN, Name, O};
use core_x509::oid::{self, Oid};
use core_x509::plan::{
    AltName, Input, KeyProof, OwnKey, Plan, PlanRefused, SubjectValue, Template, ValidityWish,
};
use core_x509::profile::{Builtin, Profile};
use core_x509::request::CertRequest;
use core_x509::time::Day;
use core_x509::tlv::{self, Limits};
use der::{Decode, Encode};
use kit_keys::testing::key;
use kit_keys::{Provider, SignInput, SoftKey};
use std::sync::Arc;

/// 2026-11-04T03:00:00Z, noon in Japan.
pub(crate) fn now() -> UtcSeconds {
    at(2026, 11, 4, 12 * 3_600)
}

/// Seconds after midnight in Japan.
pub(crate) fn at(year: i64, month: u8, day: u8, second: i64) -> UtcSeconds {
    Day::new(year, month, day).expect("a day").starts_tokyo().plus(second)
}

pub(crate) fn builtin(id: &str) -> Profile {
    profile(Builtin::find(id).expect("a built-in profile").text)
}

pub(crate) fn profile(text: &str) -> Profile {
    Profile::parse(text, &Provider).expect("a profile")
}

/// A built-in profile with one place of its text changed.
pub(crate) fn changed(id: &str, from: &str, to: &str) -> Profile {
    let text = Builtin::find(id).expect("a built-in profile").text;
    assert!(text.contains(from), "{id} has no '{from}'");
    profile(&text.replacen(from, to, 1))
}

pub(crate) fn urls() -> Urls {
    Urls {
        ca_issuers: Some("http://repository.example.jp/claims-ca/1.cer".into()),
        full_crl: Some("http://repository.example.jp/claims-ca/1.crl".into()),
        partition_crl: Some("http://repository.example.jp/claims-ca/1/{n}.crl".into()),
        delta_crl: Some("http://repository.example.jp/claims-ca/1-delta.crl".into()),
        ocsp: Some("http://ocsp.example.jp/claims-ca".into()),
    }
}

/// The key of the authority, apart from every applicant's.
pub(crate) fn issuer_key(alg: KeyAlg) -> SoftKey {
    key(alg, 101)
}

/// An authority with a key of this kind, valid from a year ago for ten years.
pub(crate) fn issuer(alg: KeyAlg) -> IssuerInfo {
    let name = Name::of(&[(C, "JP"), (O, "Federation"), (CN, "Claims CA")]).expect("a name");
    let signer = issuer_key(alg);
    let id = AuthorityId::new("claims-ca").expect("a name");
    let mut issuer = IssuerInfo::before_certificate(
        id,
        1,
        name.der(),
        signer.public_spki(),
        signer.alg(),
        urls(),
        &Provider,
    )
    .expect("an issuer");
    issuer.not_before = at(2025, 11, 1, 0);
    issuer.not_after = at(2036, 10, 31, 86_399);
    issuer
}

pub(crate) fn serial(n: u8) -> Serial {
    let mut octets = [0x5a; 20];
    octets[19] = n;
    Serial::from_random(octets).expect("not zero")
}

/// A signed request.
pub(crate) fn csr(
    key: &SoftKey,
    subject: &[(AttributeType, &str)],
    extensions: &[(&[u8], bool, &[u8])],
) -> Vec<u8> {
    let name = Name::of(subject).expect("a name");
    let extensions = extensions.iter().map(|(oid, critical, value)| {
        let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
        tlv::tlv(tlv::SEQUENCE, &[&tlv::tlv(tlv::OID, &[oid]), flag, &tlv::tlv(tlv::OCTET_STRING, &[value])])
    });
    let extensions: Vec<_> = extensions.collect();
    let attributes = match extensions.is_empty() {
        true => Vec::new(),
        false => {
            let list = tlv::tlv_of(tlv::SEQUENCE, &extensions);
            tlv::tlv(tlv::SEQUENCE, &[&oid::EXTENSION_REQUEST.der(), &tlv::tlv(tlv::SET, &[&list])])
        }
    };
    let attributes = tlv::tlv(tlv::context_constructed(0), &[&attributes]);
    let info = tlv::tlv(tlv::SEQUENCE, &[&[2, 1, 0], name.der(), key.public_spki(), &attributes]);
    let signature = key.sign_now(SignInput::Message(&info)).expect("a signature");
    assemble(&info, key.alg(), &signature)
}

/// The value of a subjectAltName extension with these dNSNames.
pub(crate) fn dns_names(names: &[&str]) -> Vec<u8> {
    let names: Vec<_> = names.iter().map(|n| tlv::tlv(tlv::context(2), &[n.as_bytes()])).collect();
    tlv::tlv_of(tlv::SEQUENCE, &names)
}

/// What an order gives.
#[derive(Clone, Default)]
pub(crate) struct Order<'a> {
    pub(crate) subject: Vec<SubjectValue<'a>>,
    pub(crate) alt_names: Vec<AltName>,
    pub(crate) validity: ValidityWish,
    pub(crate) partition: Option<u32>,
    pub(crate) now: Option<UtcSeconds>,
}

impl<'a> Order<'a> {
    pub(crate) fn of(subject: &[(&'a str, &'a str)]) -> Self {
        let subject = subject.iter().map(|(key, value)| SubjectValue::new(key, value)).collect();
        Self { subject, ..Self::default() }
    }

    pub(crate) fn dns(names: &[&str]) -> Self {
        let alt_names = names.iter().map(|n| AltName::Dns((*n).to_owned())).collect();
        Self { alt_names, ..Self::default() }
    }

    pub(crate) fn input<'i>(&'i self, key: KeyProof<'i>) -> Input<'i>
    where
        'a: 'i,
    {
        Input {
            key,
            subject: &self.subject,
            alt_names: &self.alt_names,
            serial: serial(7),
            now: self.now.unwrap_or(now()),
            validity: self.validity,
            partition: self.partition,
            digest: &Provider,
        }
    }
}

pub(crate) fn template(profile: &Profile, issuer: &IssuerInfo) -> Template {
    Template::new(Arc::new(profile.clone()), Arc::new(issuer.clone())).expect("a template")
}

/// Plans for a request.
pub(crate) fn plan(
    profile: &Profile,
    issuer: &IssuerInfo,
    csr: &[u8],
    order: &Order<'_>,
) -> Result<Plan, PlanRefused> {
    let request = CertRequest::parse(csr, &Limits::DEFAULT).expect("a request");
    let verified = request.verify(&Provider).expect("proof of possession");
    Template::new(Arc::new(profile.clone()), Arc::new(issuer.clone()))?
        .plan(&order.input(KeyProof::Request(verified)))
}

/// Plans for a key that the house made.
pub(crate) fn plan_own(
    profile: &Profile,
    issuer: &IssuerInfo,
    spki: &[u8],
    order: &Order<'_>,
) -> Result<Plan, PlanRefused> {
    let key = OwnKey::made_here(spki)?;
    Template::new(Arc::new(profile.clone()), Arc::new(issuer.clone()))?
        .plan(&order.input(KeyProof::OwnKey(key)))
}

/// The subject of a plan as RFC 4514 writes it.
pub(crate) fn subject_of(plan: &Plan) -> String {
    Name::parse(plan.subject_der()).expect("a name").to_string()
}

/// Lints and signs, and has everybody look at the result.
pub(crate) fn sign(plan: Plan, profile: &Profile, issuer: &IssuerInfo, signer: &SoftKey) -> Vec<u8> {
    let plan = match lint(plan, profile, issuer, &Provider) {
        Ok(linted) => linted.into_plan(),
        Err(findings) => panic!("{}", findings.explain().en),
    };
    let signature = signer.sign_now(SignInput::Message(plan.tbs())).expect("a signature");
    let der = assemble(plan.tbs(), plan.sig_alg(), &signature);
    let same = core_x509::assemble::compare_signed(&der, plan.tbs(), plan.sig_alg()).expect("as planned");
    same.verify(&Provider, &issuer.spki).expect("a good signature");
    Certificate::parse(&der).expect("a certificate");
    strangers_agree(&der);
    der
}

/// Whatever is signed in these tests, two strangers read and write it octet by octet.
fn strangers_agree(der: &[u8]) {
    let theirs = x509_cert::Certificate::from_der(der).expect("x509-cert reads it");
    assert_eq!(theirs.to_der().expect("x509-cert writes it"), der);
    let theirs = rasn::der::decode::<rasn_pkix::Certificate>(der).expect("rasn reads it");
    assert_eq!(rasn::der::encode(&theirs).expect("rasn writes it"), der);
}

/// What a profile needs to issue: enough for every built-in one of end entities.
pub(crate) fn usual_order(profile: &Profile) -> Order<'static> {
    match profile.id().as_str() {
        "claims-provider" => Order::of(&[("provider_number", "1312345678")]),
        "claims-agent" => Order::of(&[("agent_id", "KJ12345678")]),
        "tls-server" => Order::dns(&["www.example.jp", "*.example.jp"]),
        "ocsp-signer" | "tsa-signer" => Order::of(&[("C", "JP"), ("O", "連合会"), ("CN", "Signer 1")]),
        "issuing-ca" => Order::of(&[("C", "JP"), ("O", "連合会"), ("OU", "発行認証局")]),
        "jpki-sign" | "jpki-sign-next" => jpki_sign_order(),
        "jpki-auth" | "jpki-auth-next" => {
            let place = [("prefecture", "Tokyo-to"), ("municipality", "Kiyose-shi")];
            Order::of(&[place[0], place[1], ("CN", "A1B2C3D4E5F6G713221003A")])
        }
        other => panic!("no usual order for {other}"),
    }
}

/// An invented holder.
fn jpki_sign_order() -> Order<'static> {
    let mut order = Order::of(&[
        ("prefecture", "Tokyo-to"),
        ("municipality", "Kiyose-shi"),
        ("CN", "202611011015300000113221003A"),
    ]);
    let names = [
        (1, "見本　花子"),
        (2, "00000"),
        (3, "2"),
        (4, "319800217"),
        (5, "東京都清瀬市中里５－８４２"),
        (6, "0000000000000"),
    ];
    order.alt_names = names.map(|(n, text)| other_name(n, text)).into();
    order
}

/// One of the otherNames of signing certificates.
pub(crate) fn other_name(n: u8, text: &str) -> AltName {
    let oid = Oid::from_dotted(&format!("1.2.392.200149.8.5.5.{n}")).expect("an identifier");
    AltName::Other { oid, text: text.to_owned() }
}

/// The issuer with a certificate of its own, to which others can refer.
pub(crate) fn own_certificate(mut issuer: IssuerInfo) -> IssuerInfo {
    issuer.own_certificate = Some(OwnCertificate { issuer_der: issuer.name_der.clone(), serial: serial(1) });
    issuer
}

pub(crate) fn sha256(data: &[u8]) -> [u8; 32] {
    Provider.sha256(data)
}
