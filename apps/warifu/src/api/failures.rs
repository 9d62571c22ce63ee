//! Failed sign-ins, counted per address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Addresses remembered at a time; beyond that the oldest minute is forgotten early.
const ADDRESSES: usize = 10_000;
const MINUTE: Duration = Duration::from_secs(60);

/// How often each address has failed in its present minute.
#[derive(Debug)]
pub(super) struct Failures {
    allowed: u32,
    seen: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Failures {
    pub(super) fn new(allowed: u32) -> Self {
        Self { allowed, seen: Mutex::default() }
    }

    /// Notes a failure.
    pub(super) fn note(&self, address: IpAddr, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ADDRESSES {
            seen.retain(|_, (since, _)| now.duration_since(*since) < MINUTE);
            if seen.len() >= ADDRESSES {
                seen.clear();
            }
        }
        let entry = seen.entry(network(address)).or_insert((now, 0));
        if now.duration_since(entry.0) >= MINUTE {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }

    /// Seconds this address must wait, if it has failed too often.
    pub(super) fn must_wait(&self, address: IpAddr, now: Instant) -> Option<u64> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = seen.get(&network(address))?;
        let passed = now.duration_since(*since);
        (*count >= self.allowed && passed < MINUTE).then(|| (MINUTE - passed).as_secs() + 1)
    }
}

/// IPv6 clients have a /64 to themselves and could change addresses at will.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_fails_too_often_waits_until_its_minute_is_over() {
        let failures = Failures::new(3);
        let start = Instant::now();
        let here: IpAddr = "2001:db8::1".parse().expect("an address");
        let neighbour: IpAddr = "2001:db8::ffff".parse().expect("an address");
        let elsewhere: IpAddr = "192.0.2.1".parse().expect("an address");
        for _ in 0..3 {
            assert_eq!(failures.must_wait(here, start), None);
            failures.note(here, start);
        }
        assert_eq!(failures.must_wait(neighbour, start), Some(61));
        assert_eq!(failures.must_wait(elsewhere, start), None);
        assert_eq!(failures.must_wait(here, start + MINUTE), None);
    }

    #[test]
    fn memory_is_bounded() {
        let failures = Failures::new(1);
        for n in 0..(ADDRESSES as u32 + 100) {
            failures.note(IpAddr::from(n.to_be_bytes()), Instant::now());
        }
        assert!(failures.seen.lock().expect("not poisoned").len() <= ADDRESSES);
    }
}
