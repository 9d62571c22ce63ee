//! A plan, entries, and a list signed in memory.

use core_crypto::{KeyAlg, SigAlg};
use core_words::{RevocationReason, Serial, UtcSeconds};
use core_x509::crl::{
    Covers, EntryPlan, Idp, ListHead, ListPlan, ListWriter, Listed, PointName, SignPass, ToSign, push_entry,
};
use kit_keys::{Provider, SignInput, SoftKey, testing};

/// 2026-03-31T23:00:00Z.
pub(crate) const NOW: UtcSeconds = UtcSeconds(1_774_998_000);

/// C=JP, O=Example Federation, CN=Claims CA.
pub(crate) fn issuer() -> Vec<u8> {
    let attribute = |oid: u8, tag: u8, text: &str| {
        let value = [&[tag, text.len() as u8], text.as_bytes()].concat();
        let pair = [&[0x06, 3, 0x55, 0x04, oid], &value[..]].concat();
        let pair = [&[0x30, pair.len() as u8], &pair[..]].concat();
        [&[0x31, pair.len() as u8], &pair[..]].concat()
    };
    let name = [
        attribute(6, 0x13, "JP"),
        attribute(10, 0x0c, "Example Federation"),
        attribute(3, 0x0c, "Claims CA"),
    ]
    .concat();
    [&[0x30, name.len() as u8], &name[..]].concat()
}

pub(crate) fn plan(sig_alg: SigAlg) -> ListPlan {
    ListPlan {
        issuer_name_der: issuer(),
        sig_alg,
        this_update: NOW,
        next_update: NOW.plus(48 * 3_600),
        number: 1_234,
        base: None,
        idp: None,
        aki: vec![0xab; 20],
        freshest: None,
    }
}

/// A plan with every extension a full list may have.
pub(crate) fn full_plan(sig_alg: SigAlg) -> ListPlan {
    ListPlan {
        idp: Some(Idp {
            names: vec![PointName::Uri("http://ca.example/crl/1.crl".into()), PointName::Directory(issuer())],
            covers: Covers::UserCerts,
        }),
        freshest: Some("http://ca.example/crl/1-delta.crl".into()),
        ..plan(sig_alg)
    }
}

pub(crate) fn serial(n: u128) -> Serial {
    Serial::from_magnitude(&n.to_be_bytes()).expect("positive")
}

/// Entries of every kind: each reason, with and without an invalidity date, small and large serials.
pub(crate) fn entries(delta: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut n = 1u128;
    let listed = RevocationReason::ALL.map(Listed::Revoked).into_iter();
    for listed in listed.chain(delta.then_some(Listed::RemovedFromList)) {
        for invalidity in [None, Some(NOW.plus(-86_400)), Some(UtcSeconds(2_600_000_000))] {
            for revoked in [NOW, UtcSeconds(2_524_607_999), UtcSeconds(2_524_608_000)] {
                let serial = serial(n);
                push_entry(&mut out, &EntryPlan { serial: &serial, revoked, listed, invalidity })
                    .expect("an entry");
                n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x80) | 1;
            }
        }
    }
    out
}

pub(crate) fn key_for(alg: SigAlg) -> SoftKey {
    let kind = KeyAlg::ALL.into_iter().find(|k| k.signs_with() == alg).expect("a kind of key");
    testing::key(kind, 1)
}

/// Writes a list into memory and signs it with the test key of its algorithm.
pub(crate) fn signed(plan: &ListPlan, entries: &[u8]) -> Vec<u8> {
    let head = ListHead::new(plan, entries.len() as u64).expect("a head");
    let mut pass = SignPass::begin(&head, &Provider).expect("a short list");
    pass.push_encoded(entries).expect("room");
    let signature = sign(&key_for(plan.sig_alg), &pass.finish().expect("all entries"));
    let mut writer = ListWriter::begin(Vec::new(), &head, &signature, &Provider).expect("memory");
    writer.push_encoded(entries).expect("room");
    writer.finish().expect("a list").out
}

pub(crate) fn sign(key: &SoftKey, to_sign: &ToSign) -> Vec<u8> {
    let input = match to_sign {
        ToSign::Digest(hash) => SignInput::Digest(*hash),
        ToSign::Message(message) => SignInput::Message(message),
    };
    key.sign_now(input).expect("a signature")
}
