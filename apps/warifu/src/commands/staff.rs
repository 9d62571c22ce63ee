//! `warifu staff add|link`: people who work at the desks.

use crate::{
    cli::Run,
    commands::{shown, unfit},
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
    portal::Portal,
    terminal::Page,
};
use authority_front::Text;
use core_words::{Actor, OperatorId};
use kit_gate::{
    AccountError, AccountKind, OneTimeLink, Purpose, Role,
    accounts::{NewStaff, create_staff, find_by_login},
};
use serde::{Deserialize, Serialize};

/// 窓口の職員 / people who work at the desks
#[derive(clap::Subcommand, Debug)]
pub enum Staff {
    /// 職員を登録し、登録用リンクを一度だけ表示 / enter somebody; their one-time link is shown once
    Add(AddArgs),
    /// 新しい一回限りのリンク / a new one-time link
    Link {
        /// Their ID
        login: String,
        /// For signing in once, not for registering a passkey: for demonstrations
        #[arg(long)]
        sign_in: bool,
    },
}

/// 職員を登録する / enter somebody
#[derive(clap::Args, Debug)]
pub struct AddArgs {
    /// Their ID, in lists and at the command line
    login: String,
    /// Their name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The operator they work for; else that of the claims desk
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// What they may do: claims.clerk, claims.manager; repeat for more
    #[arg(long = "role", value_name = "ROLE", required = true)]
    roles: Vec<String>,
}

/// Enters somebody.
#[derive(Clone, Serialize, Deserialize)]
pub struct Add {
    /// Their ID.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The operator they work for.
    pub operator: Option<String>,
    /// What they may do.
    pub roles: Vec<String>,
}

/// Makes a new link.
#[derive(Clone, Serialize, Deserialize)]
pub struct Link {
    /// Their ID.
    pub login: String,
    /// Whether it signs in, or registers.
    pub sign_in: bool,
}

impl Staff {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        let deed = match self {
            Self::Add(AddArgs { login, name, operator, roles }) => {
                AnyDeed::AddStaff(Add { login, name, operator, roles })
            }
            Self::Link { login, sign_in } => AnyDeed::LinkStaff(Link { login, sign_in }),
        };
        carry_out(run, deed, false).await
    }
}

impl Add {
    /// Enters them; the link stands in the report and nowhere else.
    ///
    /// # Errors
    /// A name that is taken or not well formed.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let link = self.enter(installation, actor, Purpose::Enrol).await?;
        Ok(told(lang, &link, Purpose::Enrol))
    }

    /// Enters them, for whoever needs the link itself.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    pub async fn enter(
        self,
        installation: &Installation,
        actor: &Actor,
        purpose: Purpose,
    ) -> Outcome<OneTimeLink> {
        let configured = installation.config.claims.as_ref().map(|claims| claims.operator.clone());
        let operator = match &self.operator {
            Some(name) => {
                Some(OperatorId::new(name).map_err(|e| unfit("--operator", "名前の形ではありません", &e))?)
            }
            None => configured,
        };
        let operator = operator.ok_or_else(no_operator)?;
        let roles = self.roles.iter().map(|role| Role::parse(role)).collect::<Result<Vec<_>, _>>();
        let roles = roles.map_err(|e| unfit("--role", "役割の形ではありません", &e))?;
        let (gate, actor) = (Portal::new(installation)?.gate, actor.clone());
        let now = installation.clock.now();
        let entered = installation.db.write(move |tx| {
            let staff = NewStaff {
                operator: &operator,
                login: &self.login,
                name: &self.name,
                lang: Lang::Ja,
                roles: &roles,
            };
            let id = create_staff(tx, &gate, &staff, &actor, now)?;
            gate.one_time_link(tx, id, purpose, &actor, now)
        });
        entered.await.map_err(|error| refused(&error))
    }
}

impl Link {
    /// Makes the link; earlier ones of its kind are dead.
    ///
    /// # Errors
    /// Nobody has this ID.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let purpose = if self.sign_in { Purpose::SignIn } else { Purpose::Enrol };
        let (gate, actor, now) = (Portal::new(installation)?.gate, actor.clone(), installation.clock.now());
        let made = installation.db.write(move |tx| {
            let found = find_by_login(tx, AccountKind::Staff, &self.login)?;
            match found {
                Some(account) => gate.one_time_link(tx, account.id, purpose, &actor, now).map(Some),
                None => Ok(None),
            }
        });
        let link = made.await.map_err(|error| refused(&error))?.ok_or_else(nobody)?;
        Ok(told(lang, &link, purpose))
    }
}

fn told(lang: Lang, link: &OneTimeLink, purpose: Purpose) -> Report {
    let mut page = Page::new(lang);
    page.field("リンク", "link", link.url());
    page.field("期限", "until", shown(link.until));
    match purpose {
        Purpose::Enrol => page.next(
            "このリンクは再表示できません。本人だけに安全に渡してください。開くと、パスキーか証明書を登録できます。",
            "The link cannot be shown again: hand it to the person alone. It lets them register a passkey or certificate.",
        ),
        Purpose::SignIn => page.next("一度だけログインできます。", "It signs in once."),
    }
    Report::ok(page)
}

fn refused(error: &AccountError) -> Fail {
    if let AccountError::Store(error) = error {
        return store_fail(error);
    }
    Fail::new(
        Exit::Refused,
        "staff.refused",
        Text::new(format!("登録できません: {error}"), format!("This cannot be done: {error}")),
        Text::new("ID と役割を確認してください。", "Check the ID and the roles."),
    )
}

fn nobody() -> Fail {
    Fail::new(
        Exit::Refused,
        "staff.nobody",
        Text::new("この ID の職員はいません。", "Nobody has this ID."),
        Text::new("`warifu staff add` で登録してください。", "Enter them with `warifu staff add`."),
    )
}

fn no_operator() -> Fail {
    Fail::usage(
        "staff.no_operator",
        Text::new(
            "どの機関の職員か分かりません。--operator を付けてください。",
            "For whom they work is not said: give --operator.",
        ),
    )
}
