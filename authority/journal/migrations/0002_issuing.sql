-- Orders and certificates (K3). A row of ca_certificate with no signature is recorded and not yet signed.

CREATE TABLE ca_order (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    orderer             TEXT     NOT NULL,
    idempotency_key     TEXT,
    request_hash        BYTEA    NOT NULL,
    profile             TEXT     NOT NULL,
    profile_hash        BYTEA    NOT NULL,
    subject_ref         TEXT,
    state               SMALLINT NOT NULL,
    created_us          BIGINT   NOT NULL
);
-- Most orders have no key, and cost nothing here.
CREATE UNIQUE INDEX ca_order_key ON ca_order (orderer, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- id is the id of the order, ledger_entry that of the entry that tells of the publication. The certificate is tbs, the algorithm of its generation, and signature.
CREATE TABLE ca_certificate (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    authority           TEXT     NOT NULL,
    generation          SMALLINT NOT NULL,
    partition_no        SMALLINT NOT NULL,
    serial              BYTEA    NOT NULL,
    spki_sha256         BYTEA    NOT NULL,
    not_before_us       BIGINT   NOT NULL,
    not_after_us        BIGINT   NOT NULL,
    tbs                 BYTEA    NOT NULL,
    signature           BYTEA,
    issued_us           BIGINT,
    ledger_entry        BIGINT,
    UNIQUE (authority, serial)
);

-- What a crash left between record and publication: short, whatever the number of certificates.
CREATE INDEX ca_certificate_unsigned ON ca_certificate (id) WHERE signature IS NULL;

-- Public keys ever seen, the subject that uses each, and whether the key is refused (compromised).
CREATE TABLE ca_key (
    spki_sha256         BYTEA    NOT NULL PRIMARY KEY,
    subject_sha256      BYTEA    NOT NULL,
    blocked             SMALLINT NOT NULL,
    uses                BIGINT   NOT NULL
);

-- What happened, for whoever must know. seq is given by the sequencer after commit.
CREATE TABLE ca_feed (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    seq                 BIGINT,
    kind                SMALLINT NOT NULL,
    orderer             TEXT,
    order_id            BIGINT,
    authority           TEXT     NOT NULL,
    serial              BYTEA,
    number              BIGINT,
    at_us               BIGINT   NOT NULL
);
CREATE UNIQUE INDEX ca_feed_seq ON ca_feed (seq) WHERE seq IS NOT NULL;
CREATE INDEX ca_feed_unnumbered ON ca_feed (at_us, id) WHERE seq IS NULL;
-- A range and no IN: SQLite opens a table for the list of an IN at every row that is written.
CREATE INDEX ca_feed_changes ON ca_feed (authority, seq) WHERE kind >= 3 AND kind <= 5;
