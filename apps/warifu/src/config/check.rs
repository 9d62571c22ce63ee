//! Checks that need to look at files: `warifu config check`, and again when the server starts.

use super::{Config, KeySource, load::failure, source::Problem};
use crate::{fail::Fail, server::tls};
use authority_front::Text;
use std::{io, path::Path};

/// Looks at every file and directory the configuration names.
///
/// # Errors
/// A [`Fail`] with each that cannot be used and the setting that names it.
pub fn check_files(config: &Config) -> Result<(), Fail> {
    let mut problems = Vec::new();
    let mut note = |key: &str, path: &Path, what: Text| {
        problems.push(Problem { place: format!("{key} = {}", path.display()), message: what });
    };
    if let Some(settings) = &config.server.tls
        && let Err(error) = tls::server_config(settings)
    {
        note(error.key, &error.path, error.message);
    }
    if let KeySource::File(path) = &config.keys.source {
        match std::fs::read_to_string(path) {
            Ok(text) if text.trim_end_matches(['\r', '\n']).is_empty() => {
                note("keys.passphrase_file", path, Text::new("空です", "is empty"));
            }
            Ok(_) => {}
            Err(error) => note("keys.passphrase_file", path, unreadable(&error)),
        }
    }
    if let Some(file) = &config.store.file
        && let Some(dir) = file.parent()
        && let Err(error) = writable(dir)
    {
        note("store.url", dir, unwritable(&error));
    }
    if let Err(error) = writable(&config.blobs.dir) {
        note("blobs.dir", &config.blobs.dir, unwritable(&error));
    }
    if problems.is_empty() { Ok(()) } else { Err(failure(&problems)) }
}

/// Whether files can be made in `dir`, or in the nearest directory above it that exists: the server makes
/// missing directories itself.
fn writable(dir: &Path) -> io::Result<()> {
    let mut at = dir;
    loop {
        match rustix::fs::access(at, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK) {
            Ok(()) if at.is_dir() => return Ok(()),
            Ok(()) => return Err(io::Error::from(io::ErrorKind::NotADirectory)),
            Err(rustix::io::Errno::NOENT) => match at.parent() {
                Some(above) if !above.as_os_str().is_empty() => at = above,
                _ if at != Path::new(".") => at = Path::new("."),
                _ => return Err(io::Error::from(io::ErrorKind::NotFound)),
            },
            Err(error) => return Err(error.into()),
        }
    }
}

fn unreadable(error: &io::Error) -> Text {
    Text::new(format!("読めません: {error}"), format!("cannot be read: {error}"))
}

fn unwritable(error: &io::Error) -> Text {
    Text::new(format!("書き込めません: {error}"), format!("cannot be written: {error}"))
}
