//! Commands of the device's session: what happens in the key-pair generator (CARD.md, section 3; J4).

use super::{Answer, Halt, Inner, Outcome, data::reference, pins, sign::hash_of, slot, table::Request};
use crate::{
    pin::PinKind,
    protocol::{Origin, pair_message, unwrap_private_key},
    report,
    state::{HeldKey, MAX_KEY, Staged},
    status::Sw,
    tlv,
};
use core_crypto::Pair;

/// Sets the PIN of the selected file: the first one freely, another once the old one was shown in this session.
pub(super) fn set_pin(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0x01 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.pin_of(command.p2)?;
    if chip.place(kind)?.pin.is_some() {
        shown(chip, kind)?;
    }
    let done = pins::set_text(chip, kind, &command.data)?;
    if let Some(session) = &mut chip.ram.session {
        session.shown[slot(kind)] = true;
    }
    Ok(done)
}

/// `4D { B6 { 83 01 ref }, 5F48 wrapped key }`: a private key from the generator; it lies staged then.
pub(super) fn import_key(chip: &mut Inner, object: &[u8]) -> Outcome {
    let [control, wrapped] = tlv::exactly(object, [0xB6, 0x5F48]).map_err(|_| Sw::DATA)?;
    let kind = chip.place_of(reference(control)?)?;
    shown(chip, kind)?;
    let tools = chip.tools.clone();
    let keys =
        chip.state.content.as_ref().and_then(|content| content.device.as_ref()).ok_or(Sw::NO_REFERENCE)?;
    let transport = chip.session()?.handshake.transport_key(&*tools, &keys.storage, kind.reference());
    let pkcs8 =
        unwrap_private_key(&*tools, &transport, kind.reference(), wrapped).map_err(|_| Sw::SECURITY)?;
    let pair = tools.load_pair(&pkcs8).map_err(|_| Sw::DATA)?;
    if pair.key_alg() != chip.state.kind().key_alg() {
        return Err(Halt::Sw(Sw::DATA));
    }
    stage(chip, kind, pair, Origin::Generator)?;
    Ok(Answer::DONE)
}

/// GENERATE: a key pair that never was anywhere but here; the answer is its public half.
pub(super) fn make_key(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0x80, 0x00) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    if !chip.state.makes_keys() {
        return Err(Halt::Sw(Sw::FUNCTION));
    }
    let [inside] = tlv::exactly(&command.data, [0xAC]).map_err(|_| Sw::DATA)?;
    let kind = chip.place_of(reference(inside)?)?;
    shown(chip, kind)?;
    let pair = chip.tools.generate_pair(chip.state.kind().key_alg()).map_err(|_| Sw::MEMORY)?;
    let public = report::public_key_object(pair.public_spki()).map_err(|_| Sw::MEMORY)?;
    stage(chip, kind, pair, Origin::OnCard)?;
    Ok(Answer::of(public))
}

/// Signs a challenge with the staged key, and nothing but that: the key in force stays the only valid one.
pub(super) fn prove_pair(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let place = chip.place_of(command.p2)?;
    if !(16..=64).contains(&command.data.len()) {
        return Err(Halt::Sw(Sw::DATA));
    }
    let (tools, alg) = (chip.tools.clone(), hash_of(chip.state.kind()));
    let message = pair_message(&chip.state.card_id(), place.reference(), &command.data);
    let signature = chip.staged_pair(place)?.sign_hash(alg, tools.hash(alg, &message).as_ref());
    Ok(Answer::of(signature.map_err(|_| Sw::MEMORY)?))
}

/// The PIN of the place was shown or set in this session.
fn shown(chip: &Inner, place: PinKind) -> Result<(), Sw> {
    if chip.session()?.shown[slot(place)] { Ok(()) } else { Err(Sw::SECURITY) }
}

/// Lays a key ready, in the place of one that lies there already.
fn stage(chip: &mut Inner, place: PinKind, pair: Box<dyn Pair>, origin: Origin) -> Result<(), Halt> {
    let pkcs8 = pair.to_pkcs8().map_err(|_| Sw::MEMORY)?;
    let spki = pair.public_spki().to_vec();
    if pkcs8.len() > MAX_KEY || spki.len() > MAX_KEY {
        return Err(Halt::Sw(Sw::DATA));
    }
    chip.place_mut(place)?.staged = Some(Staged { key: HeldKey { pkcs8, spki, origin }, certificate: None });
    chip.ram.staged[slot(place)] = Some(pair);
    Ok(chip.keep()?)
}
