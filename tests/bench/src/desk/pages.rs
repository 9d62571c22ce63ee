//! A town whose desk has been filled, and the pages that are to be measured in it: one line of JSON, then it waits
//! until its input is closed.

use super::{apply, doer, fill, scope, town};
use anyhow::Result;
use desk_claims::{command::Command, status::Hat, words::KeyWay};
use serde_json::json;
use tests_harness::Browser;

/// How large, and where.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Cases in the desk
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// The empty PostgreSQL database; a SQLite file without
    #[arg(long)]
    store: Option<String>,
}

/// Serves.
pub(crate) fn run(args: &Args) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(args))
}

async fn serve(args: &Args) -> Result<()> {
    let mut town = town(args.store.as_deref()).await;
    let claims = town.claims().clone();
    let consent = claims.settings().terms(town.now()).consent.clone();
    let (mut waiting, mut issued) =
        (town.provider_outside("若葉苑").await, town.provider_outside("白樺苑").await);
    let mut numbers = Vec::new();
    for office in [&waiting, &issued] {
        let (holder, password) = (office.letter.holder, office.letter.issue_password.clone());
        numbers.push(apply(&claims, holder, password, KeyWay::Service, consent.clone()).await?);
    }
    let [applied, done] = numbers.as_slice() else { unreachable!("two were put in") };
    claims.act(scope(&claims), *done, None, Command::RegisterIssue, doer(Hat::Clerk)).await?;
    town.pass(1_800).await;
    fill::fill(&town.installation().db, args.count, town.now().0).await?;

    waiting.sign_in().await;
    issued.sign_in().await;
    let mut clerk = town.clerk().await;
    let (waiting, issued) = (cookies(&mut waiting), cookies(&mut issued));
    let clerk = cookies(&mut clerk);
    let list = |query: String| format!("/claims/desk/cases?{query}");
    let last = args.count / 50;
    let pages = [
        ("status", "事業所: 発行依頼待ち", &waiting, format!("/claims/cases/{applied}")),
        ("status", "事業所: 発行済み", &issued, format!("/claims/cases/{done}")),
        ("status", "連合会: 発行依頼待ち", &clerk, format!("/claims/desk/cases/{applied}")),
        ("status", "連合会: 発行済み", &clerk, format!("/claims/desk/cases/{done}")),
        ("list", "all, newest first", &clerk, list(String::new())),
        ("list", "all, oldest first", &clerk, list("sort=oldest".into())),
        ("list", "all, by kana", &clerk, list("sort=kana".into())),
        ("list", "all, by provider", &clerk, list("sort=provider".into())),
        ("list", "all, the page in the middle", &clerk, list(format!("page={}", last / 2))),
        ("list", "all, the last page", &clerk, list(format!("page={last}"))),
        ("list", "all by kana, the page in the middle", &clerk, list(format!("sort=kana&page={}", last / 2))),
        ("list", "status 発行依頼待ち", &clerk, list("status=applied".into())),
        ("list", "status 発行済み", &clerk, list("status=issued".into())),
        ("list", "status 発行済み, by kana", &clerk, list("status=issued&sort=kana".into())),
        ("list", "number of a case, whole", &clerk, list(format!("q={applied}"))),
        ("list", "number of a case, begun", &clerk, list("q=C-2025-00123".into())),
        ("list", "running number of a case", &clerk, list("q=12345".into())),
        ("list", "number of a provider", &clerk, list("q=1370012341".into())),
        ("list", "part of a name, さくら", &clerk, list(format!("q={}", encoded("さくら")))),
        ("list", "the same, by kana", &clerk, list(format!("q={}&sort=kana", encoded("さくら")))),
        ("list", "the same, by provider", &clerk, list(format!("q={}&sort=provider", encoded("さくら")))),
        ("list", "the same, 却下 alone", &clerk, list(format!("q={}&status=rejected", encoded("さくら")))),
        ("list", "kana, ヒマワリ ネリマ", &clerk, list(format!("q={}", encoded("ヒマワリ ネリマ")))),
        ("list", "a name in every third, センター", &clerk, list(format!("q={}", encoded("センター")))),
        ("list", "nothing found, もくれん", &clerk, list(format!("q={}", encoded("もくれん")))),
        ("besides", "今日の仕事 of the federation", &clerk, "/claims/desk".to_owned()),
    ];
    let pages: Vec<_> = pages
        .into_iter()
        .map(|(part, name, cookie, path)| json!({ "part": part, "name": name, "cookie": cookie, "path": path }))
        .collect();
    let port = town.server().address().port();
    println!("{}", json!({ "port": port, "pages": pages }));
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await??;
    town.end().await;
    Ok(())
}

fn cookies(browser: &mut Browser) -> String {
    let pairs: Vec<String> =
        browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|octet| format!("%{octet:02X}")).collect()
}
