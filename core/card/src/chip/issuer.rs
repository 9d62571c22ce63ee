//! Commands of the issuer's session: what happens at the counter (CARD.md, section 3; J3, J7, J11).

use super::{Answer, Halt, Inner, Outcome, data::reference, pins, slot, table::Request};
use crate::{
    certificate,
    files::{CERTIFICATE_SIZE, File},
    protocol::attestation,
    state::{DeviceKeys, InForce, Pin, Proof},
    status::Sw,
    tlv,
};
use zeroize::Zeroizing;

/// `A6 { 80 device key, 81 storage key }`: replaces both; nothing of a session under the old ones is left.
pub(super) fn load_keys(chip: &mut Inner, template: &[u8]) -> Outcome {
    let keys = tlv::exactly(template, [0x80, 0x81]).map_err(|_| Sw::DATA)?;
    let [Ok(device), Ok(storage)] = keys.map(|key| <[u8; 32]>::try_from(key).map(Zeroizing::new)) else {
        return Err(Halt::Sw(Sw::DATA));
    };
    let content = chip.state.content.as_mut().ok_or(Sw::CONDITIONS)?;
    content.device = Some(DeviceKeys { device: Proof::new(device), storage });
    chip.keep()?;
    Ok(Answer::DONE)
}

/// Stores a certificate in the selected file: of a CA at once, of the holder beside the staged key that it is for.
pub(super) fn store_certificate(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0, 0) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let file = chip.ram.file.ok_or(Sw::NO_CURRENT_FILE)?;
    let (File::Certificate(kind) | File::CaCertificate(kind)) = file else {
        return Err(Halt::Sw(Sw::FILE_KIND));
    };
    if command.data.len() > CERTIFICATE_SIZE {
        return Err(Halt::Sw(Sw::NO_SPACE));
    }
    let spki = certificate::public_key(&command.data).ok_or(Sw::DATA)?;
    let place = chip.place_mut(kind)?;
    if let File::CaCertificate(_) = file {
        place.ca_certificate = Some(command.data.to_vec());
    } else {
        let staged = place.staged.as_mut().ok_or(Sw::CONDITIONS)?;
        if staged.key.spki != spki {
            return Err(Halt::Sw(Sw::DATA));
        }
        staged.certificate = Some(command.data.to_vec());
    }
    chip.keep()?;
    Ok(Answer::DONE)
}

/// Brings the staged key with its certificate into force and erases those before, in one write.
pub(super) fn activate(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.place_of(command.p2)?;
    nothing_in(&command.data)?;
    let place = chip.place_mut(kind)?;
    let staged = place.staged.take_if(|staged| staged.certificate.is_some()).ok_or(Sw::CONDITIONS)?;
    let certificate = staged.certificate.ok_or(Sw::CONDITIONS)?;
    place.in_force = Some(InForce { key: staged.key, certificate });
    let content = chip.state.content.as_mut().ok_or(Sw::CONDITIONS)?;
    if content.places.iter().all(|place| place.in_force.is_some()) {
        content.device = None;
    }
    chip.ram.in_force[slot(kind)] = chip.ram.staged[slot(kind)].take();
    chip.keep()?;
    Ok(Answer::DONE)
}

/// Unblocks a PIN (P1 `03`), or sets another (P1 `02`), which the holder has not shown then.
pub(super) fn reset_pin(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if !matches!(command.p1, 0x02 | 0x03) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.place_of(command.p2)?;
    let pin = chip.place_mut(kind)?.pin.as_mut().ok_or(Sw::CONDITIONS)?;
    if command.p1 == 0x03 {
        nothing_in(&command.data)?;
        *pin = Pin::new(pin.text.clone());
        chip.keep()?;
        return Ok(Answer::DONE);
    }
    let done = pins::set_text(chip, kind, &command.data)?;
    chip.mark(kind, false);
    Ok(done)
}

/// Vouches for where the staged key, or else the one in force, was made.
pub(super) fn attest(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0x01, 0x02) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let kind = chip.place_of(reference(&command.data)?)?;
    let key = chip.place(kind)?.newest_key().ok_or(Sw::NO_REFERENCE)?;
    let issuer = &chip.state.content.as_ref().ok_or(Sw::CONDITIONS)?.issuer.key;
    let hash = chip.tools.sha256(&key.spki);
    let proof = attestation(&*chip.tools, issuer, &chip.state.card_id(), kind.reference(), key.origin, &hash);
    let parts = [(0x80, &[key.origin.code()][..]), (0x81, &hash), (0x82, &proof)];
    Ok(Answer::of(parts.map(|(tag, value)| tlv::object(tag, &[value])).concat()))
}

/// Erases everything for good.
pub(super) fn terminate(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0, 0) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    nothing_in(&command.data)?;
    chip.state.content = None;
    let selected = chip.ram.selected;
    chip.ram = super::Ram { selected, ..Default::default() };
    chip.keep()?;
    Ok(Answer::DONE)
}

fn nothing_in(data: &[u8]) -> Result<(), Sw> {
    if data.is_empty() { Ok(()) } else { Err(Sw::DATA) }
}
