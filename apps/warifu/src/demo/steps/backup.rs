//! A backup while the server works, restored elsewhere, opened, and compared with the original (K14).

use crate::{
    backup::{self, BackupError, Chosen, Looked, Source, Target},
    commands::{admin::backup::Note, serve::Server},
    control,
    demo::{
        broken,
        client::Client,
        house, look,
        tell::{Teller, t},
        town::{Town, settle},
    },
    fail::{Fail, Outcome},
    installation::{COMPONENTS, Installation, Opening, store_fail},
};
use core_pack::sniff::{self, Object};
use kit_keys::Provider;
use kit_store::{Db, Options, blobs::DirectoryBlobs};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Connections over which the two are compared.
const LINES: usize = 8;

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("バックアップと復元", "Backup and restore"), town.house.clock.now());
    tell.say(&t(
        "動いたままバックアップを取り、別の場所に復元して、二つ目のサーバーとして起動し、一枚ずつ比べます。",
        "A backup is taken while the server works, restored in another place, started as a second server, and compared one by one.",
    ));
    let dir = town.house.at("backup");
    let looked = take(town, tell, &dir).await?;
    let second = restore(town, &dir, &looked).await?;
    let other = town.client.at(second.address());
    compare(town, tell, &other).await?;
    live_on(town, tell, &second, &other).await?;
    ledger(town, tell, &second, &looked).await?;
    second.end().await;
    tell.look(dir.join("manifest.json").display());
    tell.look(town.house.at("restored").display());
    Ok(())
}

async fn take(town: &Town, tell: &mut Teller, dir: &Path) -> Outcome<Looked> {
    let installation = town.installation();
    let signer = installation.ledger_key_made().await?;
    let source = Source {
        db: installation.db.clone(),
        blobs: installation.blobs.clone(),
        installation: house::NAME.to_owned(),
    };
    let taken = backup::take(&source, dir, &signer, town.house.clock.now()).await?;
    let rows: u64 = taken.manifest.tables.iter().map(|table| table.rows).sum();
    let note = Note { manifest: backup::name_of(dir)? };
    town.deed(tell.lang(), control::Deed::NoteBackup(note)).await?;
    tell.say(&t(
        format!("{rows} 行、{} ファイル、{} KiB", taken.manifest.blobs.len(), taken.octets >> 10),
        format!("{rows} rows, {} files, {} KiB", taken.manifest.blobs.len(), taken.octets >> 10),
    ));
    let looked = backup::look(dir, Some(&town.ledger_key)).await?;
    let trial = backup::trial(dir, &looked, COMPONENTS, town.house.root()).await;
    tell.check(
        t(
            "目録の署名と全ファイルが正しく、試しに復元できる",
            "manifest and files are genuine, and a trial restore succeeds",
        ),
        trial.map_err(|e| e.to_string()),
    );
    Ok(looked)
}

/// Restores into an empty place and starts a server there.
async fn restore(town: &Town, dir: &Path, looked: &Looked) -> Outcome<Server> {
    let config = town.house.configure_second("restored")?;
    house::make_dir(&town.house.at("restored/data"))?;
    let options = Options { tx_limit: Duration::from_secs(60), ..Options::default() };
    let db = Db::open(&config.store.url, options).await.map_err(|e| store_fail(&e))?;
    let blobs = DirectoryBlobs::open(&config.blobs.dir).map_err(BackupError::from)?;
    let target = Target { db: db.clone(), blobs: Arc::new(blobs) };
    let (now, scratch) = (town.house.clock.now(), town.house.at("restored"));
    // The checkpoint of the first day was kept elsewhere: the restored ledger must contain it.
    let kept = Some(town.early.as_bytes());
    let chosen = Chosen { dir, looked, kept, lost: 0 };
    let restored = backup::restore(&target, &chosen, COMPONENTS, now, &scratch).await;
    db.close().await;
    restored?;
    let (clock, steady) = (town.house.clock.shared(), town.house.clock.steady());
    let opening = Opening { clock, steady, ..Opening::default() };
    let second = Server::start_on(Arc::new(Installation::open(config, opening).await?)).await?;
    settle(&second, town.house.clock.now()).await?;
    Ok(second)
}

/// Every authority, and every certificate with its state, from both servers.
async fn compare(town: &Town, tell: &mut Teller, other: &Client) -> Outcome<()> {
    let (here, there) = (authorities(&town.client).await?, authorities(other).await?);
    tell.same(t("認証局と証明書が同じ", "the same authorities and certificates"), &there, &here);
    let bar = tell.bar(town.subscribers.len(), &t("比較", "compared"));
    let mut lines = JoinSet::new();
    for part in town.subscribers.chunks(town.subscribers.len().div_ceil(LINES).max(1)) {
        let paths: Vec<String> = part
            .iter()
            .map(|s| format!("/api/v1/authorities/{}/certificates/{}", s.wanted.authority, s.serial))
            .collect();
        let (here, there, bar) = (town.client.clone(), other.clone(), bar.clone());
        lines.spawn(async move {
            let (mut here, mut there) = (here.connect().await?, there.connect().await?);
            let mut differ = Vec::new();
            for path in paths {
                let one = here.get(&path, &[]).await?.expect(200, &path)?;
                if there.get(&path, &[]).await?.body != one.body {
                    differ.push(path);
                }
                bar.inc(1);
            }
            Ok::<_, Fail>(differ)
        });
    }
    let mut differ = Vec::new();
    while let Some(line) = lines.join_next().await {
        differ.extend(line.map_err(|e| broken("comparing", &e))??);
    }
    bar.finish_and_clear();
    let count = town.subscribers.len();
    tell.check(
        t(
            format!("{count} 枚の証明書と、その状態（失効、停止、有効）が同じ"),
            format!("the same {count} certificates, each in the same state"),
        ),
        if differ.is_empty() { Ok(()) } else { Err(differ.join(", ")) },
    );
    Ok(())
}

/// What the repository says of authorities, without its lists: their numbers were moved ahead.
async fn authorities(client: &Client) -> Outcome<Vec<Value>> {
    let index = client.get("/ca/index.json").await?.expect(200, "the repository")?.json()?;
    let all = index["authorities"].as_array().cloned().unwrap_or_default();
    Ok(all.into_iter().map(|a| json!([a["authority"], a["kind"], a["certificates"]])).collect())
}

/// The copy goes on: a new certificate, revoked, and a list with a number that the original cannot have used.
async fn live_on(town: &Town, tell: &mut Teller, second: &Server, other: &Client) -> Outcome<()> {
    let before = town.list(town.of_ca("rsa-ca"), "1.crl").await?.map_err(|why| broken("a list", &why))?;
    let order = json!({
        "profile": "claims-agent",
        "request": base64::Engine::encode(&base64::engine::general_purpose::STANDARD, new_request()?),
        "subject": [{ "type": "agent_id", "value": "AG999999" }],
    });
    let issued = other.post("/api/v1/authorities/rsa-ca/certificates", &order).await?;
    let issued = issued.expect(201, "an order to the copy")?.json()?;
    let pem = issued["certificate"].as_str().unwrap_or_default();
    let der =
        sniff::der(pem.as_bytes(), Object::Certificate, 96 << 10).map_err(|e| broken("a certificate", &e))?;
    let serial = look::serial(&der).map_err(|why| broken("a certificate", &why))?;
    tell.check(
        t("復元先も発行でき、シリアル番号は新しい", "the copy issues too, under a new serial number"),
        match town.subscriber(&serial) {
            None => look::issued_by(&der, &town.of_ca("rsa-ca").ca_der),
            Some(_) => Err(format!("{serial} was used already")),
        },
    );
    let revoke = json!({ "serial": serial.to_string(), "reason": "superseded" });
    other.post("/api/v1/authorities/rsa-ca/revocations", &revoke).await?.expect(200, "a revocation")?;
    town.pass(60).await?;
    settle(second, town.house.clock.now()).await?;
    let list = other.file("/crl/rsa-ca/1.crl").await?;
    let list = look::list(&list, &town.of_ca("rsa-ca").ca_der, town.now());
    tell.check(
        t(
            "復元先のリスト番号は、元が使ったかもしれない番号を飛び越える",
            "its next list number skips whatever the original may have used",
        ),
        list.and_then(|list| match list.number > before.number + 1 && list.entries.contains_key(&serial) {
            true => Ok(()),
            false => Err(format!("list {} after {}", list.number, before.number)),
        }),
    );
    Ok(())
}

fn new_request() -> Outcome<Vec<u8>> {
    let key =
        kit_keys::SoftKey::generate(core_crypto::KeyAlg::P256).map_err(|e| broken("making a key", &e))?;
    let name =
        core_x509::name::Name::of(&[(core_x509::name::CN, "AG999999")]).map_err(|e| broken("a name", &e))?;
    crate::demo::csr::request(&key, &name, None)
}

/// The ledger of the copy contains that of the backup, entry for entry.
async fn ledger(town: &Town, tell: &mut Teller, second: &Server, looked: &Looked) -> Outcome<()> {
    let dir = town.house.at("restored/ledger");
    kit_ledger::export(&second.installation().db, &dir)
        .await
        .map_err(|e| crate::installation::ledger_fail(&e))?;
    let head = looked.manifest.ledger.as_ref().map(|head| head.checkpoint.clone()).unwrap_or_default();
    let report =
        kit_ledger::verify_dir(&dir, Some(&town.ledger_key), Some(head.as_bytes()), &Provider, &Provider);
    tell.check(
        t(
            "復元先の台帳は、バックアップの台帳を一件も変えずに続いている",
            "the copy's ledger continues that of the backup, not one entry changed",
        ),
        report.map(drop).map_err(|e| e.to_string()),
    );
    Ok(())
}
