//! A foreign authority is certified: its subscribers are believed here from then on (K1).

use super::rollover::NEW_ROOT;
use crate::{
    commands::ca::cross::Deed,
    control::{self, Request},
    demo::{
        broken, house, look,
        tell::{Teller, t},
        town::{ACCOUNT, Town},
    },
    fail::{Exit, Outcome},
};
use base16ct::lower::encode_string as hex;
use core_crypto::{Digest, KeyAlg};
use core_pack::pem;
use core_words::{AuthorityId, UtcSeconds};
use core_x509::{
    assemble::assemble,
    certificate::Certificate,
    issuer::{IssuerInfo, Urls},
    plan::{AltName, Input, KeyProof, OwnKey, SubjectValue, ValidityWish, plan, subject_name},
    profile::{Builtin, Profile},
};
use kit_keys::{Provider, SignInput, SoftKey, random_serial};

/// Where the cross certificate is served.
pub(super) const CROSS: &str = "/ca/p256-root/cross-neighbour.cer";

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("相互認証", "A neighbour is certified"), town.house.clock.now());
    tell.say(&t(
        "隣の認証局が、自分の証明書を持って来ます。指紋を確かめてから、P-256 のルートが認証します。",
        "A neighbouring authority brings its certificate. Its fingerprint is compared; then the P-256 root certifies it.",
    ));
    let now = town.now();
    let neighbour = Neighbour::appear(now)?;
    house::make_dir(&town.house.at("foreign"))?;
    let text = pem::encode(pem::label::CERTIFICATE, &neighbour.root);
    house::write(&town.house.at("foreign/root.pem"), text.as_bytes(), 0o644)?;
    let deed = |certificate: &[u8], perform: bool| {
        control::Deed::Cross(Deed {
            authority: "p256-root".to_owned(),
            name: "neighbour".to_owned(),
            certificate: Some(certificate.to_vec()),
            issuer: None,
            request: None,
            profile: "cross-ca".to_owned(),
            valid: None,
            out: perform.then(|| town.house.at("foreign/cross.pem")),
            perform,
        })
    };

    let mut forged = neighbour.root.clone();
    if let Some(last) = forged.last_mut() {
        *last ^= 1;
    }
    let request = Request { lang: tell.lang(), account: ACCOUNT.to_owned(), deed: deed(&forged, true) };
    let refused = control::perform(town.installation(), request).await;
    tell.same(
        t("一ビット違う証明書は断られる", "a certificate with one bit changed is refused"),
        &refused.exit,
        &Exit::Refused,
    );
    let rehearsed = town.deed(tell.lang(), deed(&neighbour.root, false)).await?;
    let fingerprint = hex(&Provider.sha256(&neighbour.root));
    tell.check(
        t("試行は、電話で確かめる指紋を示す", "the rehearsal shows the fingerprint to compare by telephone"),
        if rehearsed.text.contains(&fingerprint) { Ok(()) } else { Err(rehearsed.text.clone()) },
    );
    town.deed(tell.lang(), deed(&neighbour.root, true)).await?;
    town.settle().await?;

    let (cross, root) = (town.client.file(CROSS).await?, town.client.file(NEW_ROOT).await?);
    tell.check(
        t(
            "隣の利用者の証明書が、私たちのルートまで検証できる",
            "a certificate of the neighbour's subscriber verifies up to our root",
        ),
        look::path(&[&neighbour.leaf, &cross, &root], now),
    );
    tell.check(
        t("相互認証証明書は、隣の名前と鍵を持つ", "the cross certificate has the neighbour's name and key"),
        same_owner(&cross, &neighbour.root),
    );
    tell.look(format!("{}{CROSS}", town.house.base_url));
    Ok(())
}

fn same_owner(cross: &[u8], root: &[u8]) -> Result<(), String> {
    let read = |der| Certificate::parse(der).map_err(|e| e.to_string());
    let (cross, root) = (read(cross)?, read(root)?);
    match cross.tbs.subject == root.tbs.subject && cross.tbs.spki == root.tbs.spki {
        true => Ok(()),
        false => Err(format!("it is about {}", cross.tbs.subject)),
    }
}

/// An authority that is not of this installation: its keys are in no store of ours, and nothing of it is in our
/// database.
struct Neighbour {
    root: Vec<u8>,
    leaf: Vec<u8>,
}

impl Neighbour {
    fn appear(now: UtcSeconds) -> Outcome<Self> {
        let failed = |e: &dyn std::fmt::Display| broken("the neighbour", e);
        let key = SoftKey::generate(KeyAlg::P384).map_err(|e| failed(&e))?;
        let id = AuthorityId::new("neighbour").map_err(|e| failed(&e))?;
        let values = [("C", "JP"), ("O", "Neighbouring Federation"), ("CN", "Neighbouring Root")];
        let values = values.map(|(key, value)| SubjectValue::new(key, value));
        let profile = profile("root-ca")?;
        let name = subject_name(&profile, &values).map_err(|e| failed(&e))?;
        let (alg, none) = (key.alg(), Urls::default());
        let issuer = IssuerInfo::before_certificate(
            id.clone(),
            1,
            name.der(),
            key.public_spki(),
            alg,
            none,
            &Provider,
        );
        let issuer = issuer.map_err(|e| failed(&e))?;
        let root = certificate(&profile, &issuer, &key, &key, &values, &[], now)?;

        let urls = Urls {
            ca_issuers: Some("http://neighbour.example/1.cer".to_owned()),
            full_crl: Some("http://neighbour.example/1.crl".to_owned()),
            ..Urls::default()
        };
        let read = Certificate::parse(&root).map_err(|e| failed(&e))?;
        let issuer =
            IssuerInfo::from_certificate(id, 1, &read, alg, urls, &Provider).map_err(|e| failed(&e))?;
        let subscriber = SoftKey::generate(KeyAlg::P256).map_err(|e| failed(&e))?;
        let host = [AltName::Dns("www.neighbour.example".to_owned())];
        let leaf = certificate(&self::profile("tls-server")?, &issuer, &key, &subscriber, &[], &host, now)?;
        Ok(Self { root, leaf })
    }
}

fn profile(id: &str) -> Outcome<Profile> {
    let text = Builtin::find(id).ok_or_else(|| broken(id, &"there is no such profile"))?.text;
    Profile::parse(text, &Provider).map_err(|e| broken(id, &e))
}

fn certificate(
    profile: &Profile,
    issuer: &IssuerInfo,
    signs: &SoftKey,
    certified: &SoftKey,
    subject: &[SubjectValue<'_>],
    alt_names: &[AltName],
    now: UtcSeconds,
) -> Outcome<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| broken("the neighbour", e);
    let key = OwnKey::made_here(certified.public_spki()).map_err(|e| failed(&e))?;
    let input = Input {
        key: KeyProof::OwnKey(key),
        subject,
        alt_names,
        serial: random_serial(&Provider),
        now,
        validity: ValidityWish::default(),
        partition: None,
        digest: &Provider,
    };
    let planned = plan(profile, issuer, &input).map_err(|e| failed(&e))?;
    let signature = signs.sign_now(SignInput::Message(planned.tbs())).map_err(|e| failed(&e))?;
    Ok(assemble(planned.tbs(), signs.alg(), &signature))
}
