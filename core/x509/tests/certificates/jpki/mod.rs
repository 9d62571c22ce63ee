//! The public personal authentication: its certificates against the tables of what is published, what is read from
//! them, and who issued them. All names, keys and numbers are invented.

mod authorities;
mod basic_four;
mod citizens;
mod generations;
mod tables;

use crate::support::*;
use core_crypto::KeyAlg;
use core_words::{AuthorityId, Serial, UtcSeconds};
use core_x509::certificate::Certificate;
use core_x509::issuer::{IssuerInfo, Urls};
use core_x509::jpki::{
    AuthCommonName, BasicFour, Birth, Flagged, Municipality, MunicipalityCode, Sex, validity,
};
use core_x509::jpki::{SignCommonName, Suffix};
use core_x509::plan::{EndWish, KeyProof, OwnKey, SubjectValue, ValidityWish, subject_name};
use core_x509::profile::Profile;
use core_x509::time::Day;
use kit_keys::{Provider, SoftKey, testing::key};

/// An authority with its own certificate, made as a ceremony makes it.
pub(super) struct Authority {
    pub(super) key: SoftKey,
    pub(super) der: Vec<u8>,
    pub(super) issuer: IssuerInfo,
}

/// 2025-10-27T01:35:57Z.
pub(super) fn issued() -> UtcSeconds {
    at(2025, 10, 27, 10 * 3_600 + 35 * 60 + 57)
}

pub(super) fn number(hex: &str) -> Serial {
    Serial::from_hex(hex).expect("a serial number")
}

pub(super) fn issue(
    profile: &Profile,
    issuer: &IssuerInfo,
    signer: &SoftKey,
    key: &SoftKey,
    order: &Order<'_>,
    serial: Serial,
) -> Vec<u8> {
    let proof = KeyProof::OwnKey(OwnKey::made_here(key.public_spki()).expect("a key"));
    let mut input = order.input(proof);
    input.serial = serial;
    let plan = template(profile, issuer).plan(&input).expect("a plan");
    sign(plan, profile, issuer, signer)
}

/// One generation of an authority.
pub(super) fn authority(
    profile: &Profile,
    alg: KeyAlg,
    generation: u16,
    serial: Serial,
    now: UtcSeconds,
) -> Authority {
    // Of RSA there are two, taken in turn: this one, and with odd numbers those of citizens.
    let key = key(alg, 200 + 2 * u64::from(generation));
    let id = AuthorityId::new("jpki").expect("a name");
    let name = subject_name(profile, &[]).expect("a name");
    // Lists and responders of these authorities have no addresses but the profile's.
    let urls = Urls::default();
    let before = IssuerInfo::before_certificate(
        id.clone(),
        generation,
        name.der(),
        key.public_spki(),
        key.alg(),
        urls.clone(),
        &Provider,
    )
    .expect("an issuer");
    let order = Order { now: Some(now), ..Order::default() };
    let der = issue(profile, &before, &key, &key, &order, serial);
    let read = Certificate::parse(&der).expect("a certificate");
    let issuer =
        IssuerInfo::from_certificate(id, generation, &read, key.alg(), urls, &Provider).expect("an issuer");
    Authority { key, issuer, der }
}

pub(super) fn sign_authority() -> Authority {
    authority(&builtin("jpki-sign-ca"), KeyAlg::Rsa2048, 3, number("067c6a21"), at(2023, 7, 16, 9 * 3_600))
}

pub(super) fn auth_authority() -> Authority {
    authority(&builtin("jpki-auth-ca"), KeyAlg::Rsa2048, 4, number("06d18006"), at(2023, 7, 16, 10 * 3_600))
}

pub(super) fn kiyose() -> Municipality {
    let code = MunicipalityCode::parse("132217").expect("a code");
    Municipality::new(code, "Kiyose-shi").expect("a municipality")
}

pub(super) fn holder() -> BasicFour {
    BasicFour::new(
        Flagged::name("見本　花子", "01000").expect("a name"),
        Sex::Female,
        Birth::of_digits("319800217").expect("a day"),
        Flagged::address("東京都清瀬市中里５－８４２", "0000000000000").expect("an address"),
    )
    .expect("all four")
}

fn until(birthdays: u8) -> ValidityWish {
    let birthday = holder().birth().birthday().expect("known");
    let card = Day::new(2036, 3, 17).expect("a day");
    let end = validity::end(issued(), birthday, birthdays, card).expect("an end");
    ValidityWish { not_before: None, end: EndWish::At(end) }
}

fn order(common_name: &str, place: &Municipality, birthdays: u8) -> Order<'static> {
    // Tests are short, and what they leave is little.
    let leaked = |text: &str| -> &'static str { String::from(text).leak() };
    let subject = [("prefecture", place.prefecture()), ("municipality", place.name()), ("CN", common_name)];
    let subject = subject.map(|(key, value)| SubjectValue::new(key, leaked(value))).into();
    Order { subject, validity: until(birthdays), now: Some(issued()), ..Order::default() }
}

pub(super) fn sign_order(birthdays: u8) -> Order<'static> {
    let applied = at(2025, 10, 16, 9 * 3_600 + 5 * 60 + 7);
    let name = SignCommonName::new(applied, 42, kiyose().code(), Suffix::USUAL).expect("a name");
    let mut order = order(&name.to_string(), &kiyose(), birthdays);
    order.alt_names = holder().alt_names();
    order
}

pub(super) fn auth_order(birthdays: u8) -> Order<'static> {
    let name = AuthCommonName::from_random([0x5a; 16], kiyose().code(), Suffix::USUAL);
    order(&name.to_string(), &kiyose(), birthdays)
}
