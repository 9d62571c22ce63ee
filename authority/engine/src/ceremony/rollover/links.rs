//! Link certificates: either key of a root certified by the other (RFC 9810 §4.4).

use super::{
    super::{
        CeremonyError,
        deed::{self, Guard, Planned, Wish},
        issuer, perform,
        rehearsal::own_key,
    },
    Stored, Terms,
};
use crate::Ctx;
use authority_journal::{authorities::Generation, codes::PublishedKind};
use core_words::{Actor, UtcMicros};
use core_x509::plan::{EndWish, ValidityWish};

/// The two link certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    NewWithOld,
    OldWithNew,
}

impl Link {
    pub(super) const BOTH: [Self; 2] = [Self::OldWithNew, Self::NewWithOld];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NewWithOld => "new-with-old",
            Self::OldWithNew => "old-with-new",
        }
    }

    pub(super) fn kind(self) -> PublishedKind {
        match self {
            Self::NewWithOld => PublishedKind::NewWithOld,
            Self::OldWithNew => PublishedKind::OldWithNew,
        }
    }

    /// The name of its file.
    pub(super) fn file(self, to: u16) -> String {
        format!("{}-{to}", self.word())
    }
}

/// Makes, signs and stores one link.
pub(super) async fn link_certificate(
    ctx: &Ctx,
    terms: &Terms,
    own: &Stored,
    link: Link,
    actor: &Actor,
) -> Result<Stored, CeremonyError> {
    let (id, now) = (&terms.authority.id, ctx.watch.now()?);
    let new = perform::generation_row(ctx, id, terms.to, terms.key, own.order.id, &own.der, now)?;
    let (signing, _) = link.keys(terms, &new);
    let issuer = issuer::stored(&terms.authority, signing, &*ctx.provider)?;
    let file = link.file(terms.to);
    let deed = terms.deed(format!("link:{id}:{file}"), format!("{id}/{file}"), actor);
    let sought = deed.clone();
    let order = match ctx.db.read(move |tx| deed::find(tx, &sought)).await? {
        Some(order) => order,
        None => {
            let planned = plan_link(ctx, terms, &new, link, now)?;
            let guards = vec![Guard::Stands(id.clone(), terms.old.generation)];
            deed::record(ctx, &deed, planned, &terms.link, None, guards, now).await?
        }
    };
    super::finish(ctx, &deed, order, issuer, &terms.link, signing.key_id, now).await
}

/// The plan of one link. It begins with the key it certifies and ends with the old root at the latest.
pub(super) fn plan_link(
    ctx: &Ctx,
    terms: &Terms,
    new: &Generation,
    link: Link,
    now: UtcMicros,
) -> Result<Planned, CeremonyError> {
    let (signing, certified) = link.keys(terms, new);
    let name = format!("{}/{}", terms.authority.id, link.file(terms.to));
    let end = EndWish::At(certified.not_after.min(terms.old.not_after).min(signing.not_after));
    let wish = Wish {
        name: &name,
        profile: &terms.link.profile,
        issuer: &issuer::stored(&terms.authority, signing, &*ctx.provider)?,
        authority: &terms.authority,
        key: own_key(&name, &certified.spki)?,
        subject: &[],
        validity: ValidityWish { not_before: Some(certified.not_before), end },
        now,
    };
    deed::prepare(ctx, &wish)
}

impl Link {
    /// The generation that signs, and the one that is certified.
    fn keys<'a>(self, terms: &'a Terms, new: &'a Generation) -> (&'a Generation, &'a Generation) {
        match self {
            Self::OldWithNew => (new, &terms.old),
            Self::NewWithOld => (&terms.old, new),
        }
    }
}
