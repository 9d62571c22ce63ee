-- The Merkle log (K8). Times are microseconds UTC.

-- seq is the entry's index in the log, given by the sequencer after commit. A row is never changed
-- otherwise, and never deleted.
CREATE TABLE ledger_entry (
    id          BIGINT   NOT NULL PRIMARY KEY,
    seq         BIGINT,
    at_us       BIGINT   NOT NULL,
    body        BYTEA    NOT NULL
);
CREATE UNIQUE INDEX ledger_entry_seq ON ledger_entry (seq) WHERE seq IS NOT NULL;
CREATE INDEX ledger_entry_unnumbered ON ledger_entry (at_us, id) WHERE seq IS NULL;

-- What an entry commits to and does not say. Erasing a row breaks no proof.
CREATE TABLE ledger_details (
    entry_id    BIGINT   NOT NULL PRIMARY KEY,
    salt        BYTEA    NOT NULL,
    details     BYTEA    NOT NULL
);

-- The next number of each numbered table. The row is locked while numbers are given.
CREATE TABLE ledger_sequence (
    name        TEXT     NOT NULL PRIMARY KEY,
    next        BIGINT   NOT NULL
);

-- How many entries the tiles cover. One row, id 1.
CREATE TABLE ledger_tree (
    id          SMALLINT NOT NULL PRIMARY KEY,
    size        BIGINT   NOT NULL
);

-- Hash tiles: 32 octets per hash, width of them. A tile of width 256 never changes; a narrower one only grows.
CREATE TABLE ledger_tile (
    level       SMALLINT NOT NULL,
    idx         BIGINT   NOT NULL,
    width       SMALLINT NOT NULL,
    hashes      BYTEA    NOT NULL,
    PRIMARY KEY (level, idx)
);

-- Every checkpoint ever published, with the public key that opens it.
CREATE TABLE ledger_checkpoint (
    size        BIGINT   NOT NULL PRIMARY KEY,
    root        BYTEA    NOT NULL,
    note        TEXT     NOT NULL,
    verifier    TEXT     NOT NULL,
    signed_us   BIGINT   NOT NULL
);

-- Which process numbers just now. It saves work; what makes numbering safe is the lock on ledger_sequence.
CREATE TABLE ledger_lease (
    name        TEXT     NOT NULL PRIMARY KEY,
    holder      BIGINT   NOT NULL,
    until_us    BIGINT   NOT NULL
);
