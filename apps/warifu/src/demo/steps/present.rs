//! The present: the server ends and starts again, on the system's clock, and whoever wants may come in (K9, K14).

use crate::{
    commands::serve::Server,
    demo::{
        Demo,
        house::{self, House},
        people::{People, Staff, press, sign_in_link, token},
        tell::{Teller, t},
        town::{Town, settle},
    },
    doctor::{Weight, examine},
    fail::{Fail, Outcome},
    terminal::Page,
};
use kit_clock::{Clock, SystemClock};
use kit_web::dates::day_and_time;
use std::{fmt::Write as _, fs, time::Instant};

pub(super) async fn run(demo: &Demo, town: Town, mut people: People, tell: &mut Teller) -> Outcome<Server> {
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
    come_in(&server, &mut people, tell).await?;
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
        invite(&house, &server, &mut people, tell).await?;
    }
    Ok(server)
}

/// What will be printed opens the doors: IDs and passwords of the letters, and one-time links.
async fn come_in(server: &Server, people: &mut People, tell: &mut Teller) -> Outcome<()> {
    let mut outside = Vec::new();
    for office in &mut people.offices {
        let home = office.come_in().await?;
        if home.path != "/claims" || !home.says(office.name) {
            outside.push(office.name);
        }
    }
    for Staff { login, name, browser } in [&mut people.clerk, &mut people.manager] {
        browser.forget();
        let link = sign_in_link(server, login).await?;
        let home = press(browser, &link).await?;
        if home.status() != 200 || home.path != "/claims/desk" {
            outside.push(name);
        }
    }
    tell.check(
        t(
            "六つの事業所は同じ ID とパスワードで、職員は新しいリンクで、もう一度入れる",
            "the six care providers sign in again by ID and password, the staff by new links",
        ),
        if outside.is_empty() { Ok(()) } else { Err(format!("outside: {outside:?}")) },
    );
    Ok(())
}

/// Prints how to come in: it stands nowhere else.
async fn invite(house: &House, server: &Server, people: &mut People, tell: &Teller) -> Outcome<()> {
    let (url, root) = (house::public_url(server.address()), house.root().display());
    tell.say(&t(
        "窓口の画面は API でも使えます。見本をすべて並べた画面もあります。",
        "What the pages of the claims desk do, the API does too. There are samples of every page.",
    ));
    let token = token(server, people.clerk.login).await?;
    tell.show(&format!(
        "{url}/gallery\n\
         curl -s -H 'Authorization: Bearer {}' {}/api/v1/claims/cases",
        *token, house.base_url
    ));

    tell.say(&t(
        format!("事業所の画面は {url}/claims です。すみれ苑 はまだ申請していません。"),
        format!("The pages of care providers: {url}/claims. The last of these has not applied yet."),
    ));
    let mut rows = Vec::new();
    for office in &mut people.offices {
        let status = office.browser.get("/claims").await?.standing();
        let letter = &office.letter;
        let secrets = [&letter.password, &letter.issue_password].map(|secret| secret.to_string());
        let [password, issue] = secrets;
        rows.push(vec![letter.login.clone(), password, issue, status, office.name.to_owned()]);
    }
    let mut table = Page::new(tell.lang());
    let heading = [
        ("ID", "ID"),
        ("パスワード", "password"),
        ("証明書発行用パスワード", "issue password"),
        ("状況", "status"),
        ("事業所", "provider"),
    ];
    table.table(&heading, &rows);
    tell.show(&table.into_text());

    tell.say(&t(
        format!("連合会の画面は {url}/claims/desk です。リンクは一度だけ、示した時刻まで使えます。新しいリンクは下のコマンドで作ります（--sign-in を外すと、パスキーを登録するリンク）。"),
        format!("The pages of the federation: {url}/claims/desk. Each link lets in once, until the time beside it. The command below makes new ones (without --sign-in: to register a passkey)."),
    ));
    let mut lines = String::new();
    for staff in [&people.clerk, &people.manager] {
        let link = sign_in_link(server, staff.login).await?;
        let until = day_and_time(tell.lang(), link.until);
        let _ = writeln!(lines, "{}\n    {} ({}) – {until}", link.url(), staff.name, staff.login);
    }
    let (clerk, manager) = (people.clerk.login, people.manager.login);
    let _ = writeln!(lines, "warifu --config {root}/warifu.toml staff link {clerk} --sign-in    # {manager}");
    tell.show(&lines);
    Ok(())
}
