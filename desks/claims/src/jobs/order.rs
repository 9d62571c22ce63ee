//! Ordering a certificate from the authority (C14). What comes of it comes back by the feed, and by nothing else.

use crate::{
    case::Case,
    desk::{Claims, ORDERER},
    rules::begins,
    store::{find, holders, rows},
    words::{Application, HolderKind, KeyWay},
};
use authority_front::{KeyOrder, Order, RequestedName, Validity};
use core_words::{Actor, UtcMicros};
use kit_desk::{Errand, Stored, errand::refused};
use kit_drill::point;
use kit_jobs::{Handler, JobCtx, JobError, When};
use kit_store::{StoreError, Tx};

const KIND: &str = "claims.order";

pub(crate) fn queue(tx: &mut Tx, case: &Stored<Case>, now: UtcMicros) -> Result<(), StoreError> {
    Errand::to(case).queue(tx, KIND, When::Now, now)
}

pub(crate) struct PlaceOrder(pub(crate) Claims);

impl Handler for PlaceOrder {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, ctx: &JobCtx) -> Result<(), JobError> {
        let Errand { case: id, .. } = Errand::read(ctx.payload())?;
        let found = ctx.db().read(move |tx| read(tx, id)).await?;
        // Anything but a case that waits: the certificate has come already.
        let Some((case, holder)) = found else { return Ok(()) };
        let application = case.case.application();
        let request = match &application.key {
            KeyWay::Own(request) => request.clone(),
            KeyWay::Service => self.key(ctx, &case, holder.number.kind()).await?,
        };
        point("claims.key_made");
        let mut order = order(&self.0, &case, &holder, request);
        order.validity = self.follows(ctx, application).await?;
        self.0.front().order(order).await.map_err(|refusal| refused(&refusal))?;
        point("claims.ordered");
        Ok(())
    }
}

impl PlaceOrder {
    /// The request for the key that the service makes: the same at every run.
    async fn key(&self, ctx: &JobCtx, case: &Stored<Case>, kind: HolderKind) -> Result<Vec<u8>, JobError> {
        let settings = self.0.settings();
        let order = KeyOrder {
            orderer: ORDERER.to_owned(),
            key: case.number.clone(),
            operator: case.operator.clone(),
            actor: Actor::system(),
            profile: settings.profile_of(kind).clone(),
            // The time for fetching begins with the issue; this is the end of everything, should that never come.
            until: ctx.now().plus_seconds((i64::from(settings.key_days) + 30) * 86_400),
        };
        let made = self.0.front().make_key(order).await.map_err(|refusal| refused(&refusal))?;
        let (id, custody) = (case.id, made.custody.0);
        let kept = ctx.db().write(move |tx| rows::keep_custody(tx, id, custody)).await?;
        if kept { Ok(made.request) } else { Err(JobError::Retry(format!("{KIND}: the case has moved on"))) }
    }
}

impl PlaceOrder {
    /// C22: where the terms append what is left, the certificate of a renewal begins after the one it renews.
    async fn follows(&self, ctx: &JobCtx, application: &Application) -> Result<Option<Validity>, JobError> {
        let Some(old) = application.renews else { return Ok(None) };
        let terms = self.0.settings().terms_named(&application.applied.terms);
        let append = terms.is_some_and(|terms| terms.append_remaining);
        let found = ctx.db().read(move |tx| match find::by_order(tx, &old.to_string())? {
            Some(id) => rows::load(tx, id),
            None => Ok(None),
        });
        // One that is being revoked has nothing left to append.
        let Some(Stored { case: Case::Issued(holding), .. }) = found.await? else { return Ok(None) };
        let first = begins(holding.certificate.not_after, ctx.now(), append);
        Ok(first.map(|first| Validity { not_before: Some(first), not_after: None }))
    }
}

fn read(tx: &mut Tx, id: i64) -> Result<Option<(Stored<Case>, holders::Holder)>, StoreError> {
    let Some(case) = rows::load(tx, id)?.filter(|stored| matches!(stored.case, Case::AwaitingIssue { .. }))
    else {
        return Ok(None);
    };
    let holder = holders::load(tx, case.case.application().holder)?;
    Ok(holder.map(|holder| (case, holder)))
}

/// The order for the certificate of a case.
fn order(claims: &Claims, case: &Stored<Case>, holder: &holders::Holder, request: Vec<u8>) -> Order {
    Order {
        key: Some(case.number.clone()),
        subject_ref: Some(case.number.clone()),
        ..trial(claims, holder, request)
    }
}

/// An order that is only asked about: what preflight is given before there is a case.
pub(crate) fn trial(claims: &Claims, holder: &holders::Holder, request: Vec<u8>) -> Order {
    let settings = claims.settings();
    Order {
        orderer: ORDERER.to_owned(),
        key: None,
        operator: holder.operator.clone(),
        actor: Actor::system(),
        authority: settings.authority.clone(),
        profile: settings.profile_of(holder.number.kind()).clone(),
        request,
        name: Some(name(holder)),
        validity: None,
        subject_ref: None,
    }
}

/// What stands in the certificate of a holder besides what its profile fixes.
fn name(holder: &holders::Holder) -> RequestedName {
    let key = match holder.number.kind() {
        HolderKind::Provider => "provider_number",
        HolderKind::Agent => "agent_id",
    };
    let subject = vec![(key.to_owned(), holder.number.as_str().to_owned())];
    RequestedName { subject, dns_names: None }
}
