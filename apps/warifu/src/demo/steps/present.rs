//! The present: the server ends and starts again, on the system's clock (K14).

use crate::{
    commands::serve::Server,
    demo::{
        Demo,
        tell::{Teller, t},
        town::{Town, settle},
    },
    doctor::{Weight, examine},
    fail::{Fail, Outcome},
};
use kit_clock::{Clock, SystemClock};
use std::{fs, time::Instant};

pub(super) async fn run(demo: &Demo, town: Town, tell: &mut Teller) -> Outcome<Server> {
    tell.begin(t("今", "Now"), town.house.clock.now());
    tell.say(&t(
        "サーバーを止め、本物の時計で起動し直します。",
        "The server ends, and starts again on the real clock.",
    ));
    let Town { house, server, client, .. } = town;
    server.end().await;
    let begun = Instant::now();
    let server = Server::start(house.config.clone(), SystemClock::shared()).await?;
    let took = begun.elapsed().as_millis();
    settle(&server, SystemClock.now()).await?;
    server.probe().look().await;
    let ready = client.get("/readyz").await?;
    let why = String::from_utf8_lossy(&ready.body).into_owned();
    tell.check(
        t(
            format!("1,000 枚の記録の上に {took} ミリ秒で起動し、すべての部分が準備できている"),
            format!("started on the records of 1,000 certificates in {took} ms, every part is ready"),
        ),
        if ready.status == 200 { Ok(()) } else { Err(why) },
    );
    let served = client.file("/crl/p256-ca/1.crl").await?;
    let path = house.artifacts().join("p256/crl.der");
    let left = fs::read(&path).map_err(|e| Fail::file(&path, &e))?;
    tell.check(
        t("公開中のリストは、残したファイルと同じ", "the list that is served is the one that was left"),
        if served == left { Ok(()) } else { Err("it is another one".to_owned()) },
    );
    let findings = examine(&house.config).await;
    let wrong: Vec<&str> =
        findings.iter().filter(|f| f.weight == Weight::Wrong).map(|f| f.message.en.as_str()).collect();
    tell.check(
        t("`warifu doctor` は異常を見つけない", "`warifu doctor` finds nothing wrong"),
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) },
    );
    if !demo.exit {
        let (base, root, token) = (&house.base_url, house.root().display(), client.token());
        tell.say(&t(
            "サーバーは動き続けます。別の端末で試してください。Ctrl-C で終わります。",
            "The server stays up. Try it from another terminal; Ctrl-C ends it.",
        ));
        tell.look(format!("{base}/ca/"));
        tell.show(&format!(
            "TOKEN={token}\n\
             curl -s {base}/readyz\n\
             curl -s -H \"Authorization: Bearer $TOKEN\" {base}/api/v1/authorities\n\
             openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout my.key -subj /CN=my.example \\\n     \
             -addext subjectAltName=DNS:my.example -outform DER -out my.csr\n\
             curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n     \
             -d '{{\"profile\":\"tls-server\",\"request\":\"'$(base64 -w0 my.csr)'\"}}' \\\n     \
             {base}/api/v1/authorities/p256-ca/certificates\n\
             curl -s -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n     \
             -d '{{\"serial\":\"SERIAL\",\"reason\":\"keyCompromise\"}}' {base}/api/v1/authorities/p256-ca/revocations\n\
             curl -s {base}/crl/p256-ca/1-delta.crl | openssl crl -inform DER -noout -text   # within a minute\n\
             warifu --config {root}/warifu.toml ca list\n\
             warifu --config {root}/warifu.toml doctor\n\
             warifu ledger verify {root}/artifacts/authority/ledger"
        ));
    }
    Ok(server)
}
