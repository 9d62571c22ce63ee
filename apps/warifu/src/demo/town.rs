//! The town of the story: a running server, the authorities, the subscribers, and what became of them.

use super::{
    broken,
    client::Client,
    house::{self, House},
    look::{self, SeenList},
    openssl::Openssl,
    wanted::{Wanted, Wave},
};
use crate::{
    commands::serve::Server,
    control::{self, Deed, Report, Request},
    fail::{Exit, Fail, Outcome},
    installation::{Installation, store_fail},
    lang::Lang,
};
use core_words::{RevocationReason, Serial, UtcMicros, UtcSeconds};
use kit_ledger::VerifierKey;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// The account in whose name the demo acts; the ledger names it `cli:demo`.
pub(super) const ACCOUNT: &str = "demo";
/// How long jobs may take before the story is broken off.
const PATIENCE: Duration = Duration::from_secs(120);

/// A root, its issuing authority, and the folder of their artifacts.
#[derive(Clone, Debug)]
pub(super) struct Hierarchy {
    /// `rsa`, `p256`, `mldsa`.
    pub(super) folder: &'static str,
    /// The name of the root.
    pub(super) root: &'static str,
    /// The name of the issuing authority.
    pub(super) ca: &'static str,
    /// The root's certificate of the first generation, DER.
    pub(super) root_der: Vec<u8>,
    /// The issuing authority's certificate, DER.
    pub(super) ca_der: Vec<u8>,
}

/// The names of the three: folder, root, issuing authority.
pub(super) const HIERARCHIES: [(&str, &str, &str); 3] =
    [("rsa", "rsa-root", "rsa-ca"), ("p256", "p256-root", "p256-ca"), ("mldsa", "mldsa-root", "mldsa-ca")];

/// Somebody with a certificate.
#[derive(Clone, Debug)]
pub(super) struct Subscriber {
    /// What was wanted.
    pub(super) wanted: Wanted,
    /// The request, PEM.
    pub(super) request: String,
    /// The serial number.
    pub(super) serial: Serial,
    /// The certificate, DER.
    pub(super) der: Vec<u8>,
    /// The last second of its validity.
    pub(super) not_after: UtcSeconds,
}

/// What a list says of a certificate: the reason, and since when the key was bad.
pub(super) type Listing = (Option<RevocationReason>, Option<UtcSeconds>);

/// What was done to one certificate, oldest first. A listing without a reason is a release.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Its authority.
    pub(super) authority: &'static str,
    /// The changes.
    pub(super) changes: Vec<(UtcMicros, Listing)>,
}

/// The whole.
pub(super) struct Town {
    /// The directory and the clock.
    pub(super) house: House,
    /// The `openssl` command, if there is one.
    pub(super) openssl: Option<Openssl>,
    /// The server.
    pub(super) server: Server,
    /// The RA.
    pub(super) client: Client,
    /// The public key of the ledger, as the auditor got it at the ceremony.
    pub(super) ledger_key: VerifierKey,
    /// A checkpoint that the auditor kept from the first day.
    pub(super) early: String,
    /// The three.
    pub(super) hierarchies: [Hierarchy; 3],
    /// Who has a certificate.
    pub(super) subscribers: Vec<Subscriber>,
    /// Whose certificate was revoked, held or released.
    pub(super) marks: BTreeMap<Serial, Mark>,
}

impl Town {
    /// The installation at work.
    pub(super) fn installation(&self) -> &Arc<Installation> {
        self.server.installation()
    }

    /// Now, in the story.
    pub(super) fn now(&self) -> UtcSeconds {
        self.house.clock.now().whole_seconds()
    }

    /// The hierarchy with this issuing authority.
    pub(super) fn of_ca(&self, ca: &str) -> &Hierarchy {
        self.hierarchies.iter().find(|h| h.ca == ca).unwrap_or(&self.hierarchies[0])
    }

    /// The hierarchy that is rolled over, and has delta and partitioned lists.
    pub(super) fn p256(&self) -> &Hierarchy {
        self.of_ca("p256-ca")
    }

    /// Lets the jobs that are due run to their end, and the ledger be numbered and signed.
    pub(super) async fn settle(&self) -> Outcome<()> {
        settle(&self.server, self.house.clock.now()).await
    }

    /// Lets time pass, and whatever comes with it.
    pub(super) async fn pass(&self, seconds: i64) -> Outcome<()> {
        self.house.clock.advance(seconds);
        self.settle().await
    }

    /// Does what a command of an operator does.
    pub(super) async fn deed(&self, lang: Lang, deed: Deed) -> Outcome<Report> {
        carry_out(self.installation(), lang, deed).await
    }

    /// Fetches a list of an issuing authority, as `1.crl` or `1-delta.crl`: what it says, or what is wrong with it.
    pub(super) async fn list(&self, hierarchy: &Hierarchy, file: &str) -> Outcome<Result<SeenList, String>> {
        let der = self.client.file(&format!("/crl/{}/{file}", hierarchy.ca)).await?;
        Ok(look::list(&der, &hierarchy.ca_der, self.now()))
    }

    /// The command with which a person asks the API what the story asks.
    pub(super) fn curl(&self, path: &str) -> String {
        let (token, base) = (self.house.at("token"), &self.house.base_url);
        format!("curl -s -H \"Authorization: Bearer $(cat {})\" {base}{path}", token.display())
    }

    /// Notes what was done to a certificate.
    pub(super) fn note(&mut self, authority: &'static str, serial: Serial, listing: Listing) {
        let now = self.house.clock.now();
        let mark = self.marks.entry(serial).or_insert(Mark { authority, changes: Vec::new() });
        mark.changes.push((now, listing));
    }

    /// What a full list of `authority` made at `at` must say.
    pub(super) fn expected(&self, authority: &str, at: UtcSeconds) -> HashMap<Serial, Listing> {
        self.marks
            .iter()
            .filter(|(_, mark)| mark.authority == authority)
            .filter_map(|(serial, mark)| Some((*serial, mark.at(at)?)))
            .filter(|(_, (reason, _))| reason.is_some())
            .collect()
    }

    /// What changed at `authority` after `since`, as a delta list must say it.
    pub(super) fn changed(&self, authority: &str, since: UtcSeconds) -> HashMap<Serial, Listing> {
        self.marks
            .iter()
            .filter(|(_, mark)| mark.authority == authority)
            .filter_map(|(serial, mark)| {
                let (at, listing) = mark.changes.last()?;
                (at.whole_seconds() > since).then_some((*serial, *listing))
            })
            .collect()
    }

    /// Whether a list says what was done: everybody whose certificate has not expired, and nobody else.
    pub(super) fn says(
        &self,
        found: &HashMap<Serial, Listing>,
        expected: &HashMap<Serial, Listing>,
    ) -> Result<(), String> {
        for (serial, listing) in expected {
            match found.get(serial) {
                Some(there) if there == listing => {}
                Some(there) => return Err(format!("{serial} stands there as {there:?}, not {listing:?}")),
                None if self.has_expired(serial) => {}
                None => return Err(format!("{serial} is missing")),
            }
        }
        match found.keys().find(|serial| !expected.contains_key(serial)) {
            Some(stranger) => Err(format!("{stranger} stands there and was never revoked")),
            None => Ok(()),
        }
    }

    /// The subscriber with this serial number.
    pub(super) fn subscriber(&self, serial: &Serial) -> Option<&Subscriber> {
        self.subscribers.iter().find(|s| s.serial == *serial)
    }

    /// Of an authority: the certificate that stays good, the one that is revoked, and one that is put on hold,
    /// all valid at the end of the story and with a key of the authority's own kind.
    pub(super) fn lasting(&self, ca: &str) -> Option<[Serial; 3]> {
        let mut natives = self.subscribers.iter().filter(|s| {
            let wanted = &s.wanted;
            (wanted.authority, wanted.wave, wanted.profile) == (ca, Wave::Second, "claims-provider")
                && wanted.is_native()
        });
        Some([natives.next()?.serial, natives.next()?.serial, natives.next()?.serial])
    }

    /// Certificates that point to the list of their partition.
    pub(super) fn partitioned(&self) -> impl Iterator<Item = &Subscriber> {
        self.subscribers.iter().filter(|s| s.wanted.profile == "claims-provider-partitioned")
    }

    /// Whom revocations leave alone, unless they are meant.
    pub(super) fn spared(&self, ca: &str) -> Vec<Serial> {
        let lasting = self.lasting(ca).into_iter().flatten();
        lasting.chain(self.partitioned().take(2).map(|s| s.serial)).collect()
    }

    fn has_expired(&self, serial: &Serial) -> bool {
        self.subscriber(serial).is_some_and(|s| s.not_after < self.now())
    }
}

impl Mark {
    /// What stood at a time; `None` before the first change.
    fn at(&self, at: UtcSeconds) -> Option<Listing> {
        let earlier = self.changes.iter().rev().find(|(changed, _)| changed.whole_seconds() <= at);
        earlier.map(|(_, listing)| *listing)
    }
}

/// Lets the jobs that are due run to their end, whoever has begun them, and the ledger be numbered and signed.
pub(super) async fn settle(server: &Server, now: UtcMicros) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut idle_before = false;
    loop {
        server.workers().run_until_idle().await?;
        let gauges = server.installation().db.read(move |tx| kit_jobs::gauges(tx, now)).await;
        let gauges = gauges.map_err(|e| store_fail(&e))?;
        // There is no mail server here: mails wait, and nobody waits for them.
        let mut of_us = gauges.iter().filter(|kind| kind.kind != kit_post::MAIL_JOB);
        let idle = of_us.all(|kind| kind.due == 0 && kind.running == 0);
        // What the server's own loop ended just before the first look, the feed tells of in the round before the second.
        if idle && idle_before {
            return server.workers().settle_ledger().await;
        }
        if Instant::now() > deadline {
            return Err(broken("the jobs do not come to an end", &format_args!("{gauges:?}")));
        }
        if !idle {
            // The server's own loop has begun one of them: it is waited for.
            sleep(Duration::from_millis(5)).await;
        }
        idle_before = idle;
    }
}

/// Does what a command of an operator does, and writes the files that came of it.
pub(super) async fn carry_out(installation: &Arc<Installation>, lang: Lang, deed: Deed) -> Outcome<Report> {
    let report = control::perform(installation, Request { lang, account: ACCOUNT.to_owned(), deed }).await;
    if report.exit != Exit::Ok {
        return Err(broken("a command", &report.complaint.trim()));
    }
    for made in &report.files {
        if let Some(dir) = made.path.parent() {
            house::make_dir(dir)?;
        }
        house::write(&made.path, &made.octets, 0o644)?;
    }
    Ok(report)
}

/// A path on this server, from an address of the repository.
pub(super) fn path_of<'a>(house: &House, url: &'a str) -> Result<&'a str, Fail> {
    url.strip_prefix(&house.base_url).ok_or_else(|| broken("an address of another server", &url))
}
