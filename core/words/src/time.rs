//! Time as the house keeps it: microseconds UTC in store and API, whole seconds in X.509.

/// Microseconds since 1970-01-01T00:00:00Z, without leap seconds. The unit of every stored time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcMicros(pub i64);

/// Whole seconds since 1970-01-01T00:00:00Z. The unit of certificates, lists and OCSP answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcSeconds(pub i64);

impl UtcMicros {
    /// The one place where a time loses its fraction: truncation towards the past.
    pub fn whole_seconds(self) -> UtcSeconds {
        UtcSeconds(self.0.div_euclid(1_000_000))
    }

    /// This time and `micros` more; saturates at the ends of the range.
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// This time and `seconds` more; saturates at the ends of the range.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds from `earlier` to this time; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl UtcSeconds {
    /// The first microsecond of this second.
    pub fn micros(self) -> UtcMicros {
        UtcMicros(self.0.saturating_mul(1_000_000))
    }

    /// This time and `seconds` more; saturates at the ends of the range.
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_cut_towards_the_past() {
        assert_eq!(UtcMicros(1_999_999).whole_seconds(), UtcSeconds(1));
        assert_eq!(UtcMicros(-1).whole_seconds(), UtcSeconds(-1));
        assert_eq!(UtcSeconds(7).micros(), UtcMicros(7_000_000));
    }
}
