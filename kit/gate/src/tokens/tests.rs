//! Tokens on both databases (K9, K16).

use super::*;
use crate::{
    AccountState, GateSettings,
    accounts::{NewStaff, create_staff, set_state, withdraw},
};
use kit_clock::ManualClock;
use kit_keys::{
    Argon2id, Provider,
    testing::{CHEAP, SeededDice},
};
use kit_store::{Component, Db, testing::both_with};
use std::sync::Arc;

const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
const TABLES: &[Component] = &[crate::COMPONENT, kit_ledger::COMPONENT];
const CLERK: Role = Role::named("claims.clerk");

struct House {
    gate: Gate,
    clock: ManualClock,
    db: Db,
    hanako: AccountId,
}

async fn house(db: &Db) -> House {
    let clock = ManualClock::at(START);
    let gate = Gate::new(
        db.clone(),
        Arc::new(clock.clone()),
        Arc::new(SeededDice::new(7)),
        Arc::new(Provider),
        Arc::new(Argon2id::at(CHEAP)),
        GateSettings::new("http://localhost:8080"),
    )
    .expect("good settings");
    let make = gate.clone();
    let hanako = db
        .write(move |tx| {
            let operator = operator("tokyo");
            let new = NewStaff {
                operator: &operator,
                login: "hanako",
                name: "山田",
                lang: Lang::Ja,
                roles: &[CLERK],
            };
            create_staff(tx, &make, &new, &Actor::system(), make.now())
        })
        .await
        .expect("made");
    House { gate, clock, db: db.clone(), hanako }
}

fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).expect("a name")
}

impl House {
    async fn token(&self, until: Option<UtcMicros>) -> NewToken {
        let (gate, account) = (self.gate.clone(), self.hanako);
        self.db
            .write(move |tx| gate.make_token(tx, account, "集計", until, &Actor::system(), gate.now()))
            .await
            .expect("made")
    }

    async fn revoke(&self, id: TokenId, of: &str) -> bool {
        let (gate, scope) = (self.gate.clone(), Scope::of_the_house(operator(of)));
        let revoked =
            self.db.write(move |tx| gate.revoke_token(tx, &scope, id, &Actor::system(), gate.now())).await;
        revoked.expect("the database answers")
    }

    async fn code(&self, token: &str) -> &'static str {
        self.gate.machine(token).await.map_or_else(|refusal| refusal.code, |_| "in")
    }

    async fn lines(&self) -> Vec<TokenLine> {
        let id = self.hanako;
        self.db.read(move |tx| tokens(tx, id)).await.expect("read")
    }

    async fn kinds(&self) -> Vec<String> {
        let bodies: Vec<Vec<u8>> = self
            .db
            .read(|tx| {
                let rows = tx.query("SELECT body FROM ledger_entry ORDER BY id", params![])?;
                rows.iter().map(|row| row.get(0)).collect::<Result<_, StoreError>>()
            })
            .await
            .expect("read");
        bodies.iter().map(|body| kit_ledger::Body::decode(body).expect("a body").kind).collect()
    }
}

#[test]
fn k9_a_token_stands_for_its_account_until_it_is_revoked() {
    both_with(TABLES, async |db| {
        let house = house(&db).await;
        let token = house.token(None).await;
        let machine = house.gate.machine(token.text()).await.expect("let in");
        assert_eq!((machine.account, machine.token), (house.hanako, token.id));
        assert_eq!(machine.actor(), Actor::staff(house.hanako.0));
        assert!(machine.require(&CLERK).is_ok());
        let other = Role::named("claims.manager");
        assert_eq!(machine.require(&other).map_err(|r| r.code), Err("gate.role_missing"));
        // A role that is taken away is gone at once.
        let (gate, id) = (house.gate.clone(), house.hanako);
        db.write(move |tx| withdraw(tx, &gate, id, &CLERK, &Actor::system(), gate.now()))
            .await
            .expect("withdrawn");
        assert!(!house.gate.machine(token.text()).await.expect("let in").has(&CLERK));

        assert!(!house.revoke(token.id, "osaka").await, "another operator's manager cannot");
        assert!(house.revoke(token.id, "tokyo").await);
        assert!(!house.revoke(token.id, "tokyo").await, "once");
        assert_eq!(house.code(token.text()).await, "gate.bad_token");
        assert!(house.gate.machine(house.token(None).await.text()).await.is_ok(), "another one opens");
        let kinds = house.kinds().await;
        for (kind, _) in TOKEN_LEDGER_KINDS {
            assert!(kinds.iter().any(|k| k == kind), "{kind}");
        }
    });
}

#[test]
fn k9_a_token_dies_in_its_microsecond_and_with_its_account() {
    both_with(TABLES, async |db| {
        let house = house(&db).await;
        let end = START.plus_seconds(60);
        let (short, long) = (house.token(Some(end)).await, house.token(None).await);
        house.clock.set(end.plus_micros(-1));
        assert_eq!(house.code(short.text()).await, "in");
        house.clock.set(end);
        assert_eq!(house.code(short.text()).await, "gate.bad_token");
        for (step, said) in [
            ((AccountState::Active, AccountState::Suspended), "gate.bad_token"),
            ((AccountState::Suspended, AccountState::Active), "in"),
            ((AccountState::Active, AccountState::Closed), "gate.bad_token"),
        ] {
            let (gate, id) = (house.gate.clone(), house.hanako);
            db.write(move |tx| set_state(tx, &gate, id, step, &Actor::system(), gate.now()))
                .await
                .expect("changed");
            assert_eq!(house.code(long.text()).await, said, "{step:?}");
        }
        let (gate, id) = (house.gate.clone(), house.hanako);
        let closed = db.write(move |tx| gate.make_token(tx, id, "x", None, &Actor::system(), START)).await;
        assert!(matches!(closed, Err(AccountError::NoSuchAccount(_))));
    });
}

#[test]
fn k9_nothing_stored_opens_the_door() {
    both_with(TABLES, async |db| {
        let house = house(&db).await;
        let token = house.token(None).await;
        let stored: Vec<u8> = db
            .read(|tx| tx.query_one("SELECT token FROM gate_token", params![])?.get(0))
            .await
            .expect("read");
        assert_eq!(stored.len(), 32);
        let shown = token.text().strip_prefix(PREFIX).expect("the prefix");
        assert_ne!(stored, shown.as_bytes());
        assert!(!format!("{token:?}").contains(shown));
        let hash = crate::token::base64url(&stored);
        let tries =
            [String::new(), shown.to_owned(), format!("{PREFIX}{hash}"), format!("{} ", token.text())];
        for bad in tries {
            assert_eq!(house.code(&bad).await, "gate.bad_token", "{bad}");
        }
        for bad in [String::new(), "x".repeat(101), "a\0b".into()] {
            let (gate, id) = (house.gate.clone(), house.hanako);
            let made = db.write(move |tx| gate.make_token(tx, id, &bad, None, &Actor::system(), START)).await;
            assert!(matches!(made, Err(AccountError::BadName)));
        }
    });
}

#[test]
fn when_it_was_last_used_is_known_to_the_hour() {
    both_with(TABLES, async |db| {
        let house = house(&db).await;
        let token = house.token(None).await;
        assert_eq!(house.lines().await[0].used, None);
        let hour = START.plus_seconds(NOTED_EVERY);
        for (at, noted) in [(START, START), (hour.plus_micros(-1), START), (hour, hour)] {
            house.clock.set(at);
            assert_eq!(house.code(token.text()).await, "in");
            assert_eq!(house.lines().await[0].used, Some(noted));
        }
        assert!(house.revoke(token.id, "tokyo").await);
        let line = &house.lines().await[0];
        assert_eq!((line.id, line.name.as_str(), line.revoked), (token.id, "集計", Some(hour)));
    });
}
