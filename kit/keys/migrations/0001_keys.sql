-- Software keys at rest (K15). Nothing here opens a key without the passphrase.

-- The master key, wrapped under the passphrase: one row, number 1.
-- check_value tells a wrong passphrase from a damaged seal; it does not help to find the passphrase faster.
CREATE TABLE keys_seal (
    number      SMALLINT NOT NULL PRIMARY KEY,
    memory_kib  BIGINT   NOT NULL,
    passes      BIGINT   NOT NULL,
    lanes       BIGINT   NOT NULL,
    salt        BYTEA    NOT NULL,
    check_value BYTEA    NOT NULL,
    wrapped     BYTEA    NOT NULL,
    changed_us  BIGINT   NOT NULL
);

-- Private keys, each sealed under the master key together with everything else in its row but the time.
-- Numbers of algorithms are in src/sealed/rows.rs and are never reused.
CREATE TABLE keys_sealed (
    id          BIGINT   NOT NULL PRIMARY KEY,
    alg         SMALLINT NOT NULL,
    purpose     TEXT     NOT NULL,
    spki        BYTEA    NOT NULL,
    sealed      BYTEA    NOT NULL,
    created_us  BIGINT   NOT NULL
);
