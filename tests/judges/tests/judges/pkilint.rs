//! pkilint on every kind of certificate and list, with a ledger of what we accept (K2, K4), and on those of a card.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tests_judges::{HIERARCHIES, artifact, artifacts, artifacts_with, openssl, python, scratch};

/// `accepted.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    #[serde(default)]
    accepted: Vec<Accepted>,
}

/// A finding we live with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    /// The artifact, as `p256/root.pem`; a `*` stands for anything.
    file: String,
    /// pkilint's name of the rule.
    lint: String,
    /// Why it may stay. A line without a reason does not parse.
    why: String,
}

/// One finding: artifact, rule, severity and text.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    lint: String,
    text: String,
}

/// What is said below this is a remark and no finding.
const REMARKS: [&str; 2] = ["DEBUG", "INFO"];

fn findings(base: &Path, text: &str) -> BTreeSet<Finding> {
    let finding = |line: &str| {
        let mut fields = line.splitn(4, '\t');
        let (file, lint, severity) = (fields.next()?, fields.next()?, fields.next()?);
        let file =
            Path::new(file).strip_prefix(base).unwrap_or(Path::new(file)).to_string_lossy().into_owned();
        let text = format!("{severity} {}", fields.next().unwrap_or_default());
        (!REMARKS.contains(&severity)).then(|| Finding { file, lint: lint.to_owned(), text })
    };
    text.lines().filter_map(finding).collect()
}

/// Whether `name` has the form of `pattern`, in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            (0..=left.len()).any(|at| left.is_char_boundary(at) && fits(rest, &left[at..]))
        }),
    }
}

impl Accepted {
    fn covers(&self, finding: &Finding) -> bool {
        fits(&self.file, &finding.file) && finding.lint == self.lint
    }
}

/// Compares what was found below `base` with those lines of the ledger that are about it. An unexpected finding
/// fails, and so does an accepted one that no longer occurs.
pub(crate) fn compare(base: &Path, said: &str, is_ours: impl Fn(&str) -> bool) {
    let ledger = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("accepted.toml"));
    let ledger: Ledger = toml::from_str(&ledger.expect("accepted.toml")).expect("accepted.toml");
    assert!(ledger.accepted.iter().all(|a| a.why.len() > 20), "a reason is a sentence");
    let found = findings(base, said);
    let ours: Vec<&Accepted> = ledger.accepted.iter().filter(|a| is_ours(&a.file)).collect();
    let unexpected: Vec<&Finding> = found.iter().filter(|f| !ours.iter().any(|a| a.covers(f))).collect();
    assert!(unexpected.is_empty(), "pkilint has findings that nobody accepted: {unexpected:#?}");
    let idle = ours.iter().filter(|a| !found.iter().any(|f| a.covers(f)));
    let idle: Vec<String> = idle.map(|a| format!("{} {}", a.file, a.lint)).collect();
    assert!(idle.is_empty(), "accepted, but no longer found; take them out of accepted.toml: {idle:#?}");
}

#[test]
fn k02_pkilint_finds_in_the_artifacts_what_we_accept_and_nothing_else() {
    let mut files: Vec<PathBuf> = HIERARCHIES
        .iter()
        .flat_map(|h| [artifacts_with(h, "pem"), artifacts_with(h, "der")].concat())
        .collect();
    files.extend(pairs().iter().map(|(issuer, subject)| pair(issuer, subject)));
    let said = python("lint_all.py", &files).must_be_yes().text.clone();
    compare(&artifacts(), &said, |file| !file.starts_with("kinds/") && !file.starts_with("card/"));
}

#[test]
fn j16_pkilint_finds_in_the_cards_certificates_what_we_accept_and_nothing_else() {
    let mut files = artifacts_with("../card", "pem");
    assert!(files.len() >= 4, "two certificates and their authorities': {files:?}");
    let of_card = |name: &str| artifact(&format!("../card/{name}.pem"));
    for (issuer, subject) in [("sign-ca", "sign"), ("auth-ca", "auth")] {
        files.push(pair(&of_card(issuer), &of_card(subject)));
    }
    let said = python("lint_all.py", &files).must_be_yes().text.clone();
    compare(&artifacts().join(".."), &said, |file| file.starts_with("card/"));
    let crossed = pair(&of_card("sign-ca"), &of_card("auth"));
    let said = python("lint_all.py", &[crossed]);
    let text = &said.must_be_yes().text;
    assert!(text.contains("pkix.signature_verification_failed"), "the other authority issued it: {text}");
}

/// The argument of lint_all.py for the rules between two certificates.
pub(crate) fn pair(issuer: &Path, subject: &Path) -> PathBuf {
    format!("{}:{}", issuer.display(), subject.display()).into()
}

/// Issuer and subject, where pkilint has rules between the two.
fn pairs() -> Vec<(PathBuf, PathBuf)> {
    let mut pairs = Vec::new();
    for h in HIERARCHIES {
        for (issuer, subject) in [("root.pem", "ca.pem"), ("ca.pem", "leaf.pem"), ("ca.pem", "revoked.pem")] {
            pairs.push((artifact(&format!("{h}/{issuer}")), artifact(&format!("{h}/{subject}"))));
        }
    }
    for (issuer, subject) in [("new-root.pem", "old-with-new.pem"), ("root.pem", "new-with-old.pem")] {
        pairs.push((artifact(&format!("p256/{issuer}")), artifact(&format!("p256/{subject}"))));
    }
    pairs
}

#[test]
fn pkilint_has_findings_about_a_bad_certificate() {
    let folder = scratch();
    let bad = folder.path().join("bad.pem").to_string_lossy().into_owned();
    let key = folder.path().join("key.pem").to_string_lossy().into_owned();
    let make =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
    let wrong = ["-subj", "/CN=x", "-addext", "basicConstraints=CA:FALSE", "-addext", "keyUsage=keyCertSign"];
    openssl(&[&make[..], &wrong, &["-keyout", &key, "-out", &bad]].concat()).must_be_yes();
    let found = findings(folder.path(), &python("lint_all.py", &[&bad]).must_be_yes().text);
    assert!(!found.is_empty(), "keyCertSign without CA must be a finding");
}
