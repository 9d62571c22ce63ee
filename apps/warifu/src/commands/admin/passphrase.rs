//! `warifu admin passphrase change` (K15).

use crate::{
    cli::Run,
    commands::keys::{Secret, type_twice},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::Outcome,
    installation::{Installation, key_fail, store_fail},
    lang::Lang,
    terminal::{Page, ask_secret},
};
use core_words::Actor;
use kit_ledger::Entry;
use serde::{Deserialize, Serialize};

/// 鍵のパスフレーズ / the passphrase of the keys
#[derive(clap::Subcommand, Debug)]
pub enum PassphraseCommand {
    /// 変更する（端末で入力） / change it, typed at the terminal
    Change,
}

/// Changes the passphrase.
#[derive(Clone, Serialize, Deserialize)]
pub struct Deed {
    /// The one in force.
    pub old: Secret,
    /// The next one.
    pub new: Secret,
}

impl PassphraseCommand {
    /// Runs it.
    ///
    /// # Errors
    /// The old one is wrong; the new one is unfit.
    pub async fn run(self, run: &Run) -> Outcome {
        let old = Secret::new(ask_secret(run.lang, "現在のパスフレーズ", "Present passphrase")?);
        let new = Secret::new(type_twice(run.lang)?);
        carry_out(run, AnyDeed::ChangePassphrase(Deed { old, new }), false).await
    }
}

impl Deed {
    /// Carries it out. No key is touched: the key that seals them is wrapped anew.
    ///
    /// # Errors
    /// The old one is wrong.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let (old, new) = (self.old.passphrase()?, self.new.passphrase()?);
        installation.keys.change_passphrase(&old, &new).await.map_err(|e| key_fail(&e))?;
        let entry = Entry::new("passphrase.changed", actor.clone(), "installation");
        installation.append(entry).await.map_err(|e| store_fail(&e))?;
        let mut page = Page::new(lang);
        page.line("パスフレーズを変更しました。", "The passphrase was changed.");
        page.next(
            "keys.passphrase_file などに書いた値も今すぐ替えてください。古いバックアップは古いパスフレーズで開きます。",
            "Change keys.passphrase_file and the like now, too. Old backups still open with the old passphrase.",
        );
        Ok(Report::ok(page))
    }
}
