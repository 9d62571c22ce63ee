//! What is left for judges, and a last look at it from the files alone, at the present time (K1, K2, K4).

use super::{cross::CROSS, lists::PARTITIONS, rollover};
use crate::{
    demo::{
        broken, house,
        look::{self, SeenList},
        openssl::Openssl,
        tell::{Teller, t},
        town::{Hierarchy, Town},
        wanted::Wave,
    },
    fail::{Fail, Outcome},
};
use core_pack::{
    pem,
    sniff::{self, Object},
};
use core_words::{Serial, UtcSeconds};
use core_x509::crl::PointName;
use kit_clock::{Clock, SystemClock};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("残すもの", "What is left"), town.house.clock.now());
    let dir = town.house.artifacts();
    tell.say(&t(
        format!("証明書とリストを {} に置き、今の時刻で、ファイルだけからもう一度確かめます。", dir.display()),
        format!("Certificates and lists go to {}, and are checked once more from the files alone, at the present time.", dir.display()),
    ));
    for h in &town.hierarchies {
        leave(town, h, &dir.join(h.folder)).await?;
    }
    leave_p256(town, &dir.join("p256")).await?;

    let now = SystemClock.now().whole_seconds();
    for h in &town.hierarchies {
        let outcome = judge(&dir.join(h.folder), now);
        tell.check(
            t(
                format!("{}: 経路、失効、期間が今も正しい", h.folder),
                format!("{}: paths, revocations and times hold at present", h.folder),
            ),
            outcome,
        );
    }
    tell.check(
        t(
            "p256: 差分、分割、リンク、相互認証も正しい",
            "p256: delta, partitions, links and cross certificate too",
        ),
        judge_p256(&dir.join("p256"), now),
    );
    let early = town.subscribers.iter().filter(|s| s.wanted.wave == Wave::First);
    tell.check(
        t("最初の 250 枚は期限が切れ、もう検証に通らない", "the first 250 have expired and verify no more"),
        match early.filter(|s| look::valid(&s.der, now).is_ok()).count() {
            0 => Ok(()),
            valid => Err(format!("{valid} of them are still valid")),
        },
    );
    if let Some(openssl) = &town.openssl {
        for folder in ["rsa", "p256"] {
            tell.check(
                t(
                    format!("{folder}: openssl も同じ判断をする"),
                    format!("{folder}: openssl judges the same"),
                ),
                ask_openssl(openssl, &dir.join(folder))?,
            );
        }
    }
    tell.look(dir.display());
    Ok(())
}

/// Root, issuing authority, a good certificate, a revoked one, and the full list as it is served.
async fn leave(town: &Town, h: &Hierarchy, dir: &Path) -> Outcome<()> {
    house::make_dir(dir)?;
    let [good, revoked, _] = town.lasting(h.ca).ok_or_else(|| broken(h.ca, &"it has no subscribers"))?;
    let der = |serial: &Serial| town.subscriber(serial).map(|s| s.der.clone()).unwrap_or_default();
    save_pem(dir, "root.pem", &h.root_der)?;
    save_pem(dir, "ca.pem", &h.ca_der)?;
    save_pem(dir, "leaf.pem", &der(&good))?;
    save_pem(dir, "revoked.pem", &der(&revoked))?;
    save(dir, "crl.der", &town.client.file(&format!("/crl/{}/1.crl", h.ca)).await?)
}

async fn leave_p256(town: &Town, dir: &Path) -> Outcome<()> {
    save(dir, "delta.der", &town.client.file("/crl/p256-ca/1-delta.crl").await?)?;
    for n in 1..=PARTITIONS {
        let list = town.client.file(&format!("/crl/p256-ca/1-p{n}.crl")).await?;
        save(dir, &format!("partition-{n}.der"), &list)?;
    }
    let partitioned = town.partitioned().next().ok_or_else(|| broken("p256-ca", &"nobody has partitions"))?;
    save_pem(dir, "partitioned-leaf.pem", &partitioned.der)?;
    for (name, path) in [
        ("new-root.pem", rollover::NEW_ROOT),
        ("old-with-new.pem", rollover::OLD_WITH_NEW),
        ("new-with-old.pem", rollover::NEW_WITH_OLD),
        ("cross.pem", CROSS),
    ] {
        save_pem(dir, name, &town.client.file(path).await?)?;
    }
    Ok(())
}

fn save_pem(dir: &Path, name: &str, der: &[u8]) -> Outcome<()> {
    save(dir, name, pem::encode(pem::label::CERTIFICATE, der).as_bytes())
}

fn save(dir: &Path, name: &str, octets: &[u8]) -> Outcome<()> {
    house::write(&dir.join(name), octets, 0o644)
}

/// A folder of artifacts, read as by somebody who has nothing else.
struct Folder<'a>(&'a Path);

impl Folder<'_> {
    fn certificate(&self, name: &str) -> Result<Vec<u8>, String> {
        let text = fs::read(self.0.join(name)).map_err(|e| format!("{name}: {e}"))?;
        let der = sniff::der(&text, Object::Certificate, 96 << 10).map_err(|e| format!("{name}: {e}"))?;
        Ok(der.into_owned())
    }

    fn list(&self, name: &str, issuer: &[u8], now: UtcSeconds) -> Result<SeenList, String> {
        let der = fs::read(self.0.join(name)).map_err(|e| format!("{name}: {e}"))?;
        look::list(&der, issuer, now).map_err(|why| format!("{name}: {why}"))
    }
}

fn judge(dir: &Path, now: UtcSeconds) -> Result<(), String> {
    let folder = Folder(dir);
    let (root, ca) = (folder.certificate("root.pem")?, folder.certificate("ca.pem")?);
    let (leaf, revoked) = (folder.certificate("leaf.pem")?, folder.certificate("revoked.pem")?);
    look::path(&[&leaf, &ca, &root], now)?;
    look::path(&[&revoked, &ca, &root], now)?;
    let list = folder.list("crl.der", &ca, now)?;
    match (
        list.entries.contains_key(&look::serial(&leaf)?),
        list.entries.contains_key(&look::serial(&revoked)?),
    ) {
        (false, true) => Ok(()),
        found => Err(format!("leaf and revoked are on the list: {found:?}")),
    }
}

fn judge_p256(dir: &Path, now: UtcSeconds) -> Result<(), String> {
    let folder = Folder(dir);
    let (root, ca) = (folder.certificate("root.pem")?, folder.certificate("ca.pem")?);
    let (full, delta) = (folder.list("crl.der", &ca, now)?, folder.list("delta.der", &ca, now)?);
    if delta.base != Some(full.number) || delta.entries.is_empty() {
        return Err(format!("delta {} on {:?}, full {}", delta.number, delta.base, full.number));
    }
    let leaf = folder.certificate("partitioned-leaf.pem")?;
    look::path(&[&leaf, &ca, &root], now)?;
    let urls = look::list_urls(&leaf)?;
    let mut covering = 0;
    for n in 1..=PARTITIONS {
        let list = folder.list(&format!("partition-{n}.der"), &ca, now)?;
        let names = list.idp.map(|idp| idp.names).unwrap_or_default();
        let covers = urls.iter().any(|url| names.contains(&PointName::Uri(url.clone())));
        if covers && list.entries.contains_key(&look::serial(&leaf)?) {
            return Err("the partitioned leaf is revoked".to_owned());
        }
        covering += usize::from(covers);
    }
    if covering != 1 {
        return Err(format!("{covering} partitions cover the partitioned leaf"));
    }
    let new_root = folder.certificate("new-root.pem")?;
    let (old_with_new, new_with_old) =
        (folder.certificate("old-with-new.pem")?, folder.certificate("new-with-old.pem")?);
    look::path(&[&ca, &old_with_new, &new_root], now)?;
    let cross = folder.certificate("cross.pem")?;
    look::path(&[&cross, &new_with_old, &root], now)
}

/// Asks `openssl` about the good and the revoked certificate.
fn ask_openssl(openssl: &Openssl, dir: &Path) -> Outcome<Result<(), String>> {
    let list = dir.join("crl.der");
    let pem = dir.with_extension("crl.pem");
    let at = |name: &str| dir.join(name);
    let convert: [PathBuf; 6] =
        ["crl".into(), "-inform".into(), "DER".into(), "-in".into(), list, "-out".into()];
    let said = openssl.ask(&[&convert[..], std::slice::from_ref(&pem)].concat())?;
    let verify = |leaf: &str| {
        let flags: [PathBuf; 4] =
            ["verify".into(), "-x509_strict".into(), "-crl_check".into(), "-CAfile".into()];
        let files: [PathBuf; 6] =
            [at("root.pem"), "-untrusted".into(), at("ca.pem"), "-CRLfile".into(), pem.clone(), at(leaf)];
        openssl.ask(&[&flags[..], &files[..]].concat())
    };
    let (good, revoked) = (verify("leaf.pem")?, verify("revoked.pem")?);
    fs::remove_file(&pem).map_err(|e| Fail::file(&pem, &e))?;
    Ok(match (said.yes, good.yes, revoked.text.contains("certificate revoked")) {
        (true, true, true) => Ok(()),
        _ => Err(format!("{} {} {}", said.text.trim(), good.text.trim(), revoked.text.trim())),
    })
}
