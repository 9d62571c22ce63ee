//! The binary under drill.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// `warifu` as `cargo build --workspace --all-targets` made it beside this test, or the one that
/// `WARIFU_TEST_BINARY` names.
///
/// # Panics
/// When there is none, or when a source file is newer: a drill of yesterday's binary proves nothing.
pub fn warifu() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        if let Some(named) = std::env::var_os("WARIFU_TEST_BINARY") {
            return named.into();
        }
        let test = std::env::current_exe().expect("a test knows where it lies");
        let folder = test.parent().and_then(Path::parent).expect("target/PROFILE/deps/TEST");
        let binary = folder.join("warifu");
        assert!(binary.exists(), "there is no {}: {BUILD}", binary.display());
        if let Some(newer) = newer_source(&binary, &folder.join("warifu.d")) {
            panic!("{} is newer than {}: {BUILD}", newer.display(), binary.display());
        }
        binary
    })
}

const BUILD: &str = "run cargo build --workspace --all-targets, or cargo xtask test, which does";

/// The first source file of `binary` that was changed after it was built, by the list that cargo wrote.
fn newer_source(binary: &Path, sources: &Path) -> Option<PathBuf> {
    let changed = |path: &Path| std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let built = changed(binary)?;
    let text = std::fs::read_to_string(sources).ok()?;
    let (_, files) = text.split_once(": ")?;
    files.split_whitespace().map(PathBuf::from).find(|file| changed(file).is_some_and(|at| at > built))
}
