//! `warifu token make|list|revoke`: tokens with which programs call the desks' APIs for an account (K9, K16).

use crate::{
    cli::Run,
    commands::shown,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, Opening, store_fail},
    lang::Lang,
    portal::Portal,
    terminal::{self, Page},
};
use authority_front::Text;
use core_words::{Actor, UtcMicros};
use kit_gate::{
    AccountError, AccountKind, Scope, TokenId, TokenLine,
    accounts::{Account, find_by_login},
    tokens,
};
use kit_store::Tx;
use serde::{Deserialize, Serialize};

const DAY: i64 = 24 * 60 * 60;

/// プログラム用のトークン / tokens of programs
#[derive(clap::Subcommand, Debug)]
pub enum Token {
    /// トークンを作り、一度だけ表示 / make one; it is shown once
    Make {
        /// Whose
        #[command(flatten)]
        owner: Owner,
        /// What it is for: the name of the program
        #[arg(long, value_name = "NAME")]
        name: String,
        /// After how many days it dies by itself
        #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=3_650))]
        days: u16,
    },
    /// トークンの一覧 / those of an account
    List {
        /// Whose
        #[command(flatten)]
        owner: Owner,
    },
    /// トークンを取り消す / revoke one
    Revoke {
        /// Whose
        #[command(flatten)]
        owner: Owner,
        /// Its number, from the list
        #[arg(long, value_name = "NUMBER")]
        number: i64,
    },
}

/// トークンの持ち主 / whose token it is
#[derive(clap::Args, Clone, Debug, Serialize, Deserialize)]
pub struct Owner {
    /// Their ID
    pub login: String,
    /// The ID is that of an applicant, such as a care provider; else of staff
    #[arg(long)]
    pub applicant: bool,
}

/// Makes a token.
#[derive(Clone, Serialize, Deserialize)]
pub struct Make {
    /// For whom the program acts.
    pub owner: Owner,
    /// What it is for.
    pub name: String,
    /// After how many days it dies.
    pub days: u16,
}

/// Revokes a token.
#[derive(Clone, Serialize, Deserialize)]
pub struct Revoke {
    /// Whose it is.
    pub owner: Owner,
    /// Its number.
    pub number: i64,
}

impl Token {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Make { owner, name, days } => {
                carry_out(run, AnyDeed::MakeToken(Make { owner, name, days }), false).await
            }
            Self::Revoke { owner, number } => {
                carry_out(run, AnyDeed::RevokeToken(Revoke { owner, number }), false).await
            }
            Self::List { owner } => list(run, owner).await,
        }
    }
}

impl Make {
    /// Makes it; the token stands in the report and nowhere else.
    ///
    /// # Errors
    /// Nobody has this ID, or the account is not active; a name that is too long.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let (gate, actor, now) = (Portal::new(installation)?.gate, actor.clone(), installation.clock.now());
        let until = now.plus_seconds(i64::from(self.days) * DAY);
        let made = installation.db.write(move |tx| match self.owner.find(tx)? {
            Some(account) => gate.make_token(tx, account.id, &self.name, Some(until), &actor, now).map(Some),
            None => Ok(None),
        });
        let made = made.await.map_err(|error| refused(&error))?.ok_or_else(nobody)?;
        let mut page = Page::new(lang);
        page.field("トークン", "token", made.text());
        page.field("番号", "number", made.id.0);
        page.field("期限", "until", shown(until));
        page.next(
            "このトークンは再表示できません。Authorization: Bearer で送ります。",
            "It cannot be shown again. It is sent as Authorization: Bearer.",
        );
        Ok(Report::ok(page))
    }
}

impl Revoke {
    /// Revokes it; it is dead from the next request on.
    ///
    /// # Errors
    /// Nobody has this ID, or they have no living token of this number.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let (gate, actor, now) = (Portal::new(installation)?.gate, actor.clone(), installation.clock.now());
        let revoked = installation.db.write(move |tx| {
            let Some(account) = self.owner.find(tx)? else { return Ok(None) };
            let number = TokenId(self.number);
            if !tokens(tx, account.id)?.iter().any(|line| line.id == number) {
                return Ok(Some(false));
            }
            let scope = Scope::of_the_house(account.operator);
            Ok(Some(gate.revoke_token(tx, &scope, number, &actor, now)?))
        });
        match revoked.await.map_err(|error: AccountError| refused(&error))? {
            None => Err(nobody()),
            Some(false) => Err(no_token()),
            Some(true) => {
                let mut page = Page::new(lang);
                page.line(
                    "取り消しました。次の要求から使えません。",
                    "Revoked: it is dead from the next request on.",
                );
                Ok(Report::ok(page))
            }
        }
    }
}

impl Owner {
    fn find(&self, tx: &mut Tx) -> Result<Option<Account>, AccountError> {
        let kind = if self.applicant { AccountKind::Applicant } else { AccountKind::Staff };
        Ok(find_by_login(tx, kind, &self.login)?)
    }
}

async fn list(run: &Run, owner: Owner) -> Outcome {
    let installation = Installation::open(run.config()?, Opening::to_look()).await?;
    let now = installation.clock.now();
    let found = installation.db.read(move |tx| match owner.find(tx)? {
        Some(account) => Ok::<_, AccountError>(Some(tokens(tx, account.id)?)),
        None => Ok(None),
    });
    let found = found.await;
    installation.close().await;
    let lines = found.map_err(|error| refused(&error))?.ok_or_else(nobody)?;
    let mut page = Page::new(run.lang);
    let heading = [
        ("番号", "number"),
        ("名前", "name"),
        ("状態", "state"),
        ("作成", "made"),
        ("期限", "until"),
        ("最終利用", "used"),
    ];
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(line, now)).collect();
    page.table(&heading, &rows);
    terminal::print(&page.into_text());
    Ok(Exit::Ok)
}

fn row(line: &TokenLine, now: UtcMicros) -> Vec<String> {
    let state = match (line.revoked, line.until) {
        (Some(_), _) => "revoked",
        (None, Some(until)) if until <= now => "expired",
        _ => "active",
    };
    let time = |time: Option<UtcMicros>| time.map_or("-".to_owned(), shown);
    vec![
        line.id.0.to_string(),
        line.name.clone(),
        state.to_owned(),
        shown(line.created),
        time(line.until),
        time(line.used),
    ]
}

fn refused(error: &AccountError) -> Fail {
    if let AccountError::Store(error) = error {
        return store_fail(error);
    }
    Fail::new(
        Exit::Refused,
        "token.refused",
        Text::new(format!("できません: {error}"), format!("This cannot be done: {error}")),
        Text::new("ID と名前を確認してください。", "Check the ID and the name."),
    )
}

fn nobody() -> Fail {
    Fail::new(
        Exit::Refused,
        "token.nobody",
        Text::new("この ID の人はいません。", "Nobody has this ID."),
        Text::new(
            "申請者の ID なら --applicant を付けてください。",
            "If it is the ID of an applicant, add --applicant.",
        ),
    )
}

fn no_token() -> Fail {
    Fail::new(
        Exit::Refused,
        "token.none",
        Text::new("この番号の使えるトークンはありません。", "They have no living token of this number."),
        Text::new(
            "`warifu token list` で番号を確認してください。",
            "See the numbers with `warifu token list`.",
        ),
    )
}
