//! Finding and reading the configuration file.

use super::{
    Config,
    source::{Problem, Shown, Source},
};
use crate::fail::{Exit, Fail};
use authority_front::Text;
use std::path::{Path, PathBuf};

/// Where the file is looked for when nobody says where it is.
const PLACES: [&str; 2] = ["warifu.toml", "/etc/warifu/warifu.toml"];

/// A configuration and how it came about.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings in force.
    pub config: Config,
    /// Each with its origin.
    pub shown: Vec<Shown>,
    /// The file, if one was read.
    pub file: Option<PathBuf>,
}

/// The file to read: the one that was named, else the first of `./warifu.toml` and
/// `/etc/warifu/warifu.toml` that exists, else none.
pub fn find(named: Option<&Path>) -> Option<PathBuf> {
    match named {
        Some(path) => Some(path.to_owned()),
        None => PLACES.iter().map(PathBuf::from).find(|p| p.exists()),
    }
}

/// Reads the configuration of this process: file and environment.
///
/// # Errors
/// A [`Fail`] listing everything that is wrong, each with file and key.
pub fn load(named: Option<&Path>) -> Result<Loaded, Fail> {
    let file = find(named);
    let text = match &file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|e| Fail::file(path, &e))?),
        None => None,
    };
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let given = file.as_deref().zip(text.as_deref());
    // A variable that is not UTF-8 cannot be a setting of ours; `vars` would panic on it.
    let env = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let (config, shown) = read(given, env, credentials.as_deref()).map_err(|problems| failure(&problems))?;
    Ok(Loaded { config, shown, file })
}

/// Reads a configuration from given texts; touches nothing but the existence of the systemd credential.
///
/// # Errors
/// Every problem found.
pub fn read(
    file: Option<(&Path, &str)>,
    env: impl IntoIterator<Item = (String, String)>,
    credentials_dir: Option<&Path>,
) -> Result<(Config, Vec<Shown>), Vec<Problem>> {
    let mut source = Source::new(file, env).map_err(|problem| vec![problem])?;
    let config = Config::of(&mut source, credentials_dir);
    let (shown, problems) = source.finish();
    if problems.is_empty() { Ok((config, shown)) } else { Err(problems) }
}

pub(super) fn failure(problems: &[Problem]) -> Fail {
    let line = |p: &Problem| {
        Text::new(format!("{}: {}", p.place, p.message.ja), format!("{}: {}", p.place, p.message.en))
    };
    Fail::new(
        Exit::Usage,
        "config.invalid",
        Text::new("設定に誤りがあります。", "The configuration is not valid."),
        Text::new(
            "上の項目を直し、`warifu config check` で確かめてください。",
            "Correct these settings, then run `warifu config check`.",
        ),
    )
    .with_details(problems.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KeySource;

    #[test]
    fn an_empty_configuration_is_complete() {
        let (config, shown) = read(None, [], None).expect("valid");
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8480");
        assert_eq!(config.limits.body_octets, 1 << 20);
        assert!(matches!(config.keys.source, KeySource::Person));
        assert!(shown.iter().all(|s| s.origin == "default"));
    }

    #[test]
    fn paths_count_from_the_file() {
        let file = Path::new("/etc/warifu/warifu.toml");
        let text = "[store]\nurl = \"sqlite:w.db\"\n[blobs]\ndir = \"/var/b\"";
        let (config, _) = read(Some((file, text)), [], None).expect("valid");
        assert_eq!(config.store.url, "sqlite:/etc/warifu/w.db");
        assert_eq!(config.blobs.dir, Path::new("/var/b"));
    }

    #[test]
    fn problems_come_all_at_once() {
        let text = "[server]\nlisten = \"here\"\n[server.tls]\nkey = \"k.pem\"\n[store]\nurl = \"mysql://x\"\n[log]\nlevl = \"x\"";
        let problems = read(Some((Path::new("w.toml"), text)), [], None).expect_err("invalid");
        let places: Vec<&str> = problems.iter().map(|p| p.place.as_str()).collect();
        let wanted = [
            "w.toml: server.listen",
            "w.toml: server.tls.certificate",
            "w.toml: store.url",
            "w.toml: log.levl",
        ];
        assert_eq!(places, wanted);
        let shown = failure(&problems).render(crate::lang::Lang::En);
        assert!(shown.contains("w.toml: log.levl: unknown setting (known here: log.format, log.level)"));
    }
}
