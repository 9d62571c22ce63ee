//! C9, C11, K10, K11: mass work over real HTTP. Applications are issued in bulk, a prefecture has certificates revoked
//! after a look that changes nothing, and a run that is killed in its midst goes on where it was.

use crate::desk::{apply, doer, scope};
use core_words::{CaseNumber, UtcMicros};
use desk_claims::{
    NewLine, RunId,
    status::{Hat, Standing},
    words::KeyWay,
    work::{Message, RunState, Work},
};
use kit_post::testing::SmtpServer;
use kit_store::{
    StoreError, params,
    testing::{Place, both_places},
};
use std::{
    env,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    process::{Command as Program, Stdio},
};
use tests_harness::{Office, Page, Town, Worker};

const OFFICES: usize = 12;

async fn standing(town: &Town, number: CaseNumber) -> Standing {
    town.claims().case(scope(town), number, Hat::Clerk).await.expect("it is there").case.case.standing()
}

/// The run whose page this is.
fn run_of(page: &Page) -> RunId {
    let csv = page.links("CSV").into_iter().find(|link| link.ends_with("/lines.csv"));
    let link = csv.unwrap_or_else(|| panic!("no run: {}", page.text()));
    RunId(link.split('/').nth(4).and_then(|id| id.parse().ok()).expect("a number"))
}

/// From the list by its search to the page of confirmation, and on to the run.
async fn issue_all(clerk: &mut Worker, chosen: usize) -> Page {
    let list = clerk.get("/claims/desk/cases?status=applied").await;
    let link = list.links(&format!("{chosen}件をまとめて処理する"));
    let input = clerk.get(link.first().expect("the list leads to mass work")).await;
    let form = input.form("/runs/new").expect("a form");
    // Nothing said: refused at the field, and the choice is kept.
    let wrong = clerk.submit(&form.clone().with("work", "")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let form = wrong.form("/runs/new").expect("a form").with("work", "issue").with("_step", "check");
    let check = clerk.submit(&form).await;
    assert!(check.says(&format!("{chosen}件の処理を始める")), "{}", check.text());
    let confirm = check.form("/runs/new").expect("a form").with("_step", "confirm");
    let begun = clerk.submit(&confirm).await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    // The button pressed twice: the same run.
    let again = clerk.submit(&confirm).await;
    assert_eq!(run_of(&again), run_of(&begun), "{}", again.text());
    begun
}

/// What the page of a revocation of many is filled in with.
async fn revoke_check(clerk: &mut Worker, numbers: &str, several: &str) -> Page {
    let input = clerk.get("/claims/desk/revocations/bulk").await;
    let form = input.form("/revocations/bulk").expect("a form");
    let form = form
        .with("office", "東京都福祉局指導課")
        .with("document", "8福指第123号")
        .with("channel", "paper")
        .with("reason", "closed")
        .with("several", several)
        .with("numbers", numbers)
        .with("_step", "check");
    clerk.submit(&form).await
}

#[test]
fn c9_c11_many_are_issued_and_revoked_in_bulk_after_a_look_that_changes_nothing() {
    both_places(async |place: &Place| {
        let mut town = Town::on(place.url()).await;
        let mut offices: Vec<Office> = Vec::new();
        let mut numbers = Vec::new();
        for at in 0..OFFICES {
            let office = town.provider_outside(&format!("介護センター{at}")).await;
            numbers.push(apply(&town, &office, KeyWay::Service).await);
            offices.push(office);
        }
        let mut clerk = town.clerk().await;

        // One is dealt with by hand between the look and the deed: told, and looked at again.
        let list = clerk.get("/claims/desk/cases?status=applied").await;
        let ticked = list.form("/runs/new").expect("boxes").tick("case");
        let input = clerk.submit(&ticked).await;
        let form = input.form("/runs/new").expect("a form").with("work", "issue").with("_step", "check");
        let check = clerk.submit(&form).await;
        assert!(check.says("1件の処理を始める"), "{}", check.text());
        let picked: CaseNumber = ticked.field("case").expect("ticked").parse().expect("a number");
        let by_hand = town.claims().act(
            scope(&town),
            picked,
            None,
            desk_claims::command::Command::RegisterIssue,
            doer(Hat::Clerk, 2),
        );
        by_hand.await.expect("registered");
        let late = clerk.submit(&check.form("/runs/new").expect("a form").with("_step", "confirm")).await;
        assert_eq!(late.status, 409);
        assert!(late.says("対象が変わりました"), "{}", late.text());

        let begun = issue_all(&mut clerk, OFFICES - 1).await;
        let id = run_of(&begun);
        town.run_jobs().await;
        let path = format!("/claims/desk/runs/{}", id.0);
        let over = clerk.get(&path).await;
        assert!(over.says("終わりました") && over.header("refresh").is_none(), "{}", over.text());
        let csv = clerk.get(&format!("{path}/lines.csv")).await;
        assert_eq!(csv.text().matches("C-20").count(), OFFICES - 1, "{}", csv.text());
        assert!(clerk.get("/claims/desk/runs").await.says("発行依頼の登録"));
        // Undone in time by a manager, one of them, as a deed of a hand's (C19).
        let undo = town.claims().act(
            scope(&town),
            numbers[0],
            None,
            desk_claims::command::Command::UndoIssue,
            doer(Hat::Manager, 3),
        );
        undo.await.expect("in time");
        for _ in 0..6 {
            town.pass(1_800).await;
        }
        for number in &numbers[1..] {
            assert_eq!(standing(&town, *number).await, Standing::Issued);
        }
        assert_eq!(standing(&town, numbers[0]).await, Standing::Applied);

        // The session ended in the meantime.
        clerk = town.clerk().await;
        // The prefecture asks: five that fit, and every way in which a line may not.
        let of = |at: usize| offices[at].number.clone();
        let lines =
            [of(1), of(2), of(3), of(4), of(5), of(0), of(1), "4810000018".into(), "1399999990".into()];
        let before: Vec<i64> = versions(&town).await;
        let check = revoke_check(&mut clerk, &lines.join("\n"), "each").await;
        assert_eq!(check.status, 200, "{}", check.text());
        for told in [
            "発行済みの証明書がありません",
            "前の行と同じ番号です",
            "番号の形式が違います",
            "この番号は登録されていません",
            "5件の処理を始める",
            "4行は失効しません",
        ] {
            assert!(check.says(told), "{told}: {}", check.text());
        }
        assert_eq!(versions(&town).await, before, "C11: a look changes nothing");
        let begun =
            clerk.submit(&check.form("/revocations/bulk").expect("a form").with("_step", "confirm")).await;
        assert_eq!(begun.status, 200, "{}", begun.text());
        assert!(begun.form("/stop").is_none(), "a clerk stops nothing");
        town.run_jobs().await;
        for number in &numbers[1..=5] {
            let file = town.claims().case(scope(&town), *number, Hat::Clerk).await.expect("there");
            let ask = file.case.case.ask().expect("asked for");
            assert_eq!(ask.note, "東京都福祉局指導課　8福指第123号");
        }
        assert_eq!(standing(&town, numbers[6]).await, Standing::Issued);
        // Nobody is left to revoke: told, and no button.
        let none = revoke_check(&mut clerk, &of(1), "all").await;
        assert!(none.says("処理できるものは1件もありません"), "{}", none.text());
        for _ in 0..4 {
            town.pass(1_800).await;
        }
        for number in &numbers[1..=5] {
            assert_eq!(standing(&town, *number).await, Standing::Revoked);
        }

        // Doors: applicants and those who ask for nonsense.
        clerk = town.clerk().await;
        let stop = town.manager().await.get(&path).await;
        assert!(stop.form("/stop").is_none(), "it is over");
        for nonsense in
            ["/claims/desk/runs/x", "/claims/desk/runs/1", "/claims/desk/runs/99999999999999999999"]
        {
            assert_eq!(clerk.get(nonsense).await.status, 404, "{nonsense}");
        }
        let mut office = offices.remove(0);
        office.sign_in().await;
        for door in ["/claims/desk/runs", path.as_str(), "/claims/desk/revocations/bulk"] {
            assert_eq!(office.get(door).await.status, 403, "{door}");
        }
        town.end().await;
    });
}

/// Every version of every case.
async fn versions(town: &Town) -> Vec<i64> {
    let read = town.installation().db.read(|tx| {
        let rows = tx.query("SELECT version FROM claims_case ORDER BY id", params![])?;
        rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<Vec<_>, StoreError>>()
    });
    read.await.expect("read")
}

const HOME: &str = "WARIFU_RUN_HOME";
const MAIL: &str = "WARIFU_RUN_MAIL";
const SIGKILL: i32 = 9;
/// More than two chunks.
const LINES: usize = 120;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the victim of the test below, which starts it"]
async fn victim() {
    let home = std::path::PathBuf::from(env::var_os(HOME).expect("started by the test below"));
    let mail: SocketAddr = env::var(MAIL).expect("said by the test below").parse().expect("an address");
    let mut town = Town::at(&home, mail, None).await;
    let office = town.provider_outside("さくら介護センター").await;
    let number = apply(&town, &office, KeyWay::Service).await;
    let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("there");
    let lines = vec![NewLine::about(&file.case.number, file.case.id, file.case.version); LINES];
    let message = Message { subject: "お知らせ".into(), text: "本文".into() };
    let begun =
        town.claims().start_run(scope(&town), Work::Notify(message), "a".into(), lines, doer(Hat::Clerk, 2));
    begun.await.expect("begun");
    town.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k10_k11_a_run_killed_in_its_midst_goes_on_and_writes_to_nobody_twice() {
    for passage in ["claims.run_chunk:1", "claims.run_chunk:2", "claims.run_chunk:3"] {
        let (folder, post) = (tempfile::tempdir().expect("a directory"), SmtpServer::start().await);
        let mut victim = Program::new(env::current_exe().expect("a test knows where it lies"));
        victim.args(["--ignored", "--exact", "c11_runs::victim"]).env(HOME, folder.path());
        victim.env(MAIL, post.address().to_string()).env("WARIFU_DRILL", passage);
        let ended =
            tokio::task::spawn_blocking(move || victim.stdout(Stdio::null()).stderr(Stdio::null()).status());
        let ended = ended.await.expect("it runs").expect("it can be started");
        assert_eq!(ended.signal(), Some(SIGKILL), "{passage} is passed: {ended}");

        let later = UtcMicros(1_795_151_100_000_000).plus_seconds(86_400);
        let town = Town::at(folder.path(), post.address(), Some(later)).await;
        town.run_jobs().await;
        let (runs, _) = town.claims().runs(scope(&town), 0).await.expect("read");
        let run = &runs[0].run;
        assert_eq!((run.state, run.done, run.refused), (RunState::Done, LINES as u64, 0), "{passage}");
        let counted = town.installation().db.read(|tx| {
            let notices: i64 = tx.query_one("SELECT count(*) FROM post_notice", params![])?.get(0)?;
            let mails: i64 = tx.query_one("SELECT count(*) FROM post_mail", params![])?.get(0)?;
            Ok::<_, StoreError>((notices, mails))
        });
        assert_eq!(counted.await.expect("read"), (120, 120), "{passage}: each line once");
        town.end().await;
    }
}
