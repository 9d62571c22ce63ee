//! The status tables of the desks as pages, for `cargo xtask regen`: without an argument the names of the desks, with
//! a name its page.
//!
//! The tables are those that the desks work by, not what a text says of them.

// What it prints is what it is for.
#![allow(clippy::print_stdout)]

mod page;
mod requirements;

use core_words::Text;
use page::{Told, page};
use std::process::ExitCode;

/// How a page is made.
type Page = fn() -> String;

/// Name of a desk → its page.
const DESKS: [(&str, Page); 1] = [("claims", claims)];

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        for (name, _) in DESKS {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    match DESKS.iter().find(|(desk, _)| *desk == name) {
        Some((_, page)) => {
            print!("{}", page());
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    }
}

fn claims() -> String {
    let told = Told {
        name: Text::new("電子請求の証明書の窓口", "The claims desk"),
        place: "desks/claims/src/status.rs",
        source: include_str!("../../../desks/claims/src/status.rs"),
    };
    page(&told, &desk_claims::status::TABLE)
}
