//! What is refused, and with which words: nothing changes, and the ledger tells (K3, K8).

use crate::{
    demo::{
        broken, csr,
        tell::{Teller, t},
        town::{Subscriber, Town},
    },
    fail::{Fail, Outcome},
    installation::store_fail,
};
use authority_front::Text;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use core_crypto::KeyAlg;
use core_x509::name::{CN, Name};
use kit_keys::SoftKey;
use kit_store::StoreError;
use serde_json::{Value, json};
use std::fs;

/// One order that must not succeed.
struct Case {
    what: Text,
    order: Value,
    key: Option<String>,
    status: u16,
    code: &'static str,
}

pub(super) async fn run(town: &Town, tell: &mut Teller) -> Outcome<()> {
    tell.begin(t("断られる注文", "What is refused"), town.house.clock.now());
    tell.say(&t(
        "悪い注文には、理由と次にすべきことが日本語と英語で返ります。何も変わらず、台帳には残ります。",
        "A bad order is answered with the reason and what to do next, in both languages. Nothing changes; the ledger tells.",
    ));
    let before = entries(town).await?;
    let cases = cases(town)?;
    let (mut line, mut told) = (town.client.connect().await?, 0);
    let mut example = None;
    for case in cases {
        let reply =
            line.post("/api/v1/authorities/p256-ca/certificates", &case.order, case.key.as_deref()).await?;
        let found = (reply.status, reply.code());
        // What does not even have the form of an order is answered at the edge, and not told one by one.
        told += usize::from(found.1.starts_with("authority."));
        tell.same(case.what, &found, &(case.status, case.code.to_owned()));
        example = example.or(reply.json().ok());
    }
    if let Some(problem) = example {
        let text = |of: &Value, lang: &str| of[lang].as_str().unwrap_or_default().to_owned();
        let both = Text::new(text(&problem["message"], "ja"), text(&problem["message"], "en"));
        let next = Text::new(text(&problem["next"], "ja"), text(&problem["next"], "en"));
        tell.say(&t(
            format!("例: {} → {}", both.ja, next.ja),
            format!("for instance: {} → {}", both.en, next.en),
        ));
    }
    town.settle().await?;
    let kinds = kinds_since(town, before).await?;
    tell.same(
        t(
            "発行は一枚もなく、断った判断が台帳に残った",
            "nothing was issued, and the refusals are in the ledger",
        ),
        &kinds,
        &vec!["order.refused".to_owned(); told],
    );
    tell.look("docs/errors.md");
    Ok(())
}

fn cases(town: &Town) -> Outcome<Vec<Case>> {
    let someone =
        town.subscribers.iter().find(|s| s.wanted.authority == "p256-ca" && s.wanted.key == KeyAlg::P256);
    let someone = someone.ok_or_else(|| broken("the subscribers", &"none has a P-256 key"))?;
    let fresh = request("1399999990")?;
    let (mut forged, mut short) = (fresh.clone(), fresh.clone());
    // The last octet is the signature's; the request still has its form.
    if let Some(last) = forged.last_mut() {
        *last ^= 1;
    }
    short.truncate(fresh.len() - 7);
    let case =
        |ja: &str, en: &str, order, status, code| Case { what: t(ja, en), order, key: None, status, code };
    let mut cases = vec![
        case(
            "署名が鍵と合わない（所持を証明できない）",
            "a signature that does not fit the key: possession is not proven",
            order("claims-provider", &forged, "1399999990"),
            422,
            "authority.request_signature",
        ),
        case(
            "他人の鍵で、別の名義を求める",
            "somebody else's key, under another name",
            reused(someone),
            422,
            "authority.key_reused",
        ),
        case(
            "事業所番号の桁が足りない",
            "a provider number that is too short",
            order("claims-provider", &request("12")?, "12"),
            422,
            "authority.name_outside_profile",
        ),
        case(
            "この認証局にないプロファイル",
            "a profile that this authority does not have",
            order("root-ca", &fresh, "1399999990"),
            422,
            "authority.profile_unknown",
        ),
        case(
            "途中で切れた要求",
            "a request that is cut short",
            order("claims-provider", &short, "1399999990"),
            400,
            "api.bad_field",
        ),
        Case {
            key: Some(someone.wanted.idempotency_key()),
            ..case(
                "使い終えた Idempotency-Key で別の注文",
                "another order under an Idempotency-Key that was used",
                order("claims-provider", &fresh, "1399999990"),
                409,
                "authority.idempotency_conflict",
            )
        },
    ];
    if let Some(openssl) = &town.openssl {
        let path = town.house.at("requests/weak-rsa-1024.pem");
        openssl.weak_request("1399999991", &path)?;
        let pem = fs::read_to_string(&path).map_err(|e| Fail::file(&path, &e))?;
        let mut weak = order("claims-provider", &[], "1399999991");
        weak["request"] = pem.into();
        cases.push(case(
            "RSA 1024 ビットの弱い鍵",
            "a weak key: RSA of 1,024 bits",
            weak,
            422,
            "authority.key_weak",
        ));
    }
    Ok(cases)
}

fn request(number: &str) -> Outcome<Vec<u8>> {
    let key = SoftKey::generate(KeyAlg::P256).map_err(|e| broken("making a key", &e))?;
    let name = Name::of(&[(CN, number)]).map_err(|e| broken("a name", &e))?;
    csr::request(&key, &name, None)
}

fn order(profile: &str, request: &[u8], number: &str) -> Value {
    json!({
        "profile": profile,
        "request": BASE64.encode(request),
        "subject": [{ "type": "provider_number", "value": number }],
    })
}

fn reused(someone: &Subscriber) -> Value {
    let mut order = order("claims-provider", &[], "1399999999");
    order["request"] = someone.request.as_str().into();
    order
}

/// How many entries the ledger has.
async fn entries(town: &Town) -> Outcome<u64> {
    town.settle().await?;
    let found =
        town.installation().db.read(kit_ledger::latest_checkpoint).await.map_err(|e| store_fail(&e))?;
    Ok(found.map_or(0, |checkpoint| checkpoint.size))
}

/// The kinds of the entries since then.
async fn kinds_since(town: &Town, first: u64) -> Outcome<Vec<String>> {
    let read = move |tx: &mut kit_store::Tx| {
        let entries = kit_ledger::entries(tx, first, 100)?;
        entries.iter().map(|entry| entry.body().map(|body| body.kind)).collect::<Result<Vec<_>, StoreError>>()
    };
    town.installation().db.read(read).await.map_err(|e| store_fail(&e))
}
