//! From the file as written to the file as meant: every check that needs the text alone.

use super::{
    AuthoritySection, CeremonyFile, Installation, MAX_ENTRIES, Participant, Problem, Role, SignerKind,
    SignerSection, What,
    raw::{RawAuthority, RawFile, RawInstallation, RawLists, RawSigner, line_of},
    units::{interval, term},
};
use authority_journal::{authorities::ListSchedule, codes::AuthorityKind};
use core_crypto::KeyAlg;
use core_words::{AuthorityId, BadSlug, OperatorId, ProfileId};
use core_x509::time::Period;
use std::collections::HashSet;
use toml::Spanned;

const KEY_NAMES: &str =
    "rsa-2048, rsa-3072, rsa-4096, p-256, p-384, ed25519, ml-dsa-44, ml-dsa-65, ml-dsa-87";
/// Most attributes of one name.
const MAX_ATTRIBUTES: usize = 20;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

pub(super) fn check(raw: RawFile, text: &str, hash: [u8; 32]) -> Result<CeremonyFile, Vec<Problem>> {
    let mut desk = Desk { text, problems: Vec::new() };
    let version = *raw.version.get_ref();
    if version != 1 {
        desk.found(&raw.version, "version", What::Version(version));
    }
    let installation = desk.installation(&raw.installation);
    let participants = desk.participants(&raw);
    if raw.authority.is_empty() && raw.signer.is_empty() {
        desk.whole(What::Nothing);
    }
    if raw.authority.len() > MAX_ENTRIES || raw.signer.len() > MAX_ENTRIES {
        desk.whole(What::TooMany(MAX_ENTRIES));
        return Err(desk.problems);
    }
    let operator = installation.as_ref().map(|i| i.operator.clone());
    let authorities: Vec<_> = raw
        .authority
        .iter()
        .enumerate()
        .filter_map(|(i, a)| desk.authority(&format!("authority[{}]", i + 1), a, operator.as_ref()))
        .collect();
    let signers: Vec<_> = raw
        .signer
        .iter()
        .enumerate()
        .filter_map(|(i, s)| desk.signer(&format!("signer[{}]", i + 1), s))
        .collect();
    desk.no_name_twice(&authorities, &signers);
    let authorities = desk.parents_first(authorities);
    match installation {
        Some(installation) if desk.problems.is_empty() => {
            Ok(CeremonyFile { hash, installation, participants, authorities, signers })
        }
        _ => {
            desk.problems.sort_by_key(|p| p.line.unwrap_or(0));
            Err(desk.problems)
        }
    }
}

/// Where problems are gathered.
struct Desk<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Desk<'_> {
    fn whole(&mut self, what: What) {
        self.problems.push(Problem { line: None, field: String::new(), what });
    }

    fn found<T>(&mut self, at: &Spanned<T>, field: impl Into<String>, what: What) {
        let line = Some(line_of(self.text, at.span().start));
        self.problems.push(Problem { line, field: field.into(), what });
    }

    /// The value, or a problem noted under this field.
    fn take<T, R>(&mut self, at: &Spanned<T>, field: &str, value: Result<R, What>) -> Option<R> {
        value.map_err(|what| self.found(at, field, what)).ok()
    }

    fn slug<R>(
        &mut self,
        at: &Spanned<String>,
        field: &str,
        make: fn(&str) -> Result<R, BadSlug>,
    ) -> Option<R> {
        self.take(at, field, make(at.get_ref()).map_err(|BadSlug(found)| What::Slug(found)))
    }

    fn installation(&mut self, raw: &RawInstallation) -> Option<Installation> {
        let name = self.take(&raw.name, "installation.name", origin(raw.name.get_ref()));
        let base_url = self.take(&raw.base_url, "installation.base_url", base_url(raw.base_url.get_ref()));
        let operator = self.slug(&raw.operator, "installation.operator", OperatorId::new);
        Some(Installation { name: name?, base_url: base_url?, operator: operator? })
    }

    fn participants(&mut self, raw: &RawFile) -> Vec<Participant> {
        if raw.participant.len() > MAX_ENTRIES {
            self.whole(What::TooMany(MAX_ENTRIES));
            return Vec::new();
        }
        let mut all = Vec::new();
        for (i, person) in raw.participant.iter().enumerate() {
            let field = format!("participant[{}]", i + 1);
            let name = self.take(&person.name, &format!("{field}.name"), plain(person.name.get_ref(), 100));
            let role = match person.role.get_ref().as_str() {
                "master" => Ok(Role::Master),
                "operator" => Ok(Role::Operator),
                "witness" => Ok(Role::Witness),
                other => Err(word(other, "master, operator, witness")),
            };
            let role = self.take(&person.role, &format!("{field}.role"), role);
            all.extend(name.zip(role).map(|(name, role)| Participant { name, role }));
        }
        all
    }

    fn authority(
        &mut self,
        field: &str,
        raw: &Spanned<RawAuthority>,
        house: Option<&OperatorId>,
    ) -> Option<AuthoritySection> {
        let (at, raw) = (raw, raw.get_ref());
        let sub = |name: &str| format!("{field}.{name}");
        let id = self.slug(&raw.id, &sub("id"), AuthorityId::new);
        let kind = match raw.kind.get_ref().as_str() {
            "root" => Ok(AuthorityKind::Root),
            "issuing" => Ok(AuthorityKind::Issuing),
            other => Err(word(other, "root, issuing")),
        };
        let kind = self.take(&raw.kind, &sub("kind"), kind);
        let parent = raw.parent.as_ref().map(|p| self.slug(p, &sub("parent"), AuthorityId::new));
        match (kind, &raw.parent) {
            (Some(AuthorityKind::Root), Some(parent)) => {
                self.found(parent, sub("parent"), What::RootWithParent);
            }
            (Some(AuthorityKind::Issuing), None) => self.found(&raw.kind, sub("parent"), What::NoParent),
            _ => {}
        }
        let operator = match &raw.operator {
            Some(own) => self.slug(own, &sub("operator"), OperatorId::new),
            None => house.cloned(),
        };
        let key = self.key(&raw.key, &sub("key"));
        let profile = self.slug(&raw.profile, &sub("profile"), ProfileId::new);
        let subject = self.subject(&raw.subject, &sub("subject"));
        let valid = raw.valid.as_ref().map(|v| self.term(v, &sub("valid")));
        let mut profiles = Vec::new();
        for name in &raw.profiles {
            let profile = self.slug(name, &sub("profiles"), ProfileId::new);
            if profile.as_ref().is_some_and(|p| profiles.contains(p)) {
                self.found(name, sub("profiles"), What::Twice(name.get_ref().clone()));
            }
            profiles.extend(profile);
        }
        let partitions = match &raw.partitions {
            None => Some(0),
            Some(count) => self.take(count, &sub("partitions"), partitions(*count.get_ref())),
        };
        let lists = self.lists(at, raw.lists.as_ref(), &sub("lists"), kind);
        Some(AuthoritySection {
            id: id?,
            kind: kind?,
            parent: sequence(parent)?,
            operator: operator?,
            key: key?,
            profile: profile?,
            subject: subject?,
            valid: sequence(valid)?,
            profiles,
            partitions: partitions?,
            lists: lists?,
            line: line_of(self.text, at.span().start),
        })
    }

    fn signer(&mut self, field: &str, raw: &Spanned<RawSigner>) -> Option<SignerSection> {
        let line = line_of(self.text, raw.span().start);
        let raw = raw.get_ref();
        let sub = |name: &str| format!("{field}.{name}");
        let authority = self.slug(&raw.authority, &sub("authority"), AuthorityId::new);
        let name = self.slug(&raw.name, &sub("name"), AuthorityId::new);
        let kind = match raw.kind.get_ref().as_str() {
            "ocsp" => Ok(SignerKind::Ocsp),
            "tsa" => Ok(SignerKind::Tsa),
            other => Err(word(other, "ocsp, tsa")),
        };
        let kind = self.take(&raw.kind, &sub("kind"), kind);
        let key = self.key(&raw.key, &sub("key"));
        let profile = self.slug(&raw.profile, &sub("profile"), ProfileId::new);
        let subject = self.subject(&raw.subject, &sub("subject"));
        let valid = raw.valid.as_ref().map(|v| self.term(v, &sub("valid")));
        Some(SignerSection {
            authority: authority?,
            name: name?,
            kind: kind?,
            key: key?,
            profile: profile?,
            subject: subject?,
            valid: sequence(valid)?,
            line,
        })
    }

    fn key(&mut self, at: &Spanned<String>, field: &str) -> Option<KeyAlg> {
        self.take(at, field, KeyAlg::from_name(at.get_ref()).ok_or_else(|| word(at.get_ref(), KEY_NAMES)))
    }

    fn term(&mut self, at: &Spanned<String>, field: &str) -> Option<Period> {
        self.take(at, field, term(at.get_ref()).ok_or_else(|| What::Term(cut(at.get_ref()))))
    }

    fn subject(&mut self, raw: &Spanned<Vec<Spanned<String>>>, field: &str) -> Option<Vec<(String, String)>> {
        let lines = raw.get_ref();
        if lines.is_empty() || lines.len() > MAX_ATTRIBUTES {
            self.found(raw, field, What::Text { max: MAX_ATTRIBUTES });
            return None;
        }
        let before = self.problems.len();
        let parts: Vec<_> =
            lines.iter().filter_map(|line| self.take(line, field, attribute(line.get_ref()))).collect();
        (self.problems.len() == before).then_some(parts)
    }

    /// The schedule, with what is usual where the file is silent: an issuing authority makes a list a day
    /// that lives four, a root one a month that lives three; after a revocation the next comes within
    /// ten minutes.
    fn lists(
        &mut self,
        at: &Spanned<RawAuthority>,
        raw: Option<&RawLists>,
        field: &str,
        kind: Option<AuthorityKind>,
    ) -> Option<ListSchedule> {
        let mut read = |word: Option<&Spanned<String>>, name: &str, usual: i64| match word {
            None => Some(usual),
            Some(w) => {
                let value = interval(w.get_ref()).ok_or_else(|| What::Duration(cut(w.get_ref())));
                self.take(w, &format!("{field}.{name}"), value)
            }
        };
        let usual = if kind == Some(AuthorityKind::Root) { 30 * DAY } else { DAY };
        let full_every_s = read(raw.and_then(|r| r.full_every.as_ref()), "full_every", usual);
        let full_life_s = read(
            raw.and_then(|r| r.full_life.as_ref()),
            "full_life",
            if kind == Some(AuthorityKind::Root) { 90 * DAY } else { 4 * DAY },
        );
        let delta_every_s = read(raw.and_then(|r| r.delta_every.as_ref()), "delta_every", 0);
        let delta_life_s = read(raw.and_then(|r| r.delta_life.as_ref()), "delta_life", 0);
        let soon_s = read(raw.and_then(|r| r.soon.as_ref()), "soon", 600);
        let schedule = ListSchedule {
            full_every_s: full_every_s?,
            full_life_s: full_life_s?,
            delta_every_s: delta_every_s?,
            delta_life_s: delta_life_s?,
            soon_s: soon_s?,
        };
        match schedule_problem(&schedule) {
            None => Some(schedule),
            Some((name, what)) => {
                self.found(at, format!("{field}.{name}"), what);
                None
            }
        }
    }

    fn no_name_twice(&mut self, authorities: &[AuthoritySection], signers: &[SignerSection]) {
        let mut seen = HashSet::new();
        for (i, authority) in authorities.iter().enumerate() {
            if !seen.insert(authority.id.to_string()) {
                self.problems.push(Problem {
                    line: Some(authority.line),
                    field: format!("authority[{}].id", i + 1),
                    what: What::Twice(authority.id.to_string()),
                });
            }
        }
        seen.clear();
        for (i, signer) in signers.iter().enumerate() {
            let name = format!("{}/{}", signer.authority, signer.name);
            if !seen.insert(name.clone()) {
                self.problems.push(Problem {
                    line: Some(signer.line),
                    field: format!("signer[{}].name", i + 1),
                    what: What::Twice(name),
                });
            }
        }
    }

    /// Sorts parents before children and keeps the order of the file otherwise. A parent that is not in
    /// the file counts as there already.
    fn parents_first(&mut self, mut waiting: Vec<AuthoritySection>) -> Vec<AuthoritySection> {
        let mut sorted: Vec<AuthoritySection> = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let blocked: HashSet<AuthorityId> = waiting.iter().map(|a| a.id.clone()).collect();
            let (ready, rest): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|a| a.parent.as_ref().is_none_or(|parent| !blocked.contains(parent)));
            waiting = rest;
            if ready.is_empty() {
                for authority in &waiting {
                    let field = format!("{}.parent", authority.id);
                    self.problems.push(Problem { line: Some(authority.line), field, what: What::Circle });
                }
                break;
            }
            sorted.extend(ready);
        }
        sorted
    }
}

/// What is wrong with a schedule, if anything is (K4: never a gap).
fn schedule_problem(s: &ListSchedule) -> Option<(&'static str, What)> {
    if s.full_life_s < 2 * s.full_every_s {
        Some(("full_life", What::LifeTooShort))
    } else if (s.delta_every_s == 0) != (s.delta_life_s == 0) {
        Some(("delta_every", What::HalfADelta))
    } else if s.delta_life_s < 2 * s.delta_every_s {
        Some(("delta_life", What::LifeTooShort))
    } else if s.delta_every_s >= s.full_every_s {
        Some(("delta_every", What::DeltaRarerThanFull))
    } else if s.soon_s > if s.delta_every_s == 0 { s.full_every_s } else { s.delta_every_s } {
        Some(("soon", What::SoonTooLate))
    } else {
        None
    }
}

/// A value that may be absent, but must be right where it stands.
fn sequence<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(inner) => inner.map(Some),
    }
}

fn word(found: &str, known: &'static str) -> What {
    What::Word { found: cut(found), known }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

fn plain(text: &str, max: usize) -> Result<String, What> {
    let count = text.chars().count();
    let ok = (1..=max).contains(&count) && !text.chars().any(char::is_control);
    ok.then(|| text.to_owned()).ok_or(What::Text { max })
}

/// A checkpoint origin and key name: a signed note allows neither spaces nor '+' in it.
fn origin(text: &str) -> Result<String, What> {
    let ok = (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'+');
    ok.then(|| text.to_owned()).ok_or(What::Origin)
}

fn base_url(text: &str) -> Result<String, What> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let ok = rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty()
            && text.len() <= 200
            && !rest.ends_with('/')
            && !rest.contains("//")
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&b))
    });
    ok.then(|| text.to_owned()).ok_or(What::BaseUrl)
}

fn attribute(text: &str) -> Result<(String, String), What> {
    let (name, value) = text.split_once('=').ok_or_else(|| What::Attribute(cut(text)))?;
    let (name, value) = (name.trim(), value.trim());
    let ok = (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        && plain(value, 200).is_ok();
    ok.then(|| (name.to_owned(), value.to_owned())).ok_or_else(|| What::Attribute(cut(text)))
}

/// Partitions are chosen by the last octet of the serial number, so there are at most 256.
fn partitions(count: i64) -> Result<u16, What> {
    match u16::try_from(count) {
        Ok(n) if n == 0 || (2..=256).contains(&n) => Ok(n),
        _ => Err(What::Partitions(count)),
    }
}
