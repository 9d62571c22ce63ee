//! `warifu keys init|unlock|lock|list` (K15).

use crate::{
    cli::Run,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, LedgerKey, Opening, configured_passphrase, key_fail},
    lang::Lang,
    terminal::{self, Page, ask_secret},
};
use authority_front::Text;
use kit_keys::Passphrase;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Characters below which a passphrase is refused: what can be guessed seals nothing.
const SHORTEST: usize = 12;

/// 鍵 / keys
#[derive(clap::Subcommand, Debug)]
pub enum Keys {
    /// パスフレーズを決め、台帳の鍵を作る / set the passphrase and make the key of the ledger
    Init,
    /// 動作中のサーバーの鍵の封印を解く / unlock the keys of the running server
    Unlock,
    /// 鍵の一覧（秘密は表示しない） / list the keys, without their secrets
    List,
}

/// Sets the first passphrase.
#[derive(Clone, Serialize, Deserialize)]
pub struct Found(Secret);

/// Unlocks a running server.
#[derive(Clone, Serialize, Deserialize)]
pub struct Unlock(Secret);

/// A passphrase on its way over the control socket: wiped when dropped.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps what was typed.
    pub fn new(typed: Zeroizing<String>) -> Self {
        Self(typed)
    }

    /// As the keys take it.
    ///
    /// # Errors
    /// It is empty.
    pub fn passphrase(&self) -> Outcome<Passphrase> {
        Passphrase::new(self.0.clone()).map_err(|e| key_fail(&e))
    }
}

impl Keys {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Init => {
                let typed = first_passphrase(run)?;
                carry_out(run, AnyDeed::Found(Found(Secret(typed))), false).await
            }
            Self::Unlock => {
                let typed = ask_secret(run.lang, "鍵のパスフレーズ", "Passphrase of the keys")?;
                carry_out(run, AnyDeed::Unlock(Unlock(Secret(typed))), false).await
            }
            Self::List => list(run).await,
        }
    }
}

/// The passphrase as configured, or typed twice.
fn first_passphrase(run: &Run) -> Outcome<Zeroizing<String>> {
    use crate::config::KeySource;
    let config = run.config()?;
    let text = match &config.keys.source {
        KeySource::Environment(text) => text.clone(),
        KeySource::File(path) => {
            let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| Fail::file(path, &e))?);
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        KeySource::Person => return type_twice(run.lang),
    };
    long_enough(text)
}

/// Asks for a new passphrase twice.
///
/// # Errors
/// The two differ; it is too short; there is no terminal.
pub fn type_twice(lang: Lang) -> Outcome<Zeroizing<String>> {
    let first = long_enough(ask_secret(
        lang,
        "新しいパスフレーズ（12 文字以上）",
        "New passphrase (12 characters or more)",
    )?)?;
    let second = ask_secret(lang, "もう一度", "Once more")?;
    if *first == *second {
        return Ok(first);
    }
    Err(Fail::usage(
        "keys.typed_differently",
        Text::new("二つの入力が違います。", "The two are not the same."),
    ))
}

fn long_enough(text: Zeroizing<String>) -> Outcome<Zeroizing<String>> {
    if text.chars().count() >= SHORTEST {
        return Ok(text);
    }
    Err(Fail::new(
        Exit::Refused,
        "keys.passphrase_short",
        Text::new(
            format!("パスフレーズは {SHORTEST} 文字以上にしてください。"),
            format!("A passphrase has {SHORTEST} characters or more."),
        ),
        Text::new(
            "いくつかの単語を並べると覚えやすくなります。",
            "Several words in a row are easy to remember.",
        ),
    ))
}

impl Found {
    /// Carries it out.
    ///
    /// # Errors
    /// There is a passphrase already.
    pub async fn perform(self, installation: &Installation, lang: Lang) -> Outcome<Report> {
        installation.found(&self.0.passphrase()?).await?;
        let mut page = Page::new(lang);
        page.line(
            "鍵の保管庫を作り、台帳の鍵を封印しました。",
            "The key store was made, with the sealed key of the ledger.",
        );
        if let Some(key) = installation.ledger_key().await?.filter(LedgerKey::has_origin) {
            page.field("台帳の公開鍵", "public key of the ledger", key.verifier()?);
        }
        page.next(
            "パスフレーズを失うと鍵は二度と使えません。安全な場所に保管し、次に `warifu ca ceremony` を行ってください。",
            "Without the passphrase the keys are lost for ever: keep it safe. Next comes `warifu ca ceremony`.",
        );
        Ok(Report::ok(page))
    }
}

impl Unlock {
    /// Carries it out.
    ///
    /// # Errors
    /// The passphrase is wrong.
    pub async fn perform(self, installation: &Installation, lang: Lang) -> Outcome<Report> {
        installation.keys.unlock(&self.0.passphrase()?).await.map_err(|e| key_fail(&e))?;
        let mut page = Page::new(lang);
        page.line("鍵の封印を解きました。", "The keys are unlocked.");
        Ok(Report::ok(page))
    }
}

async fn list(run: &Run) -> Outcome {
    let installation = Installation::open(run.config()?, Opening::to_look()).await?;
    let keys = installation.keys.list().await;
    let sealed = installation.keys.has_passphrase().await;
    let unattended = configured_passphrase(&installation.config)?.is_some();
    installation.close().await;
    let mut page = Page::new(run.lang);
    let rows: Vec<Vec<String>> = keys
        .map_err(|e| key_fail(&e))?
        .into_iter()
        .map(|k| vec![k.id.to_string(), k.alg.name().to_owned(), k.purpose, super::shown(k.created)])
        .collect();
    page.table(&[("番号", "number"), ("種類", "kind"), ("用途", "purpose"), ("作成", "made")], &rows);
    if !sealed.map_err(|e| key_fail(&e))? {
        page.next(
            "まだ鍵がありません。`warifu keys init` を実行してください。",
            "There are no keys yet: run `warifu keys init`.",
        );
    } else if !unattended {
        page.next(
            "サーバーは起動のたびに `warifu keys unlock` を必要とします。",
            "The server needs `warifu keys unlock` after each start.",
        );
    }
    terminal::print(&page.into_text());
    Ok(Exit::Ok)
}
