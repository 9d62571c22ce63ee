//! The clock reaches the present. What is left in `artifacts/claims/`, and a look at it from the files alone.

use super::{CA, agents::Agents, certificate, desk, folder, providers::Providers, save};
use crate::{
    demo::{
        look,
        steps::claims::holds,
        tell::{Teller, t},
        town::Town,
    },
    fail::Outcome,
};
use core_pack::pem;
use kit_clock::{Clock, SystemClock};
use std::path::Path;

pub(super) async fn run(
    town: &Town,
    tell: &mut Teller,
    agents: &Agents,
    providers: &Providers,
) -> Outcome<()> {
    town.house.clock.advance_to(SystemClock.now());
    town.settle().await?;
    tell.begin(t("窓口の残すもの", "What the desk leaves"), town.house.clock.now());
    let (claims, dir, h) = (desk(town)?, folder(town), town.of_ca(CA));
    let provider = certificate(&claims, providers.cases[0]).await?;
    let revoked = certificate(&claims, providers.revoked).await?;
    let agent = certificate(&claims, agents.cases[0]).await?;
    let list = town.client.file(&format!("/crl/{CA}/1.crl")).await?;
    for (name, der) in [
        ("root.pem", &h.root_der),
        ("ca.pem", &h.ca_der),
        ("provider.pem", &provider),
        ("revoked.pem", &revoked),
        ("agent.pem", &agent),
    ] {
        save(&dir, name, pem::encode(pem::label::CERTIFICATE, der).as_bytes(), false)?;
    }
    save(&dir, "crl.der", &list, false)?;
    let now = town.now();
    let paths = [&provider, &revoked, &agent]
        .into_iter()
        .try_for_each(|leaf| look::path(&[leaf.as_slice(), &h.ca_der, &h.root_der], now));
    let listed = look::list(&list, &h.ca_der, now).and_then(|list| {
        let on = |der: &[u8]| look::serial(der).map(|serial| list.entries.contains_key(&serial));
        Ok([on(&provider)?, on(&revoked)?, on(&agent)?])
    });
    tell.check(
        t(
            "事業所と代理人の証明書はルートまでつながり、失効リストには失効した一枚だけがある",
            "certificates of provider and agent lead to the root; of them the list names the revoked one alone",
        ),
        paths.and(listed).and_then(|listed| holds(listed == [false, true, false], || format!("{listed:?}"))),
    );
    tell.check(
        t("約束したファイルがすべてある", "every file that was promised is there"),
        holds(missing(&dir).is_empty(), || format!("missing: {:?}", missing(&dir))),
    );
    tell.look(dir.display());
    Ok(())
}

/// What should be there and is not, or is empty.
fn missing(dir: &Path) -> Vec<&'static str> {
    const FILES: [&str; 15] = [
        "root.pem",
        "ca.pem",
        "provider.pem",
        "provider.p12",
        "provider.p12.password",
        "agent.pem",
        "revoked.pem",
        "crl.der",
        "quotation.pdf",
        "invoice.pdf",
        "password-letter.pdf",
        "notice.p7m",
        "notice.key",
        "offset.csv",
        "archive.jsonl",
    ];
    let there = |name: &&str| dir.join(name).metadata().is_ok_and(|meta| meta.len() > 0);
    FILES.into_iter().filter(|name| !there(name)).collect()
}
