//! Lock-out: so many wrong tries in a row close the door for a while (K9).
//!
//! A try is counted *before* it is judged and taken back when it was right, so that a hundred tries at once are no
//! more than a hundred one after another. Logins are counted whether there is such an account or not.

use core_crypto::Digest;
use core_words::UtcMicros;
use kit_store::{StoreError, Tx, params};
use std::net::IpAddr;

/// SHA-256 of what is counted.
pub(crate) type Key = [u8; 32];

/// The key of an applicant's login.
pub(crate) fn login_key(digest: &dyn Digest, login: &str) -> Key {
    digest.sha256(format!("login\0{login}").as_bytes())
}

/// The key of a second secret, by its name.
pub(crate) fn secret_key(digest: &dyn Digest, name: &str) -> Key {
    digest.sha256(format!("secret\0{name}").as_bytes())
}

/// The key of an address. Of IPv6 the first 64 bits: whoever has one address there has them all.
pub(crate) fn address_key(digest: &dyn Digest, address: IpAddr) -> Key {
    let text = match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
    };
    digest.sha256(format!("address\0{text}").as_bytes())
}

/// How many, for how long; spans in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) attempts: i64,
    pub(crate) lock: i64,
    pub(crate) forget: i64,
}

/// What stands about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    wrong: i64,
    last: UtcMicros,
    locked: Option<UtcMicros>,
}

/// Whether a try may be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Try {
    /// No: the door is closed. Not counted.
    Closed,
    /// Yes; counted, and this is not the last one.
    Open,
    /// Yes; counted, and the door is closed behind it until it turns out to be right.
    Last,
}

impl Rule {
    /// What a try does to the count. Closed until, and not including, the moment the lock ends.
    fn count(self, before: Option<Count>, now: UtcMicros) -> (Try, Option<Count>) {
        let wrong = match before {
            Some(Count { locked: Some(until), .. }) if now < until => return (Try::Closed, None),
            Some(Count { locked: Some(_), .. }) | None => 0,
            Some(Count { last, .. }) if now.since(last) >= self.forget => 0,
            Some(Count { wrong, .. }) => wrong,
        };
        let wrong = wrong + 1;
        let closes = wrong >= self.attempts;
        let count = Count { wrong, last: now, locked: closes.then(|| now.plus_micros(self.lock)) };
        (if closes { Try::Last } else { Try::Open }, Some(count))
    }
}

/// Counts a try.
pub(crate) fn count(tx: &mut Tx, key: &Key, rule: Rule, now: UtcMicros) -> Result<Try, StoreError> {
    let sql = "SELECT wrong, last_us, locked_us FROM gate_attempt WHERE key = $1";
    let before = tx.query_opt(sql, params![key])?;
    let before = before
        .map(|row| Ok::<_, StoreError>(Count { wrong: row.get(0)?, last: row.get(1)?, locked: row.get(2)? }))
        .transpose()?;
    let (verdict, after) = rule.count(before, now);
    if let Some(after) = after {
        tx.execute(
            "INSERT INTO gate_attempt (key, wrong, last_us, locked_us) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (key) DO UPDATE SET wrong = excluded.wrong, last_us = excluded.last_us, \
             locked_us = excluded.locked_us",
            params![key, after.wrong, after.last, after.locked],
        )?;
    }
    Ok(verdict)
}

/// The try was right: nothing is held against the key any more.
pub(crate) fn clear(tx: &mut Tx, key: &Key) -> Result<(), StoreError> {
    tx.execute("DELETE FROM gate_attempt WHERE key = $1", params![key]).map(|_| ())
}

/// The try was right: this one is taken back, those before it stay. Of an address, from which others may try as well.
pub(crate) fn take_back(tx: &mut Tx, key: &Key) -> Result<(), StoreError> {
    let sql = "UPDATE gate_attempt SET wrong = wrong - 1, locked_us = NULL WHERE key = $1 AND wrong > 0";
    tx.execute(sql, params![key]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { attempts: 3, lock: 1_800_000_000, forget: 86_400_000_000 };
    const START: UtcMicros = UtcMicros(1_790_000_000_000_000);

    #[test]
    fn k9_three_wrong_tries_close_the_door_for_thirty_minutes_to_the_microsecond() {
        let mut count = None;
        for expected in [Try::Open, Try::Open, Try::Last] {
            let (verdict, after) = RULE.count(count, START);
            assert_eq!(verdict, expected);
            count = after;
        }
        let end = START.plus_seconds(30 * 60);
        assert_eq!(RULE.count(count, START).0, Try::Closed);
        assert_eq!(RULE.count(count, end.plus_micros(-1)), (Try::Closed, None));
        // Then it begins anew, with two more tries after this one.
        let (verdict, after) = RULE.count(count, end);
        assert_eq!((verdict, after.map(|a| a.wrong)), (Try::Open, Some(1)));
    }

    #[test]
    fn k9_wrong_tries_are_forgotten_after_a_day_without_one() {
        let two = Some(Count { wrong: 2, last: START, locked: None });
        assert_eq!(RULE.count(two, START.plus_micros(RULE.forget - 1)).0, Try::Last);
        assert_eq!(RULE.count(two, START.plus_micros(RULE.forget)).0, Try::Open);
    }

    #[test]
    fn addresses_are_counted_by_what_one_subscriber_has() {
        let key = |text: &str| address_key(&kit_keys::Provider, text.parse().expect("an address"));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
