//! The exported ledger under a verifier that shares no code with ours (K8).

use std::path::{Path, PathBuf};
use tests_judges::{Said, artifacts, python, scratch};

fn judge(folder: &Path) -> Said {
    python("merkle_verify.py", &[folder])
}

/// A copy of the export that a test may spoil.
fn copy() -> (tempfile::TempDir, PathBuf) {
    let folder = scratch();
    let to = folder.path().join("ledger");
    copy_into(&artifacts().join("ledger"), &to);
    (folder, to)
}

fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a writable folder");
    for entry in std::fs::read_dir(from).expect("the exported ledger") {
        let entry = entry.expect("a readable folder");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file or folder").is_dir() {
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Every file below `folder`, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn alter(file: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut octets = std::fs::read(file).expect("a file");
    change(&mut octets);
    std::fs::write(file, octets).expect("a writable file");
}

#[test]
fn k08_the_exported_ledger_holds() {
    let said = judge(&artifacts().join("ledger"));
    said.must_be_yes();
    assert!(said.text.contains("stand under the signed root"), "{}", said.text);
}

#[test]
fn k08_the_ledger_tells_what_the_demo_did() {
    let said = python("merkle_verify.py", &[artifacts().join("ledger").as_path(), Path::new("--entries")]);
    let count = |kind: &str| {
        let entries =
            said.must_be_yes().text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
        entries.filter(|e| e["kind"].as_str().is_some_and(|k| k == kind)).count()
    };
    assert!(count("certificate.issued") >= 1000, "a thousand certificates were issued:\n{:.2000}", said.text);
    assert!(count("certificate.revoked") > 0, "certificates were revoked");
}

#[test]
fn k08_one_flipped_bit_in_any_file_is_found() {
    let (_folder, ledger) = copy();
    for file in files(&ledger) {
        let was = std::fs::read(&file).expect("a file");
        alter(&file, |octets| {
            let middle = octets.len() / 2;
            octets[middle] ^= 1;
        });
        let said = judge(&ledger);
        assert!(!said.yes, "{} was altered and nobody noticed", file.display());
        std::fs::write(&file, was).expect("a writable file");
    }
    judge(&ledger).must_be_yes();
}

#[test]
fn k08_a_missing_file_is_found() {
    let (_folder, ledger) = copy();
    for file in files(&ledger) {
        let was = std::fs::read(&file).expect("a file");
        std::fs::remove_file(&file).expect("a removable file");
        judge(&ledger).must_be_no_because("cannot be read");
        std::fs::write(&file, was).expect("a writable file");
    }
}

#[test]
fn k08_two_entries_that_change_places_are_found() {
    let (_folder, ledger) = copy();
    let bundle = files(&ledger.join("tile/entries")).remove(0);
    alter(&bundle, |octets| {
        let length =
            |at: usize, octets: &[u8]| 2 + usize::from(u16::from_be_bytes([octets[at], octets[at + 1]]));
        let first = length(0, octets);
        let second = length(first, octets);
        octets[..first + second].rotate_left(first);
    });
    judge(&ledger).must_be_no_because("do not hash to the root");
}

#[test]
fn k08_a_checkpoint_of_another_key_is_found() {
    let (_folder, ledger) = copy();
    let key = ledger.join("key");
    alter(&key, |octets| {
        // Another key under the same name: its id no longer fits, whichever octet of it differs.
        // The key is what stands behind the second plus; in its base64 there may be others.
        let mut plus = octets.iter().enumerate().filter(|(_, b)| **b == b'+').map(|(at, _)| at);
        let at = plus.nth(1).expect("three parts") + 3;
        octets[at] = if octets[at] == b'A' { b'B' } else { b'A' };
    });
    assert!(!judge(&ledger).yes);
}

#[test]
fn k08_an_older_checkpoint_is_the_beginning_of_the_ledger_and_a_foreign_one_is_not() {
    let ledger = artifacts().join("ledger");
    let same = ledger.join("checkpoint");
    python("merkle_verify.py", &[ledger.as_path(), Path::new("--old"), &same]).must_be_yes();
    let (_folder, other) = copy();
    let forged = other.join("checkpoint");
    alter(&forged, |octets| octets[0] ^= 1);
    assert!(!python("merkle_verify.py", &[ledger.as_path(), Path::new("--old"), &forged]).yes);
}
