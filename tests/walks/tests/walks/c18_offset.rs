//! C18: fees of providers in a month of the payment system, closed on the pages; killed in the middle, it goes on.

use crate::desk::{apply, doer, scope};
use core_words::{CaseNumber, UtcMicros};
use desk_claims::{command::Command, offset::Month, status::Hat, words::KeyWay};
use kit_drill::POINTS;
use kit_post::testing::SmtpServer;
use kit_store::testing::{Place, both_places};
use std::{
    env,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command as Program, Stdio},
};
use tests_harness::{Office, Town};

const HOME: &str = "WARIFU_OFFSET_HOME";
const MAIL: &str = "WARIFU_OFFSET_MAIL";
const SIGKILL: i32 = 9;
const DAY: i64 = 86_400;

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

/// Applies, and comes to its certificate.
async fn issued(town: &Town, office: &Office) -> CaseNumber {
    let number = apply(town, office, KeyWay::Service).await;
    let register = Command::RegisterIssue;
    town.claims().act(scope(town), number, None, register, doer(Hat::Clerk, 2)).await.expect("registered");
    town.pass(1_800).await;
    number
}

#[test]
fn c18_a_manager_closes_a_month_on_the_pages_and_a_correction_is_in_the_next_one() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let sakura = town.provider_outside("さくら介護センター").await;
        let momiji = town.provider_outside("もみじ苑").await;
        let number = issued(&town, &sakura).await;
        // Applied for and never issued: not in it.
        apply(&town, &momiji, KeyWay::Service).await;
        let (mut manager, clerk) = (town.manager().await, town.clerk().await);
        let open = manager.get("/claims/desk/offset").await;
        assert!(open.says("7,800円") && open.says("12月1日") && open.links("この月を締める").is_empty());

        town.clock().advance_seconds(15 * DAY);
        let (mut manager, mut clerk) =
            (fresh(&mut town, manager, true).await, fresh(&mut town, clerk, false).await);
        let seen = clerk.get("/claims/desk/offset").await;
        assert!(seen.links("この月を締める").is_empty(), "a manager does that: {}", seen.text());
        assert_eq!(clerk.get("/claims/desk/offset/2026-11/close").await.status, 403);
        let list = manager.get("/claims/desk/offset").await;
        let path = list.links("この月を締める").pop().expect("it is over");
        let check = manager.get(&path).await;
        assert!(check.says("7,800円"), "{}", check.text());
        let closing = manager.submit(&check.form("/close").expect("a button")).await;
        assert!(closing.path.ends_with("/2026-11"), "{}", closing.path);
        town.run_jobs().await;
        let closed = manager.get("/claims/desk/offset/2026-11").await;
        assert!(closed.says("締め済み"), "{}", closed.text());
        let file = clerk.get("/claims/desk/offset/2026-11/file.csv").await;
        let octets = town.claims().offset_file(scope(&town), month("2026-11")).await.expect("closed");
        assert_eq!(file.body, octets);
        let line = format!(",{},1,7800,0,0,7800,709\r\n", sakura.number);
        let total = ",,1,7800,0,0,7800,709\r\n";
        let has = |text: &str| file.body.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(has(&line) && has(total) && !has(&momiji.number));

        // A fee given back: with its reason, looked over first, and in the file of the next month.
        let input = manager.get("/claims/desk/offset/correct").await;
        let form = input.form("/correct").expect("a form").with("case", &number.to_string());
        let form = form.with("way", "back").with("amount", "7800").with("note", "連合会の誤りによる再発行");
        let check = manager.submit(&form).await;
        assert!(check.says("訂正の後の相殺額") && check.says(&sakura.number), "{}", check.text());
        let form = check.form("/correct").expect("the last button").with("_step", "confirm");
        let done = manager.submit(&form).await;
        assert!(done.says("連合会の誤りによる再発行"), "{}", done.text());
        town.clock().advance_seconds(31 * DAY);
        town.run_jobs().await;
        let close = town.claims().close_offset(scope(&town), month("2026-12"), doer(Hat::Manager, 3)).await;
        close.expect("it is over");
        town.run_jobs().await;
        let next = town.claims().offset_file(scope(&town), month("2026-12")).await.expect("closed");
        let line = format!(",{},0,0,1,-7800,-7800,-709\r\n", sakura.number);
        assert!(next.windows(line.len()).any(|window| window == line.as_bytes()));
        let again = town.claims().offset_file(scope(&town), month("2026-11")).await.expect("closed");
        assert_eq!(again, octets, "a closed month stays as it is");
        town.end().await;
    });
}

/// Signs somebody in anew: their session did not outlive the month.
async fn fresh(town: &mut Town, _: tests_harness::Worker, manager: bool) -> tests_harness::Worker {
    if manager { town.manager().await } else { town.clerk().await }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the victim of the test below, which starts it"]
async fn victim() {
    let home = std::path::PathBuf::from(env::var_os(HOME).expect("started by the test below"));
    let mail: SocketAddr = env::var(MAIL).expect("said by the test below").parse().expect("an address");
    let mut town = Town::at(&home, mail, None).await;
    let office = town.provider_outside("さくら介護センター").await;
    issued(&town, &office).await;
    town.clock().advance_seconds(15 * DAY);
    close(&town).await;
}

async fn close(town: &Town) {
    let begun = town.claims().close_offset(scope(town), month("2026-11"), doer(Hat::Manager, 3)).await;
    assert!(begun.is_ok() || begun.is_err_and(|refusal| refusal.code == "claims.offset_begun"));
    town.run_jobs().await;
}

fn killed_at(point: &str, home: &Path, mail: SocketAddr) -> Option<i32> {
    let mut victim = Program::new(env::current_exe().expect("a test knows where it lies"));
    victim.args(["--ignored", "--exact", "c18_offset::victim"]).env(HOME, home).env(MAIL, mail.to_string());
    victim.env("WARIFU_DRILL", format!("{point}:1")).stdout(Stdio::null()).stderr(Stdio::null());
    victim.status().expect("it can be started").signal()
}

#[tokio::test(flavor = "multi_thread")]
async fn k10_c18_a_closing_killed_at_every_point_ends_with_the_same_file() {
    for point in POINTS.iter().filter(|point| point.starts_with("offset.")) {
        let (folder, post) = (tempfile::tempdir().expect("a directory"), SmtpServer::start().await);
        let (home, mail) = (folder.path().to_owned(), post.address());
        let signal = tokio::task::spawn_blocking(move || killed_at(point, &home, mail)).await;
        assert_eq!(signal.expect("it runs"), Some(SIGKILL), "{point} is passed");
        let later = UtcMicros(1_795_151_100_000_000).plus_seconds(16 * DAY);
        let town = Town::at(folder.path(), post.address(), Some(later)).await;
        town.run_jobs().await;
        close(&town).await;
        let file = town.claims().offset_file(scope(&town), month("2026-11")).await.expect("closed");
        let total = b",,1,7800,0,0,7800,709\r\n";
        assert!(file.ends_with(total), "{point}: charged once");
        town.end().await;
    }
}
