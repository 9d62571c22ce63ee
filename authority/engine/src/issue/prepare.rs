//! Second deed: request and profile become a plan, the plan is linted (K2, K3). Nothing is written.

use super::record::Record;
use crate::{
    Ctx,
    catalogue::{Catalogue, Issuing},
    refusals, urls,
};
use authority_front::{Kind, Order, Refusal};
use authority_journal::orders::NewOrder;
use core_crypto::Digest;
use core_words::UtcMicros;
use core_x509::{
    lint::{Linted, lint},
    plan::{AltName, EndWish, Input, KeyProof, SubjectValue, ValidityWish},
    profile::Profile,
    request::CertRequest,
    tlv::Limits,
};
use kit_keys::random_serial;
use std::sync::Arc;

/// An order that passed every check but those of the journal.
pub(crate) struct Prepared {
    pub(crate) record: Record,
    pub(crate) linted: Linted,
    pub(crate) issuing: Arc<Issuing>,
    pub(crate) profile: Arc<Profile>,
}

/// Whether a text is of the form of idempotency keys: 1 to 128 printable ASCII characters without spaces.
pub(crate) fn is_idempotency_key(key: &str) -> bool {
    (1..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}

/// Checks the form of an order itself: names and sizes that are not the certificate's business.
pub(crate) fn check_form(order: &Order) -> Result<(), Refusal> {
    if order.key.as_ref().is_some_and(|key| !is_idempotency_key(key)) {
        return Err(refusals::key_form());
    }
    if order.subject_ref.as_ref().is_some_and(|text| text.chars().count() > 200 || text.contains('\0')) {
        return Err(refusals::subject_ref_form());
    }
    Ok(())
}

/// Prepares one order at `now`.
pub(crate) async fn prepare(
    ctx: &Ctx,
    catalogue: &Catalogue,
    order: &Order,
    now: UtcMicros,
) -> Result<Prepared, Refusal> {
    check_form(order)?;
    let issuing = catalogue.issuing(ctx, &order.authority).await?;
    let profile = catalogue.profile(&issuing, &order.profile)?;
    let request = CertRequest::parse(&order.request, &Limits::DEFAULT)
        .map_err(|e| refusals::explained(Kind::Malformed, &e))?;
    // Before the signature is checked: a weak key's signature proves nothing and may be costly.
    request.check_key(&profile).map_err(|e| refusals::explained(Kind::Refused, &e))?;
    let verified = request.verify(&*ctx.provider).map_err(|e| refusals::explained(Kind::Refused, &e))?;
    let serial = random_serial(&*ctx.provider);
    let partition = urls::partition_of(&issuing.authority, &serial);
    let (subject, alt_names) = names(order);
    let input = Input {
        key: KeyProof::Request(verified),
        subject: &subject,
        alt_names: &alt_names,
        serial,
        now: now.whole_seconds(),
        validity: ValidityWish {
            not_before: order.validity.and_then(|v| v.not_before),
            end: order.validity.and_then(|v| v.not_after).map_or(EndWish::Profile, EndWish::At),
        },
        partition: (partition > 0).then_some(u32::from(partition)),
        digest: &*ctx.provider,
    };
    let plan = issuing.template(&profile)?.plan(&input).map_err(|e| refusals::plan(&e))?;
    let linted = lint(plan, &profile, &issuing.issuer, &*ctx.provider).map_err(|e| {
        // The planner made what the lints refuse: the order is refused, and somebody must look.
        tracing::error!(authority = %order.authority, profile = %order.profile, findings = %e, "lints refuse a plan");
        refusals::explained(Kind::Refused, &e)
    })?;
    let record = record_of(ctx, order, &linted, &issuing, &profile, partition, now);
    Ok(Prepared { record, linted, issuing, profile })
}

/// The names that the order states, as the planner takes them.
fn names(order: &Order) -> (Vec<SubjectValue<'_>>, Vec<AltName>) {
    let Some(name) = &order.name else { return (Vec::new(), Vec::new()) };
    let subject = name.subject.iter().map(|(key, value)| SubjectValue::new(key, value)).collect();
    let hosts = name.dns_names.iter().flatten().map(|host| AltName::Dns(host.clone())).collect();
    (subject, hosts)
}

fn record_of(
    ctx: &Ctx,
    order: &Order,
    linted: &Linted,
    issuing: &Issuing,
    profile: &Profile,
    partition: u16,
    now: UtcMicros,
) -> Record {
    let plan = linted.plan();
    Record {
        order: NewOrder {
            orderer: order.orderer.clone(),
            key: order.key.clone(),
            request_hash: request_hash(&*ctx.provider, order),
            profile: profile.id().as_str().to_owned(),
            profile_hash: *profile.hash(),
            subject_ref: order.subject_ref.clone(),
            authority: order.authority.clone(),
            generation: issuing.generation.generation,
            partition,
            serial: plan.serial(),
            spki_sha256: *plan.spki_sha256(),
            subject_sha256: ctx.provider.sha256(plan.subject_der()),
            not_before: plan.not_before().micros(),
            not_after: plan.not_after().micros(),
            tbs: plan.tbs().to_vec(),
            at: now,
        },
        actor: order.actor.clone(),
        operator: order.operator.clone(),
        tbs_sha256: ctx.provider.sha256(plan.tbs()),
    }
}

/// SHA-256 over everything asked for. A repeat under the same key must have the same.
///
/// Each part is preceded by its length, so that no two different orders run together into one text.
pub(crate) fn request_hash(digest: &dyn Digest, order: &Order) -> [u8; 32] {
    let mut text = Vec::with_capacity(order.request.len() + 256);
    let mut part = |octets: &[u8]| {
        text.extend_from_slice(&(octets.len() as u64).to_be_bytes());
        text.extend_from_slice(octets);
    };
    part(order.authority.as_str().as_bytes());
    part(order.profile.as_str().as_bytes());
    part(&order.request);
    if let Some(name) = &order.name {
        part(b"name");
        for (attribute, value) in &name.subject {
            part(attribute.as_bytes());
            part(value.as_bytes());
        }
        for host in name.dns_names.iter().flatten() {
            part(b"dns");
            part(host.as_bytes());
        }
        part(if name.dns_names.is_some() { b"1" } else { b"0" });
    }
    if let Some(validity) = order.validity {
        for end in [validity.not_before, validity.not_after] {
            part(&end.map_or([0; 9], |t| {
                let mut octets = [1; 9];
                octets[1..].copy_from_slice(&t.0.to_be_bytes());
                octets
            }));
        }
    }
    if let Some(subject_ref) = &order.subject_ref {
        part(subject_ref.as_bytes());
    }
    digest.sha256(&text)
}
