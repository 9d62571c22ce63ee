//! Reading settings one by one, remembering where each came from and everything that is wrong.
//!
//! A setting stands in the file (`[server] listen = …`) or in the environment
//! (`WARIFU__SERVER__LISTEN=…`), which wins. A setting nobody asked for is an error, so a misspelt key
//! never goes unnoticed. Reading does not stop at the first problem: all are reported together.

use authority_front::Text;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::{Path, PathBuf},
    str::FromStr,
};

/// The prefix of environment variables that are settings.
pub const ENV_PREFIX: &str = "WARIFU__";

/// Something wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `warifu.toml: server.listen` or `WARIFU__SERVER__LISTEN`.
    pub place: String,
    /// What is wrong with it.
    pub message: Text,
}

/// A setting as it is in force, for `warifu config show`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Dotted path: `server.listen`.
    pub key: String,
    /// The value; `***` for a secret.
    pub value: String,
    /// Where it came from: a file, a variable, or `default`.
    pub origin: String,
}

/// The file and the environment, while they are being read.
#[derive(Debug)]
pub struct Source {
    file: Option<PathBuf>,
    table: toml::Table,
    env: BTreeMap<String, String>,
    asked: BTreeSet<String>,
    problems: Vec<Problem>,
    shown: Vec<Shown>,
}

enum Raw {
    File(toml::Value),
    Env(String),
}

impl Source {
    /// Takes the text of a file (if there is one) and the variables of the environment.
    ///
    /// # Errors
    /// The file is not TOML; the problem names the line.
    pub fn new(
        file: Option<(&Path, &str)>,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problem> {
        let table = match file {
            Some((path, text)) => text.parse().map_err(|e: toml::de::Error| not_toml(path, text, &e))?,
            None => toml::Table::new(),
        };
        let env = env
            .into_iter()
            .filter_map(|(name, value)| {
                let key = name.strip_prefix(ENV_PREFIX)?.to_ascii_lowercase().replace("__", ".");
                Some((key, value))
            })
            .collect();
        Ok(Self {
            file: file.map(|(path, _)| path.to_owned()),
            table,
            env,
            asked: BTreeSet::new(),
            problems: Vec::new(),
            shown: Vec::new(),
        })
    }

    /// The directory against which relative paths are read: the one of the file, else the current one.
    pub fn base_dir(&self) -> PathBuf {
        match self.file.as_deref().and_then(Path::parent) {
            Some(dir) if !dir.as_os_str().is_empty() => dir.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// A setting that is a text.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let (value, origin) = self.take_text(key)?;
        self.show(key, value.clone(), origin);
        Some(value)
    }

    /// A text with a default.
    pub fn text_or(&mut self, key: &str, default: &str) -> String {
        match self.text(key) {
            Some(value) => value,
            None => self.defaulted(key, default.to_owned()),
        }
    }

    /// A text that must not be shown, and which only the environment may carry.
    pub fn env_secret(&mut self, key: &str, instead: &str) -> Option<String> {
        let (value, origin) = match self.raw(key)? {
            (Raw::Env(value), origin) => (value, origin),
            (Raw::File(_), _) => {
                self.problem(
                    key,
                    Text::new(
                        format!("秘密はこのファイルに書けません。{instead} か環境変数を使ってください。"),
                        format!("a secret does not belong in this file; use {instead} or the environment"),
                    ),
                );
                return None;
            }
        };
        self.show(key, "***".into(), origin);
        Some(value)
    }

    /// A path; a relative one counts from [`base_dir`](Self::base_dir).
    pub fn path(&mut self, key: &str) -> Option<PathBuf> {
        let (value, origin) = self.take_text(key)?;
        let path = self.base_dir().join(value);
        self.show(key, path.display().to_string(), origin);
        Some(path)
    }

    /// A path with a default, relative to [`base_dir`](Self::base_dir) as well.
    pub fn path_or(&mut self, key: &str, default: &Path) -> PathBuf {
        match self.path(key) {
            Some(path) => path,
            None => {
                let path = self.base_dir().join(default);
                self.defaulted(key, path.display().to_string());
                path
            }
        }
    }

    /// A switch.
    pub fn switch(&mut self, key: &str, default: bool) -> bool {
        let parsed = match self.raw(key) {
            None => None,
            Some((Raw::File(toml::Value::Boolean(b)), origin)) => Some((Ok(b), origin)),
            Some((Raw::File(other), origin)) => Some((Err(other.to_string()), origin)),
            Some((Raw::Env(text), origin)) => Some((text.parse::<bool>().map_err(|_| text), origin)),
        };
        match parsed {
            None => self.defaulted(key, default),
            Some((Ok(value), origin)) => {
                self.show(key, value.to_string(), origin);
                value
            }
            Some((Err(text), _)) => {
                self.wrong(key, &text, "true か false", "true or false");
                default
            }
        }
    }

    /// A whole number between `least` and `most`.
    pub fn number(&mut self, key: &str, default: u64, least: u64, most: u64) -> u64 {
        let parsed = match self.raw(key) {
            None => return self.defaulted(key, default),
            Some((Raw::File(toml::Value::Integer(n)), origin)) => {
                (u64::try_from(n).map_err(|_| n.to_string()), origin)
            }
            Some((Raw::File(other), origin)) => (Err(other.to_string()), origin),
            Some((Raw::Env(text), origin)) => (text.parse().map_err(|_| text), origin),
        };
        match parsed {
            (Ok(value), origin) if (least..=most).contains(&value) => {
                self.show(key, value.to_string(), origin);
                value
            }
            (Ok(value), _) => {
                self.out_of_range(key, value, least, most);
                default
            }
            (Err(text), _) => {
                let ja = format!("{least} から {most} までの整数");
                self.wrong(key, &text, &ja, &format!("a whole number from {least} to {most}"));
                default
            }
        }
    }

    /// A value with a textual form: an address, a level.
    pub fn parsed<T: FromStr>(&mut self, key: &str, ja: &str, en: &str) -> Option<T> {
        let (text, origin) = self.take_text(key)?;
        match text.parse() {
            Ok(value) => {
                self.show(key, text, origin);
                Some(value)
            }
            Err(_) => {
                self.wrong(key, &text, ja, en);
                None
            }
        }
    }

    /// The same with a default.
    pub fn parsed_or<T: FromStr + Display>(&mut self, key: &str, default: T, ja: &str, en: &str) -> T {
        let present = self.has(key);
        match self.parsed(key, ja, en) {
            Some(value) => value,
            None if present => default,
            None => self.defaulted(key, default),
        }
    }

    /// Whether any setting of a section is there.
    pub fn has_section(&self, section: &str) -> bool {
        let prefix = format!("{section}.");
        self.lookup(section).is_some() || self.env.keys().any(|k| k.starts_with(&prefix))
    }

    /// Notes a problem with one setting.
    pub fn problem(&mut self, key: &str, message: Text) {
        let place = self.place(key);
        self.problems.push(Problem { place, message });
    }

    /// Ends the reading: what nobody asked for is a problem too.
    pub fn finish(mut self) -> (Vec<Shown>, Vec<Problem>) {
        let mut keys = Vec::new();
        leaves("", &self.table, &mut keys);
        keys.extend(self.env.keys().cloned());
        for key in keys {
            if !self.asked.contains(&key) {
                let section = key.rsplit_once('.').map_or("", |(section, _)| section);
                let known: Vec<&str> = self
                    .asked
                    .iter()
                    .filter(|k| k.rsplit_once('.').map_or("", |(s, _)| s) == section)
                    .map(String::as_str)
                    .collect();
                let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
                self.problem(
                    &key,
                    Text::new(
                        format!("知らない設定です（ここで使えるもの: {known}）"),
                        format!("unknown setting (known here: {known})"),
                    ),
                );
            }
        }
        (self.shown, self.problems)
    }

    fn has(&self, key: &str) -> bool {
        self.env.contains_key(key) || self.lookup(key).is_some()
    }

    fn lookup(&self, key: &str) -> Option<&toml::Value> {
        let (first, rest) = key.split_once('.').unwrap_or((key, ""));
        let mut value = self.table.get(first)?;
        for part in rest.split('.').filter(|p| !p.is_empty()) {
            value = value.as_table()?.get(part)?;
        }
        Some(value)
    }

    fn raw(&mut self, key: &str) -> Option<(Raw, String)> {
        self.asked.insert(key.to_owned());
        if let Some(value) = self.env.get(key) {
            return Some((Raw::Env(value.clone()), env_name(key)));
        }
        let value = self.lookup(key)?.clone();
        Some((Raw::File(value), self.file_name()))
    }

    fn take_text(&mut self, key: &str) -> Option<(String, String)> {
        match self.raw(key)? {
            (Raw::Env(text) | Raw::File(toml::Value::String(text)), origin) if !text.is_empty() => {
                Some((text, origin))
            }
            (Raw::Env(_) | Raw::File(toml::Value::String(_)), _) => {
                self.wrong(key, "\"\"", "空でない文字列", "a text that is not empty");
                None
            }
            (Raw::File(other), _) => {
                self.wrong(key, &other.to_string(), "文字列", "a text");
                None
            }
        }
    }

    fn defaulted<T: Display>(&mut self, key: &str, value: T) -> T {
        self.show(key, value.to_string(), "default".into());
        value
    }

    fn show(&mut self, key: &str, value: String, origin: String) {
        self.shown.push(Shown { key: key.to_owned(), value, origin });
    }

    fn wrong(&mut self, key: &str, found: &str, ja: &str, en: &str) {
        let found: String = found.chars().take(80).collect();
        self.problem(
            key,
            Text::new(
                format!("{ja}を書いてください（現在: {found}）"),
                format!("must be {en}, but is {found}"),
            ),
        );
    }

    fn out_of_range(&mut self, key: &str, found: u64, least: u64, most: u64) {
        self.problem(
            key,
            Text::new(
                format!("{least} から {most} までの値にしてください（現在: {found}）"),
                format!("must be from {least} to {most}, but is {found}"),
            ),
        );
    }

    fn file_name(&self) -> String {
        self.file.as_deref().map_or_else(|| "-".into(), |p| p.display().to_string())
    }

    fn place(&self, key: &str) -> String {
        if self.env.contains_key(key) { env_name(key) } else { format!("{}: {key}", self.file_name()) }
    }
}

fn env_name(key: &str) -> String {
    format!("{ENV_PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}

fn leaves(prefix: &str, table: &toml::Table, out: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => leaves(&path, inner, out),
            toml::Value::Table(_) => {}
            _ => out.push(path),
        }
    }
}

fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> Problem {
    let line = error.span().map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
    let place = match line {
        Some(line) => format!("{}:{line}", path.display()),
        None => path.display().to_string(),
    };
    let what = error.message();
    Problem {
        place,
        message: Text::new(format!("TOML として読めません: {what}"), format!("not TOML: {what}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str, env: &[(&str, &str)]) -> Source {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Source::new(Some((Path::new("/etc/warifu/warifu.toml"), text)), env).expect("TOML")
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut source =
            source("[server]\nname = \"file\"", &[("WARIFU__SERVER__NAME", "env"), ("HOME", "/")]);
        assert_eq!(source.text("server.name").as_deref(), Some("env"));
        let (shown, problems) = source.finish();
        assert_eq!(shown[0].origin, "WARIFU__SERVER__NAME");
        assert_eq!(problems, []);
    }

    #[test]
    fn every_unknown_key_is_a_problem_with_file_and_key() {
        let mut source =
            source("[server]\nlistn = \"x\"\n[sotre]\nurl = \"y\"", &[("WARIFU__LOG__LEVL", "z")]);
        source.text("server.listen");
        let (_, problems) = source.finish();
        let places: Vec<&str> = problems.iter().map(|p| p.place.as_str()).collect();
        let wanted = [
            "/etc/warifu/warifu.toml: server.listn",
            "/etc/warifu/warifu.toml: sotre.url",
            "WARIFU__LOG__LEVL",
        ];
        assert_eq!(places, wanted);
        assert!(problems[0].message.en.contains("server.listen"));
    }

    #[test]
    fn wrong_values_are_reported_together() {
        let mut source = source("[limits]\na = \"x\"\nb = 5\nc = 1", &[("WARIFU__LIMITS__D", "-1")]);
        assert_eq!(source.number("limits.a", 7, 1, 9), 7);
        assert_eq!(source.number("limits.b", 7, 1, 4), 7);
        assert!(!source.switch("limits.c", false));
        assert_eq!(source.number("limits.d", 7, 1, 9), 7);
        assert_eq!(source.finish().1.len(), 4);
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_never_shown() {
        let mut in_file = source("[keys]\npassphrase = \"horse\"", &[]);
        assert_eq!(in_file.env_secret("keys.passphrase", "keys.passphrase_file"), None);
        assert_eq!(in_file.finish().1.len(), 1);
        let mut in_env = source("", &[("WARIFU__KEYS__PASSPHRASE", "horse")]);
        assert_eq!(in_env.env_secret("keys.passphrase", "x").as_deref(), Some("horse"));
        assert_eq!(in_env.finish().0[0].value, "***");
    }

    #[test]
    fn text_that_is_not_toml_names_the_line() {
        let problem = Source::new(Some((Path::new("w.toml"), "a = 1\nb = =")), []).expect_err("not TOML");
        assert_eq!(problem.place, "w.toml:2");
    }
}
