//! SELECT and READ BINARY (CARD.md, section 2; ISO/IEC 7816-4 §7.1.1, §7.2.1).

use super::{Answer, Halt, Inner, Outcome, slot, table::Request};
use crate::{
    apdu::Le,
    files::{AID, CERTIFICATE_SIZE, File},
    pin::PinKind,
    report::Life,
    status::Sw,
    token,
};

/// Instruction of SELECT.
pub(super) const INS: u8 = 0xA4;

/// SELECT by name or by number. What cannot be selected leaves everything as it was.
pub(super) fn select(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    let answers_nothing = matches!(command.p2, 0x00 | 0x0C);
    match command.p1 {
        0x04 if answers_nothing => select_application(chip, &command.data),
        // Without application there is no file, whatever is said of it.
        0x02 if !chip.ram.selected => Err(Halt::Sw(Sw::NO_FILE)),
        0x02 if answers_nothing => select_file(chip, &command.data),
        _ => Err(Halt::Sw(Sw::PARAMETERS)),
    }
}

fn select_application(chip: &mut Inner, name: &[u8]) -> Outcome {
    if name != AID {
        return Err(Halt::Sw(Sw::NO_FILE));
    }
    chip.ram.selected = true;
    chip.ram.file = None;
    chip.ram.verified = Default::default();
    chip.ram.session = None;
    let terminated = chip.state.life() == Life::Terminated;
    Ok(if terminated { Answer { data: Vec::new(), sw: Sw::TERMINATED } } else { Answer::DONE })
}

fn select_file(chip: &mut Inner, number: &[u8]) -> Outcome {
    if chip.state.life() == Life::Terminated {
        return Err(Halt::Sw(Sw::CONDITIONS));
    }
    let number: [u8; 2] = number.try_into().map_err(|_| Sw::LENGTH)?;
    chip.ram.file = Some(chip.existing(File::from_id(u16::from_be_bytes(number)))?);
    Ok(Answer::DONE)
}

/// READ BINARY of the selected file, or of one named by its SFI.
pub(super) fn read_binary(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    if !command.data.is_empty() {
        return Err(Halt::Sw(Sw::LENGTH));
    }
    let (file, offset) = if command.p1 & 0x80 == 0 {
        let offset = u16::from_be_bytes([command.p1, command.p2]);
        (chip.ram.file.ok_or(Sw::NO_CURRENT_FILE)?, usize::from(offset))
    } else if command.p1 & 0x1F == 0 {
        return Err(Halt::Sw(Sw::PARAMETERS));
    } else {
        (chip.file_of(command.p1)?, usize::from(command.p2))
    };
    let content = content(chip, file)?;
    let there = content.get(offset..).filter(|there| !there.is_empty()).ok_or(Sw::OFFSET)?;
    let wanted = command.le.unwrap_or(Le::Short);
    let end = matches!(wanted, Le::Exactly(octets) if usize::from(octets) > there.len());
    let data = there[..there.len().min(wanted.most())].to_vec();
    Ok(Answer { data, sw: if end { Sw::END_OF_FILE } else { Sw::OK } })
}

/// What stands in a file, when it may be read now.
fn content(chip: &Inner, file: File) -> Result<Vec<u8>, Sw> {
    let in_force = |place: PinKind| chip.state.place(place).and_then(|place| place.in_force.as_ref());
    match file {
        File::Certificate(place) => {
            if place == PinKind::Signing && !chip.ram.verified[slot(place)] {
                return Err(Sw::SECURITY);
            }
            Ok(filled(in_force(place).map(|found| &found.certificate[..])))
        }
        File::CaCertificate(place) => Ok(filled(chip.place(place)?.ca_certificate.as_deref())),
        File::TokenInfo => Ok(token::content(chip.state.layout(), &chip.state.card_id()).to_vec()),
        File::Presence => {
            let there = |place| if in_force(place).is_some() { 0x8F } else { 0x00 };
            Ok(vec![there(PinKind::Signing), there(PinKind::Authentication), 0x00])
        }
        File::Closed | File::TerminalKey => Err(Sw::SECURITY),
        File::Key(_) | File::Pin(_) => Err(Sw::FILE_KIND),
    }
}

/// The file of a certificate: `FF` behind it, and nothing but `FF` without one.
fn filled(certificate: Option<&[u8]>) -> Vec<u8> {
    let mut file = certificate.unwrap_or_default().to_vec();
    file.resize(CERTIFICATE_SIZE, 0xFF);
    file
}
