//! What comes back from the authority: certificates, and lists that name them (C6, C16, C17).

use crate::{
    cases::Cases,
    command::{Command, Listed},
    desk::{Claims, ORDERER},
    no::No,
    status::Standing,
    store::{find, lists},
    words::Certificate,
};
use core_words::{AuthorityId, CertRef, FeedEntry, FeedKind, Refusal, Serial};
use core_x509::certificate::Certificate as X509;
use kit_desk::{BoxFuture, Doer, Follow, Halt, TakeError, act, follow};
use kit_drill::point;
use kit_store::{StoreError, Tx};

/// The most certificates that one list is asked about at a time.
const MOST: i64 = 500;

impl Follow for Claims {
    fn desk(&self) -> &'static str {
        ORDERER
    }

    fn read(&self, after: i64, most: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>> {
        self.front().feed(after, most)
    }

    fn take(&self, after: i64, entries: Vec<FeedEntry>) -> BoxFuture<'_, Result<(), TakeError>> {
        Box::pin(async move {
            let Some(to) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
            let mut news = Vec::new();
            for entry in &entries {
                self.news(entry, &mut news).await?;
            }
            let claims = self.clone();
            let taken = self.db().write(move |tx| take_in(tx, &claims, after, to, &news)).await;
            point("claims.fed");
            taken
        })
    }
}

/// What an entry means to the desk.
#[derive(Clone, Debug)]
enum News {
    /// A certificate was issued for the case of this number.
    Issued { number: String, certificate: Certificate },
    /// A list was published, and names these of the cases that wait for one.
    List { list: ListNews, named: Vec<i64> },
}

#[derive(Clone, Debug)]
struct ListNews {
    authority: AuthorityId,
    listed: authority_front::Listed,
}

impl Claims {
    /// Finds out what an entry means, asking the authority where it must.
    async fn news(&self, entry: &FeedEntry, news: &mut Vec<News>) -> Result<(), TakeError> {
        let ours = entry.orderer.as_deref() == Some(ORDERER);
        match (entry.kind, &entry.cert, &entry.order_key, entry.number) {
            (FeedKind::Issued, Some(cert), Some(number), _) if ours => {
                if let Some(certificate) = self.arrived(cert).await? {
                    news.push(News::Issued { number: number.clone(), certificate });
                }
            }
            (FeedKind::Failed, _, Some(number), _) if ours => {
                tracing::error!(case = %number, "the authority gave the order up; run its job again");
            }
            (FeedKind::ListPublished, _, _, Some(number)) if entry.authority == self.settings().authority => {
                self.list(&entry.authority, number, news).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What the desk keeps of a certificate: read from the certificate itself.
    async fn arrived(&self, cert: &CertRef) -> Result<Option<Certificate>, TakeError> {
        let Some(view) = self.front().certificate(cert).await? else { return Ok(None) };
        match X509::parse(&view.der) {
            Ok(read) => Ok(Some(Certificate {
                cert: cert.clone(),
                not_before: read.tbs.not_before,
                not_after: read.tbs.not_after,
                issued_at: view.issued_at,
            })),
            Err(error) => {
                tracing::error!(%error, serial = %cert.serial, "the authority's certificate is not understood");
                Ok(None)
            }
        }
    }

    /// Asks which of the cases that wait stand on a list.
    async fn list(
        &self,
        authority: &AuthorityId,
        number: i64,
        news: &mut Vec<News>,
    ) -> Result<(), TakeError> {
        let mut after = 0;
        loop {
            let of = authority.clone();
            let waiting = self.db().read(move |tx| lists::awaiting(tx, &of, after, MOST)).await?;
            let serials: Vec<Serial> = waiting.iter().map(|(_, serial)| *serial).collect();
            // A delta list, or one that is gone already: a later one will name them.
            let Some(listed) = self.front().listed(authority, number, &serials).await? else { return Ok(()) };
            let named =
                waiting.iter().zip(&listed.listed).filter(|(_, on)| **on).map(|((id, _), _)| *id).collect();
            let list = ListNews { authority: authority.clone(), listed };
            news.push(News::List { list, named });
            match waiting.last() {
                Some((last, _)) if waiting.len() as i64 == MOST => after = *last,
                _ => return Ok(()),
            }
        }
    }
}

/// Takes everything in and moves the cursor, in one transaction.
fn take_in(tx: &mut Tx, claims: &Claims, after: i64, to: i64, news: &[News]) -> Result<(), TakeError> {
    follow::advance(tx, ORDERER, after, to)?;
    for item in news {
        match item {
            News::Issued { number, certificate } => {
                let Some(id) = find::by_order(tx, number)? else {
                    tracing::error!(case = %number, "a certificate came for a case that is not here");
                    continue;
                };
                deed(tx, claims, id, Command::Register(certificate.clone()))?;
            }
            News::List { list, named } => {
                let arrived = lists::Arrived {
                    authority: &list.authority,
                    number: list.listed.number,
                    sha256: list.listed.sha256,
                    this_update: list.listed.this_update,
                    next_update: list.listed.next_update,
                };
                lists::register(tx, &arrived, claims.now())?;
                for id in named {
                    deed(tx, claims, *id, Command::RegisterList(Listed::in_list(list.listed.number)))?;
                }
            }
        }
    }
    Ok(())
}

/// Does what the feed says. What the rules refuse is not refused to the feed: it is passed over, and looked into.
fn deed(tx: &mut Tx, claims: &Claims, id: i64, command: Command) -> Result<(), StoreError> {
    match act::<Cases>(tx, claims.cases(), id, None, &command, &Doer::system(), claims.means(claims.now())) {
        Ok(_) => Ok(()),
        Err(Halt::Store(error)) => Err(error),
        Err(halt) => {
            let halt: Halt<No, Standing> = halt;
            tracing::warn!(case = id, deed = ?command.deed(), ?halt, "the feed tells what the case does not take");
            Ok(())
        }
    }
}
