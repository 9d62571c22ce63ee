//! Passwords of people, hashed by argon2id (RFC 9106) into PHC strings (K9).
//!
//! ```text
//! $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH      salt of 16 octets and hash of 32, base64 without padding
//! ```

use crate::KdfCost;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use core_crypto::{Dice, PasswordHash};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

const SALT: usize = 16;
const HASH: usize = 32;
/// The longest PHC string that is looked at; ours have 97 characters.
const MAX_PHC: usize = 200;

/// argon2id at a fixed cost. Hashes of other bearable costs verify too, so the cost can be raised later.
#[derive(Clone, Copy, Debug)]
pub struct Argon2id {
    cost: KdfCost,
}

impl Default for Argon2id {
    /// 19 MiB, 2 passes, 1 lane: what OWASP's Password Storage Cheat Sheet asks of argon2id for sign-in.
    fn default() -> Self {
        Self { cost: KdfCost { memory_kib: 19 * 1024, passes: 2, lanes: 1 } }
    }
}

impl Argon2id {
    /// At a cost of one's own: for tests.
    ///
    /// # Panics
    /// When argon2 has no such cost.
    pub fn at(cost: KdfCost) -> Self {
        assert!(params(cost).is_some(), "argon2 has no cost {cost:?}");
        Self { cost }
    }
}

impl PasswordHash for Argon2id {
    fn hash(&self, password: &[u8], dice: &dyn Dice) -> String {
        let mut salt = [0; SALT];
        dice.fill(&mut salt);
        let hash = derive(password, &salt, self.cost).expect("the cost was checked when it was chosen");
        let KdfCost { memory_kib, passes, lanes } = self.cost;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(*hash));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}")
    }

    fn verify(&self, password: &[u8], phc: &str) -> bool {
        let Some((cost, salt, hash)) = parse(phc) else { return false };
        derive(password, &salt, cost).is_some_and(|derived| derived.as_slice().ct_eq(&hash).into())
    }
}

/// What a sign-in may cost at most, whatever a stored row says: 256 MiB and 16 passes.
fn params(cost: KdfCost) -> Option<Params> {
    let bearable = cost.memory_kib <= 256 * 1024 && cost.passes <= 16 && cost.lanes <= 16;
    Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH)).ok().filter(|_| bearable)
}

fn derive(password: &[u8], salt: &[u8], cost: KdfCost) -> Option<Zeroizing<[u8; HASH]>> {
    let params = params(cost)?;
    let mut blocks = vec![argon2::Block::default(); params.block_count()];
    let mut out = Zeroizing::new([0; HASH]);
    let result = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        password,
        salt,
        &mut *out,
        &mut blocks,
    );
    blocks.zeroize();
    result.ok().map(|()| out)
}

/// Reads the one form that is written here, strictly.
fn parse(phc: &str) -> Option<(KdfCost, Vec<u8>, [u8; HASH])> {
    if phc.len() > MAX_PHC {
        return None;
    }
    let rest = phc.strip_prefix("$argon2id$v=19$")?;
    let mut parts = rest.split('$');
    let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut costs = costs.split(',');
    let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let cost = KdfCost { memory_kib: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
    if parts.next().is_some() || costs.next().is_some() {
        return None;
    }
    let salt = STANDARD_NO_PAD.decode(salt).ok().filter(|salt| salt.len() >= 8)?;
    Some((cost, salt, STANDARD_NO_PAD.decode(hash).ok()?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CHEAP, SeededDice};

    #[test]
    fn k9_the_right_password_leads_to_the_hash_and_no_other_does() {
        let hasher = Argon2id::at(CHEAP);
        let phc = hasher.hash("ひらけごま".as_bytes(), &SeededDice::new(1));
        assert!(hasher.verify("ひらけごま".as_bytes(), &phc));
        for wrong in ["ひらけごま ", "ひらけご", "", "開けごま"] {
            assert!(!hasher.verify(wrong.as_bytes(), &phc), "{wrong}");
        }
        // Another cost than today's still verifies; the same password twice has two hashes.
        assert!(Argon2id::default().verify("ひらけごま".as_bytes(), &phc));
        assert_ne!(phc, hasher.hash("ひらけごま".as_bytes(), &SeededDice::new(2)));
    }

    #[test]
    fn k9_the_cost_is_the_one_that_owasp_asks_for() {
        let phc = Argon2id::default().hash(b"password", &SeededDice::new(1));
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(Argon2id::default().verify(b"password", &phc));
    }

    /// Made by the reference implementation: `echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32`.
    #[test]
    fn hashes_of_the_reference_implementation_verify() {
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(Argon2id::default().verify(b"password", phc));
        assert!(!Argon2id::default().verify(b"Password", phc));
    }

    #[test]
    fn what_is_no_phc_string_verifies_nothing() {
        let hasher = Argon2id::at(CHEAP);
        let good = hasher.hash(b"x", &SeededDice::new(1));
        let broken = [
            String::new(),
            good.replace("argon2id", "argon2i"),
            good.replace("v=19", "v=16"),
            good.replace("m=32", "m=4194304"),
            good.replace("t=1", "t=1000"),
            good.replace("p=1", "p=1,x=1"),
            format!("{good}$"),
            format!("{good}="),
            good[..good.len() - 2].to_owned(),
            format!("{good}{}", "A".repeat(MAX_PHC)),
        ];
        for phc in broken {
            assert!(!hasher.verify(b"x", &phc), "{phc}");
        }
    }
}
