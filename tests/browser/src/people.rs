//! Links that staff get, and the pages of the gallery.

use crate::Window;
use core_words::Actor;
use kit_gate::Purpose;
use tests_harness::Town;
use warifu::{commands::staff, lang::Lang};

/// The path of a link with which somebody with these roles registers a passkey.
pub async fn enrolment_link(town: &Town, login: &str, roles: &[&str]) -> String {
    link(town, login, roles, Purpose::Enrol).await
}

/// The path of a link with which somebody with these roles signs in once.
pub async fn sign_in_link(town: &Town, login: &str, roles: &[&str]) -> String {
    link(town, login, roles, Purpose::SignIn).await
}

async fn link(town: &Town, login: &str, roles: &[&str], purpose: Purpose) -> String {
    let add = staff::Add {
        login: login.to_owned(),
        name: "職員 花子".to_owned(),
        operator: None,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let link = add.enter(town.installation(), &Actor::cli("test"), purpose).await;
    let link = link.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
    link.url().strip_prefix(town.base()).expect("a link to the town").to_owned()
}

/// The paths of all pages of the gallery, without the language.
///
/// # Panics
/// When the gallery is not served.
pub async fn samples(window: &Window) -> Vec<String> {
    window.open("/gallery").await;
    let links = window.links("main td a").await;
    assert!(!links.is_empty(), "an empty gallery: {}", window.text().await);
    links.iter().map(|link| link.split('?').next().unwrap_or_default().to_owned()).collect()
}
