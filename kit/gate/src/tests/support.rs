//! A gate with a clock that moves when told, and short ways to people at it.

use crate::{
    AccountId, Gate, GateError, GateSettings, OneTimeLink, Purpose, Role, SignedIn,
    accounts::{NewApplicant, NewStaff, create_applicant, create_staff},
    session::Standing,
    token::Token,
};
use core_crypto::{Dice, PasswordHash};
use core_words::{Actor, Lang, OperatorId, UtcMicros};
use kit_clock::ManualClock;
use kit_keys::{Argon2id, Provider, testing::CHEAP};
use kit_store::{Component, Db, Tx, params};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use zeroize::Zeroizing;

pub(crate) const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
pub(crate) const TABLES: &[Component] = &[crate::COMPONENT, kit_ledger::COMPONENT];
pub(crate) const CLERK: Role = Role::named("claims.clerk");
pub(crate) const PASSWORD: &str = "correct horse";

/// Counts what is asked of the hasher: work that is equal is asked for equally often.
pub(crate) struct Counting {
    inner: Argon2id,
    pub(crate) verified: AtomicUsize,
}

impl PasswordHash for Counting {
    fn hash(&self, password: &[u8], dice: &dyn Dice) -> String {
        self.inner.hash(password, dice)
    }

    fn verify(&self, password: &[u8], phc: &str) -> bool {
        self.verified.fetch_add(1, Ordering::SeqCst);
        assert!(phc.starts_with("$argon2id$v=19$m=32,t=1,p=1$"), "the same cost for all");
        self.inner.verify(password, phc)
    }
}

pub(crate) struct House {
    pub(crate) gate: Gate,
    pub(crate) clock: ManualClock,
    pub(crate) db: Db,
    pub(crate) hasher: Arc<Counting>,
}

pub(crate) fn operator() -> OperatorId {
    OperatorId::new("tokyo").expect("a name")
}

pub(crate) fn house(db: &Db) -> House {
    house_with(db, |_| {})
}

pub(crate) fn house_with(db: &Db, change: impl FnOnce(&mut GateSettings)) -> House {
    let clock = ManualClock::at(START);
    let hasher = Arc::new(Counting { inner: Argon2id::at(CHEAP), verified: AtomicUsize::new(0) });
    let mut settings = GateSettings::new("http://localhost:8080");
    settings.staff_paths = vec!["/desk".into()];
    change(&mut settings);
    let provider = Arc::new(Provider);
    let gate =
        Gate::new(db.clone(), Arc::new(clock.clone()), provider.clone(), provider, hasher.clone(), settings);
    House { gate: gate.expect("good settings"), clock, db: db.clone(), hasher }
}

impl House {
    pub(crate) async fn applicant(&self, login: &str) -> AccountId {
        let phc = self.gate.hash_password(Zeroizing::new(PASSWORD.into())).await.expect("hashed");
        let (gate, login) = (self.gate.clone(), login.to_owned());
        self.db
            .write(move |tx| {
                let operator = operator();
                let new = NewApplicant {
                    operator: &operator,
                    login: &login,
                    name: "ひまわり苑",
                    subject: Some("claims.provider:7"),
                    lang: Lang::Ja,
                    roles: &[],
                    phc: Some(&phc),
                };
                create_applicant(tx, &gate, &new, &Actor::system(), gate.now())
            })
            .await
            .expect("made")
    }

    pub(crate) async fn staff(&self, login: &str) -> AccountId {
        let (gate, login) = (self.gate.clone(), login.to_owned());
        self.db
            .write(move |tx| {
                let operator = operator();
                let new = NewStaff {
                    operator: &operator,
                    login: &login,
                    name: "山田 花子",
                    lang: Lang::Ja,
                    roles: &[CLERK],
                };
                create_staff(tx, &gate, &new, &Actor::system(), gate.now())
            })
            .await
            .expect("made")
    }

    pub(crate) async fn link(&self, id: AccountId, purpose: Purpose) -> OneTimeLink {
        let gate = self.gate.clone();
        self.db
            .write(move |tx| gate.one_time_link(tx, id, purpose, &Actor::system(), gate.now()))
            .await
            .expect("made")
    }

    /// The token at the end of a link.
    pub(crate) async fn link_token(&self, id: AccountId, purpose: Purpose) -> Token {
        let link = self.link(id, purpose).await;
        Token::read(link.url().rsplit('/').next().expect("a path")).expect("a token")
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, GateError> {
        self.gate.sign_in(login, Zeroizing::new(password.into()), None).await
    }

    /// A session of a member of staff, by a one-time link.
    pub(crate) async fn signed_in_staff(&self, login: &str) -> SignedIn {
        let id = self.staff(login).await;
        let token = self.link_token(id, Purpose::SignIn).await;
        self.gate.enter(&token, None).await.expect("a fresh link")
    }

    /// Who a browser with this session's cookie is.
    pub(crate) async fn standing(&self, signed_in: &SignedIn) -> Standing {
        let mut headers = axum::http::HeaderMap::new();
        let cookie = format!("gate_session={}", signed_in.token.as_str());
        headers.insert("cookie", cookie.parse().expect("a header"));
        crate::session::standing(&self.gate, &headers, &mut axum::http::Extensions::new()).await
    }

    /// Kinds of the ledger's entries, in the order of their making.
    pub(crate) async fn acts(&self) -> Vec<(String, String)> {
        let read = |tx: &mut Tx| -> Result<Vec<Vec<u8>>, kit_store::StoreError> {
            let rows = tx.query("SELECT body FROM ledger_entry ORDER BY at_us, id", params![])?;
            rows.iter().map(|row| row.get(0)).collect()
        };
        let bodies = self.db.read(read).await.expect("read");
        bodies
            .iter()
            .map(|body| kit_ledger::Body::decode(body).expect("a body"))
            .map(|body| {
                assert!(crate::LEDGER_KINDS.iter().any(|(kind, _)| *kind == body.kind), "{}", body.kind);
                (body.kind, body.subject)
            })
            .collect()
    }

    pub(crate) async fn count_acts(&self, kind: &str) -> usize {
        self.acts().await.iter().filter(|(k, _)| k == kind).count()
    }
}

pub(crate) fn code(result: Result<SignedIn, GateError>) -> &'static str {
    match result {
        Ok(_) => "in",
        Err(GateError::Refused(refusal)) => refusal.code,
        Err(GateError::Store(error)) => panic!("the store: {error}"),
    }
}
