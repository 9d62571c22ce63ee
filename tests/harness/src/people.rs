//! The people of the town.

use crate::{Browser, Page, Town};
use core_words::Actor;
use desk_claims::office::Letter;
use std::ops::{Deref, DerefMut};
use warifu::commands::{claims::provider, staff};

/// The office of a care provider or an agent, with the letter it got and a browser that is signed in.
pub struct Office {
    /// What the letter said.
    pub letter: Letter,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Its mail address.
    pub email: String,
    browser: Browser,
}

/// Somebody who works for the federation, with a browser that is signed in.
pub struct Worker {
    /// Their ID.
    pub login: String,
    browser: Browser,
}

impl Deref for Office {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Office {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

impl Deref for Worker {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Worker {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

impl Town {
    /// A care provider that was entered, got its letter, and has signed in.
    pub async fn provider(&mut self, name: &str) -> Office {
        let mut office = self.provider_outside(name).await;
        let page = office.sign_in().await;
        assert_eq!(page.status, 200, "{}", page.text());
        office
    }

    /// A care provider that was entered and got its letter, and has not signed in yet.
    pub async fn provider_outside(&mut self, name: &str) -> Office {
        let running = self.next_number();
        self.outside(name, format!("131{running:07}"), running).await
    }

    /// An agent that was entered, got its letter, and has signed in.
    pub async fn agent(&mut self, name: &str) -> Office {
        let mut office = self.agent_outside(name).await;
        let page = office.sign_in().await;
        assert_eq!(page.status, 200, "{}", page.text());
        office
    }

    /// An agent that was entered and got its letter, and has not signed in yet.
    pub async fn agent_outside(&mut self, name: &str) -> Office {
        let running = self.next_number();
        self.outside(name, format!("DA13{running:06}"), running).await
    }

    async fn outside(&mut self, name: &str, number: String, running: u32) -> Office {
        let email = format!("office{running}@example.jp");
        let new = provider::Add {
            number: number.clone(),
            name: name.to_owned(),
            kana: "カイゴセンター".to_owned(),
            postal: "1000001".to_owned(),
            address: "東京都千代田区千代田1番1号".to_owned(),
            phone: "0312345678".to_owned(),
            email: email.clone(),
        };
        let entered = new.enter(self.installation(), &Actor::cli("test")).await;
        let letter = entered.unwrap_or_else(|fail| panic!("{}", fail.render(warifu::lang::Lang::En)));
        Office { letter, name: name.to_owned(), number, email, browser: self.browser() }
    }

    /// A clerk of the federation (担当者), signed in.
    pub async fn clerk(&mut self) -> Worker {
        self.worker(&["claims.clerk"]).await
    }

    /// A manager of the federation (管理者), signed in.
    pub async fn manager(&mut self) -> Worker {
        self.worker(&["claims.manager"]).await
    }

    /// Somebody with these roles, signed in by a one-time link.
    pub async fn worker(&mut self, roles: &[&str]) -> Worker {
        self.worker_of(None, roles).await
    }

    /// The same of another operator; `None`: the federation of the desk.
    pub async fn worker_of(&mut self, operator: Option<&str>, roles: &[&str]) -> Worker {
        let running = self.next_number();
        let add = staff::Add {
            login: format!("staff{running}"),
            name: format!("職員 {running}"),
            operator: operator.map(str::to_owned),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        let login = add.login.clone();
        let link = add.enter(self.installation(), &Actor::cli("test"), kit_gate::Purpose::SignIn).await;
        let link = link.unwrap_or_else(|fail| panic!("{}", fail.render(warifu::lang::Lang::En)));
        let mut browser = self.browser();
        let path =
            link.url().splitn(4, '/').nth(3).map(|path| format!("/{path}")).expect("a URL with a path");
        let page = browser.get(&path).await;
        let form = page.forms().into_iter().find(|form| form.action.contains("/enter/"));
        let form = form.unwrap_or_else(|| panic!("the link has no button: {}", page.text()));
        let page = browser.submit(&form).await;
        // Whoever has no role at the desk is in, and meets the page that says so.
        assert!(matches!(page.status, 200 | 403), "{}", page.text());
        Worker { browser, login }
    }
}

impl Office {
    /// Signs in with what the letter says.
    pub async fn sign_in(&mut self) -> Page {
        let (login, password) = (self.letter.login.clone(), self.letter.password.to_string());
        self.sign_in_with(&login, &password).await
    }

    /// Tries to sign in.
    pub async fn sign_in_with(&mut self, login: &str, password: &str) -> Page {
        let page = self.browser.get("/sign-in").await;
        let form = page.form("/sign-in").unwrap_or_else(|| panic!("no form: {}", page.text()));
        let form = form.with("login", login).with("password", password);
        self.browser.submit(&form).await
    }

    /// The issue password.
    pub fn issue_password(&self) -> String {
        self.letter.issue_password.to_string()
    }
}
