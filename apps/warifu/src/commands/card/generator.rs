//! `warifu card generator`: the key-pair generator (鍵ペア生成装置) at a terminal, worked by the applicant alone (J4).
//!
//! Its memory is locked and never dumped, and a private key is in it only between its making and its arrival on the
//! card. What is on the panel are steps; the key is made on another thread meanwhile.

mod memory;
mod panel;

use super::{Access, Place, keys::KeysFile, refusals, show, shown};
use crate::{
    cli::Run,
    fail::{Exit, Outcome},
};
use clap::ValueEnum;
use core_card::{
    generator::{After, Erased, Generator, Making, Menu, MenuChosen, Next, PinSet, Trusted, Wants},
    host::Caution,
};
use kit_keys::Provider;
use kit_reader::Session;
use panel::Panel;
use std::{path::PathBuf, sync::Arc, time::Duration};

/// 鍵ペア生成装置 / the key-pair generator, worked by the applicant
#[derive(clap::Args, Debug)]
pub struct GeneratorCommand {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    keys: KeysFile,
    /// What to do; else it is asked for
    #[arg(long, value_enum)]
    menu: Option<Choice>,
    /// For which certificates; else for all that the card has
    #[arg(long = "for", value_enum)]
    places: Vec<Place>,
    /// Have the card make the keys itself
    #[arg(long)]
    on_card: bool,
    /// Take the passwords from this file: lines `signing NEW`, `signing OLD`, `signing OLD NEW`, the same for authentication
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Send a password also when only one try is left
    #[arg(long)]
    use_last_try: bool,
    /// Work also where memory cannot be locked: for trying out, never for a real issue
    #[arg(long)]
    allow_unlocked: bool,
    /// Wait until the card is taken out, as the device does
    #[arg(long)]
    wait: bool,
}

/// The menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Choice {
    /// 鍵ペア生成 / make key pairs
    Make,
    /// パスワード変更 / change passwords
    Change,
}

/// How long a card is waited for.
const CARD: Duration = Duration::from_secs(600);

type Card = Box<dyn Session>;

impl GeneratorCommand {
    /// Runs it: one card, from putting it in to taking it out.
    ///
    /// # Errors
    /// Memory cannot be locked; the card does not know this device; a password is blocked.
    pub fn run(self, run: &Run) -> Outcome {
        let locked = memory::lock();
        if let (Err(error), false) = (&locked, self.allow_unlocked) {
            return Err(memory::unlocked(error));
        }
        let mut panel = Panel::new(run, self.password_file.as_deref())?;
        if locked.is_err() {
            panel
                .line("メモリを固定していません (お試し用)。", "Memory is not locked: for trying out alone.");
        }
        let keys = self.keys.read(run)?;
        let generator = Generator::new(keys.device, keys.storage, Arc::new(Provider));
        let reader = self.access.reader(run)?;
        panel.line("カードを入れてください。", "Put the card in.");
        reader.wait_for_card(CARD).map_err(|error| refusals::of_reader(&error))?;
        let session = reader.connect().map_err(|error| refusals::of_reader(&error))?;
        let seated = generator.seat(session).map_err(|torn| panel.torn(torn))?;
        let trusted = seated.trust().map_err(|torn| panel.torn(torn))?;
        panel.line(
            "カードと装置が互いに本物であることを確かめました。",
            "Card and device have proven themselves to each other.",
        );
        let erased = self.work(&mut panel, trusted)?;
        panel.done(&erased);
        panel.line("カードを取り出してください。", "Take the card out.");
        if self.wait {
            reader.wait_for_removal(CARD).map_err(|error| refusals::of_reader(&error))?;
        }
        Ok(Exit::Ok)
    }

    fn work(&self, panel: &mut Panel<'_>, trusted: Trusted<'_, Card>) -> Outcome<Erased> {
        let choice = match self.menu {
            Some(choice) => choice,
            None => panel.choose()?,
        };
        let making = if self.on_card { Making::OnCard } else { Making::InDevice };
        let menu = match choice {
            Choice::Make => Menu::MakeKeys(making),
            Choice::Change => Menu::ChangePassword,
        };
        let places = show::places(&self.places, trusted.report());
        panel.must_have(choice, &places)?;
        let mut chosen = trusted.choose(menu, &places).map_err(|(_, fault)| refusals::of_menu(fault))?;
        loop {
            let set = self.password(panel, chosen)?;
            match store(panel, set)? {
                Next::Place(next) => chosen = next,
                Next::Done(erased) => return Ok(erased),
            }
        }
    }

    /// Asks for passwords until one does.
    fn password<'g>(
        &self,
        panel: &mut Panel<'_>,
        mut chosen: MenuChosen<'g, Card>,
    ) -> Outcome<PinSet<'g, Card>> {
        loop {
            let place = chosen.place();
            let (same, fault) = match chosen.wants() {
                Wants::New => {
                    let (first, again) = panel.new_password(place)?;
                    match chosen.new_password(&first, &again) {
                        Ok(set) => return Ok(set),
                        Err(Ok(again)) => again,
                        Err(Err(torn)) => return Err(panel.torn(torn)),
                    }
                }
                Wants::Old => {
                    let caution = if self.use_last_try { Caution::UseTheLast } else { Caution::SpareTheLast };
                    let old = panel.old_password(place)?;
                    match chosen.old_password(&old, caution) {
                        Ok(Ok(set)) => return Ok(set),
                        Ok(Err(next)) => {
                            chosen = next;
                            continue;
                        }
                        Err(Ok(again)) => again,
                        Err(Err(torn)) => return Err(panel.torn(torn)),
                    }
                }
            };
            let fail = refusals::of_password(fault);
            // A file says the same again.
            if !panel.can_ask_again(fault) {
                return Err(fail);
            }
            panel.complain(&fail);
            chosen = *same;
        }
    }
}

/// Makes the key and brings it into the card.
fn store<'g>(panel: &mut Panel<'_>, set: PinSet<'g, Card>) -> Outcome<Next<'g, Card>> {
    let (ja, en) = shown(set.place());
    // A card that makes its key itself is busy for a while: the panel shows that it goes on.
    let begun = panel.while_making(
        &format!("{ja}: カードの応答を待っています"),
        &format!("{en}: waiting for the card"),
        move || set.begin(),
    );
    let stored = match begun.map_err(|torn| panel.torn(torn))? {
        After::Stored(stored) => stored,
        After::Make(generating, work) => {
            let pair = panel.while_making(
                &format!("{ja}の鍵を作っています"),
                &format!("making the {en} key"),
                move || work.run(),
            );
            let generated = generating.generated(pair).map_err(|torn| panel.torn(torn))?;
            let stored = generated.store().map_err(|torn| panel.torn(torn))?;
            panel.line(
                format!("{ja}: 鍵はカードに入り、装置からは消えました。"),
                format!("{en}: the key is on the card, and nowhere in this device."),
            );
            stored
        }
    };
    Ok(stored.next())
}
