//! Software not written here looks at what the demo leaves (K2, K4, K8).
//!
//! This is the bench on which the judges sit: where the artifacts are, how a judge is asked, what it said.
//! `cargo xtask test` makes the artifacts and says where they and the judges' Python are.

pub mod card;
mod house;

pub use house::{House, Provider};

use std::path::{Path, PathBuf};
use std::process::Command;

/// The three hierarchies of the demo, by their folders.
pub const HIERARCHIES: [&str; 3] = ["rsa", "p256", "mldsa"];

/// What a judge said.
#[derive(Debug)]
pub struct Said {
    /// Whether it exited with 0.
    pub yes: bool,
    /// Standard output and standard error.
    pub text: String,
}

impl Said {
    /// Fails the test unless the judge agreed.
    #[track_caller]
    pub fn must_be_yes(&self) -> &Self {
        assert!(self.yes, "the judge says no:\n{}", self.text);
        self
    }

    /// Fails the test unless the judge refused and gave `reason`.
    #[track_caller]
    pub fn must_be_no_because(&self, reason: &str) {
        assert!(!self.yes, "the judge says yes, though it should say: {reason}\n{}", self.text);
        assert!(
            self.text.contains(reason),
            "the judge refuses, but not because of '{reason}':\n{}",
            self.text
        );
    }
}

/// The folder the demo left for judges.
///
/// # Panics
/// When there is none: judges never pass without having looked at something.
pub fn artifacts() -> PathBuf {
    let folder = variable("WARIFU_ARTIFACTS").join("authority");
    assert!(folder.is_dir(), "{} is no folder: run `cargo xtask test`", folder.display());
    folder
}

/// One file the demo left.
///
/// # Panics
/// When it is missing.
pub fn artifact(name: &str) -> PathBuf {
    let file = artifacts().join(name);
    assert!(file.is_file(), "the demo left no {name}");
    file
}

/// Every file the demo left below `folder` whose name has this extension, in order.
pub fn artifacts_with(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = artifacts().join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    files
}

/// Asks Debian's openssl; `@NAME` among the arguments is the artifact of that name.
pub fn openssl(args: &[&str]) -> Said {
    let mut command = Command::new("openssl");
    for arg in args {
        match arg.strip_prefix('@') {
            Some(name) => command.arg(artifact(name)),
            None => command.arg(arg),
        };
    }
    ask(&mut command)
}

/// Asks one of the Python judges beside this package, with the interpreter that setup made.
pub fn python<A: AsRef<Path>>(script: &str, args: &[A]) -> Said {
    let mut command = Command::new(variable("WARIFU_TEST_PYTHON"));
    command.arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script));
    ask(command.args(args.iter().map(AsRef::as_ref)))
}

/// Asks schemathesis, which lies beside the interpreter that setup made; in `folder`, where it leaves its notes.
pub fn schemathesis(folder: &Path, args: &[&str]) -> Said {
    let python = variable("WARIFU_TEST_PYTHON");
    ask(Command::new(python.with_file_name("schemathesis")).current_dir(folder).args(args))
}

/// Asks one of poppler's programs: `pdfinfo`, `pdffonts`, `pdftotext`.
pub fn poppler(program: &str, args: &[&str]) -> Said {
    ask(Command::new(program).args(args))
}

/// A revocation list in the PEM form that openssl's `-CRLfile` wants, in `folder`.
pub fn list_as_pem(folder: &Path, name: &str) -> String {
    let out = folder.join(name.replace('/', "-")).with_extension("pem").to_string_lossy().into_owned();
    let list = artifact(name).to_string_lossy().into_owned();
    openssl(&["crl", "-inform", "DER", "-in", &list, "-out", &out]).must_be_yes();
    out
}

/// A folder that is gone at the end of the test.
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn ask(command: &mut Command) -> Said {
    let out =
        command.output().unwrap_or_else(|e| panic!("{:?} could not be started: {e}", command.get_program()));
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    Said { yes: out.status.success(), text }
}

fn variable(name: &str) -> PathBuf {
    let value = std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set: run `cargo xtask test`"));
    PathBuf::from(value)
}
