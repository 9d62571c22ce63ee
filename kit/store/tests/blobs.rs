//! Blobs are whole or not there.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use kit_store::{
    StoreError,
    blobs::{BlobStore, DirectoryBlobs, MAX_NAME},
    testing,
};
use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
};

fn fresh() -> (testing::Place, DirectoryBlobs) {
    let place = testing::Place::sqlite();
    let blobs = DirectoryBlobs::open(place.file().with_file_name("blobs")).unwrap();
    (place, blobs)
}

fn files(blobs: &DirectoryBlobs, directory: &str) -> usize {
    fs::read_dir(blobs.path(directory).unwrap()).map_or(0, Iterator::count)
}

#[test]
fn a_blob_appears_when_it_is_finished() {
    let (_place, blobs) = fresh();
    let mut writer = blobs.writer("lists/ca/1.crl").unwrap();
    writer.write_all(b"half ").unwrap();
    assert!(blobs.open("lists/ca/1.crl").unwrap().is_none());
    assert!(blobs.list("").unwrap().is_empty());
    writer.write_all(b"whole").unwrap();
    writer.finish().unwrap();
    assert_eq!(blobs.get("lists/ca/1.crl", 100).unwrap().unwrap(), b"half whole");
    assert_eq!(files(&blobs, "lists/ca"), 1);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let (_place, blobs) = fresh();
    blobs.put("a/b", b"first").unwrap();
    let mut writer = blobs.writer("a/b").unwrap();
    writer.write_all(b"second").unwrap();
    drop(writer);
    assert_eq!(blobs.get("a/b", 100).unwrap().unwrap(), b"first");
    assert_eq!(files(&blobs, "a"), 1);
}

#[test]
fn the_head_can_be_written_last() {
    let (_place, blobs) = fresh();
    let mut writer = blobs.writer("x").unwrap();
    writer.write_all(b"????body").unwrap();
    writer.seek(SeekFrom::Start(0)).unwrap();
    writer.write_all(b"head").unwrap();
    writer.finish().unwrap();
    assert_eq!(blobs.get("x", 8).unwrap().unwrap(), b"headbody");
}

#[test]
fn a_reader_keeps_what_it_opened() {
    let (_place, blobs) = fresh();
    blobs.put("x", b"old").unwrap();
    let mut old = blobs.open("x").unwrap().unwrap();
    blobs.put("x", b"newer").unwrap();
    let mut text = String::new();
    old.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), old.size()), ("old", 3));
    assert!(blobs.delete("x").unwrap());
    assert!(!blobs.delete("x").unwrap());
    assert!(blobs.open("x").unwrap().is_none());
}

#[test]
fn what_a_crash_left_is_swept() {
    let (place, blobs) = fresh();
    blobs.put("a/b", b"whole").unwrap();
    // As a killed process leaves it: no destructor runs.
    std::mem::forget(blobs.writer("a/c").unwrap());
    assert_eq!(files(&blobs, "a"), 2);
    let root = place.file().with_file_name("blobs");
    // Who only reads does not sweep: the owner may be writing.
    assert_eq!(DirectoryBlobs::for_reading(&root).list("").unwrap(), ["a/b"]);
    assert_eq!(files(&blobs, "a"), 2);
    let blobs = DirectoryBlobs::open(&root).unwrap();
    assert_eq!(files(&blobs, "a"), 1);
    assert_eq!(blobs.get("a/b", 5).unwrap().unwrap(), b"whole");
}

#[test]
fn names_are_listed_in_order_and_by_prefix() {
    let (_place, blobs) = fresh();
    for name in ["tile/0/001", "tile/0/000", "tile/1/000", "checkpoint", "tile.old"] {
        blobs.put(name, name.as_bytes()).unwrap();
    }
    assert_eq!(blobs.list("tile/0/").unwrap(), ["tile/0/000", "tile/0/001"]);
    assert_eq!(blobs.list("").unwrap(), ["checkpoint", "tile.old", "tile/0/000", "tile/0/001", "tile/1/000"]);
    assert!(blobs.open("tile/0").unwrap().is_none());
    assert!(blobs.open("checkpoint/x").unwrap().is_none());
}

#[test]
fn no_name_leaves_the_directory() {
    let (_place, blobs) = fresh();
    let long = "x".repeat(MAX_NAME + 1);
    for name in [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/",
        ".partial-1",
        "a/.hidden",
        "ä",
        "a b",
        "a\0",
        &long,
    ] {
        assert!(matches!(blobs.put(name, b""), Err(StoreError::Io(_))), "{name:?}");
        assert!(blobs.open(name).is_err() && blobs.delete(name).is_err(), "{name:?}");
    }
    blobs.put(&"x".repeat(200), b"").unwrap();
}

#[test]
fn a_blob_that_is_too_long_is_not_read() {
    let (_place, blobs) = fresh();
    blobs.put("x", b"12345").unwrap();
    assert!(blobs.get("x", 4).is_err());
    assert_eq!(blobs.get("y", 4).unwrap(), None);
}
