//! Mutual authentication and the sealed channel (CARD.md, section 3; J3, J4).

use super::{Answer, Halt, Inner, Outcome, device, issuer, table::Request};
use crate::{
    protocol::{CHALLENGE, Channel, Handshake, KeyName, PROOF},
    state::{KEY_TRIES, Proof},
    status::Sw,
    tlv,
};
use subtle::ConstantTimeEq;

/// A session under one of the two keys.
pub(super) struct Session {
    pub(super) key: KeyName,
    pub(super) handshake: Handshake,
    channel: Channel,
    /// By place: its PIN was shown or set in this session.
    pub(super) shown: [bool; 2],
}

impl Inner {
    /// The key that a proof is about: `6A88` when it is not on the card.
    fn proof(&mut self, name: KeyName) -> Result<&mut Proof, Sw> {
        let content = self.state.content.as_mut().ok_or(Sw::CONDITIONS)?;
        match name {
            KeyName::Issuer => Some(&mut content.issuer),
            KeyName::Device => content.device.as_mut().map(|keys| &mut keys.device),
            KeyName::Storage => None,
        }
        .ok_or(Sw::NO_REFERENCE)
    }

    /// The session of the device, which a command of it runs in.
    pub(super) fn session(&self) -> Result<&Session, Sw> {
        self.ram.session.as_ref().ok_or(Sw::SECURITY)
    }
}

/// EXTERNAL AUTHENTICATE: both prove that they know a key, and hold a session then.
pub(super) fn external_authenticate(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if command.p1 != 0 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let name = KeyName::from_reference(command.p2).ok_or(Sw::NO_REFERENCE)?;
    let tries = chip.proof(name)?.tries;
    if tries == 0 {
        return Err(Halt::Sw(Sw::BLOCKED));
    }
    let (of_device, proof) = command.data.split_first_chunk::<CHALLENGE>().ok_or(Sw::LENGTH)?;
    let proof: &[u8; PROOF] = proof.try_into().map_err(|_| Sw::LENGTH)?;
    let of_card = request.challenge.ok_or(Sw::CONDITIONS)?;
    let handshake =
        Handshake { card_id: chip.state.card_id(), reference: command.p2, of_card, of_device: *of_device };
    chip.ram.session = None;
    // As with PINs: the try is gone before anything is compared.
    set_tries(chip, name, tries - 1)?;
    let tools = chip.tools.clone();
    let key = &chip.proof(name)?.key;
    if !bool::from(handshake.proof_of_device(&*tools, key).ct_eq(proof)) {
        return Err(Halt::Sw(Sw::tries(tries - 1)));
    }
    let (answer, channel) = (handshake.proof_of_card(&*tools, key), handshake.channel(&*tools, key));
    set_tries(chip, name, KEY_TRIES)?;
    chip.ram.session = Some(Session { key: name, handshake, channel, shown: [false; 2] });
    Ok(Answer::of(answer.to_vec()))
}

fn set_tries(chip: &mut Inner, name: KeyName, tries: u8) -> Result<(), Halt> {
    chip.proof(name)?.tries = tries;
    Ok(chip.keep()?)
}

/// Runs a sealed command: opens its data, seals its answer. `key` is that of the session it needs, `None` for either.
pub(super) fn sealed(
    chip: &mut Inner,
    mut request: Request,
    key: Option<KeyName>,
    run: fn(&mut Inner, &Request) -> Outcome,
) -> Outcome {
    let tools = chip.tools.clone();
    let head = request.command.head();
    let session = chip.ram.session.as_mut().ok_or(Sw::SECURITY)?;
    // Opened before anything else is looked at: so both sides count the same commands, whatever comes of them.
    let Ok(open) = session.channel.open_command(&*tools, head, &request.command.data) else {
        chip.ram.session = None;
        return Err(Halt::Sw(Sw::NOT_SEALED));
    };
    if key.is_some_and(|key| key != session.key) {
        return Err(Halt::Sw(Sw::SECURITY));
    }
    request.command.data = open;
    let answer = run(chip, &request)?;
    Ok(match &chip.ram.session {
        Some(session) if !answer.data.is_empty() => {
            let data = session.channel.seal_answer(&*tools, head, answer.sw.0, &answer.data);
            Answer { data, sw: answer.sw }
        }
        _ => Answer { data: Vec::new(), sw: answer.sw },
    })
}

/// PUT DATA `3F FF`: the issuer loads the device keys, the device a private key; each in its own session alone.
pub(super) fn put_key(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if (command.p1, command.p2) != (0x3F, 0xFF) {
        return Err(Halt::Sw(Sw::PARAMETERS));
    }
    let objects = tlv::all(&command.data).map_err(|_| Sw::DATA)?;
    let [object] = objects[..] else { return Err(Halt::Sw(Sw::DATA)) };
    match (object.tag, chip.session()?.key) {
        (0xA6, KeyName::Issuer) => issuer::load_keys(chip, object.value),
        (0x4D, KeyName::Device) => device::import_key(chip, object.value),
        (0xA6 | 0x4D, _) => Err(Halt::Sw(Sw::SECURITY)),
        _ => Err(Halt::Sw(Sw::DATA)),
    }
}
