//! The receipt of an application under outside readers of PDF (K12): libqpdf reads its objects for what PDF/A-2a and
//! PDF/UA-1 ask of them, poppler its words, fonts and declarations.
//!
//! No full validator of PDF/A is among the judges: veraPDF is distributed in ways that setup cannot pin.

use crate::desk_api::Desk;
use std::path::{Path, PathBuf};
use tests_judges::{Said, poppler, python};

/// The receipts of one application, Japanese and English.
fn receipts(desk: &Desk) -> [PathBuf; 2] {
    ["ja", "en"].map(|lang| {
        let path = format!("/api/v1/claims/cases/{}/receipt.pdf?lang={lang}", desk.waiting());
        desk.house.fetch(&path, Some(&desk.provider.token), &format!("{lang}.pdf"))
    })
}

fn judge(files: &[PathBuf]) -> Said {
    python("pdf_read.py", &[&[PathBuf::from("judge")], files].concat())
}

/// A copy of a PDF with one fault.
fn spoilt(what: &str, file: &Path) -> PathBuf {
    let out = file.with_file_name(format!("{what}.pdf"));
    python("pdf_read.py", &["spoil".as_ref(), what.as_ref(), file, &out]).must_be_yes();
    out
}

#[test]
fn k12_the_receipt_is_an_archives_pdf_and_each_fault_of_one_is_found() {
    let desk = Desk::open();
    let receipts = receipts(&desk);
    judge(&receipts).must_be_yes();
    let [receipt, _] = &receipts;
    for (what, found) in [
        ("part", "XMP says PDF/A-3A, not 2A"),
        ("intent", "0 output intents of PDF/A"),
        ("profile", "is no ICC profile"),
        ("font", "is not embedded"),
        ("unicode", "does not map to Unicode"),
        ("marked", "does not say that it is tagged"),
        ("loose", "draws what is neither tagged nor an artifact"),
        ("action", "it has /OpenAction"),
    ] {
        judge(&[spoilt(what, receipt)]).must_be_no_because(found);
    }
    // An octet that is missing in the middle: every place behind it is another than the file says.
    let mut octets = std::fs::read(receipt).expect("a receipt");
    octets.remove(octets.len() / 2);
    let broken = receipt.with_file_name("broken.pdf");
    std::fs::write(&broken, octets).expect("a writable folder");
    judge(&[broken]).must_be_no_because("syntax: ");
}

#[test]
fn k12_poppler_finds_the_words_and_every_font_within() {
    let desk = Desk::open();
    let words = ["電子証明書 発行申請 受付票", "Receipt of an application"];
    for (receipt, word) in receipts(&desk).iter().zip(words) {
        let file = receipt.to_string_lossy();
        let text = poppler("pdftotext", &["-enc", "UTF-8", &file, "-"]);
        // The name of the provider has what another page language would take for markup.
        for wanted in [word, desk.waiting(), "判定 <&\"> 介護センター", "1310000018"] {
            assert!(text.must_be_yes().text.contains(wanted), "no {wanted} in\n{}", text.text);
        }
        let info = poppler("pdfinfo", &[&file]);
        let told = |key: &str| {
            let line = info.text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            line.unwrap_or_else(|| panic!("no {key}:\n{}", info.text)).trim().to_owned()
        };
        let facts = ["Tagged", "Encrypted", "JavaScript"].map(told);
        assert_eq!(facts, ["yes", "no", "no"]);
        let fonts = poppler("pdffonts", &[&file]);
        // Columns from the right: object (two numbers), uni, sub, emb.
        for font in fonts.must_be_yes().text.lines().skip(2) {
            let columns: Vec<&str> = font.split_whitespace().rev().skip(2).take(3).collect();
            assert_eq!(columns, ["yes"; 3], "{font}");
        }
        assert!(fonts.text.lines().count() > 2, "no font:\n{}", fonts.text);
    }
}
