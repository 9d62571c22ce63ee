//! What a client remembers: everything it was told, and everything it asked and was never told.

use crate::{Answer, Authority, Client, Lists, Log, Luck, csr};
use core_pack::sniff::{self, Object};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

static MEMORIES: AtomicU32 = AtomicU32::new(1);

/// Reasons for which certificates are revoked for good: none of them blocks the key.
const FOR_GOOD: [&str; 4] = ["unspecified", "affiliationChanged", "superseded", "cessationOfOperation"];
const HOLD: &str = "certificateHold";
const RELEASE: &str = "removeFromCRL";

/// A certificate that was issued, as the client knows it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Who issued it.
    pub authority: &'static str,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Key and body of the order, if it can be repeated.
    pub order: Option<(String, String)>,
    /// What the order was answered.
    pub answer: Value,
    /// Its state as last told: the `status` of the API.
    pub status: Value,
    /// A change of its state that was asked and not answered: the reason.
    pub doubt: Option<&'static str>,
    /// Somebody is just changing its state.
    pub(crate) busy: bool,
}

impl Kept {
    /// Its path on the server.
    pub fn path(&self) -> String {
        format!("/api/v1/authorities/{}/certificates/{}", self.authority, self.serial)
    }

    /// Whether it must stand on lists.
    pub fn is_listed(&self) -> bool {
        self.status["state"] != "good"
    }

    /// The body that asks for a change of its state.
    pub fn turn(&self, reason: &str) -> String {
        json!({ "serial": self.serial, "reason": reason }).to_string()
    }
}

/// Something that was asked. Each body is that of one order.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) authority: &'static str,
    pub(crate) key: Option<String>,
    pub(crate) bodies: Vec<String>,
}

impl Asked {
    /// Sends it, as one order or as a batch.
    pub(crate) async fn send(&self, client: &Client) -> Result<Answer, reqwest::Error> {
        let path = format!("/api/v1/authorities/{}/certificates", self.authority);
        match &*self.bodies {
            [one] => client.post(&path, one, self.key.as_deref()).await,
            many => {
                let body = format!("{{\"requests\":[{}]}}", many.join(","));
                client.post(&format!("{path}/batch"), &body, self.key.as_deref()).await
            }
        }
    }
}

/// The memory of a client over all restarts of a server.
pub struct Memory {
    kept: Vec<Kept>,
    serials: HashSet<(String, String)>,
    asked: BTreeMap<u64, Asked>,
    tickets: u64,
    /// Which memory of this process it is: no two place orders under the same key.
    number: u32,
    /// How many of `kept` were there at the last check.
    pub(crate) checked: usize,
    /// The lists it saw.
    pub lists: Lists,
    /// The checkpoints it saw.
    pub log: Log,
}

impl Memory {
    /// A memory that holds nothing but the certificates of the authorities, for many to write into.
    ///
    /// # Panics
    /// When the server does not show them.
    pub async fn of(client: &Client) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self {
            kept: Vec::new(),
            serials: HashSet::new(),
            asked: BTreeMap::new(),
            tickets: 0,
            number: MEMORIES.fetch_add(1, Ordering::Relaxed),
            checked: 0,
            lists: Lists::of(client).await,
            log: Log::default(),
        }))
    }

    /// Every certificate it knows of.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// Notes that orders are about to be placed; what will come of them is told under this number.
    pub(crate) fn ask(
        &mut self,
        authority: Authority,
        keyed: bool,
        count: usize,
        luck: &mut Luck,
    ) -> (u64, Asked) {
        self.tickets += 1;
        let body = |subject| json!({ "profile": "tls-server", "request": csr::request(subject) }).to_string();
        let asked = Asked {
            authority: authority.id,
            key: keyed.then(|| format!("order-{}-{}", self.number, self.tickets)),
            bodies: (0..count).map(|_| body(luck.index(1_000))).collect(),
        };
        self.asked.insert(self.tickets, asked.clone());
        (self.tickets, asked)
    }

    /// What was asked and not answered.
    pub(crate) fn open(&self) -> Vec<(u64, Asked)> {
        self.asked.iter().map(|(ticket, asked)| (*ticket, asked.clone())).collect()
    }

    /// Gives up asking: without a key it cannot be asked again.
    pub(crate) fn forget(&mut self, ticket: u64) {
        self.asked.remove(&ticket);
    }

    /// Notes the answer to orders. One that says "not now" leaves the question open; how many certificates came.
    ///
    /// # Panics
    /// When it was refused, or bears a serial number that was seen before.
    pub(crate) fn told(&mut self, ticket: u64, answer: &Answer) -> usize {
        if answer.status >= 500 {
            return 0;
        }
        assert!(answer.is_good(), "an order that is good was refused: {} {}", answer.status, answer.text());
        let asked = self.asked.get(&ticket).expect("it was asked").clone();
        let json = answer.json();
        if let [body] = &*asked.bodies {
            self.asked.remove(&ticket);
            self.keep(&asked, asked.key.clone(), body, json);
            return 1;
        }
        let results = json["results"].as_array().expect("results").clone();
        assert_eq!(results.len(), asked.bodies.len(), "{json}");
        let all = results.iter().all(|result| result["certificate"].is_object());
        if !all {
            // Those that failed are asked for again, and with them those that did not: the key makes them the same.
            let bad = results.iter().find(|r| r["status"].as_u64().is_some_and(|s| (400..500).contains(&s)));
            assert!(bad.is_none(), "an order that is good was refused: {bad:?}");
            return 0;
        }
        self.asked.remove(&ticket);
        for (i, (body, result)) in asked.bodies.iter().zip(results).enumerate() {
            let key = asked.key.as_ref().map(|key| format!("{key}/{i}"));
            self.keep(&asked, key, body, result["certificate"].clone());
        }
        asked.bodies.len()
    }

    fn keep(&mut self, asked: &Asked, key: Option<String>, body: &str, answer: Value) {
        let text =
            |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned();
        let (serial, pem) = (text("serial"), text("certificate"));
        let new = self.serials.insert((asked.authority.to_owned(), serial.clone()));
        assert!(new, "two certificates of {} have the serial number {serial}", asked.authority);
        let der = sniff::der(pem.as_bytes(), Object::Certificate, 64 << 10).expect("it answers with PEM");
        self.kept.push(Kept {
            authority: asked.authority,
            serial,
            der: der.into_owned(),
            order: key.map(|key| (key, body.to_owned())),
            answer,
            status: json!({ "state": "good" }),
            doubt: None,
            busy: false,
        });
    }

    /// Chooses a certificate whose state nobody is changing, and a change that is possible. The choice is noted as a
    /// doubt until it is [`settled`](Self::settle).
    pub(crate) fn choose(&mut self, luck: &mut Luck) -> Option<(usize, Kept, &'static str)> {
        if self.kept.is_empty() {
            return None;
        }
        let at = luck.index(self.kept.len());
        let kept = &mut self.kept[at];
        let reason = match kept.status["state"].as_str() {
            Some("good") if luck.below(3) == 0 => HOLD,
            Some("held") if luck.below(2) == 0 => RELEASE,
            Some("good" | "held") => FOR_GOOD[luck.index(FOR_GOOD.len())],
            _ => return None,
        };
        if kept.busy || kept.doubt.is_some() {
            return None;
        }
        (kept.busy, kept.doubt) = (true, Some(reason));
        Some((at, kept.clone(), reason))
    }

    /// Notes that the state of a certificate is about to be changed, for this reason; the certificate.
    pub fn doubt(&mut self, at: usize, reason: &'static str) -> Kept {
        self.kept[at].doubt = Some(reason);
        self.kept[at].clone()
    }

    /// Notes the answer to a change of state; "not now" leaves the doubt.
    ///
    /// # Panics
    /// When it was refused.
    pub fn turned(&mut self, at: usize, answer: &Answer) {
        let kept = &mut self.kept[at];
        kept.busy = false;
        if answer.status < 500 {
            assert!(answer.is_good(), "{:?} was refused: {} {}", kept.doubt, answer.status, answer.text());
            kept.settle(answer.json()["status"].clone());
        }
    }

    /// Notes that nobody works on any certificate: the server is gone.
    pub(crate) fn all_idle(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.busy = false);
    }

    /// Settles a doubt by what the server says now.
    pub(crate) fn settle(&mut self, at: usize, status: Value) {
        self.kept[at].settle(status);
    }
}

impl Kept {
    fn settle(&mut self, status: Value) {
        let wanted = match self.doubt {
            Some(HOLD) => "held",
            Some(RELEASE) => "good",
            _ => "revoked",
        };
        assert_eq!(status["state"], wanted, "{} was turned by {:?}", self.serial, self.doubt);
        self.status = status;
        self.doubt = None;
    }
}
