//! The lists a client saw. Whatever is shown later must agree with them.

use crate::{AUTHORITIES, Client, Memory, wait::until};
use core_words::{Serial, UtcSeconds};
use core_x509::{
    certificate::Certificate,
    crl::{List, ListLimits, Listed},
};
use kit_keys::Provider;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

/// A list that was seen.
struct Seen {
    path: String,
    der: Vec<u8>,
    this_update: UtcSeconds,
}

/// Every list seen, by series and number.
pub struct Lists {
    /// The public key of each authority, SubjectPublicKeyInfo.
    keys: HashMap<&'static str, Vec<u8>>,
    /// Authority and partition → number → list. Full and delta lists of a scope share the numbers.
    series: HashMap<(String, String), BTreeMap<u128, Seen>>,
    /// The highest number seen under a path.
    highest: HashMap<String, u128>,
}

impl Lists {
    pub(crate) async fn of(client: &Client) -> Self {
        let mut keys = HashMap::new();
        for authority in AUTHORITIES {
            let answer = until("the certificate of an authority", async || {
                client
                    .get(&format!("/ca/{}/1.cer", authority.id))
                    .await
                    .ok()
                    .filter(|answer| answer.status == 200)
            })
            .await;
            let certificate = Certificate::parse(&answer.body).expect("it is a certificate");
            keys.insert(authority.id, certificate.tbs.spki.to_vec());
        }
        Self { keys, series: HashMap::new(), highest: HashMap::new() }
    }

    /// The highest number seen under a path; 0 before the first.
    pub fn highest(&self, path: &str) -> u128 {
        self.highest.get(path).copied().unwrap_or(0)
    }

    /// The highest numbers of all paths.
    pub fn heights(&self) -> BTreeMap<String, u128> {
        self.highest.iter().map(|(path, number)| (path.clone(), *number)).collect()
    }

    /// Notes a list that was shown under a path. `before` is the highest number known when it was asked for.
    /// What it lists: each serial number, and whether it is revoked or held; a delta may say that one no longer is.
    ///
    /// # Panics
    /// When it is not a list that the authority has signed; when it names a certificate twice; when its number went
    /// back, or its time; when the number was that of another list.
    pub fn note(&mut self, path: &str, der: &[u8], before: u128) -> BTreeMap<Serial, bool> {
        let ("", "crl", authority, name) = parts(path) else { panic!("{path} is no path of a list") };
        let list = List::parse(der, &ListLimits::default()).unwrap_or_else(|e| panic!("{path}: {e}"));
        list.check_entries().unwrap_or_else(|e| panic!("{path}: {e}"));
        list.verify(&Provider, &self.keys[authority]).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert!(list.number >= before, "{path} went back from number {before} to {}", list.number);
        self.highest.entry(path.to_owned()).and_modify(|n| *n = list.number.max(*n)).or_insert(list.number);

        let scope = name.trim_end_matches(".crl").trim_end_matches("-delta").to_owned();
        let series = self.series.entry((authority.to_owned(), scope)).or_default();
        let shown = Seen { path: path.to_owned(), der: der.to_vec(), this_update: list.this_update };
        let seen = series.entry(list.number).or_insert(shown);
        assert!(
            (&*seen.path, &*seen.der) == (path, der),
            "number {} of {path} was that of another list, shown under {}",
            list.number,
            seen.path
        );
        let (this, earlier) = (list.this_update, series.range(..list.number).next_back());
        assert!(earlier.is_none_or(|(_, e)| e.this_update <= this), "{path}: thisUpdate went back");
        let later = series.range(list.number + 1..).next();
        assert!(later.is_none_or(|(_, l)| l.this_update >= this), "{path}: thisUpdate went back");
        let entries = list.entries().map(|entry| entry.expect("checked above"));
        entries.map(|entry| (entry.serial, entry.listed != Listed::RemovedFromList)).collect()
    }
}

/// Asks for a list and notes it. `None` when the server did not answer, or has none under this path yet.
///
/// # Panics
/// As [`Lists::note`].
pub(crate) async fn look(
    client: &Client,
    memory: &Mutex<Memory>,
    path: &str,
) -> Option<BTreeMap<Serial, bool>> {
    let before = memory.lock().expect("no panic before").lists.highest(path);
    let answer = client.get(path).await.ok()?;
    if answer.status >= 500 || (answer.status == 404 && before == 0) {
        return None;
    }
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    Some(memory.lock().expect("no panic before").lists.note(path, &answer.body, before))
}

fn parts(path: &str) -> (&str, &str, &str, &str) {
    let mut parts = path.split('/');
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next(), next())
}
