//! The ledger is exported and verified from its files alone (K8).

use crate::{
    demo::{
        broken, house,
        tell::{Teller, t},
        town::Town,
        wanted::COUNT,
    },
    fail::{Fail, Outcome},
    installation::ledger_fail,
};
use kit_keys::Provider;
use kit_ledger::{Body, Receipt, Tile, TileKind, VerifierKey, split_bundle, verify_dir};
use std::{collections::BTreeMap, fs, path::Path};

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    town.settle().await?;
    tell.begin(t("台帳", "The ledger"), town.house.clock.now());
    tell.say(&t(
        "すべての行為が載る台帳を書き出し、そのファイルと公開鍵だけで監査します。",
        "The ledger of every act is exported and audited, with nothing but its files and a public key.",
    ));
    let dir = town.house.artifacts().join("ledger");
    kit_ledger::export(&town.installation().db, &dir).await.map_err(|e| ledger_fail(&e))?;
    let key = &town.ledger_key;
    let report = verify_dir(&dir, Some(key), Some(town.early.as_bytes()), &Provider, &Provider);
    let size = report.as_ref().map_or(0, |report| report.checkpoint.size);
    tell.check(
        t(
            format!("{size} 件の記録が署名された根の下にあり、初日の検査点から何も変わっていない"),
            format!("{size} entries stand under the signed root, and nothing has changed since the checkpoint of the first day"),
        ),
        report.map_err(|e| e.to_string()).and_then(|report| match report.strangers.as_slice() {
            [] => Ok(()),
            strangers => Err(format!("strange files: {strangers:?}")),
        }),
    );
    let kinds = kinds(&dir, size).map_err(|why| broken("the exported ledger", &why))?;
    for (kind, count) in &kinds {
        tell.show(&format!("{count:>6}  {kind}"));
    }
    let count = |kind: &str| kinds.get(kind).copied().unwrap_or_default();
    let revoked = town.marks.values().flat_map(|mark| &mark.changes);
    let revoked =
        revoked.filter(|(_, (reason, _))| reason.is_some_and(|r| r.name() != "certificateHold")).count();
    tell.check(
        t("発行と失効の数が合う", "as many certificates issued and revoked as were asked for"),
        match (count("certificate.issued") >= COUNT, count("certificate.revoked") == revoked) {
            (true, true) => Ok(()),
            _ => Err(format!(
                "{} issued, {} revoked",
                count("certificate.issued"),
                count("certificate.revoked")
            )),
        },
    );
    tell.check(
        t("どのファイルの一ビットが変わっても、見つかる", "one flipped bit is found, in whichever file"),
        every_flip_is_found(town, &dir, key),
    );
    receipt(town, tell).await?;
    tell.look(format!("warifu ledger verify {}", dir.display()));
    Ok(())
}

/// How often each kind of entry occurs, from the files.
fn kinds(dir: &Path, size: u64) -> Result<BTreeMap<String, usize>, String> {
    let mut kinds = BTreeMap::new();
    for index in 0..size.div_ceil(256) {
        // At most 256 entries are in one file.
        let width = u16::try_from((size - index * 256).min(256)).map_err(|e| e.to_string())?;
        let path = dir.join(Tile { kind: TileKind::Entries, index, width }.path());
        let bundle = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        for entry in split_bundle(&bundle, width).map_err(|e| e.to_string())? {
            let body = Body::decode(entry).map_err(|e| e.to_string())?;
            *kinds.entry(body.kind).or_default() += 1;
        }
    }
    Ok(kinds)
}

/// Flips a bit in the middle of each file of a copy, one after another. Each must be noticed.
fn every_flip_is_found(town: &Town, dir: &Path, key: &VerifierKey) -> Result<(), String> {
    let copy = town.house.at("artifacts/ledger-to-spoil");
    let mut files = Vec::new();
    copy_tree(dir, &copy, &mut files).map_err(|fail| fail.message.en)?;
    let verify = || verify_dir(&copy, Some(key), None, &Provider, &Provider);
    verify().map_err(|e| e.to_string())?;
    for file in &files {
        let failed = |e: std::io::Error| format!("{}: {e}", file.display());
        let was = fs::read(file).map_err(failed)?;
        let mut spoilt = was.clone();
        if let Some(octet) = spoilt.get_mut(was.len() / 2) {
            *octet ^= 1;
        }
        fs::write(file, &spoilt).map_err(failed)?;
        if verify().is_ok() {
            return Err(format!("{} was spoilt, and nobody noticed", file.display()));
        }
        fs::write(file, &was).map_err(failed)?;
    }
    fs::remove_dir_all(&copy).map_err(|e| e.to_string())
}

fn copy_tree(from: &Path, to: &Path, files: &mut Vec<std::path::PathBuf>) -> Outcome<()> {
    house::make_dir(to)?;
    for entry in fs::read_dir(from).map_err(|e| Fail::file(from, &e))? {
        let entry = entry.map_err(|e| Fail::file(from, &e))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &target, files)?;
        } else {
            fs::copy(&source, &target).map_err(|e| Fail::file(&source, &e))?;
            files.push(target);
        }
    }
    Ok(())
}

/// The receipt of one certificate, over the API: a proof that fits in a letter.
async fn receipt(town: &Town, tell: &mut Teller) -> Outcome<()> {
    let Some(owner) = town.lasting("mldsa-ca").and_then(|[good, ..]| town.subscriber(&good)) else {
        return Ok(());
    };
    let path = format!("/api/v1/authorities/mldsa-ca/certificates/{}/proof", owner.serial);
    let body = town.client.get(&path).await?.expect(200, &path)?.json()?;
    let mut receipt = body.clone();
    receipt["version"] = 1.into();
    let receipt: Receipt = serde_json::from_value(receipt).map_err(|e| broken("a receipt", &e))?;
    let subject = format!("cert:mldsa-ca/{}", owner.serial);
    let hashes = receipt.proof.len();
    tell.check(
        t(
            format!("一枚の証明書の受領証（ハッシュ {hashes} 個）が、台帳に載っていることを証明する"),
            format!("the receipt of one certificate ({hashes} hashes) proves that the ledger has it"),
        ),
        receipt.verify(&town.ledger_key, &Provider, &Provider).map_err(|e| e.to_string()).and_then(
            |proved| match (proved.body.kind.as_str(), proved.body.subject == subject) {
                ("certificate.issued", true) => Ok(()),
                _ => Err(format!("it is about {} {}", proved.body.kind, proved.body.subject)),
            },
        ),
    );
    Ok(())
}
