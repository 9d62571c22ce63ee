//! Which commands there are, and when they may run (CARD.md, sections 1 to 3).

use super::{Halt, Inner, Outcome, data, device, issuer, pins, select, session, sign};
use crate::{
    apdu::{CHAINING, Command},
    protocol::{CHALLENGE, KeyName},
    report::Life,
    status::Sw,
};

/// Class of plain commands.
const PLAIN: u8 = 0x00;
/// Class of JICSAP's own commands.
const OWN: u8 = 0x80;
/// Class of sealed commands.
const SEALED: u8 = 0x04;

/// A whole command that is to be carried out.
pub(super) struct Request {
    /// The command; of a sealed one the data is open already.
    pub(super) command: Command,
    /// The challenge that the command before brought.
    pub(super) challenge: Option<[u8; CHALLENGE]>,
}

type Run = fn(&mut Inner, &Request) -> Outcome;

enum Row {
    /// GET RESPONSE, which `Frames` answers.
    Rest,
    /// Runs whatever is selected.
    Always(Run),
    /// Runs when the application is selected, and says so when it is not.
    Selected(Run, Sw),
    /// Runs also on a terminated card.
    Lasting(Run),
    /// Runs in the session of this key.
    Session(KeyName, Run),
    /// Runs in the session of either key.
    Sessions(Run),
}

/// Every command: class, instruction, how it runs.
static ROWS: [(u8, u8, Row); 19] = [
    (PLAIN, 0xC0, Row::Rest),
    (PLAIN, 0xA4, Row::Always(select::select)),
    (PLAIN, 0x84, Row::Always(data::get_challenge)),
    (PLAIN, 0xB0, Row::Selected(select::read_binary, Sw::NO_FILE)),
    (PLAIN, 0x20, Row::Selected(pins::verify, Sw::CONDITIONS)),
    (PLAIN, 0x24, Row::Selected(pins::change, Sw::CONDITIONS)),
    (PLAIN, 0xCA, Row::Lasting(data::get_data)),
    (PLAIN, 0x47, Row::Selected(data::read_public_key, Sw::CONDITIONS)),
    (PLAIN, 0x82, Row::Selected(session::external_authenticate, Sw::CONDITIONS)),
    (OWN, 0x2A, Row::Selected(sign::sign, Sw::CONDITIONS)),
    (SEALED, 0xDB, Row::Sessions(session::put_key)),
    (SEALED, 0xD6, Row::Session(KeyName::Issuer, issuer::store_certificate)),
    (SEALED, 0x44, Row::Session(KeyName::Issuer, issuer::activate)),
    (SEALED, 0x2C, Row::Session(KeyName::Issuer, issuer::reset_pin)),
    (SEALED, 0xCA, Row::Session(KeyName::Issuer, issuer::attest)),
    (SEALED, 0xFE, Row::Session(KeyName::Issuer, issuer::terminate)),
    (SEALED, 0x24, Row::Session(KeyName::Device, device::set_pin)),
    (SEALED, 0x47, Row::Session(KeyName::Device, device::make_key)),
    (SEALED, 0x88, Row::Session(KeyName::Device, device::prove_pair)),
];

fn find(command: &Command) -> Option<&'static Row> {
    let cla = command.cla & !CHAINING;
    ROWS.iter().find(|(class, ins, _)| *class == cla && *ins == command.ins).map(|(.., row)| row)
}

/// Whether class and instruction are known.
pub(super) fn known(command: &Command) -> Result<(), Sw> {
    let cla = command.cla & !CHAINING;
    match cla {
        PLAIN | OWN | SEALED if find(command).is_some() => Ok(()),
        PLAIN | OWN | SEALED => Err(Sw::INSTRUCTION),
        // The two lowest bits are the channel, of which there is one.
        _ if [PLAIN, OWN, SEALED].contains(&(cla & !0x03)) => Err(Sw::CHANNEL),
        _ => Err(Sw::CLASS),
    }
}

/// Whether this is GET RESPONSE.
pub(super) fn is_get_response(command: &Command) -> bool {
    matches!(find(command), Some(Row::Rest))
}

/// Carries a whole command out.
pub(super) fn run(chip: &mut Inner, command: Command, challenge: Option<[u8; CHALLENGE]>) -> Outcome {
    let row = find(&command).ok_or(Sw::INSTRUCTION)?;
    let terminated = chip.state.life() == Life::Terminated;
    let selecting = command.ins == select::INS;
    if terminated && !selecting && !(chip.ram.selected && matches!(row, Row::Lasting(_))) {
        return Err(Halt::Sw(Sw::CONDITIONS));
    }
    let request = Request { command, challenge };
    let unselected = match row {
        Row::Selected(_, sw) => *sw,
        _ => Sw::CONDITIONS,
    };
    if !chip.ram.selected && !matches!(row, Row::Always(_)) {
        return Err(Halt::Sw(unselected));
    }
    match *row {
        Row::Rest => Err(Halt::Sw(Sw::CONDITIONS)),
        Row::Always(run) | Row::Selected(run, _) | Row::Lasting(run) => run(chip, &request),
        Row::Session(key, run) => session::sealed(chip, request, Some(key), run),
        Row::Sessions(run) => session::sealed(chip, request, None, run),
    }
}
