//! The command line: what can be said, and how a command is carried out to its end.

use crate::{
    commands,
    config::{self, Config},
    fail::{Exit, Fail, Outcome},
    lang::Lang,
    terminal,
};
use clap::{Parser, Subcommand};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// 電子証明書の発行・失効・検証 / issues, revokes and verifies certificates.
///
/// Exit codes: 0 done, 1 refused, 2 a person is needed, 3 usage, 4 could not run.
/// 終了コード: 0 完了、1 拒否、2 人の判断が必要、3 使い方の誤り、4 実行できない。
#[derive(Parser, Debug)]
#[command(name = "warifu", version, max_term_width = 110)]
pub struct Cli {
    /// The configuration file; else ./warifu.toml, else /etc/warifu/warifu.toml
    #[arg(long, global = true, value_name = "FILE", env = "WARIFU_CONFIG")]
    pub config: Option<PathBuf>,
    /// The language of what is printed; else that of LC_ALL, LC_MESSAGES, LANG
    #[arg(long, global = true, value_name = "ja|en", value_parser = crate::lang::parser())]
    pub lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// サーバーを起動する / run the server
    Serve(commands::serve::Serve),
    /// デモ / see it work: ceremony, issuing, revocation, lists, rollover, backup, ledger
    Demo(commands::demo::Demo),
    /// 認証局 / authorities: ceremonies, rollover, credentials, issuing, revoking
    #[command(subcommand)]
    Ca(commands::ca::Ca),
    /// 電子請求の証明書の窓口 / the claims desk: care providers
    #[command(subcommand)]
    Claims(commands::claims::Claims),
    /// 職員 / staff: enter people, make their one-time links
    #[command(subcommand)]
    Staff(commands::staff::Staff),
    /// トークン / tokens with which programs call the desks
    #[command(subcommand)]
    Token(commands::token::Token),
    /// 台帳 / the ledger: verify, export, show, prove
    #[command(subcommand)]
    Ledger(commands::ledger::Ledger),
    /// 運用 / operation: backup, restore, passphrase, jobs
    #[command(subcommand)]
    Admin(commands::admin::Admin),
    /// 鍵 / keys: initialise, unlock, list
    #[command(subcommand)]
    Keys(commands::keys::Keys),
    /// カード / cards: make, show, serve, sign, PINs, personalise
    #[command(subcommand)]
    Card(commands::card::CardCommand),
    /// 復号ツール / open a notice that was encrypted to a certificate
    OpenNotice(commands::open_notice::OpenNotice),
    /// 問題を見つけ、対処を示す / find what is wrong and say what to do
    Doctor(commands::doctor::Doctor),
    /// 設定 / the configuration: check, show
    #[command(subcommand)]
    Config(commands::config::ConfigCommand),
}

/// How a command was called.
#[derive(Clone, Debug)]
pub struct Run {
    /// The language of what is printed.
    pub lang: Lang,
    /// The same, if somebody asked for it by name.
    pub chosen: Option<Lang>,
    /// The configuration file, if one was named.
    pub config_file: Option<PathBuf>,
}

impl Run {
    /// The configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn config(&self) -> Outcome<Config> {
        config::load(self.config_file.as_deref()).map(|loaded| loaded.config)
    }

    /// Reads a file named on the command line, at most `limit` octets of it.
    ///
    /// # Errors
    /// It cannot be read, or is longer.
    pub fn read_file(&self, path: &Path, limit: u64) -> Outcome<Vec<u8>> {
        use std::io::Read;
        let file = std::fs::File::open(path).map_err(|e| Fail::file(path, &e))?;
        // Room for all of it: a vector that grows would leave copies of a secret behind.
        let length = file.metadata().map_or(0, |metadata| metadata.len()).min(limit);
        let mut octets = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 32);
        file.take(limit + 1).read_to_end(&mut octets).map_err(|e| Fail::file(path, &e))?;
        if octets.len() as u64 > limit {
            return Err(Fail::file(path, &std::io::Error::other(format!("longer than {limit} octets"))));
        }
        Ok(octets)
    }
}

impl Cli {
    /// Reads a command line. `cargo demo -- --exit` arrives as `warifu demo -- --exit`: cargo has taken a `--` of its own
    /// before, so this one is passed over.
    ///
    /// # Errors
    /// What clap says of it, help and version included.
    pub fn of_arguments(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut arguments: Vec<OsString> = arguments.into_iter().collect();
        if arguments.get(1..3).is_some_and(|first| first == ["demo", "--"]) {
            arguments.remove(2);
        }
        Self::try_parse_from(arguments)
    }

    /// Runs the command to its end; prints why, if it failed.
    pub fn run(self) -> Exit {
        let lang = self.lang.unwrap_or_else(|| crate::lang::of_environment(|name| std::env::var(name).ok()));
        let run = Run { lang, chosen: self.lang, config_file: self.config };
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let fail = Fail::file(Path::new("tokio"), &error);
                terminal::complain(&fail.render(lang));
                return fail.exit;
            }
        };
        let outcome = runtime.block_on(async {
            match self.command {
                Command::Serve(command) => command.run(&run).await,
                Command::Demo(command) => command.run(&run).await,
                Command::Ca(command) => command.run(&run).await,
                Command::Claims(command) => command.run(&run).await,
                Command::Staff(command) => command.run(&run).await,
                Command::Token(command) => command.run(&run).await,
                Command::Ledger(command) => command.run(&run).await,
                Command::Admin(command) => command.run(&run).await,
                Command::Keys(command) => command.run(&run).await,
                Command::Card(command) => command.run(&run).await,
                Command::OpenNotice(command) => command.run(&run).await,
                Command::Doctor(command) => command.run(&run).await,
                Command::Config(command) => command.run(&run).await,
            }
        });
        match outcome {
            Ok(exit) => exit,
            Err(fail) => {
                terminal::complain(&fail.render(lang));
                fail.exit
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_demo_understands_what_cargo_hands_on() {
        let read = |line: &str| Cli::of_arguments(line.split(' ').map(OsString::from)).map(drop);
        for good in [
            "warifu demo -- --exit",
            "warifu demo --exit",
            "warifu demo -- --data d --exit",
            "warifu demo --",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in ["warifu demo -- -- --exit", "warifu -- demo --exit", "warifu serve -- --exit"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
