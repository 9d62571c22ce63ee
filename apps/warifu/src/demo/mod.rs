//! `warifu demo`: three years in the life of a public-key infrastructure, in a minute (K1–K4, K8, K14), and one
//! certificate through the claims desk (C1, C4, C5, C9, C14–C21).
//!
//! Everything is done by the parts that any installation has: the deeds of the commands, the server on its
//! socket, the REST API, the repository over HTTP, the jobs. The demo adds a clock that begins in the past and
//! is moved by hand, a thousand subscribers who want certificates, and eyes that check what came out. When it is
//! over the clock shows the present, and everything it leaves in `artifacts/` verifies there.
//!
//! | file | what |
//! |---|---|
//! | `steps` | the story, a step a file |
//! | `tell` | how it is told, what was checked, the table at the end |
//! | `house`, `clock` | the directory and configuration of the installation, and its clock |
//! | `town` | what the steps share: the server, the authorities, the subscribers |
//! | `wanted`, `csr`, `openssl` | who wants which certificate, and the requests |
//! | `client`, `look` | the RA, and a relying party that trusts nobody |
//! | `federation` | two hundred care providers and twenty agents, made of words |
//! | `people`, `browser`, `page` | care providers and staff of the federation, at the pages of the claims desk |

mod browser;
mod client;
mod clock;
mod csr;
mod federation;
mod house;
mod look;
mod openssl;
mod page;
mod people;
mod steps;
mod tell;
mod town;
mod wanted;

use crate::{
    fail::{Exit, Fail, Outcome},
    lang::Lang,
    terminal,
};
use authority_front::Text;
use std::path::PathBuf;
use tell::Teller;

/// How the demo is to be.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// Where; a new temporary directory if nobody says.
    pub data: Option<PathBuf>,
    /// Whether it ends when the story is over.
    pub exit: bool,
    /// The port to listen on; 0 for any.
    pub port: Option<u16>,
    /// The language; both if nobody says.
    pub only: Option<Lang>,
}

/// Plays the demo to its end. [`Exit::Ok`] only if every check passed.
///
/// # Errors
/// The story could not go on.
pub async fn run(demo: &Demo) -> Outcome {
    let mut tell = Teller::new(demo.only, steps::COUNT);
    match steps::play(demo, &mut tell).await {
        Ok(server) => {
            tell.sum_up(true);
            if tell.failures() > 0 {
                server.end().await;
                return Ok(Exit::Refused);
            }
            if demo.exit {
                server.end().await;
            } else {
                server.until_signal().await;
            }
            Ok(Exit::Ok)
        }
        Err(fail) => {
            tell.sum_up(false);
            terminal::print("\n");
            Err(fail)
        }
    }
}

/// Something the story needs did not come about: it is broken off.
fn broken(what: &str, why: &dyn std::fmt::Display) -> Fail {
    Fail::new(
        Exit::CouldNotRun,
        "demo.broken",
        Text::new(
            format!("デモを続けられません: {what}: {why}"),
            format!("The demo cannot go on: {what}: {why}"),
        ),
        Text::new(
            "表示された場所の server.log を見てください。",
            "See server.log in the directory named at the beginning.",
        ),
    )
}
