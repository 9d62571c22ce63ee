//! A desk with a clock that moves when told, an authority that answers by rote, and programs with tokens.

use crate::{
    COMPONENT, Claims, NewHolder, Parts, Settings,
    command::Command,
    status::Hat,
    store::{holders, rows},
    words::{Certificate, HolderId, HolderNumber},
};
use authority_front::{
    BoxFuture, CertificateView, CustodyId, FeedEntry, Front, Issued, KeyOrder, Listed, MadeKey, Order,
    PackOrder, Preflight, Revocation, Revoked,
};
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use core_words::{
    Actor, AuthorityId, CaseNumber, CertRef, Kind, Lang, OperatorId, ProfileId, Refusal, Serial, Text,
    UtcMicros, UtcSeconds,
};
use http_body_util::BodyExt;
use kit_clock::ManualClock;
use kit_desk::{Capacity, Doer};
use kit_gate::{
    AccountId, Gate, GateSettings, Role, Scope,
    accounts::{NewApplicant, NewStaff, create_applicant, create_staff},
};
use kit_keys::{Argon2id, Provider as Keys, testing::CHEAP};
use kit_paper::{Paper, Press, PressError};
use kit_store::{Component, Db, StoreError};
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;
use zeroize::Zeroizing;

pub(crate) const START: UtcMicros = UtcMicros(1_790_000_000_000_000);
pub(crate) const PASSWORD: &str = "Himitsu23456";
pub(crate) const TABLES: &[Component] = &[
    kit_gate::COMPONENT,
    kit_ledger::COMPONENT,
    kit_jobs::COMPONENT,
    kit_post::COMPONENT,
    kit_desk::COMPONENT,
    COMPONENT,
];

/// A request that the authority by rote refuses.
pub(crate) const REFUSED_REQUEST: &[u8] = &[0x30, 3, 2, 1, 9];

pub(crate) struct House {
    /// Where its files are kept.
    _folder: tempfile::TempDir,
    pub(crate) claims: Claims,
    pub(crate) clock: ManualClock,
    pub(crate) db: Db,
    pub(crate) holders: [HolderId; 2],
    /// Tokens: two providers, a clerk, a manager, one without a role at this desk, a clerk of another federation.
    pub(crate) sakura: String,
    pub(crate) momiji: String,
    pub(crate) clerk: String,
    pub(crate) manager: String,
    pub(crate) stranger: String,
    pub(crate) osaka: String,
}

pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) octets: Vec<u8>,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.octets).expect("JSON")
    }

    /// The status and, of a problem, its code.
    pub(crate) fn told(&self) -> (u16, String) {
        let code = serde_json::from_slice::<Value>(&self.octets).ok();
        let code = code.and_then(|json| json["code"].as_str().map(str::to_owned)).unwrap_or_default();
        (self.status.as_u16(), code)
    }

    pub(crate) fn etag(&self) -> String {
        self.headers["etag"].to_str().expect("a text").to_owned()
    }
}

impl House {
    pub(crate) async fn on(db: &Db) -> Self {
        let clock = ManualClock::at(START);
        let keys = Arc::new(Keys);
        let settings = GateSettings::new("http://localhost:8080");
        let hasher = Arc::new(Argon2id::at(CHEAP));
        let gate =
            Gate::new(db.clone(), Arc::new(clock.clone()), keys.clone(), keys.clone(), hasher, settings)
                .expect("good settings");
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings {
            operator: operator("tokyo"),
            federation: Text::new("連合会", "Federation"),
            contact: Text::new("東京", "Tokyo"),
            public_url: "http://localhost:8080".into(),
            authority: AuthorityId::new("claims-ca").expect("a name"),
            profile: ProfileId::new("claims-provider").expect("a name"),
            agent_profile: ProfileId::new("claims-agent").expect("a name"),
            due_days: 30,
            undo_seconds: 600,
            key_days: 30,
            ending: crate::settings::Ending::default(),
            terms: Settings::built_in_terms(),
        };
        let claims = Claims::new(Parts {
            db: db.clone(),
            clock: Arc::new(clock.clone()),
            dice: keys.clone(),
            digest: keys.clone(),
            sealer: keys,
            front: Arc::new(ByRote),
            gate: gate.clone(),
            press: Arc::new(Letters),
            blobs: Arc::new(kit_store::blobs::DirectoryBlobs::open(folder.path()).expect("a folder")),
            settings: Arc::new(settings.checked().expect("good settings")),
        });
        let phc = gate.hash_password(Zeroizing::new(PASSWORD.into())).await.expect("hashed");
        let sakura = holder(db, &gate, "1310000018", &phc).await;
        let momiji = holder(db, &gate, "1310000026", &phc).await;
        Self {
            _folder: folder,
            claims,
            clock,
            db: db.clone(),
            holders: [sakura.0, momiji.0],
            sakura: sakura.1,
            momiji: momiji.1,
            clerk: staff(db, &gate, "tokyo", Some(Hat::Clerk)).await,
            manager: staff(db, &gate, "tokyo", Some(Hat::Manager)).await,
            stranger: staff(db, &gate, "tokyo", None).await,
            osaka: staff(db, &gate, "osaka", Some(Hat::Manager)).await,
        }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).expect("a request");
        let response =
            axum::Router::from(self.claims.api_router()).oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let octets = body.collect().await.expect("a body").to_bytes().to_vec();
        Answered { status: parts.status, headers: parts.headers, octets }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answered {
        let bearer = format!("Bearer {token}");
        self.call(Method::GET, &format!("/api/v1/claims{path}"), &[("authorization", &bearer)], "").await
    }

    pub(crate) async fn post(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answered {
        let bearer = format!("Bearer {token}");
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend(headers);
        self.call(Method::POST, &format!("/api/v1/claims{path}"), &all, body.to_string()).await
    }

    pub(crate) async fn put(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answered {
        let bearer = format!("Bearer {token}");
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend(headers);
        self.call(Method::PUT, &format!("/api/v1/claims{path}"), &all, body.to_string()).await
    }

    /// A holder of Tokyo, entered by the API.
    pub(crate) async fn enter(&self, number: &str) {
        let body = serde_json::json!({
            "number": number, "name": "みどり代行", "kana": "ミドリダイコウ", "postal": "1640001",
            "address": "東京都中野区1-1", "phone": "0353850000", "email": "midori@example.jp",
        });
        let entered = self.post(&self.clerk, "/holders", &[], &body).await;
        assert_eq!(entered.status, StatusCode::CREATED, "{:?}", entered.told());
    }

    /// A case of sakura's with a certificate whose key is kept; its number.
    pub(crate) async fn issued(&self) -> String {
        let body = application();
        let applied = self.post(&self.sakura, "/cases", &[], &body).await;
        assert_eq!(applied.status, StatusCode::CREATED, "{:?}", applied.told());
        let text = applied.json()["number"].as_str().expect("a number").to_owned();
        let number = CaseNumber::parse(&text).expect("a number");
        let path = format!("/cases/{text}/register-issue");
        // What happens at one moment has no order; here everything has one.
        self.clock.advance_micros(1);
        let registered =
            self.post(&self.clerk, &path, &[("if-match", "\"1\"")], &serde_json::json!({})).await;
        assert_eq!(registered.status, StatusCode::OK);
        self.clock.advance_seconds(600);
        let scope = Scope::of_the_house(operator("tokyo"));
        let act = async |command| {
            self.claims.act(scope.clone(), number, None, command, Doer::system()).await.expect("done")
        };
        let case = act(Command::HandOver).await;
        let kept = self.db.write(move |tx| rows::keep_custody(tx, case.id, 7)).await;
        assert!(kept.expect("the database answers"));
        self.clock.advance_micros(1);
        let cert = CertRef {
            authority: AuthorityId::new("claims-ca").expect("a name"),
            serial: Serial::from_hex("0a0b").expect("a serial"),
        };
        act(Command::Register(Certificate {
            cert,
            not_before: UtcSeconds(START.0 / 1_000_000),
            not_after: UtcSeconds(START.0 / 1_000_000 + 86_400),
            issued_at: START,
        }))
        .await;
        text
    }
}

/// An application as it is posted.
pub(crate) fn application() -> Value {
    serde_json::json!({
        "issue_password": PASSWORD,
        "key": "service",
        "email": "office@example.jp",
        "consent": "1",
    })
}

pub(crate) fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).expect("a name")
}

async fn holder(db: &Db, gate: &Gate, number: &str, phc: &str) -> (HolderId, String) {
    let (made, number, phc) = (gate.clone(), number.to_owned(), phc.to_owned());
    let (holder, account) = db
        .write(move |tx| {
            let (operator, number) = (operator("tokyo"), HolderNumber::new(&number).expect("a number"));
            let new = NewHolder {
                number: &number,
                name: "さくら介護センター",
                kana: "サクラカイゴセンター",
                postal: "1000001",
                address: "東京都千代田区1-1",
                phone: "03-0000-0000",
                email: "office@example.jp",
            };
            let scope = Scope::of_the_house(operator.clone());
            let by = holders::By { account: None, now: START };
            let holder = holders::insert_many(tx, &scope, &[new], by)?.expect("a new number")[0];
            assert!(holders::set_password(tx, holder, 1, &phc, by)?, "it has its letter");
            let subject = format!("claims.provider:{}", holder.0);
            let new = NewApplicant {
                operator: &operator,
                login: number.as_str(),
                name: "さくら介護センター",
                subject: Some(&subject),
                lang: Lang::Ja,
                roles: &[Role::named(Hat::Provider.slug())],
                phc: None,
            };
            let account = create_applicant(tx, &made, &new, &Actor::system(), START).expect("made");
            Ok::<_, StoreError>((holder, account))
        })
        .await
        .expect("made");
    (holder, token(db, gate, account).await)
}

async fn staff(db: &Db, gate: &Gate, of: &str, hat: Option<Hat>) -> String {
    let (made, of) = (gate.clone(), of.to_owned());
    let account = db
        .write(move |tx| {
            let operator = operator(&of);
            let roles: Vec<Role> = hat.map(|hat| Role::named(hat.slug())).into_iter().collect();
            let login = format!("{of}-{}", hat.map_or("none", Capacity::slug));
            let new =
                NewStaff {
                    operator: &operator, login: &login, name: "山田", lang: Lang::En, roles: &roles
                };
            create_staff(tx, &made, &new, &Actor::system(), START)
        })
        .await
        .expect("made");
    token(db, gate, account).await
}

async fn token(db: &Db, gate: &Gate, account: AccountId) -> String {
    let gate = gate.clone();
    let made = db.write(move |tx| gate.make_token(tx, account, "試験", None, &Actor::system(), START)).await;
    made.expect("made").text().to_owned()
}

/// An authority that answers by rote: what the desk makes of its answers is tried elsewhere.
struct ByRote;

fn not_here<T: Send + 'static>() -> BoxFuture<'static, Result<T, Refusal>> {
    let text = Text::new("ありません", "not here");
    Box::pin(async { Err(Refusal::new(Kind::Unavailable, "authority.not_here", text.clone(), text)) })
}

impl Front for ByRote {
    fn preflight<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Preflight, Refusal>> {
        if order.request == REFUSED_REQUEST {
            let text = Text::new("不可", "no");
            return Box::pin(async {
                Err(Refusal::new(Kind::Refused, "authority.bad_request", text.clone(), text))
            });
        }
        let fine = Preflight { subject: String::new(), not_before: UtcSeconds(0), not_after: UtcSeconds(0) };
        Box::pin(async { Ok(fine) })
    }

    fn order(&self, _: Order) -> BoxFuture<'_, Result<Issued, Refusal>> {
        not_here()
    }

    fn order_many(&self, _: Vec<Order>) -> BoxFuture<'_, Vec<Result<Issued, Refusal>>> {
        Box::pin(async { Vec::new() })
    }

    fn revoke(&self, _: Revocation) -> BoxFuture<'_, Result<Revoked, Refusal>> {
        not_here()
    }

    /// Whichever is asked for: sakura's.
    fn certificate<'a>(
        &'a self,
        cert: &'a CertRef,
    ) -> BoxFuture<'a, Result<Option<CertificateView>, Refusal>> {
        Box::pin(async { Ok(Some(super::notices::reader(cert))) })
    }

    fn feed(&self, _: i64, _: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>> {
        not_here()
    }

    fn listed<'a>(
        &'a self,
        _: &'a AuthorityId,
        _: i64,
        _: &'a [Serial],
    ) -> BoxFuture<'a, Result<Option<Listed>, Refusal>> {
        not_here()
    }

    fn make_key(&self, _: KeyOrder) -> BoxFuture<'_, Result<MadeKey, Refusal>> {
        not_here()
    }

    fn pack(&self, order: PackOrder) -> BoxFuture<'_, Result<Zeroizing<Vec<u8>>, Refusal>> {
        Box::pin(async move { Ok(Zeroizing::new(format!("p12 of {}", order.custody.0).into_bytes())) })
    }

    fn erase_key(
        &self,
        _: CustodyId,
        _: Actor,
        _: OperatorId,
        _: String,
    ) -> BoxFuture<'_, Result<bool, Refusal>> {
        not_here()
    }

    fn chain<'a>(&'a self, _: &'a AuthorityId) -> BoxFuture<'a, Result<Vec<Vec<u8>>, Refusal>> {
        not_here()
    }
}

/// A press that prints the title.
struct Letters;

impl Press for Letters {
    fn print(&self, paper: &Paper, _: UtcMicros) -> Result<Vec<u8>, PressError> {
        Ok(format!("%PDF {}", paper.title).into_bytes())
    }

    fn lacks(&self, _: &str) -> Vec<char> {
        Vec::new()
    }
}
