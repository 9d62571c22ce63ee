//! The issue password (証明書発行用パスワード): what an applicant must know to apply and to download (C1, C5).

use crate::{no, store::holders, words::HolderId};
use core_crypto::Dice;
use core_words::Refusal;
use kit_gate::Gate;
use kit_store::Db;
use zeroize::Zeroizing;

/// Proof that somebody typed the issue password of a provider. Whether that password is still in force is asked again
/// when something is decided: it may have been replaced in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnewPassword {
    holder: HolderId,
    version: i64,
}

impl KnewPassword {
    /// Whose.
    pub fn holder(self) -> HolderId {
        self.holder
    }

    /// Which of the passwords that they had.
    pub(crate) fn version(self) -> i64 {
        self.version
    }

    #[cfg(test)]
    pub(crate) fn for_rules(holder: HolderId, version: i64) -> Self {
        Self { holder, version }
    }
}

/// Compares what was typed with the provider's issue password, slowly and off the threads of the runtime. Wrong tries
/// are counted as those of a sign-in are.
///
/// # Errors
/// `gate.wrong_secret`, `gate.busy`, `claims.unavailable`.
pub(crate) async fn knows(
    db: &Db,
    gate: &Gate,
    holder: HolderId,
    typed: Zeroizing<String>,
) -> Result<KnewPassword, Refusal> {
    let stored = db.read(move |tx| holders::password(tx, holder)).await.map_err(|error| {
        tracing::error!(%error, "the claims desk's database");
        no::unavailable()
    })?;
    let (phc, version) = stored.unzip();
    let counted_as = format!("claims.provider:{}", holder.0);
    gate.compare(&counted_as, typed, phc).await.map_err(kit_gate::GateError::refusal)?;
    // Without a stored password nothing compares equal.
    Ok(KnewPassword { holder, version: version.unwrap_or(0) })
}

/// Characters of issue passwords: no 0 and O, no 1, I and l, which a letter does not tell apart.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
/// Characters in one: 12 of 56 are 69 bits.
const LENGTH: usize = 12;

/// Draws an issue password.
pub fn draw(dice: &dyn Dice) -> Zeroizing<String> {
    let mut password = Zeroizing::new(String::with_capacity(LENGTH));
    // A multiple of the number of letters below 256: octets above it are drawn again, so that each letter is as
    // likely as the next.
    let fair = 256 - 256 % LETTERS.len();
    while password.len() < LENGTH {
        let mut octet = Zeroizing::new([0]);
        dice.fill(&mut *octet);
        let drawn = usize::from(octet[0]);
        if drawn < fair {
            password.push(char::from(LETTERS[drawn % LETTERS.len()]));
        }
    }
    password
}
