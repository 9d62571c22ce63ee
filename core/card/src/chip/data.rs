//! What the card tells everybody: GET CHALLENGE, GET DATA, its public keys (CARD.md, section 2).

use super::{Answer, Halt, Inner, Outcome, table::Request};
use crate::{apdu::Le, report, status::Sw, tlv};

/// GET CHALLENGE: random octets. Sixteen of them are what EXTERNAL AUTHENTICATE is to answer.
pub(super) fn get_challenge(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0, 0) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let octets = match command.le {
        Some(Le::Exactly(octets @ 1..=256)) => usize::from(octets),
        Some(Le::Short | Le::Extended) => 256,
        _ => return Err(Halt::Sw(Sw::LENGTH)),
    };
    if !command.data.is_empty() {
        return Err(Halt::Sw(Sw::LENGTH));
    }
    let mut random = vec![0; octets];
    chip.tools.fill(&mut random);
    chip.ram.challenge = random[..].try_into().ok();
    Ok(Answer::of(random))
}

/// GET DATA: the card's number, and its state.
pub(super) fn get_data(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if !command.data.is_empty() {
        return Err(Halt::Sw(Sw::LENGTH));
    }
    let object = match (command.p1, command.p2) {
        (0x00, 0x45) => chip.state.card_id().to_vec(),
        (0x01, 0x01) => chip.state.report(&*chip.tools).to_bytes(),
        _ => return Err(Halt::Sw(Sw::NO_REFERENCE)),
    };
    if command.le.is_some_and(|le| le.most() < object.len()) {
        return Err(Halt::Sw(Sw::exactly(object.len())));
    }
    Ok(Answer::of(object))
}

/// GENERATE, reading: the public half of the staged key, or else of the one in force.
pub(super) fn read_public_key(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0x81, 0x00) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let [inside] = tlv::exactly(&command.data, [0xAC]).map_err(|_| Sw::DATA)?;
    let place = chip.place_of(reference(inside)?)?;
    let key = chip.place(place)?.newest_key().ok_or(Sw::NO_REFERENCE)?;
    Ok(Answer::of(report::public_key_object(&key.spki).map_err(|_| Sw::MEMORY)?))
}

/// The reference in `83 01 ref`.
pub(super) fn reference(octets: &[u8]) -> Result<u8, Sw> {
    match tlv::exactly(octets, [0x83]) {
        Ok([&[reference]]) => Ok(reference),
        _ => Err(Sw::DATA),
    }
}
