//! What an archive asks of a PDF (ISO 19005-2, PDF/A-2a), read with lopdf.
//!
//! Typst's writer checks the standard itself and refuses to write what breaks it; this reads the result anew,
//! for the demands that can be read off the objects. It is no substitute for a full validator.

use crate::print;
use core_words::Lang;
use kit_paper::SAMPLES;
use lopdf::{Dictionary, Document, Object};

fn each_sample(check: impl Fn(&str, &[u8], &Document)) {
    for sample in SAMPLES {
        for lang in Lang::ALL {
            let pdf = print(&(sample.make)(lang));
            let document = Document::load_mem(&pdf).expect("a PDF");
            check(&format!("{} {}", sample.name, lang.tag()), &pdf, &document);
        }
    }
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    document.objects.values().filter_map(|object| match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    })
}

fn is(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary.get(key).and_then(Object::as_name).is_ok_and(|found| found == name)
}

#[test]
fn k12_it_says_which_standard_it_keeps_and_who_it_is() {
    each_sample(|name, pdf, document| {
        assert!(pdf.starts_with(b"%PDF-1.7\n%"), "{name}: a header and a comment of high bytes");
        assert!(document.trailer.has(b"ID") && !document.trailer.has(b"Encrypt"), "{name}");
        let catalog = document.catalog().expect("a catalog");
        let metadata = catalog.get(b"Metadata").and_then(Object::as_reference).expect("XMP");
        let xmp = document.get_object(metadata).and_then(Object::as_stream).expect("a stream");
        let xmp = xmp.get_plain_content().expect("readable");
        let xmp = String::from_utf8(xmp).expect("XMP is UTF-8");
        for fact in
            ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "2026-11-20T14:05:00+09:00"]
        {
            assert!(xmp.contains(fact), "{name}: {fact} in {xmp}");
        }
        let lang = if name.ends_with("ja") { "ja" } else { "en" };
        let told = catalog.get(b"Lang").and_then(Object::as_str).expect("a language");
        assert!(told.starts_with(lang.as_bytes()), "{name}");
        let shows = catalog.get(b"ViewerPreferences").and_then(Object::as_dict).expect("preferences");
        assert!(shows.get(b"DisplayDocTitle").and_then(Object::as_bool).expect("told"), "{name}");
    });
}

#[test]
fn k12_colours_and_fonts_are_within() {
    each_sample(|name, _, document| {
        let catalog = document.catalog().expect("a catalog");
        assert!(catalog.has(b"OutputIntents"), "{name}");
        let fonts: Vec<_> = dictionaries(document).filter(|d| is(d, b"Type", b"FontDescriptor")).collect();
        assert!(!fonts.is_empty(), "{name}");
        for font in fonts {
            let embedded = font.has(b"FontFile2") || font.has(b"FontFile3");
            let called = font.get(b"FontName").and_then(Object::as_name).expect("a name");
            assert!(embedded && called[6] == b'+', "{name}: {}", String::from_utf8_lossy(called));
        }
        let faces = dictionaries(document).filter(|d| is(d, b"Type", b"Font") && is(d, b"Subtype", b"Type0"));
        for face in faces {
            assert!(face.has(b"ToUnicode"), "{name}: letters can be copied out");
        }
    });
}

#[test]
fn k12_it_is_tagged_and_its_tables_say_which_cells_are_heads() {
    each_sample(|name, _, document| {
        let catalog = document.catalog().expect("a catalog");
        let marked = catalog.get(b"MarkInfo").and_then(Object::as_dict).expect("marks");
        assert!(marked.get(b"Marked").and_then(Object::as_bool).expect("told"), "{name}");
        assert!(catalog.has(b"StructTreeRoot"), "{name}");
        let has = |tag: &[u8]| dictionaries(document).any(|d| is(d, b"S", tag));
        assert!(has(b"P"), "{name}");
        if !name.starts_with("letter") && !name.starts_with("password") {
            assert!(has(b"Table") && has(b"TH") && has(b"TD") && has(b"H1"), "{name}");
        }
    });
}

#[test]
fn k12_nothing_acts_and_nothing_is_fetched() {
    each_sample(|name, _, document| {
        for key in [b"JS".as_slice(), b"AA", b"OpenAction", b"URI", b"EF", b"F", b"XFA", b"Launch"] {
            assert!(dictionaries(document).all(|d| !d.has(key)), "{name}: {}", String::from_utf8_lossy(key));
        }
    });
}

#[test]
fn sheets_are_a4_upright() {
    each_sample(|name, _, document| {
        for page in document.get_pages().values() {
            let page = document.get_dictionary(*page).expect("a page");
            let frame = page.get(b"MediaBox").and_then(Object::as_array).expect("a size");
            let sides: Vec<f32> = frame.iter().map(|n| n.as_float().expect("a number")).collect();
            assert!(
                (sides[2] - 595.276).abs() < 0.01 && (sides[3] - 841.89).abs() < 0.01,
                "{name}: {sides:?}"
            );
        }
    });
}
