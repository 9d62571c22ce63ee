//! The dry run of a rollover: every certificate is planned and linted with a key that is thrown away.

use super::{
    super::{
        CeremonyError, PlannedEntry, ProfileSet, Progress, deed, item, perform, profile_set::ProfileText,
    },
    RolloverRequest, Terms,
    links::plan_link,
    plan_own, stands,
};
use crate::Ctx;
use core_x509::{assemble::assemble, certificate::Tbs, plan::Plan, tlv::Limits};

/// Checks a rollover and shows what it would make: the new certificate first, then the links. Writes nothing.
///
/// # Errors
/// What [`rollover`](super::rollover) would be refused for.
pub async fn plan_rollover(
    ctx: &Ctx,
    profiles: &ProfileSet,
    request: &RolloverRequest,
) -> Result<Vec<PlannedEntry>, CeremonyError> {
    let (terms, now) = (super::terms(ctx, profiles, request).await?, ctx.watch.now()?);
    stands(ctx, &terms).await?;
    let id = &terms.authority.id;
    let name = format!("{id}/{}", terms.to);
    let key = deed::new_key(terms.key).await?;
    let (own, _) = plan_own(ctx, &terms, &name, &key, now).await?;
    let own = own.linted.into_plan();
    let word = item::authority_word(terms.authority.kind);
    let mut entries = vec![entry(&terms, word, name, &own, &terms.profile)?];
    // The signature that the certificate will bear has no influence on what may be signed with its key.
    let der = assemble(own.tbs(), own.sig_alg(), &[0]);
    let new = perform::generation_row(ctx, id, terms.to, terms.key, 0, &der, now)?;
    for link in terms.links(now) {
        let plan = plan_link(ctx, &terms, &new, *link, now)?.linted.into_plan();
        entries.push(entry(
            &terms,
            link.word(),
            format!("{id}/{}", link.file(terms.to)),
            &plan,
            &terms.link,
        )?);
    }
    Ok(entries)
}

fn entry(
    terms: &Terms,
    kind: &'static str,
    name: String,
    plan: &Plan,
    profile: &ProfileText,
) -> Result<PlannedEntry, CeremonyError> {
    let unreadable = |e| CeremonyError::Damaged(format!("{name}: {e}"));
    let read = Tbs::parse(plan.tbs(), &Limits::DEFAULT).map_err(unreadable)?;
    Ok(PlannedEntry {
        kind,
        issuer: plan.authority().clone(),
        key: terms.key,
        subject: read.subject.to_string(),
        not_before: plan.not_before(),
        not_after: plan.not_after(),
        profile: profile.profile.id().to_string(),
        lists: (kind == item::authority_word(terms.authority.kind))
            .then_some((terms.authority.schedule, terms.authority.partitions)),
        progress: Progress::ToBeMade,
        name,
    })
}
