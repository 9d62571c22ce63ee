//! SIGKILL at every fault point of the desk's jobs and of the mailer (K10, K11, C5, C14–C17, C22): no case stuck, no
//! mail lost or wrongly doubled, no key left behind.
//!
//! The test starts itself once more as a victim, in whose process the town dies. Its post office is here and lives on.

use crate::desk::{ask, doer, scope};
use core_words::{CaseNumber, Lang, UtcMicros};
use desk_claims::{
    NewLine, Wanted,
    case::Case,
    command::Command,
    service::NewApplication,
    status::{Hat, Standing},
    words::{HolderId, KeyState, KeyWay},
    work::Work,
};
use kit_drill::POINTS;
use kit_post::testing::SmtpServer;
use std::{
    env,
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command as Program, Stdio},
};
use tests_harness::Town;
use zeroize::Zeroizing;

const HOME: &str = "WARIFU_WALK_HOME";
const MAIL: &str = "WARIFU_WALK_MAIL";
const SIGKILL: i32 = 9;

/// Shortly after a town's beginning, which is when it is made ready: the victim's time.
const LATER: UtcMicros = UtcMicros(1_795_151_160_000_000);

/// Where the office's letter is kept for whoever comes after.
const NOTE: &str = "letter.txt";

/// What remains to be done to a case, from wherever it stands: registered, fetched, confirmed, revoked.
async fn drive(town: &Town, number: CaseNumber, letter: (i64, String)) {
    let claims = town.claims();
    let (holder, password) = (HolderId(letter.0), letter.1);
    for _ in 0..40 {
        let file = claims.case(scope(town), number, Hat::System).await.expect("it is there");
        let act =
            async |command, hat| claims.act(scope(town), number, None, command, doer(hat, 2)).await.map(drop);
        let done = match &file.case.case {
            // By a run of one line: mass work is killed too.
            Case::Applied(_) => {
                let lines = vec![NewLine::about(&file.case.number, file.case.id, file.case.version)];
                let (token, clerk) = (file.case.number.clone(), doer(Hat::Clerk, 2));
                claims.start_run(scope(town), Work::Issue, token, lines, clerk).await.map(drop)
            }
            Case::Issued(holding) => match (&holding.key, holding.fetched) {
                (KeyState::Kept { .. }, None) => {
                    let typed = Zeroizing::new(password.clone());
                    claims
                        .download(scope(town), number, holder, typed, doer(Hat::Provider, 1))
                        .await
                        .map(drop)
                }
                (KeyState::Kept { .. }, Some(_)) => claims
                    .confirm_download(scope(town), number, holder, doer(Hat::Provider, 1))
                    .await
                    .map(drop),
                _ => act(Command::RequestRevocation(ask()), Hat::Clerk).await,
            },
            Case::Revoked { .. } => return,
            _ => Ok(()),
        };
        done.expect("nothing stands in its way");
        // To the next time at which the house goes on by itself, and a list's second.
        town.pass(1_800).await;
        town.pass(2).await;
    }
    let file = claims.case(scope(town), number, Hat::System).await.expect("it is there");
    let waiting = town.installation().db.read(|tx| {
        tx.query("SELECT kind, state, attempts, last_error FROM job WHERE state <> 3 ORDER BY id", &[])?
            .iter()
            .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .collect::<Result<Vec<(String, i16, u16, Option<String>)>, kit_store::StoreError>>()
    });
    let waiting = waiting.await.expect("the queue");
    panic!("{number} is stuck as {:?}, jobs not done: {waiting:?}", file.case.case.standing());
}

/// A new town with one office, which has not applied yet, and nothing left to do: what the desk passes from here on, it
/// passes for the office's case. The office's letter is written down for whoever comes after.
async fn prepare(home: &Path, mail: SocketAddr) {
    let mut town = Town::at(home, mail, None).await;
    let office = town.provider_outside("さくら介護センター").await;
    let letter = format!("{} {}", office.letter.holder.0, office.issue_password());
    std::fs::write(home.join(NOTE), letter).expect("written");
    town.end().await;
}

fn noted(home: &Path) -> (i64, String) {
    let text = std::fs::read_to_string(home.join(NOTE)).expect("the office has its letter");
    let (holder, password) = text.split_once(' ').expect("two words");
    (holder.parse().expect("an id"), password.to_owned())
}

/// The one case of the town. The victim may be killed as soon as it has applied, before anybody could write this down.
async fn the_case(town: &Town, point: &str) -> CaseNumber {
    let found = town.claims().find(scope(town), Wanted::default()).await.expect("found");
    let [line] = &found.lines[..] else { panic!("{point}: {} cases", found.total) };
    line.number.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the victim of the test below, which starts it"]
async fn victim() {
    let home = std::path::PathBuf::from(env::var_os(HOME).expect("started by the test below"));
    let mail: SocketAddr = env::var(MAIL).expect("said by the test below").parse().expect("an address");
    let town = Town::at(&home, mail, Some(LATER)).await;
    let (holder, password) = noted(&home);
    let number = apply(&town, HolderId(holder), password.clone()).await;
    drive(&town, number, (holder, password)).await;
}

async fn apply(town: &Town, holder: HolderId, password: String) -> CaseNumber {
    let claims = town.claims();
    let new = NewApplication {
        knew: claims.knows(holder, Zeroizing::new(password)).await.expect("it is the password"),
        key: KeyWay::Service,
        email: "office@sakura.example".into(),
        lang: Lang::Ja,
        consent: Some(claims.settings().terms(town.now()).consent.clone()),
        renews: None,
    };
    let case = claims.apply(new, doer(Hat::Provider, 1)).await.expect("accepted");
    case.number.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn k10_c14_a_town_killed_at_every_point_of_the_desk_comes_to_the_same_end() {
    for point in POINTS.iter().filter(|point| point.starts_with("claims.") || point.starts_with("post.")) {
        let (folder, post) = (tempfile::tempdir().expect("a directory"), SmtpServer::start().await);
        prepare(folder.path(), post.address()).await;
        let mut victim = Program::new(env::current_exe().expect("a test knows where it lies"));
        victim.args(["--ignored", "--exact", "kills::victim"]).env(HOME, folder.path());
        victim.env(MAIL, post.address().to_string()).env("WARIFU_DRILL", format!("{point}:1"));
        let ended =
            tokio::task::spawn_blocking(move || victim.stdout(Stdio::null()).stderr(Stdio::null()).status());
        let ended = ended.await.expect("it runs").expect("it can be started");
        assert_eq!(ended.signal(), Some(SIGKILL), "{point} is passed: {ended}");

        let letter = noted(folder.path());
        let town = Town::at(folder.path(), post.address(), Some(LATER.plus_seconds(86_400))).await;
        let number = the_case(&town, point).await;
        town.run_jobs().await;
        drive(&town, number, letter).await;

        let file = town.claims().case(scope(&town), number, Hat::Clerk).await.expect("it is there");
        assert_eq!(file.case.case.standing(), Standing::Revoked, "{point}");
        let path: Vec<i16> = file.events.iter().map(|event| event.to).collect();
        assert_eq!(path, [1, 3, 4, 5, 5, 5, 6, 7, 8], "{point}: each deed once");
        let mails = post.mails();
        let mut ids: Vec<String> = mails.iter().map(|mail| mail.message_id()).collect();
        ids.dedup();
        // Handed over, perhaps, and not yet written down: behind `claims.fed` the mailer is already at work.
        let most = if ["claims.fed", "post.after_send"].contains(point) { 2 } else { 1 };
        assert!((1..=most).contains(&mails.len()), "{point}: {} mails", mails.len());
        assert_eq!(ids.len(), 1, "{point}: a doubled mail has the same Message-ID");
        let kept = town.installation().db.read(|tx| {
            tx.query_one("SELECT COUNT(*) FROM ca_custody WHERE sealed IS NOT NULL", &[])?.get::<i64>(0)
        });
        let kept: Result<i64, kit_store::StoreError> = kept.await;
        assert_eq!(kept.expect("counted"), 0, "{point}: no key is left behind");
        town.end().await;
    }
}
