//! The people at the claims desk: care providers with the letter they got, and staff of the federation.

use super::{
    broken,
    browser::Browser,
    house,
    page::Page,
    town::{ACCOUNT, Town},
};
use crate::{
    commands::{claims::provider, serve::Server, staff},
    fail::Outcome,
    installation::store_fail,
    lang::Lang,
};
use core_words::{Actor, UtcMicros};
use desk_claims::{
    office::Letter,
    status::{Deed, Standing},
    words::HolderNumber,
};
use kit_desk::{Status, Verb};
use kit_gate::{AccountError, AccountId, AccountKind, Gate, OneTimeLink, Purpose, accounts::find_by_login};
use kit_store::Tx;
use zeroize::Zeroizing;

/// Everybody, for the end of the story.
pub(super) struct People {
    /// The care providers; the first is the one whose certificate goes through the house.
    pub(super) offices: Vec<Office>,
    /// 担当者.
    pub(super) clerk: Staff,
    /// 管理者.
    pub(super) manager: Staff,
}

/// A care provider's office, with the letter that the federation sent it, and a browser.
pub(super) struct Office {
    /// Its name.
    pub(super) name: &'static str,
    /// Its number.
    pub(super) number: String,
    /// Its mail address.
    pub(super) email: String,
    /// ID and passwords.
    pub(super) letter: Letter,
    /// Its browser.
    pub(super) browser: Browser,
}

/// Somebody who works for the federation, with a browser.
pub(super) struct Staff {
    /// Their ID.
    pub(super) login: &'static str,
    /// Their name.
    pub(super) name: &'static str,
    /// Their browser.
    pub(super) browser: Browser,
}

/// A new browser for somebody.
pub(super) fn browser(town: &Town, lang: Lang) -> Browser {
    Browser::new(&town.client, &house::public_url(town.server.address()), lang)
}

/// What a status is called, in the language in which somebody reads.
pub(super) fn called(browser: &Browser, standing: Standing) -> String {
    browser.lang().of(&standing.label()).to_owned()
}

impl Office {
    /// Enters a care provider as `warifu claims provider add` does. `running` makes its number.
    pub(super) async fn enter(town: &Town, lang: Lang, running: u32, of: [&'static str; 2]) -> Outcome<Self> {
        let [name, kana] = of;
        let number = number(running);
        let email = format!("office{running}@example.jp");
        let new = provider::Add {
            number: number.clone(),
            name: name.to_owned(),
            kana: kana.to_owned(),
            postal: "1000001".to_owned(),
            address: format!("東京都千代田区千代田1番{running}号"),
            phone: format!("030000{running:04}"),
            email: email.clone(),
        };
        let letter = new.enter(town.installation(), &Actor::cli(ACCOUNT)).await?;
        Ok(Self { name, number, email, letter, browser: browser(town, lang) })
    }

    /// Signs in with this password.
    pub(super) async fn sign_in(&mut self, password: &str) -> Outcome<Page> {
        let form = self.browser.get("/sign-in").await?.expect(200)?.form("/sign-in")?;
        let form = form.typed("login", &self.letter.login)?.typed("password", password)?;
        self.browser.submit(&form).await
    }

    /// Signs in as the letter says, whoever was signed in here before; the page of certificates.
    pub(super) async fn come_in(&mut self) -> Outcome<Page> {
        self.browser.forget();
        let password = self.letter.password.clone();
        self.sign_in(&password).await?.expect(200)
    }

    /// 入力 → 確認: the page of confirmation. With a request (PEM) the key is the office's own.
    pub(super) async fn fill_in(&mut self, request: Option<&str>) -> Outcome<Page> {
        let form = self.browser.get(APPLY).await?.expect(200)?.form(APPLY)?;
        let Some(request) = request else { return self.browser.submit(&form).await?.expect(200) };
        let page = self.browser.submit(&form.picked("key", "own")?).await?.expect(200)?;
        let form = page.form(APPLY)?.typed("request", request)?;
        self.browser.submit(&form).await?.expect(200)
    }

    /// 確認 → 完了: agrees, gives the issue password, applies. The number of the new case.
    pub(super) async fn confirm(&mut self, check: &Page) -> Outcome<String> {
        let form = check.form(APPLY)?.picked("agree", "yes")?.picked("_step", "confirm")?;
        let form = form.typed("issue_password", &self.letter.issue_password)?;
        let done = self.browser.submit(&form).await?.expect(200)?;
        let number = done.path.strip_prefix("/claims/cases/").and_then(|rest| rest.strip_suffix("/applied"));
        number.map(str::to_owned).ok_or_else(|| broken(&done.path, &done.main()))
    }

    /// Signs in and applies, without a look to the left or right.
    pub(super) async fn apply(&mut self, request: Option<&str>) -> Outcome<String> {
        self.come_in().await?;
        let check = self.fill_in(request).await?;
        self.confirm(&check).await
    }

    /// The page of a case.
    pub(super) async fn case(&mut self, number: &str) -> Outcome<Page> {
        self.browser.get(&format!("/claims/cases/{number}")).await
    }

    /// Whether the page of a case shows this status.
    pub(super) async fn sees(&mut self, number: &str, standing: Standing) -> Outcome<Result<(), String>> {
        let page = self.case(number).await?;
        Ok(shows(&page, &called(&self.browser, standing)))
    }
}

/// Where an application is made.
pub(super) const APPLY: &str = "/claims/apply";

impl Staff {
    /// Enters somebody as `warifu staff add` does, and opens the one-time link in a browser.
    pub(super) async fn enter(
        town: &Town,
        lang: Lang,
        [login, name]: [&'static str; 2],
        role: &str,
    ) -> Outcome<(Self, OneTimeLink)> {
        let add = staff::Add {
            login: login.to_owned(),
            name: name.to_owned(),
            operator: None,
            roles: vec![role.to_owned()],
        };
        let link = add.enter(town.installation(), &Actor::cli(ACCOUNT), Purpose::SignIn).await?;
        let mut browser = browser(town, lang);
        press(&mut browser, &link).await?.expect(200)?;
        Ok((Self { login, name, browser }, link))
    }

    /// The page of a case.
    pub(super) async fn case(&mut self, number: &str) -> Outcome<Page> {
        self.browser.get(&format!("/claims/desk/cases/{number}")).await
    }

    /// Opens the page of an act and confirms it there.
    pub(super) async fn act(&mut self, number: &str, deed: Deed) -> Outcome<Page> {
        let (path, slug) = (format!("/claims/desk/cases/{number}/{}", deed.slug()), deed.slug());
        let form = self.browser.get(&path).await?.expect(200)?.form(slug)?;
        self.browser.submit(&form).await
    }

    /// Rejects an application, with a reason.
    pub(super) async fn reject(&mut self, number: &str, reason: &str) -> Outcome<Page> {
        let path = format!("/claims/desk/cases/{number}/reject");
        let form = self.browser.get(&path).await?.expect(200)?.form("reject")?;
        self.browser.submit(&form.picked("how", "refused")?.typed("reason", reason)?).await
    }

    /// Whether the page of a case shows this status.
    pub(super) async fn sees(&mut self, number: &str, standing: Standing) -> Outcome<Result<(), String>> {
        let page = self.case(number).await?;
        Ok(shows(&page, &called(&self.browser, standing)))
    }
}

/// Opens a one-time link and presses its button.
pub(super) async fn press(browser: &mut Browser, link: &OneTimeLink) -> Outcome<Page> {
    let page = browser.get(link.url()).await?;
    match page.status() {
        200 => {
            let path = page.path.clone();
            browser.submit(&page.form(&path)?).await
        }
        _ => Ok(page),
    }
}

/// A new one-time link that signs somebody in, as `warifu staff link --sign-in` makes it.
pub(super) async fn sign_in_link(server: &Server, login: &'static str) -> Outcome<OneTimeLink> {
    of_staff(server, login, |gate, tx, account, now| {
        gate.one_time_link(tx, account, Purpose::SignIn, &Actor::cli(ACCOUNT), now)
    })
    .await
}

/// A token with which a program acts for somebody, as `warifu token make` makes it; good for a day.
pub(super) async fn token(server: &Server, login: &'static str) -> Outcome<Zeroizing<String>> {
    let made = of_staff(server, login, |gate, tx, account, now| {
        let until = Some(now.plus_seconds(86_400));
        gate.make_token(tx, account, "demo", until, &Actor::cli(ACCOUNT), now)
    });
    made.await.map(|made| Zeroizing::new(made.text().to_owned()))
}

/// Makes something for the account of this ID.
async fn of_staff<T: Send + 'static>(
    server: &Server,
    login: &'static str,
    make: impl Fn(&Gate, &mut Tx, AccountId, UtcMicros) -> Result<T, AccountError> + Send + 'static,
) -> Outcome<T> {
    let (gate, now) = (server.workers().portal().gate.clone(), server.installation().clock.now());
    let made =
        server.installation().db.write(move |tx| match find_by_login(tx, AccountKind::Staff, login)? {
            Some(account) => make(&gate, tx, account.id, now).map(Some),
            None => Ok(None),
        });
    let made = made.await.map_err(|error| match error {
        AccountError::Store(error) => store_fail(&error),
        error => broken(login, &error),
    })?;
    made.ok_or_else(|| broken(login, &"nobody has this ID"))
}

/// Whether the first status on a page is this.
pub(super) fn shows(page: &Page, status: &str) -> Result<(), String> {
    let shown = page.standing();
    match page.status() == 200 && shown == status {
        true => Ok(()),
        false => Err(format!("{}: {} '{shown}', not '{status}'", page.path, page.status())),
    }
}

/// A number of Tokyo whose check digit fits.
fn number(running: u32) -> String {
    let fits = |digits: &String| HolderNumber::new(digits).is_some_and(|number| number.check_digit_fits());
    (0..10).map(|last| format!("1371{running:05}{last}")).find(fits).unwrap_or_default()
}
