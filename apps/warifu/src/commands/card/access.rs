//! Which card a command is for: a virtual one in a file, or the one in a reader.

use super::refusals;
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
};
use authority_front::Text;
use core_card::{Card, report::Report, state::State};
use kit_keys::Provider;
use kit_reader::{
    Reader, Session,
    file::{CardFile, DeviceKey, Failure, FileError, FileMemory, FileReader},
    pcsc::Limits,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Which card.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct Access {
    /// 仮想カード / The file of a virtual card
    #[arg(long, value_name = "FILE", conflicts_with = "reader")]
    card: Option<PathBuf>,
    /// The key that the file is sealed under; else device.key beside it
    #[arg(long, value_name = "FILE", requires = "card")]
    device_key: Option<PathBuf>,
    /// 読み取り装置 / A reader: its name, a part of it, or its number; else the only one there is
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,
}

/// The file of a virtual card, and its key.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct VirtualCard {
    /// 仮想カード / The file of the virtual card
    #[arg(long, value_name = "FILE")]
    card: PathBuf,
    /// The key that the file is sealed under; else device.key beside it
    #[arg(long, value_name = "FILE")]
    device_key: Option<PathBuf>,
}

impl Access {
    /// The reader with the card.
    pub(super) fn reader(&self, run: &Run) -> Outcome<Box<dyn Reader>> {
        match &self.card {
            Some(path) => {
                let card = VirtualCard { card: path.clone(), device_key: self.device_key.clone() };
                let (card, failure) = card.open(run)?;
                Ok(Box::new(FileReader::new(path.display().to_string(), Box::new(card), failure)))
            }
            None => kit_reader::pcsc::open(self.reader.as_deref(), Limits::default())
                .map_err(|error| refusals::of_reader(&error)),
        }
    }

    /// The card, switched on.
    pub(super) fn open(&self, run: &Run) -> Outcome<Box<dyn Session>> {
        self.reader(run)?.connect().map_err(|error| refusals::of_reader(&error))
    }
}

impl VirtualCard {
    /// Opens the file: nobody else has the card meanwhile. Beside it, where to ask why it fell silent.
    pub(super) fn open(&self, _run: &Run) -> Outcome<(Card, Failure)> {
        let key = self.key()?;
        let (file, octets) = CardFile::open(&self.card, &key).map_err(of_file)?;
        let state = State::decode(&octets).map_err(|_| unreadable(&self.card))?;
        let memory = FileMemory::new(file);
        let failure = memory.failure();
        Ok((Card::insert(state, memory, Arc::new(Provider)), failure))
    }

    fn key(&self) -> Outcome<DeviceKey> {
        // The card first: a name that was mistyped is the commoner mistake.
        CardFile::number_of(&self.card).map_err(of_file)?;
        let path = device_key(&self.card, self.device_key.as_deref());
        if path.symlink_metadata().is_err() {
            return Err(no_device_key(&path));
        }
        DeviceKey::open(&path).map_err(of_file)
    }

    /// What its state says, without switching it on.
    pub(super) fn report(&self) -> Outcome<Report> {
        let key = self.key()?;
        let (_, octets) = CardFile::open(&self.card, &key).map_err(of_file)?;
        let state = State::decode(&octets).map_err(|_| unreadable(&self.card))?;
        Ok(state.report(&Provider))
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.card
    }
}

/// Where the key of a card's file is.
pub(super) fn device_key(card: &Path, named: Option<&Path>) -> PathBuf {
    named.map_or_else(|| card.with_file_name("device.key"), Path::to_owned)
}

/// The card is there, and the key of its file is not.
fn no_device_key(path: &Path) -> Fail {
    Fail::new(
        Exit::Refused,
        "card.no_device_key",
        Text::new(
            format!("カードのファイルの鍵 {} がありません。", path.display()),
            format!("The key of the card's file, {}, is not there.", path.display()),
        ),
        Text::new(
            "カードを移したときは device.key も一緒に移すか、--device-key で場所を指定してください。",
            "Where a card goes, its device.key goes too; or say with --device-key where it is.",
        ),
    )
}

/// What the file said.
pub(super) fn of_file(error: FileError) -> Fail {
    Fail::from(error.refusal())
}

/// The file opens, and what is in it is of no version known here.
pub(super) fn unreadable(path: &Path) -> Fail {
    Fail::new(
        Exit::Refused,
        "card.version",
        Text::new(
            format!("{} のカードはこの版では読めません。", path.display()),
            format!("The card in {} is of a version that is not known here.", path.display()),
        ),
        Text::new(
            "カードを作った版の warifu を使ってください。",
            "Use the version of warifu that made the card.",
        ),
    )
}
