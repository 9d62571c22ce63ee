//! COMPUTE DIGITAL SIGNATURE (CARD.md, section 2).

use super::{Answer, Halt, Inner, Outcome, slot, table::Request};
use crate::{files::File, report::Kind, status::Sw};
use core_crypto::{Digest, HashAlg, Pair, UnfitInput};

/// What P1 asks for.
#[derive(Clone, Copy)]
enum Form {
    /// Padding of block type 1 around the octets as they are.
    Padded,
    /// The same around their hash alone.
    PaddedHash,
    /// The data is a hash.
    Hash,
    /// The data is a message.
    Message,
    /// The data is a hash, to be signed by PSS.
    PssHash,
    /// The data is a message, to be signed by PSS.
    PssMessage,
}

impl Form {
    fn of(kind: Kind, p1: u8) -> Option<Self> {
        match (kind, p1) {
            (Kind::Rsa2048, 0x00) => Some(Self::Padded),
            (Kind::Rsa2048, 0x01) => Some(Self::PaddedHash),
            (Kind::Rsa2048, 0x02) | (Kind::P384, 0x00 | 0x02) => Some(Self::Hash),
            (Kind::Rsa2048 | Kind::P384, 0x03) => Some(Self::Message),
            (Kind::Rsa2048, 0x04) => Some(Self::PssHash),
            (Kind::Rsa2048, 0x05) => Some(Self::PssMessage),
            _ => None,
        }
    }

    fn sign(
        self,
        digest: &dyn Digest,
        pair: &dyn Pair,
        alg: HashAlg,
        data: &[u8],
    ) -> Result<Vec<u8>, UnfitInput> {
        let hash = || digest.hash(alg, data);
        match self {
            Self::Padded => pair.sign_padded(data),
            Self::PaddedHash => pair.sign_padded(hash().as_ref()),
            Self::Hash => pair.sign_hash(alg, data),
            Self::Message => pair.sign_hash(alg, hash().as_ref()),
            Self::PssHash => pair.sign_pss(alg, data),
            Self::PssMessage => pair.sign_pss(alg, hash().as_ref()),
        }
    }
}

/// The hash with which keys of this kind sign.
pub(super) fn hash_of(kind: Kind) -> HashAlg {
    match kind {
        Kind::Rsa2048 => HashAlg::Sha256,
        Kind::P384 => HashAlg::Sha384,
    }
}

/// Signs with the key in force, once its PIN was shown.
pub(super) fn sign(chip: &mut Inner, request: &Request) -> Outcome {
    let command = &request.command;
    let kind = chip.state.kind();
    let form = Form::of(kind, command.p1).ok_or(Sw::PARAMETERS)?;
    let File::Key(place) = chip.file_of(command.p2)? else { return Err(Halt::Sw(Sw::NO_CURRENT_FILE)) };
    if !chip.ram.verified[slot(place)] {
        return Err(Halt::Sw(Sw::SECURITY));
    }
    let tools = chip.tools.clone();
    let pair = chip.pair_in_force(place)?;
    if command.data.is_empty() {
        return Err(Halt::Sw(Sw::DATA));
    }
    let signature = form.sign(&*tools, pair, hash_of(kind), &command.data).map_err(|UnfitInput| Sw::DATA)?;
    Ok(Answer::of(signature))
}
