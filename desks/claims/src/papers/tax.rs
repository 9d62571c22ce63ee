//! The consumption tax in an amount (消費税): rounded down to whole yen, once for each paper and rate, as qualified
//! invoices demand (消費税法施行令 第70条の10).

use core_words::Yen;

/// What of an amount is tax, and what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Without tax (税抜).
    pub net: Yen,
    /// The tax.
    pub tax: Yen,
}

/// Takes an amount that includes the tax (内税) apart. Amounts below zero, which nobody is asked for, are all net.
pub fn within(gross: Yen, percent: u8) -> Split {
    let rate = i128::from(percent);
    let tax = i128::from(gross.0.max(0)) * rate / (100 + rate);
    let tax = Yen(i64::try_from(tax).expect("a part of an i64 is one"));
    Split { net: Yen(gross.0 - tax.0), tax }
}

/// An amount with the tax that is added to it (外税). [`within`] finds the same tax in it again.
pub fn with_tax(net: Yen, percent: u8) -> Yen {
    Yen(net.0.saturating_add(net.0.max(0).saturating_mul(i64::from(percent)) / 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn c3_the_tax_in_the_fee() {
        assert_eq!(within(Yen(7_800), 10), Split { net: Yen(7_091), tax: Yen(709) });
        assert_eq!(within(Yen(7_800), 8), Split { net: Yen(7_223), tax: Yen(577) });
        assert_eq!(within(Yen(11_000), 10), Split { net: Yen(10_000), tax: Yen(1_000) });
        assert_eq!(within(Yen(0), 10), Split { net: Yen(0), tax: Yen(0) });
        assert_eq!(with_tax(Yen(7_806), 8), Yen(8_430));
    }

    proptest! {
        #[test]
        fn c3_net_and_tax_are_the_total_and_the_tax_is_rounded_down(gross in 0..=i64::MAX, percent in 0u8..=100) {
            let Split { net, tax } = within(Yen(gross), percent);
            prop_assert_eq!(net.0 + tax.0, gross);
            let (exact, rate) = (i128::from(gross) * i128::from(percent), 100 + i128::from(percent));
            let tax = i128::from(tax.0);
            prop_assert!(tax * rate <= exact && exact < (tax + 1) * rate);
        }

        #[test]
        fn c3_a_tax_that_was_added_is_found_again(net in 0..1_000_000_000i64, percent in 0u8..=100) {
            let split = within(with_tax(Yen(net), percent), percent);
            prop_assert_eq!(split.net, Yen(net));
        }
    }
}
