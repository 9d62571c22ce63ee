//! Copies of the log, and what is found when someone has changed one.

use crate::support::*;
use core_words::UtcMicros;
use kit_keys::Provider;
use kit_ledger::{
    BadBody, BadNote, Body, Exported, LedgerError, Report, VerifierKey, VerifyError, export,
    latest_checkpoint, verify_dir,
};
use kit_store::{Db, params, testing::both_with};
use std::path::Path;
use tempfile::TempDir;

const SIZE: u64 = 600;

fn check(dir: &Path, old: Option<&str>) -> Result<Report, VerifyError> {
    verify_dir(dir, Some(&key(1)), old.map(str::as_bytes), &Provider, &Provider)
}

/// A copy of a log of 600 entries, made of two full tiles and a partial one, and an old checkpoint of 300.
async fn copy(db: &Db) -> (TempDir, String) {
    let sequencer = sequencer(db);
    append_acts(db, 0, 300).await;
    sequencer.run_until_idle().await.expect("numbered");
    let old = db.read(latest_checkpoint).await.expect("read").expect("signed").note;
    append_acts(db, 300, SIZE - 300).await;
    sequencer.run_until_idle().await.expect("numbered");
    let dir = TempDir::new().expect("a folder");
    export(db, dir.path()).await.expect("exported");
    (dir, old)
}

fn change(dir: &TempDir, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = dir.path().join(file);
    let mut octets = std::fs::read(&path).expect(file);
    change(&mut octets);
    std::fs::write(&path, octets).expect(file);
}

#[test]
fn k08_a_copy_is_checked_from_its_files_alone() {
    both_with(TABLES, async |db| {
        let (dir, old) = copy(&db).await;
        let report = check(dir.path(), Some(&old)).expect("a good copy");
        assert_eq!(report.checkpoint.origin, "warifu.example/town");
        assert_eq!(report.checkpoint.size, SIZE);
        assert_eq!(report.extends, Some(300));
        assert_eq!(report.times, Some((START, START.plus_micros(300))));
        assert_eq!((report.key, report.key_was_expected), (key(1), true));
        // 3 bundles, 3 leaf tiles, 1 tile above.
        assert_eq!((report.files, report.strangers.len()), (7, 0));
        let stored = db.read(latest_checkpoint).await.expect("read").expect("signed");
        assert_eq!(report.checkpoint.root, stored.root);
        // Without a key that the caller knows, the copy's own is used, and the report says so.
        let own = verify_dir(dir.path(), None, None, &Provider, &Provider).expect("a good copy");
        assert!(!own.key_was_expected);
        for file in
            ["checkpoint", "key", "tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"]
        {
            assert!(dir.path().join(file).is_file(), "{file}");
        }
    });
}

#[test]
fn k08_a_later_export_writes_only_what_is_new_and_keeps_old_partial_tiles() {
    both_with(TABLES, async |db| {
        let (dir, old) = copy(&db).await;
        let again = export(&db, dir.path()).await.expect("exported");
        assert_eq!(again, Exported { size: SIZE, written: 0, unchanged: 9 });
        append_acts(&db, SIZE, 200).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        let more = export(&db, dir.path()).await.expect("exported");
        // Anew: bundle and leaf tile 2 (full now), bundle and leaf tile 3, the tile above, the checkpoint.
        assert_eq!(more, Exported { size: SIZE + 200, written: 6, unchanged: 5 });
        let report = check(dir.path(), Some(&old)).expect("a good copy");
        assert_eq!(report.strangers, Vec::<String>::new());
        // A left-over partial tile that says something else is found.
        change(&dir, "tile/0/002.p/88", |octets| octets[32 * 80] ^= 1);
        let told = check(dir.path(), None).expect_err("changed");
        assert!(
            matches!(&told, VerifyError::Tile { file, place: 80 } if file == "tile/0/002.p/88"),
            "{told}"
        );
    });
}

#[test]
fn k08_every_change_to_a_copy_is_found_and_named() {
    both_with(TABLES, async |db| {
        let (dir, old) = copy(&db).await;
        let restore = async || {
            export(&db, dir.path()).await.expect("exported");
            check(dir.path(), Some(&old)).expect("whole again");
        };
        let told = |file: &str, with: &dyn Fn(&mut Vec<u8>)| {
            change(&dir, file, with);
            check(dir.path(), Some(&old)).expect_err(file)
        };

        // An act is altered in place: its leaf no longer fits.
        let error = told("tile/entries/001", &|octets| {
            let at = octets.windows(9).position(|w| w == b"thing:300").expect("entry 300");
            octets[at + 8] = b'1';
        });
        let VerifyError::Leaf { entries, tile, index: 300 } = &error else { panic!("{error}") };
        assert_eq!((entries.as_str(), tile.as_str()), ("tile/entries/001", "tile/0/001"));
        assert_eq!(
            error.to_string(),
            "tile/entries/001: entry 300 does not have the hash that tile/0/001 holds for it"
        );
        restore().await;

        // Nonsense in place of an entry.
        let error = told("tile/entries/000", &|octets| octets[2] = 0xff);
        assert!(
            matches!(&error, VerifyError::Entry { file, index: 0, reason: BadBody::Form } if file == "tile/entries/000")
        );
        restore().await;

        // An entry is cut off; one is added.
        let error = told("tile/entries/002.p/88", &|octets| octets.truncate(octets.len() - 1));
        assert!(
            matches!(&error, VerifyError::Bundle { file, .. } if file == "tile/entries/002.p/88"),
            "{error}"
        );
        restore().await;
        let error = told("tile/entries/002.p/88", &|octets| octets.extend([0, 0]));
        assert!(matches!(&error, VerifyError::Bundle { .. }), "{error}");
        restore().await;

        // Hash tiles.
        let error = told("tile/0/001", &|octets| octets[32 * 7] ^= 1);
        assert!(matches!(&error, VerifyError::Leaf { index: 263, .. }), "{error}");
        restore().await;
        let error = told("tile/1/000.p/2", &|octets| octets[32] ^= 1);
        assert!(
            matches!(&error, VerifyError::Tile { file, place: 1 } if file == "tile/1/000.p/2"),
            "{error}"
        );
        restore().await;
        let error = told("tile/0/000", &|octets| octets.truncate(8191));
        assert!(matches!(&error, VerifyError::TileLength { found: 8191, expected: 8192, .. }), "{error}");
        restore().await;
        let error = told("tile/0/000", &|octets| octets.push(0));
        assert!(matches!(&error, VerifyError::TooLarge { limit: 8192, .. }), "{error}");
        restore().await;
        std::fs::remove_file(dir.path().join("tile/0/000")).expect("removed");
        let error = check(dir.path(), None).expect_err("missing");
        assert!(matches!(&error, VerifyError::Read { file, .. } if file == "tile/0/000"), "{error}");
        restore().await;

        // The checkpoint.
        let error = told("checkpoint", &|octets| {
            let text = String::from_utf8(octets.clone()).expect("text").replace("\n600\n", "\n601\n");
            *octets = text.into_bytes();
        });
        assert!(error.to_string().contains("checkpoint: the signature does not fit"), "{error}");
        restore().await;
        let error = told("key", &|octets| *octets = key(2).to_string().into_bytes());
        assert!(matches!(error, VerifyError::OtherKey { .. }), "{error}");
        restore().await;

        // What does not belong is reported, and proves nothing wrong.
        std::fs::write(dir.path().join("tile/0/003"), [0; 8192]).expect("written");
        std::fs::write(dir.path().join("notes.txt"), "mine").expect("written");
        let report = check(dir.path(), None).expect("a good copy");
        assert_eq!(report.strangers, ["notes.txt", "tile/0/003"]);
    });
}

/// Somebody with the database *and* the key rewrites history: the copy is whole in itself, and contradicts a
/// checkpoint that somebody else has kept.
#[test]
fn k08_a_rewritten_history_is_found_by_whoever_kept_an_old_checkpoint() {
    both_with(TABLES, async |db| {
        let (_, old) = copy(&db).await;
        let forged = {
            let mut body = kit_ledger::Entry::new("test.act", core_words::Actor::ra("desk"), "thing:100");
            body.case = Some("another case".into());
            body
        };
        let forged = Body {
            kind: forged.kind.to_owned(),
            time: UtcMicros(START.0),
            operator: None,
            actor: forged.actor.to_string(),
            subject: forged.subject,
            case: forged.case,
            commitment: None,
            object: None,
        }
        .encode();
        db.write(move |tx| tx.execute("UPDATE ledger_entry SET body = $1 WHERE seq = 100", params![&forged]))
            .await
            .expect("forged");
        for sql in ["DELETE FROM ledger_checkpoint", "DELETE FROM ledger_tile", "DELETE FROM ledger_tree"] {
            db.write(move |tx| tx.execute(sql, params![])).await.expect("forged");
        }
        sequencer(&db).run_until_idle().await.expect("signed anew");
        let dir = TempDir::new().expect("a folder");
        export(&db, dir.path()).await.expect("exported");
        check(dir.path(), None).expect("whole in itself");
        let told = check(dir.path(), Some(&old)).expect_err("rewritten");
        assert!(matches!(told, VerifyError::Changed { size: 300 }), "{told}");
    });
}

#[test]
fn k08_an_old_checkpoint_must_be_of_this_log_and_not_newer_than_it() {
    both_with(TABLES, async |db| {
        let (dir, _) = copy(&db).await;
        append_acts(&db, SIZE, 1).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        let newer = db.read(latest_checkpoint).await.expect("read").expect("signed").note;
        let told = check(dir.path(), Some(&newer)).expect_err("entries are missing");
        assert!(matches!(told, VerifyError::Shrunk { old: 601, new: 600 }), "{told}");
        let told = check(dir.path(), Some("nonsense")).expect_err("no checkpoint");
        assert!(matches!(told, VerifyError::OldCheckpoint(_)), "{told}");
        let stranger =
            verify_dir(dir.path(), Some(&key(2)), None, &Provider, &Provider).expect_err("another key");
        assert!(matches!(stranger, VerifyError::OtherKey { .. }));
        std::fs::remove_file(dir.path().join("key")).expect("removed");
        check(dir.path(), None).expect("the key is known to the caller");
        let stranger =
            verify_dir(dir.path(), Some(&key(2)), None, &Provider, &Provider).expect_err("another key");
        let VerifyError::Checkpoint { reason: kit_ledger::BadCheckpoint::Note(BadNote::OtherKey), .. } =
            stranger
        else {
            panic!("{stranger}")
        };
    });
}

#[test]
fn k08_there_is_nothing_to_export_before_the_first_checkpoint() {
    both_with(TABLES, async |db| {
        let dir = TempDir::new().expect("a folder");
        assert!(matches!(export(&db, dir.path()).await, Err(LedgerError::Unsigned)));
        assert!(matches!(check(dir.path(), None), Err(VerifyError::NoLog { .. })));
        append_acts(&db, 0, 1).await;
        sequencer(&db).run_until_idle().await.expect("numbered");
        // Found also one folder further up, as it lies in a larger export.
        export(&db, &dir.path().join("ledger")).await.expect("exported");
        assert_eq!(check(dir.path(), None).expect("a good copy").checkpoint.size, 1);
    });
}

#[test]
fn k08_keys_in_a_copy_are_read_by_the_tools_of_transparency_logs() {
    both_with(TABLES, async |db| {
        let (dir, _) = copy(&db).await;
        let text = std::fs::read_to_string(dir.path().join("key")).expect("the key");
        assert!(text.starts_with("warifu.example/town+"));
        assert_eq!(VerifierKey::parse(&Provider, &text), Ok(key(1)));
    });
}
