//! `warifu claims provider add` and `warifu claims agent add`: entering a care provider or an agent (C23).

use super::desk;
use crate::{
    cli::Run,
    commands::unfit,
    control::{Deed as AnyDeed, Report, carry_out},
    fail::{Fail, Outcome},
    installation::Installation,
    lang::Lang,
    terminal::Page,
};
use core_words::Actor;
use desk_claims::{
    office::{Letter, NewOffice},
    words::{HolderKind, HolderNumber},
};
use serde::{Deserialize, Serialize};

/// 事業所 / care providers
#[derive(clap::Subcommand, Debug)]
pub enum Provider {
    /// 事業所を登録し、ID とパスワードを一度だけ表示 / enter one; ID and passwords are shown once
    Add(Add),
}

/// 代理人 / agents
#[derive(clap::Subcommand, Debug)]
pub enum Agent {
    /// 代理人を登録し、ID とパスワードを一度だけ表示 / enter one; ID and passwords are shown once
    Add(Add),
}

/// 登録する / enter a care provider or an agent
#[derive(clap::Args, Clone, Debug, Serialize, Deserialize)]
pub struct Add {
    /// Its number: ten digits; an agent's ID: DA and eight digits
    pub number: String,
    /// Its name
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Its name in katakana
    #[arg(long, value_name = "KANA")]
    pub kana: String,
    /// Postal code: seven digits
    #[arg(long, value_name = "DIGITS")]
    pub postal: String,
    /// Its address
    #[arg(long, value_name = "TEXT")]
    pub address: String,
    /// Its telephone
    #[arg(long, value_name = "NUMBER")]
    pub phone: String,
    /// Its mail address
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
}

impl Provider {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Add(add) => {
                add.number(HolderKind::Provider)?;
                carry_out(run, AnyDeed::AddHolder(add), false).await
            }
        }
    }
}

impl Agent {
    /// Runs it.
    ///
    /// # Errors
    /// What was refused or could not be done.
    pub async fn run(self, run: &Run) -> Outcome {
        match self {
            Self::Add(add) => {
                add.number(HolderKind::Agent)?;
                carry_out(run, AnyDeed::AddHolder(add), false).await
            }
        }
    }
}

impl Add {
    /// Its number, if it is that of such a holder.
    fn number(&self, kind: HolderKind) -> Outcome<HolderNumber> {
        let found = HolderNumber::new(&self.number).filter(|number| number.kind() == kind);
        found.ok_or_else(|| match kind {
            HolderKind::Provider => unfit(
                "NUMBER",
                "数字10桁（先頭2桁は都道府県）にしてください",
                &"ten digits, the first two from 01 to 47",
            ),
            HolderKind::Agent => unfit(
                "NUMBER",
                "DA と数字8桁（先頭2桁は都道府県）にしてください",
                &"DA and eight digits, the first two from 01 to 47",
            ),
        })
    }

    /// Enters it; the passwords stand in the report and nowhere else.
    ///
    /// # Errors
    /// A number that is taken; a record that is not as it must be.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let kind = HolderNumber::new(&self.number).map_or(HolderKind::Provider, |number| number.kind());
        let letter = self.enter(installation, actor).await?;
        let mut page = Page::new(lang);
        match kind {
            HolderKind::Provider => page.line("事業所を登録しました。", "The care provider is entered."),
            HolderKind::Agent => page.line("代理人を登録しました。", "The agent is entered."),
        }
        page.field("テストID", "ID", &letter.login);
        page.field("仮パスワード", "password", &*letter.password);
        page.field("証明書発行用パスワード", "issue password", &*letter.issue_password);
        page.next(
            "パスワードは再表示できません。今、相手へ安全に渡してください。",
            "The passwords cannot be shown again: hand them over safely, now.",
        );
        Ok(Report::ok(page))
    }

    /// Enters it, for whoever needs the passwords themselves.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    pub async fn enter(self, installation: &Installation, actor: &Actor) -> Outcome<Letter> {
        let kind = if self.number.starts_with("DA") { HolderKind::Agent } else { HolderKind::Provider };
        let number = self.number(kind)?;
        let office = NewOffice {
            number,
            name: self.name,
            kana: self.kana,
            postal: self.postal,
            address: self.address,
            phone: self.phone,
            email: self.email,
        };
        desk(installation)?.enter(office, actor.clone()).await.map_err(Fail::from)
    }
}
