//! wrk: sends the same rotating set of bodies to us and to peers.

use crate::{command, house::House};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Where a load goes.
pub(in crate::bench) struct Goal<'a> {
    /// `http://127.0.0.1:PORT/PATH`
    pub(in crate::bench) url: String,
    /// One body a line.
    pub(in crate::bench) bodies: PathBuf,
    /// For the header `Authorization`.
    pub(in crate::bench) token: Option<&'a str>,
}

/// What came of a load.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::bench) struct Load {
    /// Answers 2xx per second.
    pub(in crate::bench) per_second: f64,
    /// Latencies in seconds.
    pub(in crate::bench) p50: f64,
    /// The same.
    pub(in crate::bench) p99: f64,
    /// Answers that were not 2xx.
    pub(in crate::bench) refused: u64,
    /// Connections refused or cut, answers that did not come.
    pub(in crate::bench) errors: u64,
    /// Requests in all.
    pub(in crate::bench) requests: u64,
}

/// Loads `goal` from one thread over `connections`, beginning with the body number `first`.
pub(in crate::bench) fn load(
    house: &House,
    goal: &Goal<'_>,
    connections: u32,
    seconds: u32,
    first: u64,
) -> Result<Load> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c", &connections.to_string(), "-d", &format!("{seconds}s"), "--timeout", "20s", "-s"])
        .arg(house.path("tests/bench/rotate.lua"))
        .arg(&goal.url)
        .env("BODIES", &goal.bodies)
        .env("FIRST", first.to_string());
    if let Some(token) = goal.token {
        wrk.env("TOKEN", token);
    }
    let said = command::capture(&mut wrk)?;
    parse(&said).with_context(|| format!("wrk said something unknown:\n{said}"))
}

fn parse(said: &str) -> Option<Load> {
    let line = said.lines().find_map(|line| line.strip_prefix("RES "))?;
    let numbers: Vec<u64> = line.split(' ').map_while(|n| n.parse().ok()).collect();
    let [requests, micros, refused, errors, p50, p99] = numbers[..] else { return None };
    let micro = |n: u64| n as f64 / 1e6;
    let per_second = requests.saturating_sub(refused) as f64 / micro(micros.max(1));
    Some(Load { per_second, p50: micro(p50), p99: micro(p99), refused, errors, requests })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_line_of_the_script_is_read() {
        let load = super::parse("Running 5s\nRES 1010 2000000 10 1 1500 20000\n").expect("a line");
        assert_eq!((load.per_second, load.p50, load.p99), (500.0, 0.0015, 0.02));
        assert_eq!((load.refused, load.errors, load.requests), (10, 1, 1010));
        assert!(super::parse("nothing").is_none());
    }
}
