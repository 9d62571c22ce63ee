//! The key ceremony: rehearsed, held, held again to no effect, and its record verified (K1).

use crate::{
    commands::ca::ceremony::Deed,
    control,
    demo::{
        broken,
        house::House,
        look,
        tell::{Teller, t},
        town::{HIERARCHIES, Hierarchy, carry_out},
    },
    fail::{Fail, Outcome},
    installation::{Installation, Opening, key_fail, store_fail},
};
use authority_journal::authorities;
use core_crypto::{SigAlg, Verify};
use core_pack::pem;
use core_words::AuthorityId;
use kit_keys::Provider;
use kit_ledger::VerifierKey;
use serde_json::Value;
use std::{fs, path::Path, sync::Arc};

/// What the ceremony leaves.
pub(super) struct Founded {
    /// The installation, open.
    pub(super) installation: Arc<Installation>,
    /// The public key of its ledger.
    pub(super) ledger_key: VerifierKey,
    /// The authorities.
    pub(super) hierarchies: [Hierarchy; 3],
}

/// Authorities and signers in the ceremony file.
const ENTRIES: usize = 8;

pub(super) async fn run(house: &House, tell: &mut Teller) -> Outcome<Founded> {
    tell.begin(t("鍵生成式", "The key ceremony"), house.clock.now());
    tell.say(&t(
        "宣言ファイルのとおりに、RSA-2048、P-256、ML-DSA-65 の三つの階層を作ります。まず試行、次に本番です。",
        "Three hierarchies as the file declares them: RSA-2048, P-256, ML-DSA-65. Rehearsed first, then held.",
    ));
    let (clock, steady) = (house.clock.shared(), house.clock.steady());
    let opening = Opening { clock, steady, ..Opening::default() };
    let installation = Arc::new(Installation::open(house.config.clone(), opening).await?);
    let ceremony = |perform: bool| {
        let record = perform.then(|| house.artifacts());
        control::Deed::Ceremony(Deed { text: house.ceremony.clone(), perform, record })
    };

    let rehearsed = carry_out(&installation, tell.lang(), ceremony(false)).await?;
    tell.show(&rehearsed.text);
    let made = installation.db.read(authorities::list).await.map_err(|e| store_fail(&e))?;
    tell.same(t("試行は何も作らない", "the rehearsal makes nothing"), &made.len(), &0);

    carry_out(&installation, tell.lang(), ceremony(true)).await?;
    let keys = count_keys(&installation).await?;
    carry_out(&installation, tell.lang(), ceremony(true)).await?;
    let again = count_keys(&installation).await?;
    tell.same(
        t("同じファイルをもう一度行っても鍵は増えない", "held again, the same file makes no further key"),
        &again,
        &keys,
    );

    tell.check(
        t(
            "記録の署名を、3 つのファイルだけから検証できる",
            "the record's signature verifies from its three files",
        ),
        record_verifies(&house.artifacts()),
    );
    let hierarchies = hierarchies(&installation).await?;
    for h in &hierarchies {
        tell.check(
            t(
                format!("{} から {} への経路がつながる", h.ca, h.root),
                format!("the path from {} to {} holds", h.ca, h.root),
            ),
            look::path(&[&h.ca_der, &h.root_der], house.clock.now().whole_seconds()),
        );
    }
    let ledger_key = installation.ledger_key_made().await?.verifier()?;
    tell.look(house.artifacts().join("ceremony.json").display());
    Ok(Founded { installation, ledger_key, hierarchies })
}

async fn count_keys(installation: &Installation) -> Outcome<usize> {
    installation.keys.list().await.map(|keys| keys.len()).map_err(|e| key_fail(&e))
}

/// As an auditor does who has nothing else.
fn record_verifies(dir: &Path) -> Result<(), String> {
    let read = |name: &str| fs::read(dir.join(name)).map_err(|e| format!("{name}: {e}"));
    let (json, signature) = (read("ceremony.json")?, read("ceremony.json.sig")?);
    let key = pem::decode(&read("ceremony.pub.pem")?, &pem::Limits::default()).map_err(|e| e.to_string())?;
    let key = key.first().ok_or("ceremony.pub.pem holds no key")?;
    Provider
        .verify(SigAlg::Ed25519, &key.der, &json, &signature)
        .map_err(|_| "the signature does not fit")?;
    let record: Value = serde_json::from_slice(&json).map_err(|e| e.to_string())?;
    let count = |field: &str| record[field].as_array().map_or(0, Vec::len);
    match (count("certificates"), count("participants")) {
        (ENTRIES, 3) => Ok(()),
        (certificates, people) => Err(format!("it names {certificates} certificates and {people} people")),
    }
}

async fn hierarchies(installation: &Installation) -> Outcome<[Hierarchy; 3]> {
    let [rsa, p256, mldsa] = HIERARCHIES;
    Ok([
        hierarchy(installation, rsa).await?,
        hierarchy(installation, p256).await?,
        hierarchy(installation, mldsa).await?,
    ])
}

async fn hierarchy(
    installation: &Installation,
    (folder, root, ca): (&'static str, &'static str, &'static str),
) -> Outcome<Hierarchy> {
    let (root_der, ca_der) = (certificate(installation, root).await?, certificate(installation, ca).await?);
    Ok(Hierarchy { folder, root, ca, root_der, ca_der })
}

async fn certificate(installation: &Installation, id: &'static str) -> Result<Vec<u8>, Fail> {
    let authority = AuthorityId::new(id).map_err(|e| broken(id, &e))?;
    let found = installation
        .db
        .read(move |tx| authorities::active_generation(tx, &authority))
        .await
        .map_err(|e| store_fail(&e))?;
    found.map(|generation| generation.certificate).ok_or_else(|| broken(id, &"the ceremony did not make it"))
}
