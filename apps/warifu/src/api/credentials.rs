//! RA credentials: tokens, and looking them up without asking the database each time.

use super::{failures::Failures, problem::Problem, refusals};
use crate::server::Peer;
use authority_front::{BoxFuture, Refusal};
use authority_journal::{codes::OrdererState, orderers::Orderer};
use core_crypto::{Dice, Digest};
use kit_keys::Provider;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How long a look-up is believed. A disabled credential is refused after this at the latest.
const FRESH: Duration = Duration::from_secs(1);
/// Look-ups remembered at a time.
const REMEMBERED: usize = 4_096;
const PREFIX: &str = "wr_";
const SECRET_OCTETS: usize = 32;

/// Where registered credentials are looked up.
pub trait Registry: Send + Sync {
    /// The credential with this id.
    fn by_id(&self, id: i64) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>>;
    /// The credential with this client certificate.
    fn by_certificate(&self, sha256: [u8; 32]) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>>;
}

/// A new bearer token `wr_<id>_<secret>`: 256 random bits, shown once, kept as its SHA-256 alone.
pub fn new_token(id: i64, dice: &dyn Dice) -> Zeroizing<String> {
    let mut secret = Zeroizing::new([0; SECRET_OCTETS]);
    dice.fill(&mut *secret);
    let mut token = Zeroizing::new(String::with_capacity(PREFIX.len() + 17 + 2 * SECRET_OCTETS));
    token.push_str(PREFIX);
    token.push_str(&format!("{id:x}_"));
    for octet in secret.iter() {
        for nibble in [octet >> 4, octet & 15] {
            token.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16"));
        }
    }
    token
}

/// SHA-256 of a token, as it is registered.
pub fn token_hash(token: &str) -> [u8; 32] {
    Provider.sha256(token.as_bytes())
}

/// The id in a token of the right form.
fn token_id(token: &str) -> Option<i64> {
    let (id, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let formed = secret.len() == 2 * SECRET_OCTETS && secret.bytes().all(hex) && id.bytes().all(hex);
    formed.then(|| i64::from_str_radix(id, 16).ok()).flatten().filter(|id| *id > 0)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Question {
    Id(i64),
    Certificate([u8; 32]),
}

struct Answer {
    at: Instant,
    orderer: Option<Arc<Orderer>>,
}

/// Knows who is who. Look-ups are remembered for one second, failures counted per address.
pub struct Credentials {
    registry: Arc<dyn Registry>,
    answers: RwLock<HashMap<Question, Answer>>,
    failures: Failures,
    refused: Mutex<u64>,
}

impl Credentials {
    /// Looks up in `registry`; an address may fail `failed_sign_ins` times a minute.
    pub fn new(registry: Arc<dyn Registry>, failed_sign_ins: u32) -> Self {
        Self {
            registry,
            answers: RwLock::default(),
            failures: Failures::new(failed_sign_ins),
            refused: Mutex::default(),
        }
    }

    /// Who presents this bearer token, or else this connection's client certificate.
    ///
    /// # Errors
    /// 401 for nobody known, 429 for an address that failed too often, and whatever the registry says.
    pub async fn sign_in(&self, bearer: Option<&str>, peer: &Peer) -> Result<Arc<Orderer>, Problem> {
        let question = match (bearer, peer.certificate) {
            (Some(token), _) => token_id(token).map(Question::Id),
            (None, Some(sha256)) => Some(Question::Certificate(sha256)),
            (None, None) => return Err(refusals::no_credential().into()),
        };
        let found = match question {
            Some(question) => self.look_up(question, peer).await?,
            None => None,
        };
        let presented = bearer.map(token_hash);
        match found.filter(|orderer| orderer.state == OrdererState::Active && holds(orderer, presented, peer))
        {
            Some(orderer) => Ok(orderer),
            None => Err(self.refuse(peer)),
        }
    }

    /// How many sign-ins failed since the last call: for the ledger, which tells of them in sums.
    pub fn take_refused(&self) -> u64 {
        std::mem::take(&mut *self.refused.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn look_up(&self, question: Question, peer: &Peer) -> Result<Option<Arc<Orderer>>, Problem> {
        let now = Instant::now();
        if let Some(known) = self.remembered(question, now) {
            return Ok(known);
        }
        // Only what would cost the database something is held back: whoever is known goes on.
        if let Some(seconds) = self.failures.must_wait(peer.address.ip(), now)
            && !self.was_known(question)
        {
            return Err(Problem::from(refusals::too_many_failures()).retry_after(seconds));
        }
        let orderer = match question {
            Question::Id(id) => self.registry.by_id(id).await?,
            Question::Certificate(sha256) => self.registry.by_certificate(sha256).await?,
        };
        let orderer = orderer.map(Arc::new);
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= REMEMBERED {
            answers.retain(|_, answer| answer.orderer.is_some() && now.duration_since(answer.at) < FRESH);
        }
        answers.insert(question, Answer { at: now, orderer: orderer.clone() });
        Ok(orderer)
    }

    fn remembered(&self, question: Question, now: Instant) -> Option<Option<Arc<Orderer>>> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.get(&question)?;
        (now.duration_since(answer.at) < FRESH).then(|| answer.orderer.clone())
    }

    fn was_known(&self, question: Question) -> bool {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        answers.get(&question).is_some_and(|answer| answer.orderer.is_some())
    }

    fn refuse(&self, peer: &Peer) -> Problem {
        let now = Instant::now();
        self.failures.note(peer.address.ip(), now);
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        match self.failures.must_wait(peer.address.ip(), now) {
            Some(seconds) => Problem::from(refusals::too_many_failures()).retry_after(seconds),
            None => refusals::bad_credential().into(),
        }
    }
}

/// Whether what was presented is what is registered, compared in constant time.
fn holds(orderer: &Orderer, token: Option<[u8; 32]>, peer: &Peer) -> bool {
    let same = |a: Option<[u8; 32]>, b: Option<[u8; 32]>| match (a, b) {
        (Some(a), Some(b)) => bool::from(a.ct_eq(&b)),
        _ => false,
    };
    match token {
        Some(_) => same(token, orderer.token_hash),
        None => same(peer.certificate, orderer.certificate_hash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authority_journal::orderers::Scope;
    use axum::http::StatusCode;
    use core_words::{OperatorId, UtcMicros};
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct One {
        orderer: Orderer,
        asked: AtomicUsize,
    }

    impl Registry for One {
        fn by_id(&self, id: i64) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move { Ok((id == self.orderer.id).then(|| self.orderer.clone())) })
        }
        fn by_certificate(&self, sha256: [u8; 32]) -> BoxFuture<'_, Result<Option<Orderer>, Refusal>> {
            Box::pin(async move {
                Ok((Some(sha256) == self.orderer.certificate_hash).then(|| self.orderer.clone()))
            })
        }
    }

    fn one(token: &str, state: OrdererState) -> (Arc<One>, Credentials) {
        let orderer = Orderer {
            id: 0x2a,
            name: "front-desk".into(),
            operator: OperatorId::new("federation").expect("a name"),
            token_hash: Some(token_hash(token)),
            certificate_hash: Some([7; 32]),
            authorities: Scope::Any,
            profiles: Scope::Any,
            state,
            created: UtcMicros(0),
        };
        let registry = Arc::new(One { orderer, asked: AtomicUsize::new(0) });
        (registry.clone(), Credentials::new(registry, 3))
    }

    fn peer() -> Peer {
        Peer::new(([192, 0, 2, 1], 5).into())
    }

    #[test]
    fn a_token_carries_its_id_and_256_bits() {
        let token = new_token(0x2a, &Provider);
        assert!(token.starts_with("wr_2a_") && token.len() == 6 + 64, "{}", token.len());
        assert_eq!(token_id(&token), Some(0x2a));
        assert_ne!(*new_token(1, &Provider), *new_token(1, &Provider));
        for bad in ["", "wr_", "wr_2a_", "wr_2a_xyz", "wr_0_", &token[..69], &token.to_uppercase()] {
            assert_eq!(token_id(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn the_right_token_signs_in_and_is_looked_up_once_a_second() {
        let token = new_token(0x2a, &Provider);
        let (registry, credentials) = one(&token, OrdererState::Active);
        for _ in 0..50 {
            assert_eq!(credentials.sign_in(Some(&token), &peer()).await.expect("known").name, "front-desk");
        }
        assert!(registry.asked.load(Ordering::SeqCst) <= 2);
    }

    #[tokio::test]
    async fn a_client_certificate_signs_in_by_its_hash() {
        let (_, credentials) = one("x", OrdererState::Active);
        let with = |certificate| {
            let mut peer = peer();
            peer.certificate = certificate;
            peer
        };
        assert!(credentials.sign_in(None, &with(Some([7; 32]))).await.is_ok());
        assert!(credentials.sign_in(None, &with(Some([8; 32]))).await.is_err());
        let nobody = credentials.sign_in(None, &peer()).await.expect_err("nobody");
        assert_eq!(nobody.refusal().code, "api.no_credential");
    }

    #[tokio::test]
    async fn wrong_and_disabled_tokens_look_alike() {
        let token = new_token(0x2a, &Provider);
        let (_, disabled) = one(&token, OrdererState::Disabled);
        let (_, other) = one(&new_token(0x2a, &Provider), OrdererState::Active);
        for credentials in [disabled, other] {
            let refused = credentials.sign_in(Some(&token), &peer()).await.expect_err("refused");
            assert_eq!(refused.refusal().code, "api.bad_credential");
            assert_eq!(credentials.take_refused(), 1);
        }
    }

    #[tokio::test]
    async fn guessing_is_slowed_down_and_the_known_go_on() {
        let token = new_token(0x2a, &Provider);
        let (registry, credentials) = one(&token, OrdererState::Active);
        credentials.sign_in(Some(&token), &peer()).await.expect("known");
        for n in 1..=3 {
            let guess = new_token(n, &Provider);
            credentials.sign_in(Some(&guess), &peer()).await.expect_err("refused");
        }
        let asked = registry.asked.load(Ordering::SeqCst);
        let refused = credentials.sign_in(Some(&new_token(9, &Provider)), &peer()).await.expect_err("slowed");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(registry.asked.load(Ordering::SeqCst), asked, "the database was not asked");
        assert!(credentials.sign_in(Some(&token), &peer()).await.is_ok());
    }
}
