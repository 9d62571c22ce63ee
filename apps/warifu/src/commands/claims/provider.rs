//! `warifu claims provider add`: entering a care provider (C23).

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
    words::ProviderNumber,
};
use serde::{Deserialize, Serialize};

/// 事業所 / care providers
#[derive(clap::Subcommand, Debug)]
pub enum Provider {
    /// 事業所を登録し、ID とパスワードを一度だけ表示 / enter one; ID and passwords are shown once
    Add(Add),
}

/// 事業所を登録する / enter a care provider
#[derive(clap::Args, Clone, Debug, Serialize, Deserialize)]
pub struct Add {
    /// Its number: ten digits
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
            Self::Add(add) => carry_out(run, AnyDeed::AddProvider(add), false).await,
        }
    }
}

impl Add {
    /// Enters it; the passwords stand in the report and nowhere else.
    ///
    /// # Errors
    /// A number that is taken; a record that is not as it must be.
    pub async fn perform(self, installation: &Installation, lang: Lang, actor: &Actor) -> Outcome<Report> {
        let letter = self.enter(installation, actor).await?;
        let mut page = Page::new(lang);
        page.line("事業所を登録しました。", "The care provider is entered.");
        page.field("テストID", "ID", &letter.login);
        page.field("仮パスワード", "password", &*letter.password);
        page.field("証明書発行用パスワード", "issue password", &*letter.issue_password);
        page.next(
            "パスワードは再表示できません。今、事業所へ安全に渡してください。",
            "The passwords cannot be shown again: hand them to the provider safely, now.",
        );
        Ok(Report::ok(page))
    }

    /// Enters it, for whoever needs the passwords themselves.
    ///
    /// # Errors
    /// As [`perform`](Self::perform).
    pub async fn enter(self, installation: &Installation, actor: &Actor) -> Outcome<Letter> {
        let number = ProviderNumber::new(&self.number).ok_or_else(|| {
            unfit(
                "NUMBER",
                "数字10桁（先頭2桁は都道府県）にしてください",
                &"ten digits, the first two from 01 to 47",
            )
        })?;
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
