//! Accounts (K9).

use super::support::*;
use crate::{
    AccountError, AccountKind, Scope,
    accounts::{NewApplicant, create_applicant, find, find_by_login, find_by_subject, list, rename},
};
use core_words::{Actor, Lang, OperatorId};
use kit_store::{Tx, testing::both_with};

#[test]
fn k9_ids_are_unique_and_case_matters() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let upper = house.applicant("Ab1").await;
        let lower = house.applicant("ab1").await;
        // Staff have names of their own.
        let staff = house.staff("Ab1").await;
        let gate = house.gate.clone();
        let make = move |login: &'static str, name: &'static str| {
            let gate = gate.clone();
            move |tx: &mut Tx| {
                let operator = operator();
                let new = NewApplicant {
                    operator: &operator,
                    login,
                    name,
                    subject: None,
                    lang: Lang::En,
                    roles: &[],
                    phc: None,
                };
                create_applicant(tx, &gate, &new, &Actor::system(), gate.now())
            }
        };
        let taken = db.write(make("ab1", "x")).await;
        assert!(matches!(taken, Err(AccountError::LoginTaken(login)) if login == "ab1"));
        for login in ["", "a b", "あ", "a\n"] {
            assert!(matches!(db.write(make(login, "x")).await, Err(AccountError::BadLogin)), "{login:?}");
        }
        assert!(matches!(db.write(make("new", "")).await, Err(AccountError::BadName)));
        let found = db
            .read(move |tx| {
                let applicant = |tx: &mut Tx, login| find_by_login(tx, AccountKind::Applicant, login);
                let found = [applicant(tx, "Ab1")?, applicant(tx, "ab1")?, applicant(tx, "AB1")?];
                assert_eq!(find_by_login(tx, AccountKind::Staff, "Ab1")?.map(|a| a.id), Some(staff));
                assert_eq!(find(tx, upper)?.map(|a| a.login), Some("Ab1".into()));
                Ok::<_, kit_store::StoreError>(found.map(|a| a.map(|a| a.id)))
            })
            .await
            .expect("read");
        assert_eq!(found, [Some(upper), Some(lower), None]);
        // Without a password nobody signs in, not even with an empty one.
        db.write(make("nopass", "x")).await.expect("made");
        assert_eq!(code(house.sign_in("nopass", "").await), "gate.wrong_sign_in");
    });
}

#[test]
fn k9_an_account_is_called_by_another_name_and_stays_what_it_is() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let id = house.applicant("Ab1").await;
        let gate = house.gate.clone();
        let name = move |id, name: &'static str| {
            let gate = gate.clone();
            move |tx: &mut Tx| rename(tx, &gate, id, name, &Actor::system(), gate.now())
        };
        db.write(name(id, "さくらの里")).await.expect("renamed");
        assert!(matches!(db.write(name(id, "")).await, Err(AccountError::BadName)));
        let nobody = crate::AccountId(id.0 + 1_000_000);
        assert!(matches!(db.write(name(nobody, "x")).await, Err(AccountError::NoSuchAccount(_))));
        let found = db.read(move |tx| find(tx, id)).await.expect("read").expect("it is there");
        assert_eq!((found.name.as_str(), found.login.as_str()), ("さくらの里", "Ab1"));
    });
}

#[test]
fn k9_what_belongs_to_one_operator_is_not_seen_by_another() {
    both_with(TABLES, async |db| {
        let house = house(&db);
        let (a, b) = (house.staff("a").await, house.staff("b").await);
        let applicant = house.applicant("P0001").await;
        let read = move |tx: &mut Tx| -> Result<(), kit_store::StoreError> {
            let own = Scope::of_the_house(operator());
            let other = Scope::of_the_house(OperatorId::new("osaka").expect("a name"));
            let ids = |accounts: Vec<crate::Account>| accounts.iter().map(|a| a.id).collect::<Vec<_>>();
            assert_eq!(ids(list(tx, &own, AccountKind::Staff, "", 10)?), [a, b]);
            assert_eq!(ids(list(tx, &own, AccountKind::Staff, "a", 10)?), [b]);
            assert_eq!(ids(list(tx, &own, AccountKind::Staff, "", 1)?), [a]);
            assert_eq!(ids(find_by_subject(tx, &own, "claims.provider:7")?), [applicant]);
            assert!(list(tx, &other, AccountKind::Staff, "", 10)?.is_empty());
            assert!(find_by_subject(tx, &other, "claims.provider:7")?.is_empty());
            Ok(())
        };
        db.read(read).await.expect("read");
    });
}
