#!/usr/bin/env python3
"""Verifies an exported ledger from its files alone.

Written from RFC 6962 (section 2.1, the Merkle tree), C2SP signed-note, C2SP tlog-checkpoint and C2SP
tlog-tiles; it shares no code with the program that wrote the files. It needs Python 3.9 and, for the
Ed25519 signature, the package `cryptography`.

    merkle_verify.py DIR                      the key is taken from DIR/key (it then proves consistency, not origin)
    merkle_verify.py DIR --key FILE           the key you got by another way: this proves origin too
    merkle_verify.py DIR --old CHECKPOINT     an older checkpoint that you kept: nothing before it was touched
    merkle_verify.py DIR --entries            also print every entry, one JSON object a line

Exit code 0: everything holds. 1: something does not; the first finding is printed.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TILE = 256  # hashes in a full tile, entries in a full bundle
LONGEST_ENTRY = 4096


class Finding(Exception):
    """What does not hold, as a sentence."""


# --- signed notes -----------------------------------------------------------------------------------------


class Key:
    """A verifier key: name, id, Ed25519 public key."""

    def __init__(self, text):
        match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text.strip())
        if not match:
            raise Finding("the key is not <name>+<id>+<base64>")
        self.name = match[1]
        self.id = bytes.fromhex(match[2])
        typed = base64.b64decode(match[3], validate=True)
        if len(typed) != 33 or typed[0] != 1:
            raise Finding("the key is not an Ed25519 key")
        if hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4] != self.id:
            raise Finding("the key id does not belong to name and key")
        self.public = Ed25519PublicKey.from_public_bytes(typed[1:])

    def open(self, note):
        """The text of a note that this key signed."""
        if any(byte < 0x20 and byte != 0x0A for byte in note):
            raise Finding("the checkpoint holds a control character")
        at = note.rfind(b"\n\n")
        if at < 0 or not note.endswith(b"\n"):
            raise Finding("the checkpoint is not a signed note")
        text, lines = note[: at + 1], note[at + 2 :].decode()
        signed = False
        for line in lines.splitlines():
            match = re.fullmatch("\u2014 ([^+\\s]+) ([A-Za-z0-9+/=]+)", line)
            if not match:
                raise Finding("the checkpoint has a signature line of another form")
            raw = base64.b64decode(match[2], validate=True)
            if match[1] != self.name or raw[:4] != self.id:
                continue  # somebody else's, a witness perhaps
            try:
                self.public.verify(raw[4:], text)
            except InvalidSignature:
                raise Finding("the signature of the checkpoint does not fit") from None
            signed = True
        if not signed:
            raise Finding("the checkpoint bears no signature of this key")
        return text.decode()


class Checkpoint:
    """Origin, size and root hash."""

    def __init__(self, key, note):
        lines = key.open(note).split("\n")
        if len(lines) < 4 or lines[-1] != "":
            raise Finding("the checkpoint has too few lines")
        self.origin = lines[0]
        if not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
            raise Finding("the size in the checkpoint is no number")
        self.size = int(lines[1])
        self.root = base64.b64decode(lines[2], validate=True)
        if len(self.root) != 32:
            raise Finding("the root hash in the checkpoint has not 32 octets")


# --- the tree of RFC 6962 ---------------------------------------------------------------------------------


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(hashes):
    """MTH of section 2.1, over hashes of leaves or of perfect subtrees of equal size."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    row = list(hashes)
    while len(row) > 1:
        # The largest power of two below n splits off to the left; pairing row by row and carrying an odd
        # last one up unchanged is the same tree.
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            above.append(row[-1])
        row = above
    return row[0]


# --- the files of tlog-tiles ------------------------------------------------------------------------------


def number_path(number):
    groups = ["%03d" % (number % 1000)]
    while number >= 1000:
        number //= 1000
        groups.insert(0, "x%03d" % (number % 1000))
    return "/".join(groups)


def tile_files(size, level):
    """The files a log of this size must have at this level: (path, first, width)."""
    count = size // TILE**level
    for index in range(0, (count + TILE - 1) // TILE):
        width = min(TILE, count - index * TILE)
        path = number_path(index) + ("" if width == TILE else ".p/%d" % width)
        yield path, index * TILE, width


def read(folder, *path):
    name = os.path.join(folder, *path)
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise Finding(f"{os.path.relpath(name, folder)} cannot be read: {error.strerror}") from None


def split_bundle(name, octets, width):
    entries = []
    at = 0
    for _ in range(width):
        if at + 2 > len(octets):
            raise Finding(f"{name} holds fewer entries than its name says")
        length = int.from_bytes(octets[at : at + 2], "big")
        at += 2
        if at + length > len(octets):
            raise Finding(f"{name} ends within an entry")
        if length > LONGEST_ENTRY:
            raise Finding(f"{name} has an entry of {length} octets")
        entries.append(octets[at : at + length])
        at += length
    if at != len(octets):
        raise Finding(f"{name} holds more than its name says")
    return entries


def read_entries(folder, size):
    for path, _, width in tile_files(size, 0):
        name = "tile/entries/" + path
        yield from split_bundle(name, read(folder, name), width)


def check_hash_tiles(folder, leaves):
    """Every tile of every level holds exactly the hashes it must."""
    level, row = 0, leaves
    tiles = 0
    while row:
        for path, first, width in tile_files(len(leaves), level):
            name = f"tile/{level}/{path}"
            if read(folder, name) != b"".join(row[first : first + width]):
                raise Finding(f"{name} does not hold the hashes of the entries")
            tiles += 1
        row = [tree_hash(row[i : i + TILE]) for i in range(0, len(row) - TILE + 1, TILE)]
        level += 1
    return tiles


# --- entries: a map of deterministic CBOR (RFC 8949, section 4.2.1) ---------------------------------------

FIELDS = ["version", "kind", "time", "operator", "actor", "subject", "case", "commitment", "object"]
NEEDED = {"version", "kind", "time", "actor", "subject"}


def cbor_head(octets, at):
    """Major type and argument in their shortest form, and where the rest begins."""
    if at >= len(octets):
        raise ValueError("ends early")
    major, short = octets[at] >> 5, octets[at] & 31
    if short < 24:
        return major, short, at + 1
    if short > 27:
        raise ValueError("an indefinite or reserved length")
    width = 1 << (short - 24)
    value = int.from_bytes(octets[at + 1 : at + 1 + width], "big")
    if at + 1 + width > len(octets):
        raise ValueError("ends early")
    if value < (24, 1 << 8, 1 << 16, 1 << 32)[short - 24]:
        raise ValueError("a number that is not in its shortest form")
    return major, value, at + 1 + width


def cbor_value(octets, at):
    major, argument, at = cbor_head(octets, at)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major in (2, 3):
        raw = octets[at : at + argument]
        if len(raw) != argument:
            raise ValueError("ends early")
        return (raw if major == 2 else raw.decode("utf-8")), at + argument
    raise ValueError("a value of another kind")


def decode_entry(octets):
    major, count, at = cbor_head(octets, 0)
    if major != 5:
        raise ValueError("not a map")
    entry, last = {}, -1
    for _ in range(count):
        key, at = cbor_value(octets, at)
        if not isinstance(key, int) or key <= last or key >= len(FIELDS):
            raise ValueError("keys that are unknown, repeated or out of order")
        last = key
        entry[FIELDS[key]], at = cbor_value(octets, at)
    if at != len(octets):
        raise ValueError("octets after the map")
    if not NEEDED <= entry.keys():
        raise ValueError("a field is missing")
    if entry["version"] != 1:
        raise ValueError(f"version {entry['version']}")
    for name in ("commitment", "object"):
        if name in entry and (not isinstance(entry[name], bytes) or len(entry[name]) != 32):
            raise ValueError(f"{name} is no SHA-256 hash")
    return entry


# --- all together -----------------------------------------------------------------------------------------


def verify(folder, key_file, old_file, show):
    key = Key(read(os.path.dirname(key_file) or ".", os.path.basename(key_file)).decode())
    head = Checkpoint(key, read(folder, "checkpoint"))

    leaves = []
    for index, octets in enumerate(read_entries(folder, head.size)):
        leaves.append(leaf_hash(octets))
        try:
            entry = decode_entry(octets)
        except ValueError as error:
            raise Finding(f"entry {index} is not an entry: {error}") from None
        if show:
            plain = {k: v.hex() if isinstance(v, bytes) else v for k, v in entry.items()}
            print(json.dumps({"index": index, **plain}, ensure_ascii=False))

    if tree_hash(leaves) != head.root:
        raise Finding("the entries do not hash to the root of the checkpoint")
    tiles = check_hash_tiles(folder, leaves)
    said = f"{head.origin}: {head.size} entries and {tiles} hash tiles stand under the signed root"

    if old_file:
        old = Checkpoint(key, read(os.path.dirname(old_file) or ".", os.path.basename(old_file)))
        if old.origin != head.origin:
            raise Finding("the older checkpoint is of another ledger")
        if old.size > head.size:
            raise Finding(f"the older checkpoint has {old.size} entries, the ledger only {head.size}")
        if tree_hash(leaves[: old.size]) != old.root:
            raise Finding(f"the first {old.size} entries are not those of the older checkpoint")
        said += f"; the first {old.size} are those of the older checkpoint"
    return said


def main():
    parser = argparse.ArgumentParser(description="Verify an exported ledger from its files alone.")
    parser.add_argument("folder")
    parser.add_argument("--key", help="file with the verifier key; DIR/key when left out")
    parser.add_argument("--old", help="file with an older checkpoint")
    parser.add_argument("--entries", action="store_true", help="print every entry")
    line = parser.parse_args()
    try:
        key = line.key or os.path.join(line.folder, "key")
        print(verify(line.folder, key, line.old, line.entries))
    except (Finding, UnicodeDecodeError, ValueError) as finding:
        print(f"the ledger does not hold: {finding}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
