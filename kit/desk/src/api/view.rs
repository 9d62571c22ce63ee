//! What answers have in common: times, and how callers sign in.

use core_words::{UtcMicros, UtcSeconds};
use utoipa::openapi::{
    OpenApi,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// A whole second in RFC 3339, UTC.
#[must_use]
pub fn rfc3339(time: UtcSeconds) -> String {
    jiff::Timestamp::from_second(time.0).map_or_else(|_| "0000-01-01T00:00:00Z".into(), |t| t.to_string())
}

/// A time in RFC 3339, UTC, with its microseconds.
#[must_use]
pub fn rfc3339_micros(time: UtcMicros) -> String {
    jiff::Timestamp::from_microsecond(time.0)
        .map_or_else(|_| "0000-01-01T00:00:00Z".into(), |t| format!("{t:.6}"))
}

/// Describes the security scheme `desk`: the bearer tokens of the gate.
pub fn security(openapi: &mut OpenApi) {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Token of an account: `wt_…`. It may do what the roles of the account allow."))
        .build();
    openapi.components.get_or_insert_default().add_security_scheme("desk", SecurityScheme::Http(token));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k16_times_are_rfc_3339_in_utc() {
        assert_eq!(rfc3339(UtcSeconds(1_774_969_199)), "2026-03-31T14:59:59Z");
        assert_eq!(rfc3339_micros(UtcMicros(1_500_000)), "1970-01-01T00:00:01.500000Z");
        assert_eq!(rfc3339_micros(UtcMicros(i64::MAX)), "0000-01-01T00:00:00Z");
    }
}
