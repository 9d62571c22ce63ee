//! The tables of commands and answers in `tables/`, played against the card (J16). `tables/README.md` tells their form.

use core_card::{
    Chip,
    memory::TestMemory,
    report::Kind,
    state::{Layout, State},
    testing::{self, Talk},
};
use core_crypto::KeyAlg;
use kit_keys::{Provider, testing::key};
use std::sync::Arc;

/// What one octet of an answer may be.
type Expected = Vec<Option<u8>>;

/// A step of a table.
#[derive(Debug)]
enum Step {
    Card(String),
    Reset,
    Command { command: Vec<u8>, expected: Expected },
}

/// Octets in hexadecimal, `"text"`, `??` for any octet, each with `*n` behind it for n of them.
fn octets(text: &str) -> Option<Expected> {
    let mut out = Vec::new();
    for word in text.split_whitespace() {
        let (what, times) = match word.split_once('*') {
            Some((what, times)) => (what, times.parse().ok()?),
            None => (word, 1usize),
        };
        let run: Expected = if let Some(quoted) = what.strip_prefix('"') {
            quoted.strip_suffix('"')?.bytes().map(Some).collect()
        } else if what == "??" {
            vec![None]
        } else {
            let hex = |at: usize| u8::from_str_radix(what.get(at..at + 2)?, 16).ok();
            (0..what.len()).step_by(2).map(|at| hex(at).map(Some)).collect::<Option<_>>()?
        };
        out.extend(run.repeat(times));
    }
    Some(out)
}

fn step(line: &str) -> Option<Step> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line == "reset" {
        return Some(Step::Reset);
    }
    if let Some(card) = line.strip_prefix("card ") {
        return Some(Step::Card(card.trim().into()));
    }
    let (command, expected) = line.split_once("=>")?;
    let command = octets(command)?.into_iter().collect::<Option<_>>()?;
    Some(Step::Command { command, expected: octets(expected)? })
}

fn steps(name: &str, text: &str) -> Vec<(usize, Step)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(number, line)| {
            (number, step(line).unwrap_or_else(|| panic!("{name}:{number} is no line of a table: {line}")))
        })
        .collect()
}

fn card(words: &str) -> State {
    let layout = if words.contains("signing-only") { Layout::SigningOnly } else { Layout::Both };
    let (kind, alg) =
        if words.contains("p384") { (Kind::P384, KeyAlg::P384) } else { (Kind::Rsa2048, KeyAlg::Rsa2048) };
    if words.contains("blank") {
        return testing::blank(kind, layout, false);
    }
    let keys = [0, 1].map(|number| key(alg, number).to_pkcs8().expect("a key"));
    testing::ready(kind, layout, &Provider, &[&keys[0], &keys[1]]).expect("keys of the card's kind")
}

fn talk(words: &str) -> Talk {
    let state = card(words);
    let mut talk = Talk::new(state.clone(), TestMemory::new(&state), Arc::new(Provider));
    if words.contains("terminated") {
        talk.select().expect("answers");
        talk.authenticate(core_card::protocol::KeyName::Issuer, &[0xA1; 32]).expect("answers");
        assert!(talk.sealed([0x04, 0xFE, 0, 0], &[], true).expect("answers").sw.is_ok());
        talk.card.power_on();
    }
    talk
}

/// Plays a table; the lines whose answer was another.
fn faults(name: &str, text: &str) -> Vec<String> {
    let mut now = talk("rsa both ready");
    let mut faults = Vec::new();
    for (number, step) in steps(name, text) {
        match step {
            Step::Card(words) => now = talk(&words),
            Step::Reset => now.card.power_on(),
            Step::Command { command, expected } => {
                let answer = now.card.answer(&command).expect("a card with power answers");
                let fits = answer.len() == expected.len()
                    && answer.iter().zip(&expected).all(|(is, may)| may.is_none_or(|may| *is == may));
                if !fits {
                    let shown: String = answer.iter().map(|octet| format!("{octet:02X}")).collect();
                    let shown = if shown.len() > 80 {
                        format!("{}…{}", &shown[..40], &shown[shown.len() - 4..])
                    } else {
                        shown
                    };
                    faults.push(format!(
                        "{name}:{number}: {shown} ({} octets, {} expected)",
                        answer.len(),
                        expected.len()
                    ));
                }
            }
        }
    }
    faults
}

macro_rules! tables {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("tables/", $name, ".apdu")))),*] };
}

const TABLES: [(&str, &str); 7] =
    tables!["data", "frames", "layouts", "opensc", "pins", "select", "signatures"];

#[test]
fn j16_every_table_is_answered_as_it_says() {
    let faults: Vec<String> = TABLES.iter().flat_map(|(name, text)| faults(name, text)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A judge that cannot say no is no judge: each status word in the tables, replaced by another, is found.
#[test]
fn j16_a_wrong_line_of_a_table_is_found() {
    for (name, text) in TABLES {
        let wrong: Vec<String> = text
            .lines()
            .map(|line| match line.split_once("=>") {
                Some((command, _)) => format!("{command}=> 12 34"),
                None => line.to_owned(),
            })
            .collect();
        let commands = text.lines().filter(|line| !line.starts_with('#') && line.contains("=>")).count();
        assert_eq!(faults(name, &wrong.join("\n")).len(), commands, "{name}");
    }
}
