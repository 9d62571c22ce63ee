//! Files that these commands write: never over something that is there.

use crate::fail::{Exit, Fail, Outcome};
use authority_front::Text;
use std::{
    fs::File,
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// A new file, readable by its owner alone: what comes from a card is its holder's.
pub(super) fn write_new(path: &Path, octets: &[u8]) -> Outcome<()> {
    let written = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(octets).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists { exists(path) } else { Fail::file(path, &error) }
    })
}

/// Refuses where something is already.
pub(super) fn must_be_free(path: &Path) -> Outcome<()> {
    if path.symlink_metadata().is_ok() { Err(exists(path)) } else { Ok(()) }
}

/// A secret that others can read is none.
pub(super) fn must_be_private(path: &Path) -> Outcome<()> {
    let mode = path.metadata().map_err(|e| Fail::file(path, &e))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Fail::new(
        Exit::Refused,
        "card.keys_exposed",
        Text::new(
            format!("{} をほかの利用者が読めます。", path.display()),
            format!("Others can read {}.", path.display()),
        ),
        Text::new(
            "`chmod 600` で自分だけが読めるようにしてください。",
            "Make it yours alone with `chmod 600`.",
        ),
    ))
}

fn exists(path: &Path) -> Fail {
    Fail::new(
        Exit::Refused,
        "card.exists",
        Text::new(
            format!("{} は既にあります。", path.display()),
            format!("There is something at {} already.", path.display()),
        ),
        Text::new(
            "別の名前を指定するか、先に移してください。上書きはしません。",
            "Name another file, or move that one away first; nothing is written over.",
        ),
    )
}
