//! `warifu card …`: cards of the JPKI (J4, J16): real ones in a reader, and virtual ones in a file.
//!
//! One command works on both: `--card FILE` is the virtual card itself, `--reader NAME` a reader of this computer.

mod access;
pub(crate) mod demo_card;
mod files;
mod generator;
mod inspect;
pub(crate) mod keys;
mod new;
mod personalise;
mod pin;
mod pins;
mod refusals;
mod serve;
mod show;
mod sign;
#[cfg(test)]
mod tests;
mod unblock;

use crate::{cli::Run, fail::Outcome};
use access::Access;
use clap::{Subcommand, ValueEnum};
use core_card::pin::PinKind;

/// カード / cards: make, show, serve, sign, PINs, personalise
#[derive(Subcommand, Debug)]
pub enum CardCommand {
    /// 仮想カードを作る / make a virtual card, in a file
    New(new::New),
    /// カードの内容を見る / show what is on a card; write its certificates out
    Show(show::Show),
    /// 仮想カードのファイルを見る / show what the file of a virtual card tells without its PINs
    Inspect(inspect::Inspect),
    /// 仮想カードを読み取り装置に入れる / put a virtual card into a reader of vpcd
    Serve(serve::Serve),
    /// 署名する / sign a file with a key of the card
    Sign(sign::Sign),
    /// 暗証番号を確かめる / check a PIN
    VerifyPin(pin::VerifyPin),
    /// 暗証番号を変える / change a PIN
    ChangePin(pin::ChangePin),
    /// 暗証番号のロックを解除する・初期化する / unblock a PIN, or set another, as the issuer
    Unblock(unblock::Unblock),
    /// 窓口の作業 / the counter's part: prepare, read the key, store certificates, activate
    #[command(subcommand)]
    Personalise(personalise::Personalise),
    /// 鍵ペア生成装置 / the key-pair generator, worked by the applicant
    Generator(generator::GeneratorCommand),
}

/// Which of the two certificates of a card, or their keys and PINs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Place {
    /// 署名用 / for signing
    Signing,
    /// 利用者証明用 / for user authentication
    Authentication,
}

impl Place {
    /// In the words of the card.
    fn kind(self) -> PinKind {
        match self {
            Self::Signing => PinKind::Signing,
            Self::Authentication => PinKind::Authentication,
        }
    }
}

/// The name of a place for people.
fn shown(kind: PinKind) -> (&'static str, &'static str) {
    match kind {
        PinKind::Signing => ("署名用", "signing"),
        PinKind::Authentication => ("利用者証明用", "authentication"),
    }
}

impl CardCommand {
    /// Runs it.
    ///
    /// # Errors
    /// What the card, the reader or the files say.
    pub async fn run(self, run: &Run) -> Outcome {
        let run = run.clone();
        // Cards are waited for, and RSA keys are made: off the async threads.
        let done = tokio::task::spawn_blocking(move || match self {
            Self::New(command) => command.run(&run),
            Self::Show(command) => command.run(&run),
            Self::Inspect(command) => command.run(&run),
            Self::Serve(command) => command.run(&run),
            Self::Sign(command) => command.run(&run),
            Self::VerifyPin(command) => command.run(&run),
            Self::ChangePin(command) => command.run(&run),
            Self::Unblock(command) => command.run(&run),
            Self::Personalise(command) => command.run(&run),
            Self::Generator(command) => command.run(&run),
        });
        match done.await {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}
