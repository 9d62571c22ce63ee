//! Entering a care provider or an agent (事業所管理, C23): its record, its account, and the passwords for the letter.

use crate::{
    Claims, no, password,
    settings::address,
    status::Hat,
    store::holders::{self, NewHolder},
    tell::board,
    words::{HolderId, HolderKind, HolderNumber},
};
use core_words::{Actor, Kind, Lang, Refusal, Text};
use kit_desk::Capacity;
use kit_gate::{
    AccountError, Role, Scope,
    accounts::{NewApplicant, create_applicant},
};
use kit_store::StoreError;
use zeroize::Zeroizing;

/// A care provider or an agent as it is entered.
#[derive(Clone, Debug)]
pub struct NewOffice {
    /// Its number: ten digits, or an agent's ID.
    pub number: HolderNumber,
    /// Its name.
    pub name: String,
    /// Its name in katakana.
    pub kana: String,
    /// Postal code, seven digits.
    pub postal: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Where notices are sent.
    pub email: String,
}

/// What the letter to a new holder says. Nobody can ask for it again.
pub struct Letter {
    /// Whom it is for.
    pub holder: HolderId,
    /// Its ID (テストID).
    pub login: String,
    /// The password that goes with the ID (仮パスワード).
    pub password: Zeroizing<String>,
    /// The issue password (証明書発行用パスワード).
    pub issue_password: Zeroizing<String>,
}

impl std::fmt::Debug for Letter {
    /// Whose it is; never the passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("holder", &self.holder)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// Why nobody was entered.
enum Halt {
    Taken,
    Account(AccountError),
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Claims {
    /// Enters a care provider or an agent of this federation.
    ///
    /// # Errors
    /// `claims.number_taken`, `claims.bad_office`, `claims.unavailable`, `gate.busy`.
    pub async fn enter(&self, new: NewOffice, actor: Actor) -> Result<Letter, Refusal> {
        check(&new)?;
        let (password, issue_password) = (password::draw(self.dice()), password::draw(self.dice()));
        let phc = self.gate().hash_password(password.clone()).await?;
        let issue_phc = self.gate().hash_password(issue_password.clone()).await?;
        let (login, role) = match new.number.kind() {
            // The form of production IDs that is known: KJ and digits.
            HolderKind::Provider => (format!("KJ{}", new.number), Role::named(Hat::Provider.slug())),
            HolderKind::Agent => (new.number.to_string(), Role::named(Hat::Agent.slug())),
        };
        let (claims, known_as) = (self.clone(), login.clone());
        let entered = self
            .db()
            .write(move |tx| {
                let now = claims.now();
                let operator = &claims.settings().operator;
                let holder = NewHolder {
                    number: &new.number,
                    name: &new.name,
                    kana: &new.kana,
                    postal: &new.postal,
                    address: &new.address,
                    phone: &new.phone,
                    email: &new.email,
                    password_phc: &issue_phc,
                };
                let scope = Scope::of_the_house(operator.clone());
                let id = holders::insert(tx, &scope, &holder, now)?.ok_or(Halt::Taken)?;
                let account = NewApplicant {
                    operator,
                    login: &known_as,
                    name: &new.name,
                    subject: Some(&board(id)),
                    lang: Lang::Ja,
                    phc: Some(&phc),
                    roles: std::slice::from_ref(&role),
                };
                create_applicant(tx, claims.gate(), &account, &actor, now).map_err(Halt::Account)?;
                Ok(id)
            })
            .await;
        match entered {
            Ok(holder) => Ok(Letter { holder, login, password, issue_password }),
            Err(Halt::Taken | Halt::Account(AccountError::LoginTaken(_))) => Err(taken()),
            Err(Halt::Account(AccountError::Store(error)) | Halt::Store(error)) => {
                tracing::error!(%error, "the claims desk's database");
                Err(no::unavailable())
            }
            Err(Halt::Account(error)) => Err(bad_office(&error.to_string())),
        }
    }
}

/// Lengths that fit rows, papers and envelopes.
fn check(new: &NewOffice) -> Result<(), Refusal> {
    let fits = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    let postal = new.postal.len() == 7 && new.postal.bytes().all(|b| b.is_ascii_digit());
    for (fine, what) in [
        (fits(&new.name, 100), "name"),
        (fits(&new.kana, 100), "kana"),
        (fits(&new.address, 200), "address"),
        (fits(&new.phone, 20), "phone"),
        (postal, "postal"),
        (address(&new.email, &new.name).is_some(), "email"),
    ] {
        if !fine {
            return Err(bad_office(what));
        }
    }
    Ok(())
}

fn taken() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "claims.number_taken",
        Text::new("この番号はすでに登録されています。", "This number is entered already."),
        Text::new("番号を確認してください。", "Please check the number."),
    )
}

fn bad_office(what: &str) -> Refusal {
    Refusal::new(
        Kind::Refused,
        "claims.bad_office",
        Text::new("登録する内容に誤りがあります。", "The record is not as it must be."),
        Text::new(
            "空欄や長すぎる値、郵便番号（7桁）、メールアドレスを確認してください。",
            "Check for what is missing or too long, the postal code (7 digits) and the mail address.",
        ),
    )
    .with_field(what, Text::new("この項目を確認してください", "Please check this"))
}
