//! Drawing serial numbers.

use core_crypto::Dice;
use core_words::Serial;

/// Draws a serial number of 159 random bits (K3).
pub fn random_serial(dice: &dyn Dice) -> Serial {
    loop {
        let mut octets = [0; 20];
        dice.fill(&mut octets);
        // Zero comes once in 2^159 draws; then the dice are thrown again.
        if let Some(serial) = Serial::from_random(octets) {
            return serial;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Provider, testing::SeededDice};

    #[test]
    fn every_one_of_159_bits_falls_both_ways() {
        let (mut ones, mut zeros) = ([0u8; 20], [0u8; 20]);
        for _ in 0..200 {
            let serial = random_serial(&Provider);
            for (i, octet) in serial.octets().iter().enumerate() {
                ones[i] |= octet;
                zeros[i] |= !octet;
            }
        }
        assert_eq!((ones[0], zeros[0]), (0x7f, 0xff));
        assert!(ones[1..].iter().chain(&zeros[1..]).all(|octet| *octet == 0xff));
    }

    #[test]
    fn zero_is_drawn_again() {
        struct FirstZero(std::sync::atomic::AtomicBool);
        impl Dice for FirstZero {
            fn fill(&self, out: &mut [u8]) {
                out.fill(u8::from(self.0.swap(true, std::sync::atomic::Ordering::Relaxed)));
            }
        }
        assert_eq!(random_serial(&FirstZero(false.into())).octets(), &[1; 20]);
    }

    #[test]
    fn seeded_dice_draw_the_same_serials_again() {
        assert_eq!(random_serial(&SeededDice::new(7)), random_serial(&SeededDice::new(7)));
        assert_ne!(random_serial(&SeededDice::new(7)), random_serial(&SeededDice::new(8)));
    }
}
