use super::*;
use crate::web::{applicant, federation};
use core_words::Lang;
use std::{collections::BTreeSet, path::PathBuf};

#[test]
fn manuals_can_be_read_and_every_link_and_picture_is_there() {
    let book = Handbook::read(FOLDER, &TEXTS, PICTURES).unwrap_or_else(|error| panic!("{error}"));
    let chrome = kit_web::testing::chrome(&[crate::plug::TEXTS]);
    for manual in book.manuals() {
        // The page and the file are called the same.
        assert_eq!(title(&Frame::new(&chrome, Lang::Ja, "/"), manual.name), manual.title);
        assert!(manual.chapters.len() > 4, "{}", manual.name);
    }
}

#[test]
fn pictures_are_small_and_all_of_them_are_shown() {
    let folder = at("docs/manual/claims/pictures");
    let files = std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file"));
    let mut files: BTreeSet<String> =
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    assert!(files.remove("README.md"), "where they come from is said beside them");
    let known: BTreeSet<String> = PICTURES.iter().map(|picture| picture.name.to_owned()).collect();
    assert_eq!(files, known);
    for picture in PICTURES {
        assert!(picture.octets.len() < 60_000, "{} has {} octets", picture.name, picture.octets.len());
    }
}

#[test]
fn the_help_of_every_page_leads_to_a_section_that_is_there() {
    for (guidance, doors) in [
        (FOR_APPLICANTS, applicant::router().doors().to_vec()),
        (FOR_STAFF, federation::router().doors().to_vec()),
    ] {
        for (path, section) in guidance.sections {
            assert!(BOOK.has(section), "{path} leads to {section}, which is not there");
        }
        for door in doors {
            assert!(guidance.section(&door).is_some(), "nothing is said of {door}");
        }
    }
}

#[test]
fn k17_every_manual_is_sound_in_both_languages() {
    kit_web::testing::every_sample_is_sound(&samples(), &[crate::plug::TEXTS]);
}

/// What 「」 names in the manuals but no page of ours shows: what others call theirs.
const OF_OTHERS: [&str; 0] = [];

#[test]
fn what_a_manual_names_is_called_so_on_the_pages() {
    let words = words_on_pages();
    assert!(!words.contains("どこにもない名前"), "whatever is asked for is found");
    let mut wrong = Vec::new();
    for (name, text) in TEXTS {
        for named in quoted(text) {
            if !words.contains(named) && !OF_OTHERS.contains(&named) {
                wrong.push(format!("{name}: 「{named}」"));
            }
        }
    }
    assert!(wrong.is_empty(), "no page says so: {wrong:#?}");
}

/// All that stands between 「 and 」.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('「').skip(1).filter_map(|rest| Some(rest.split_once('」')?.0))
}

/// Every text of the desk, of the gate and of the frame, whole; and what such a text itself names.
fn words_on_pages() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for source in [kit_web::SOURCE, kit_gate::SOURCE, crate::plug::TEXTS] {
        for line in source.ja.iter().flat_map(|file| file.lines()) {
            words.extend(line.split_once(" = ").map(|(_, text)| text.to_owned()));
            words.extend(quoted(line).map(str::to_owned));
        }
    }
    // Names of statuses, acts and menus, and what papers say, stand in the source.
    let mut open = vec![at("desks/claims/src"), at("kit/paper/src")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let inner =
                std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path());
            open.extend(inner.filter(|path| path.file_name().is_none_or(|name| name != "manual")));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            words.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    words
}

fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
