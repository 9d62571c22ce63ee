//! What registers hand in: names, addresses, choices of substitutes, days of birth. Any text.
#![no_main]

use core_moji::{Repertoire, birth::BirthDay, check, jpki, kana, substitute, substitute::Choice};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let text = String::from_utf8_lossy(octets);
    if let Ok(day) = BirthDay::of_digits(&text) {
        assert_eq!(day.digits(), text, "what was read is written again");
    }
    let form = kana::katakana(&text);
    assert_eq!(kana::katakana(&form), form);
    let Ok(name) = jpki::name([&*text]) else { return };
    let chosen: Vec<_> = check(&name, Repertoire::JPKI)
        .map(|found| (found.at, found.candidates().next().map_or("ヨミ".to_owned(), |first| first.character.into())))
        .collect();
    let choices: Vec<_> = chosen.iter().map(|(at, with)| Choice { at: *at, with }).collect();
    let done = substitute(&name, Repertoire::JPKI, &choices).expect("each was offered");
    assert!(check(&done.text, Repertoire::JPKI).next().is_none(), "it fits now");
    assert_eq!(done.text.chars().count(), done.flags.len());
    assert!(core_moji::substitute::is_of(&done.text, &done.flags, &name, Repertoire::JPKI));
});
