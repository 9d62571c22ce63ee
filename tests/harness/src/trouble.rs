//! Trouble between a desk and its authority, when told: slow, out of order, or mixing people up. The authority behind
//! it is the real one.

use authority_front::{
    BoxFuture, CertificateView, CustodyId, FeedEntry, Front, Issued, KeyOrder, Kind, Listed, MadeKey, Order,
    PackOrder, Preflight, Refusal, Revocation, Revoked, Text,
};
use core_words::{Actor, AuthorityId, CertRef, OperatorId, Serial};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// How the authority answers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// As it does.
    Well,
    /// Not before things are well again.
    Slow,
    /// Not at all: every call fails at once.
    Down,
}

/// What stands between. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Trouble(Arc<Inner>);

struct Inner {
    way: watch::Sender<Way>,
    /// Whose certificate is shown for every other.
    mixed: Mutex<Option<CertRef>>,
    calls: AtomicU64,
}

impl Default for Trouble {
    fn default() -> Self {
        let (mixed, calls) = (Mutex::new(None), AtomicU64::new(0));
        Self(Arc::new(Inner { way: watch::Sender::new(Way::Well), mixed, calls }))
    }
}

impl Trouble {
    /// From now on whoever asks waits until things are well again.
    pub fn slow(&self) {
        self.0.way.send_replace(Way::Slow);
    }

    /// From now on nothing is answered but that the authority is out of order.
    pub fn down(&self) {
        self.0.way.send_replace(Way::Down);
    }

    /// The authority answers again.
    pub fn well(&self) {
        self.0.way.send_replace(Way::Well);
    }

    /// From now on this certificate is shown, whichever is asked for; `None` ends it.
    pub fn mix_up(&self, shown: Option<CertRef>) {
        *self.0.mixed.lock().expect("nobody panics here") = shown;
    }

    /// How often anything was asked since the town began.
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::Relaxed)
    }

    /// Stands before `front`.
    pub(crate) fn before(&self, front: Arc<dyn Front>) -> Arc<dyn Front> {
        Arc::new(Between { trouble: self.clone(), front })
    }

    async fn pass(&self) -> Result<(), Refusal> {
        self.0.calls.fetch_add(1, Ordering::Relaxed);
        let mut way = self.0.way.subscribe();
        match *way.wait_for(|way| *way != Way::Slow).await.expect("the sender is in self") {
            Way::Down => Err(out_of_order()),
            Way::Well | Way::Slow => Ok(()),
        }
    }
}

fn out_of_order() -> Refusal {
    let text = Text::new("認証局が止まっています", "the authority is out of order");
    Refusal::new(Kind::Unavailable, "authority.out_of_order", text.clone(), text)
}

struct Between {
    trouble: Trouble,
    front: Arc<dyn Front>,
}

impl Front for Between {
    fn preflight<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Preflight, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.preflight(order).await
        })
    }

    fn order(&self, order: Order) -> BoxFuture<'_, Result<Issued, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            let done = self.front.order(order).await;
            // An answer that is lost on its way: it was done all the same.
            self.trouble.pass().await?;
            done
        })
    }

    fn order_many(&self, orders: Vec<Order>) -> BoxFuture<'_, Vec<Result<Issued, Refusal>>> {
        Box::pin(async move {
            match self.trouble.pass().await {
                Ok(()) => self.front.order_many(orders).await,
                Err(refusal) => orders.iter().map(|_| Err(refusal.clone())).collect(),
            }
        })
    }

    fn revoke(&self, revocation: Revocation) -> BoxFuture<'_, Result<Revoked, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            let done = self.front.revoke(revocation).await;
            self.trouble.pass().await?;
            done
        })
    }

    fn certificate<'a>(
        &'a self,
        cert: &'a CertRef,
    ) -> BoxFuture<'a, Result<Option<CertificateView>, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            let mixed = self.trouble.0.mixed.lock().expect("nobody panics here").clone();
            self.front.certificate(mixed.as_ref().unwrap_or(cert)).await
        })
    }

    fn feed(&self, after: i64, limit: u32) -> BoxFuture<'_, Result<Vec<FeedEntry>, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.feed(after, limit).await
        })
    }

    fn listed<'a>(
        &'a self,
        authority: &'a AuthorityId,
        number: i64,
        serials: &'a [Serial],
    ) -> BoxFuture<'a, Result<Option<Listed>, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.listed(authority, number, serials).await
        })
    }

    fn make_key(&self, order: KeyOrder) -> BoxFuture<'_, Result<MadeKey, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            let made = self.front.make_key(order).await;
            self.trouble.pass().await?;
            made
        })
    }

    fn pack(&self, order: PackOrder) -> BoxFuture<'_, Result<Zeroizing<Vec<u8>>, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.pack(order).await
        })
    }

    fn erase_key(
        &self,
        custody: CustodyId,
        actor: Actor,
        operator: OperatorId,
        why: String,
    ) -> BoxFuture<'_, Result<bool, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.erase_key(custody, actor, operator, why).await
        })
    }

    fn chain<'a>(&'a self, authority: &'a AuthorityId) -> BoxFuture<'a, Result<Vec<Vec<u8>>, Refusal>> {
        Box::pin(async move {
            self.trouble.pass().await?;
            self.front.chain(authority).await
        })
    }
}
