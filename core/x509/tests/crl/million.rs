//! A list of a million entries, from segments to a closed, synced file (K4).

use crate::helpers::*;
use core_crypto::SigAlg;
use core_words::{RevocationReason, Serial};
use core_x509::crl::{EntryPlan, List, ListHead, ListLimits, ListWriter, Listed, SignPass, push_entry};
use kit_keys::Provider;
use std::time::Instant;

const ENTRIES: u64 = 1_000_000;
const IN_SEGMENT: u64 = 10_000;

/// A hundred segments of 10,000 entries with serials of full length and a reason each.
fn segments() -> Vec<Vec<u8>> {
    let dice = kit_keys::testing::SeededDice::new(1);
    let mut random = vec![0; 20 * ENTRIES as usize];
    core_crypto::Dice::fill(&dice, &mut random);
    let entries: Vec<Serial> = random
        .chunks_exact(20)
        .map(|octets| Serial::from_random(octets.try_into().expect("20 octets")).expect("not zero"))
        .collect();
    let segment = |serials: &[Serial]| {
        let mut out = Vec::new();
        for serial in serials {
            let listed = Listed::Revoked(RevocationReason::CessationOfOperation);
            push_entry(&mut out, &EntryPlan { serial, revoked: NOW, listed, invalidity: None })
                .expect("an entry");
        }
        out
    };
    entries.chunks(IN_SEGMENT as usize).map(segment).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it measures how long a list takes")]
fn a_million_entries_go_from_segments_to_a_synced_file() {
    let segments = segments();
    let octets: u64 = segments.iter().map(|s| s.len() as u64).sum();
    let plan = full_plan(SigAlg::RsaSha256);
    let key = key_for(plan.sig_alg);

    let file = tempfile::tempfile().expect("a file");
    let started = Instant::now();
    let head = ListHead::new(&plan, octets).expect("a head");
    let mut pass = SignPass::begin(&head, &Provider).expect("a hash");
    segments.iter().for_each(|segment| pass.push_encoded(segment).expect("room"));
    let to_sign = pass.finish().expect("all entries");
    let hashed = started.elapsed();
    let signature = sign(&key, &to_sign);
    let mut writer = ListWriter::begin(file, &head, &signature, &Provider).expect("a file");
    segments.iter().for_each(|segment| writer.push_encoded(segment).expect("room"));
    let mut written = writer.finish().expect("a list");
    let streamed = started.elapsed();
    written.out.sync_all().expect("a disk");
    println!(
        "{ENTRIES} entries, {} octets: hashed in {hashed:?}, signed and written after {streamed:?}, synced after {:?}",
        written.octets,
        started.elapsed()
    );

    let mut der = Vec::new();
    std::io::Seek::rewind(&mut written.out).expect("a file");
    std::io::Read::read_to_end(&mut written.out, &mut der).expect("a file");
    assert_eq!(written.octets, der.len() as u64);
    assert_eq!(written.sha256, core_crypto::Digest::sha256(&Provider, &der));
    let list = List::parse(&der, &ListLimits::default()).expect("a list of ours");
    assert_eq!(list.check_entries(), Ok(ENTRIES));
    assert_eq!(list.verify(&Provider, key.public_spki()), Ok(()));
}
