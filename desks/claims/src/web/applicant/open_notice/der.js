// Opening a notice in the browser (C7): nothing here connects anywhere, and the page's policy would not let it.
//
// DER (X.690), read strictly: one octet of tag, a definite length in as few octets as it takes, nothing left over.
"use strict";

// The most octets of a file: a notice is a page of text, a certificate's file has a key and a handful of certificates.
const MOST_OCTETS = 1 << 20;
// The most pieces of one SEQUENCE or SET.
const MOST_PIECES = 200;

// Why something is not opened, by the name of a sentence of the page.
class No extends Error {}

const SEQUENCE = 0x30, SET = 0x31, INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04, OID = 0x06;
// [n], constructed, and primitive.
const inside = (n) => 0xa0 | n;
const plain = (n) => 0x80 | n;

// One piece of DER: its tag, its content, and both together with the length (`whole`).
class Piece {
  // The piece that begins at `at` in `octets`.
  static at(octets, at) {
    const tag = octets[at], first = octets[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) throw new No("form");
    let start = at + 2, length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 3 || start + count > octets.length) throw new No("form");
      length = octets.subarray(start, start + count).reduce((sum, octet) => sum * 256 + octet, 0);
      if (length < 0x80 || octets[start] === 0) throw new No("form");
      start += count;
    }
    if (start + length > octets.length) throw new No("form");
    return new Piece(tag, octets.subarray(start, start + length), octets.subarray(at, start + length));
  }

  // The piece that `octets` are, and nothing else.
  static only(octets) {
    const piece = Piece.at(octets, 0);
    if (piece.whole.length !== octets.length) throw new No("form");
    return piece;
  }

  constructor(tag, content, whole) {
    Object.assign(this, { tag, content, whole });
  }

  // The same, which must have this tag.
  as(tag) {
    if (this.tag !== tag) throw new No("form");
    return this;
  }

  // A walk through what a constructed piece is made of.
  parts(tag = SEQUENCE) {
    this.as(tag);
    const pieces = [];
    for (let at = 0; at < this.content.length; ) {
      const piece = Piece.at(this.content, at);
      pieces.push(piece);
      at += piece.whole.length;
      if (pieces.length > MOST_PIECES) throw new No("form");
    }
    return new Walk(pieces);
  }

  // The one piece in it.
  sole(tag) {
    this.as(tag);
    return Piece.only(this.content);
  }

  // An object identifier, in hexadecimal.
  oid() {
    return hex(this.as(OID).content);
  }

  // A small number.
  number() {
    const { content } = this.as(INTEGER);
    if (content.length === 0 || content.length > 4 || content[0] >= 0x80) throw new No("form");
    return content.reduce((sum, octet) => sum * 256 + octet, 0);
  }
}

class Walk {
  constructor(pieces) {
    this.pieces = pieces;
    this.next_at = 0;
  }

  // The next piece, which must be there and, if one is named, have this tag.
  next(tag) {
    const piece = this.pieces[this.next_at];
    if (!piece || (tag !== undefined && piece.tag !== tag)) throw new No("form");
    this.next_at += 1;
    return piece;
  }

  // The next piece if it has this tag.
  maybe(tag) {
    return this.pieces[this.next_at]?.tag === tag ? this.next() : undefined;
  }

  // All that are left.
  rest() {
    return this.pieces.slice(this.next_at);
  }
}

const hex = (octets) => [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((octet, at) => octet === b[at]);

// DER of a piece of under 64 KiB.
const der = (tag, ...pieces) => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const made = new Uint8Array(1 + head.length + length);
  made.set([tag, ...head]);
  let at = 1 + head.length;
  for (const piece of pieces) {
    made.set(piece, at);
    at += piece.length;
  }
  return made;
};

// Hashes by the object identifiers under which they are named here.
const HASHES = new Map([
  ["608648016503040201", "SHA-256"],
  ["608648016503040202", "SHA-384"],
  ["608648016503040203", "SHA-512"],
]);

// An AlgorithmIdentifier: its object identifier and its parameters, if it has any.
const algorithm = (piece) => {
  const parts = piece.parts();
  const oid = parts.next().oid();
  const [parameters] = parts.rest();
  return { oid, parameters, whole: piece.whole };
};

// The blocks of PEM in a text, by label; undefined when it has none.
const pem = (octets) => {
  const text = new TextDecoder("latin1").decode(octets);
  const blocks = [];
  for (const [, label, body] of text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g)) {
    let binary;
    try {
      binary = atob(body.replace(/\s+/g, ""));
    } catch {
      throw new No("form");
    }
    blocks.push({ label, octets: Uint8Array.from(binary, (c) => c.charCodeAt(0)) });
  }
  return blocks.length ? blocks : undefined;
};

