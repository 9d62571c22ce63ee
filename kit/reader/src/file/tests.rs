//! Cards on a real disk: locks, links, damage, and a process that is killed at every step of a write.

use super::{place::Step, *};
use crate::{Reader, ReaderError};
use core_card::{
    Card,
    host::{Caution, HostError, Terminal},
    pin::{PinKind, PinText},
    report::Kind,
    state::{Layout, State},
    testing::ready,
};
use kit_keys::{Provider, testing};
use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, symlink},
        process::ExitStatusExt,
    },
    path::Path,
    process::Command,
    sync::Arc,
};

const NUMBER: [u8; CARD_NUMBER] = *b"0123456789abcdef";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn key(&self) -> DeviceKey {
        DeviceKey::open_or_create(&self.path(DEVICE_KEY)).unwrap()
    }
}

fn what<T: std::fmt::Debug>(result: Result<T, FileError>) -> String {
    let error = result.unwrap_err();
    let refusal = error.refusal();
    assert!(refusal.code.starts_with("card_file."));
    for text in [&refusal.message, &refusal.next] {
        assert!(text.ja.ends_with('。') && text.en.ends_with('.') && !text.en.contains('。'), "{text:?}");
    }
    format!("{:?}", error.what)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn j16_a_card_is_kept_in_its_file_for_this_user_alone() {
    let folder = Folder::new();
    let (path, key) = (folder.path("a.card"), folder.key());
    let mut card = CardFile::create(&path, &key, NUMBER, b"first").unwrap();
    assert_eq!((card.number(), card.path()), (&NUMBER, &*path));
    card.replace(b"second, and longer").unwrap();
    card.replace(b"").unwrap();
    card.replace(b"third").unwrap();
    assert_eq!(what(card.replace(&vec![0; MAX_STATE + 1])), "TooLarge");
    drop(card);
    let (card, state) = CardFile::open(&path, &key).unwrap();
    assert_eq!((card.number(), &state[..]), (&NUMBER, &b"third"[..]));
    for name in ["a.card", "a.card.lock", DEVICE_KEY] {
        assert_eq!(mode(&folder.path(name)), 0o600, "{name}");
    }
    let left: Vec<_> = fs::read_dir(folder.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "drafts are left: {left:?}");
    drop(card);
    assert_eq!(what(CardFile::create(&path, &key, NUMBER, b"another")), "Exists");
    assert_eq!(&CardFile::open(&path, &key).unwrap().1[..], b"third");
}

/// A disk that fails is no card that was taken out: the reader says which file, and the card is as before or after.
#[test]
fn j16_a_card_that_cannot_be_written_says_so_and_goes_on_when_it_can() {
    let folder = Folder::new();
    let (path, key) = (folder.path("a.card"), folder.key());
    let keys = [0, 1].map(|n| testing::key(Kind::P384.key_alg(), n).to_pkcs8().unwrap());
    let state = ready(Kind::P384, Layout::Both, &Provider, &[&keys[0], &keys[1]]).unwrap();
    let file = CardFile::create(&path, &key, NUMBER, &state.encode()).unwrap();
    let memory = FileMemory::new(file);
    let failure = memory.failure();
    let card = Card::insert(state, memory, Arc::new(Provider));
    let reader = FileReader::new("a", Box::new(card), failure);
    // The name of the draft is taken by a folder.
    let draft = folder.path("a.card.new");
    fs::create_dir(&draft).unwrap();
    let wrong = PinText::typed(PinKind::Authentication, "9999").unwrap();
    let verify = |caution| {
        let mut terminal = Terminal::open(reader.connect()?).map_err(link)?;
        terminal.verify(PinKind::Authentication, &wrong, caution).map(drop).map_err(link)
    };
    let unkept = ReaderError::Unkept { path: draft.clone(), why: What::NotPlain.to_string() };
    assert_eq!(verify(Caution::SpareTheLast), Err(unkept.clone()));
    // Switched on again it is to keep what was begun, and still cannot.
    assert_eq!(verify(Caution::SpareTheLast), Err(unkept));
    fs::remove_dir(&draft).unwrap();
    let mut terminal = Terminal::open(reader.connect().unwrap()).unwrap();
    // The try that was begun is counted: never is one given back.
    assert_eq!(terminal.tries_left(PinKind::Authentication).unwrap(), 2);
    drop(terminal);
    drop(reader);
    let state = State::decode(&CardFile::open(&path, &key).unwrap().1).unwrap();
    assert_eq!(state.report(&Provider).place(PinKind::Authentication).unwrap().tries_left, 2);
}

/// What the way to the card said.
fn link(error: HostError<ReaderError>) -> ReaderError {
    match error {
        HostError::Link(error) => error,
        other => panic!("{other}"),
    }
}

#[test]
fn j16_a_card_is_open_once_and_the_lock_outlives_writes() {
    let folder = Folder::new();
    let (path, key) = (folder.path("a.card"), folder.key());
    let mut card = CardFile::create(&path, &key, NUMBER, b"first").unwrap();
    for _ in 0..2 {
        assert_eq!(what(CardFile::open(&path, &key)), "InUse");
        assert_eq!(CardFile::number_of(&path).unwrap(), NUMBER);
        card.replace(b"second").unwrap();
    }
    let other = CardFile::create(&folder.path("b.card"), &key, NUMBER, b"b").unwrap();
    drop(card);
    assert!(CardFile::open(&path, &key).is_ok());
    drop(other);
}

/// A child that is just being started has every handle of its parent, until its exec.
#[test]
fn j16_a_card_is_free_at_once_also_while_other_threads_start_processes() {
    let folder = Folder::new();
    let (path, key) = (folder.path("a.card"), folder.key());
    drop(CardFile::create(&path, &key, NUMBER, b"first").unwrap());
    let starting = std::thread::spawn(|| {
        for _ in 0..200 {
            assert!(Command::new("true").status().unwrap().success());
        }
    });
    while !starting.is_finished() {
        drop(CardFile::open(&path, &key).unwrap());
    }
    starting.join().unwrap();
}

#[test]
fn j16_a_card_does_not_open_on_another_machine_and_no_other_file_is_a_card() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let (path, key) = (folder.path("a.card"), folder.key());
    drop(CardFile::create(&path, &key, NUMBER, b"state").unwrap());
    assert_eq!(what(CardFile::open(&path, &elsewhere.key())), "Sealed");
    let octets = fs::read(&path).unwrap();
    fs::write(&path, &octets[..octets.len() - 1]).unwrap();
    assert_eq!(what(CardFile::open(&path, &key)), "Truncated");
    fs::write(&path, [&octets[..octets.len() - 1], &[octets[octets.len() - 1] ^ 1]].concat()).unwrap();
    assert_eq!(what(CardFile::open(&path, &key)), "Sealed");
    fs::write(&path, vec![0; MAX_FILE + 1]).unwrap();
    assert_eq!(what(CardFile::open(&path, &key)), "TooLarge");
    fs::write(&path, b"-----BEGIN CERTIFICATE-----").unwrap();
    assert_eq!(what(CardFile::open(&path, &key)), "Foreign");
    fs::write(&path, octets).unwrap();
    assert!(CardFile::open(&path, &key).is_ok());
    assert_eq!(what(CardFile::open(&folder.path("none.card"), &key)), "Missing");
    assert!(!folder.path("none.card.lock").exists());
}

#[test]
fn j16_links_folders_and_pipes_are_no_cards() {
    let folder = Folder::new();
    let (path, key) = (folder.path("a.card"), folder.key());
    drop(CardFile::create(&path, &key, NUMBER, b"state").unwrap());
    let link = folder.path("link.card");
    symlink(&path, &link).unwrap();
    assert_eq!(what(CardFile::open(&link, &key)), "NotPlain");
    assert_eq!(what(CardFile::create(&link, &key, NUMBER, b"x")), "Exists");
    assert_eq!(what(CardFile::open(folder.0.path(), &key)), "NotPlain");
    let pipe = folder.path("pipe.card");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    assert_eq!(what(CardFile::open(&pipe, &key)), "NotPlain");
    // A lock or a draft that somebody laid as a link to something else.
    let aim = folder.path("aim");
    symlink(&aim, folder.path("b.card.lock")).unwrap();
    assert_eq!(what(CardFile::create(&folder.path("b.card"), &key, NUMBER, b"b")), "NotPlain");
    let (mut card, _) = CardFile::open(&path, &key).unwrap();
    symlink(&aim, folder.path("a.card.new")).unwrap();
    card.replace(b"next").unwrap();
    assert!(!aim.exists(), "a link was followed");
    drop(card);
    assert_eq!(&CardFile::open(&path, &key).unwrap().1[..], b"next");
}

#[test]
fn j16_the_device_key_is_made_once_and_refused_when_others_can_read_it() {
    let folder = Folder::new();
    let path = folder.path(DEVICE_KEY);
    let keys: Vec<[u8; 32]> = std::thread::scope(|threads| {
        let open = || *DeviceKey::open_or_create(&path).unwrap().octets();
        let threads: Vec<_> = (0..8).map(|_| threads.spawn(open)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| key == &keys[0]), "two processes have two keys");
    assert_ne!(keys[0], [0; 32]);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1);
    for exposed in [0o640, 0o604, 0o620] {
        fs::set_permissions(&path, PermissionsExt::from_mode(exposed)).unwrap();
        assert_eq!(what(DeviceKey::open_or_create(&path)), "Exposed");
    }
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(DeviceKey::open(&path).is_ok());
    for wrong in [31, 33] {
        fs::write(&path, vec![1; wrong]).unwrap();
        assert_eq!(what(DeviceKey::open_or_create(&path)), "NoDeviceKey");
    }
    let link = folder.path("link");
    symlink(&path, &link).unwrap();
    assert_eq!(what(DeviceKey::open_or_create(&link)), "NotPlain");
    assert_eq!(what(DeviceKey::open(&folder.path("none"))), "Missing");
}

const STEPS: [Step; 7] = [
    Step::Begun,
    Step::DraftMade,
    Step::HalfWritten,
    Step::Written,
    Step::Synced,
    Step::Renamed,
    Step::FolderSynced,
];

/// Where the child finds the folder, and the number of the step at which it is killed.
const CHILD: &str = "WARIFU_TEST_KILLED_WRITE";

/// Not a test of its own: what the next one runs as a child.
#[test]
fn child_of_the_next() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (step, folder) = told.split_once(':').unwrap();
    let end_at = STEPS[step.parse::<usize>().unwrap()];
    let key = DeviceKey::open(&Path::new(folder).join(DEVICE_KEY)).unwrap();
    let (mut card, _) = CardFile::open(&Path::new(folder).join("a.card"), &key).unwrap();
    let mut end = |step: Step| {
        if step == end_at {
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
        }
    };
    card.replace_in_steps(b"the state after, which is longer", &mut end).unwrap();
}

#[test]
fn j16_a_process_killed_at_any_step_of_a_write_leaves_the_state_before_or_after() {
    for (n, step) in STEPS.into_iter().enumerate() {
        let folder = Folder::new();
        let (path, key) = (folder.path("a.card"), folder.key());
        drop(CardFile::create(&path, &key, NUMBER, b"the state before").unwrap());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "file::tests::child_of_the_next"])
            .env(CHILD, format!("{n}:{}", folder.0.path().display()))
            .output()
            .unwrap();
        assert_eq!(child.status.signal(), Some(9), "at {step:?}: {child:?}");
        let expected: &[u8] = match step {
            Step::Renamed | Step::FolderSynced => b"the state after, which is longer",
            _ => b"the state before",
        };
        // The lock went with the process, and what it left half-written is in nobody's way.
        let (mut card, state) = CardFile::open(&path, &key).unwrap();
        assert_eq!(&state[..], expected, "at {step:?}");
        card.replace(b"and on").unwrap();
        drop(card);
        assert_eq!(&CardFile::open(&path, &key).unwrap().1[..], b"and on", "at {step:?}");
        assert!(!folder.path("a.card.new").exists());
    }
}
