//! The server opens its doors: repository, readiness, a credential for the RA (K4, K14, K16).

use super::ceremony::Founded;
use crate::{
    commands::{ca::ra::Add, serve::Server},
    demo::{
        broken,
        client::Client,
        house::{self, House, OPERATOR},
        openssl::Openssl,
        tell::{Teller, t},
        town::{ACCOUNT, HIERARCHIES, Town, settle},
    },
    fail::Outcome,
    installation::{Installation, store_fail},
};
use core_words::Actor;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The name of the RA.
const RA: &str = "demo-desk";

pub(super) async fn run(
    house: House,
    openssl: Option<Openssl>,
    founded: Founded,
    tell: &mut Teller,
) -> Outcome<Town> {
    tell.begin(t("開業", "The server opens"), house.clock.now());
    tell.say(&t(
        "同じプロセスの中で本物のサーバーが起動します。以後の注文と失効は、登録した RA として REST API で行います。",
        "The real server starts in this process. From here on everything is ordered over the REST API, as a registered RA.",
    ));
    let Founded { installation, ledger_key, hierarchies } = founded;
    let token = register(&installation).await?;
    house::write(&house.at("token"), token.as_bytes(), 0o600)?;
    let server = Server::start_on(installation).await?;
    let client = Client::new(server.address(), token);
    settle(&server, house.clock.now()).await?;
    let early = early_checkpoint(server.installation()).await?;
    let town = Town {
        house,
        openssl,
        server,
        client,
        ledger_key,
        early,
        hierarchies,
        subscribers: Vec::new(),
        marks: BTreeMap::new(),
    };

    town.server.probe().look().await;
    let ready = town.client.get("/readyz").await?;
    let why = String::from_utf8_lossy(&ready.body).into_owned();
    tell.check(
        t("すべての部分が準備できている", "every part is ready"),
        if ready.status == 200 { Ok(()) } else { Err(why) },
    );
    for h in &town.hierarchies {
        for (id, der) in [(h.root, &h.root_der), (h.ca, &h.ca_der)] {
            let served = town.client.file(&format!("/ca/{id}/1.cer")).await?;
            tell.same(
                t(format!("{id} の証明書が公開されている"), format!("the certificate of {id} is served")),
                &served,
                der,
            );
        }
        let list = town.list(h, "1.crl").await?;
        tell.check(
            t(
                format!("{} の最初の失効リストが有効", h.ca),
                format!("the first list of {} is in force", h.ca),
            ),
            list.map(drop),
        );
    }
    check_access(&town, tell).await?;
    tell.look(format!("{}/ca/", town.house.base_url));
    tell.look(format!("{}/readyz", town.house.base_url));
    Ok(town)
}

/// Registers the RA for the three issuing authorities; its token.
async fn register(installation: &Installation) -> Outcome<Zeroizing<String>> {
    let add = Add {
        name: RA.to_owned(),
        operator: OPERATOR.to_owned(),
        authorities: Some(HIERARCHIES.iter().map(|(.., ca)| (*ca).to_owned()).collect()),
        profiles: None,
        certificate: None,
        token: true,
    };
    let (_, token) = add.register(installation, &Actor::cli(ACCOUNT)).await?;
    token.ok_or_else(|| broken("registering the RA", &"no token was made"))
}

/// The RA sees what it may ask, and nothing else; nobody gets in without a token of ours.
async fn check_access(town: &Town, tell: &mut Teller) -> Outcome<()> {
    let listed = town.client.get("/api/v1/authorities").await?.expect(200, "the authorities")?.json()?;
    let names: Vec<&str> =
        listed["authorities"].as_array().into_iter().flatten().filter_map(|a| a["id"].as_str()).collect();
    tell.same(
        t("RA に見えるのは三つの発行認証局だけ", "the RA sees the three issuing authorities and no more"),
        &names,
        &vec!["mldsa-ca", "p256-ca", "rsa-ca"],
    );
    let order = json!({ "profile": "root-ca", "request": "x" });
    let root = town.client.post("/api/v1/authorities/p256-root/certificates", &order).await?;
    tell.same(
        t("ルートには注文できない", "a root takes no orders"),
        &(root.status, root.code()),
        &(403, "api.authority_not_allowed".to_owned()),
    );
    let stranger = town.client.with_token("warifu_0_stranger").get("/api/v1/authorities").await?;
    tell.same(
        t("知らないトークンは断られる", "a token nobody registered is refused"),
        &(stranger.status, stranger.code()),
        &(401, "api.bad_credential".to_owned()),
    );
    let openapi: Value =
        town.client.get("/api/v1/openapi.json").await?.expect(200, "the API's description")?.json()?;
    tell.check(
        t("API の記述（OpenAPI）がある", "the API is described (OpenAPI)"),
        openapi["openapi"].as_str().map(drop).ok_or_else(|| "it is no OpenAPI document".to_owned()),
    );
    Ok(())
}

/// The first signed head of the ledger: an auditor keeps it, and asks at the end whether it still holds.
async fn early_checkpoint(installation: &Installation) -> Outcome<String> {
    let found = installation.db.read(kit_ledger::latest_checkpoint).await.map_err(|e| store_fail(&e))?;
    found.map(|checkpoint| checkpoint.note).ok_or_else(|| broken("the ledger", &"it has no checkpoint yet"))
}
