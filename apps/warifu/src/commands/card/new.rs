//! `warifu card new`: a virtual card as its maker hands it over, or, for trying out, one that is ready for use.

use super::{
    access,
    demo_card::{self, Pins},
    files,
    keys::KeysFile,
    show,
};
use crate::{
    cli::Run,
    fail::{Exit, Fail, Outcome},
    terminal::{self, Page},
};
use clap::ValueEnum;
use core_card::{
    Card,
    host::CertificateFile,
    protocol::{CARD_ID, KeyName},
    report::Kind,
    state::{Layout, Making, State},
};
use core_crypto::Dice;
use kit_clock::{Clock, SystemClock};
use kit_keys::Provider;
use kit_reader::file::{CardFile, DeviceKey, FileMemory, FileReader};
use std::{path::PathBuf, sync::Arc};

/// 仮想カードを作る / make a virtual card, in a file
#[derive(clap::Args, Debug)]
pub struct New {
    /// The file; it must not be there yet
    file: PathBuf,
    /// The key that the file is sealed under, made where it is not there; else device.key beside it
    #[arg(long, value_name = "FILE")]
    device_key: Option<PathBuf>,
    #[command(flatten)]
    keys: KeysFile,
    /// Which generation of cards
    #[arg(long, value_enum, default_value = "rsa-2048")]
    kind: KeyKind,
    /// Which certificates it is for
    #[arg(long, value_enum, default_value = "both")]
    layout: Places,
    /// It may not make keys itself: they come from the key-pair generator alone
    #[arg(long)]
    no_own_keys: bool,
    /// 見本 / Personalise it at once for an invented citizen, under a sandbox's authorities
    #[arg(long)]
    demo: bool,
    /// With --demo: write the certificates to this folder
    #[arg(long, value_name = "DIR", requires = "demo")]
    out: Option<PathBuf>,
    /// With --demo: have the card make its keys itself
    #[arg(long, requires = "demo", conflicts_with = "no_own_keys")]
    on_card: bool,
}

/// The generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KeyKind {
    /// Today's
    #[value(name = "rsa-2048")]
    Rsa2048,
    /// The next (announced)
    #[value(name = "p-384")]
    P384,
}

/// The layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Places {
    /// For signing and for user authentication
    Both,
    /// For signing alone, as in 2003
    Signing,
}

impl New {
    /// Runs it.
    ///
    /// # Errors
    /// There is something where the card would be; the keys cannot be read.
    pub fn run(self, run: &Run) -> Outcome {
        let mut page = Page::new(run.lang);
        // Everything that would stop it half-way, before anything is made.
        let pins_file = self.file.with_extension("pins");
        if self.demo {
            files::must_be_free(&pins_file)?;
        }
        if let Some(folder) = &self.out {
            CertificateFile::ALL
                .into_iter()
                .try_for_each(|file| files::must_be_free(&folder.join(show::file_name(file))))?;
        }
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            folder.read_dir().map_err(|e| Fail::file(folder, &e))?;
        }
        files::must_be_free(&self.file)?;
        let (keys, made) = self.keys.read_or_make(run)?;
        let path = access::device_key(&self.file, self.device_key.as_deref());
        let sealing = DeviceKey::open_or_create(&path).map_err(access::of_file)?;
        let mut card_id = [0; CARD_ID];
        Provider.fill(&mut card_id);
        let kind = match self.kind {
            KeyKind::Rsa2048 => Kind::Rsa2048,
            KeyKind::P384 => Kind::P384,
        };
        let state = State::new(Making {
            card_id,
            kind,
            layout: match self.layout {
                Places::Both => Layout::Both,
                Places::Signing => Layout::SigningOnly,
            },
            makes_keys: !self.no_own_keys,
            issuer_key: KeyName::Issuer.of_card(&Provider, &keys.issuer, &card_id),
        });
        let file =
            CardFile::create(&self.file, &sealing, card_id, &state.encode()).map_err(access::of_file)?;
        page.line("カードを作りました。", "The card is made.");
        page.field("カード", "card", self.file.display());
        page.field("カード番号", "card number", base16ct::upper::encode_string(&card_id));
        page.field("ファイルの鍵", "key of the file", path.display());
        let beside = if made { run.lang.pick(" (新規)", " (new)") } else { "" };
        page.field("発行者の鍵", "issuer's keys", format!("{}{beside}", self.keys.path().display()));
        if self.demo {
            let pins = Pins::demo();
            let now = SystemClock.now().whole_seconds();
            let making = (state.kind(), state.layout());
            let memory = FileMemory::new(file);
            let failure = memory.failure();
            let card = Card::insert(state, memory, Arc::new(Provider));
            let reader = FileReader::new("demo", Box::new(card), failure);
            let done = demo_card::personalise(&reader, making, &keys, &pins, self.on_card, now)?;
            demo_card::write_pins(&pins_file, &pins)?;
            page.field(
                "暗証番号",
                "PINs",
                format!("{} ({})", pins.lines().trim().replace('\n', ", "), pins_file.display()),
            );
            if let Some(folder) = &self.out {
                demo_card::write_certificates(folder, &done)?;
                page.field("証明書", "certificates", folder.display());
            }
            page.next(
                "`warifu card serve` で読み取り装置に入れると、ほかのソフトウェアから使えます。",
                "`warifu card serve` puts it into a reader, where other software finds it.",
            );
        } else {
            page.next(
                "`warifu card personalise prepare` で窓口の作業を始めてください。",
                "Begin the counter's work with `warifu card personalise prepare`.",
            );
        }
        terminal::print(&page.into_text());
        Ok(Exit::Ok)
    }
}
