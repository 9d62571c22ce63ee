//! Money.

/// An amount in yen: whole, and negative where something is paid back.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Yen(pub i64);

impl std::fmt::Display for Yen {
    /// With separators between thousands: `7,800`. The unit is the page's affair: 円, yen.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        for (yen, text) in [(0, "0"), (780, "780"), (7_800, "7,800"), (-1_234_567, "-1,234,567")] {
            assert_eq!(Yen(yen).to_string(), text);
        }
    }
}
