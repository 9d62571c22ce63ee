//! Handing a key over: key, certificate and chain as one file under a password.

use super::{Desk, Failure, form, of_operator, purpose};
use crate::{Ctx, acts, chain, refusals};
use authority_front::{PackOrder, Refusal};
use authority_journal::{
    authorities,
    custody::Custody,
    orders::{self, StoredOrder},
};
use core_crypto::{Digest, SigAlg};
use core_words::UtcMicros;
use core_x509::assemble::assemble;
use kit_keys::pkcs12::{self, Contents};
use kit_store::Tx;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a file is made of.
struct Parts {
    custody: Custody,
    sealed: Vec<u8>,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

/// Writes the file. The ledger is told before anybody has it.
pub(crate) async fn pack(
    ctx: &Arc<Ctx>,
    desk: &Desk,
    order: PackOrder,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let now = ctx.watch.now().map_err(refusals::clock)?;
    form::packing(&order)?;
    let (inner, asked) = (ctx.clone(), order.clone());
    let parts = ctx.db.read(move |tx| parts(tx, &inner, &asked, now)).await?;
    let object = ctx.provider.sha256(&parts.certificate);

    let (store, asked) = (ctx.signers.store().clone(), order.clone());
    let file = desk
        .run(move || {
            let failed = |error| {
                tracing::error!(%error, custody = %asked.custody, "a kept key could not be packed");
                refusals::key(&error)
            };
            let Custody { id, operator, alg, spki, .. } = &parts.custody;
            let key = store.open_apart(*id, &purpose(operator), *alg, spki, &parts.sealed).map_err(failed)?;
            let contents = Contents {
                key: &key,
                certificate: &parts.certificate,
                chain: &parts.chain,
                friendly_name: &asked.friendly_name,
            };
            pkcs12::write(&contents, &asked.password).map_err(failed)
        })
        .await?;

    let inner = ctx.clone();
    let told = ctx.db.write(move |tx| {
        // Erased meanwhile: then this file must not leave either.
        let custody = of_operator(tx, order.custody, &order.operator)?;
        custody.kept.ok_or_else(refusals::key_erased)?;
        Ok::<_, Failure>(inner.ledger_append(tx, &[acts::key_packed(&order, object)], now)?)
    });
    told.await?;
    Ok(file)
}

fn parts(tx: &mut Tx, ctx: &Ctx, asked: &PackOrder, now: UtcMicros) -> Result<Parts, Failure> {
    let mut custody = of_operator(tx, asked.custody, &asked.operator)?;
    let kept = custody.kept.take().filter(|_| now < custody.until).ok_or_else(refusals::key_erased)?;
    let unknown = || refusals::unknown_certificate(&asked.cert);
    let order = orders::by_serial(tx, &asked.cert.authority, &asked.cert.serial)?.ok_or_else(unknown)?;
    if ctx.provider.sha256(&custody.spki) != order.spki_sha256 {
        return Err(refusals::key_of_other_certificate().into());
    }
    let alg: SigAlg = authorities::generation(tx, &order.authority, order.generation)?
        .map(|generation| generation.sig_alg)
        .ok_or_else(refusals::internal)?;
    let StoredOrder { tbs, issued, .. } = &order;
    let signature = &issued.as_ref().ok_or_else(unknown)?.signature;
    let certificate = assemble(tbs, alg, signature);
    let chain = chain::of_generation(tx, &order.authority, order.generation)?;
    Ok(Parts { custody, sealed: kept.sealed, certificate, chain })
}
