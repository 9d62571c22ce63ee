-- Authorities and their generations of keys (K1).
-- Times are microseconds UTC. Enum numbers are in src/codes.rs and are never reused.

CREATE TABLE ca_authority (
    id                  TEXT     NOT NULL PRIMARY KEY,
    operator            TEXT     NOT NULL,
    kind                SMALLINT NOT NULL,
    parent              TEXT,
    state               SMALLINT NOT NULL,
    active_generation   SMALLINT NOT NULL,
    partitions          SMALLINT NOT NULL,
    base_url            TEXT     NOT NULL,
    profiles            TEXT     NOT NULL,
    full_every_s        BIGINT   NOT NULL,
    full_life_s         BIGINT   NOT NULL,
    delta_every_s       BIGINT   NOT NULL,
    delta_life_s        BIGINT   NOT NULL,
    soon_s              BIGINT   NOT NULL,
    created_us          BIGINT   NOT NULL
);

-- One key pair of an authority and the certificate it acts under. The old generation goes on signing
-- the lists of the certificates it issued until the last of them has expired.
CREATE TABLE ca_generation (
    authority           TEXT     NOT NULL,
    generation          SMALLINT NOT NULL,
    state               SMALLINT NOT NULL,
    key_id              BIGINT   NOT NULL,
    sig_alg             SMALLINT NOT NULL,
    spki                BYTEA    NOT NULL,
    key_identifier      BYTEA    NOT NULL,
    certificate         BYTEA    NOT NULL,
    not_before_us       BIGINT   NOT NULL,
    not_after_us        BIGINT   NOT NULL,
    created_us          BIGINT   NOT NULL,
    PRIMARY KEY (authority, generation)
);

-- Certificates the repository serves beside the current ones: link and cross certificates.
CREATE TABLE ca_published (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    authority           TEXT     NOT NULL,
    name                TEXT     NOT NULL,
    kind                SMALLINT NOT NULL,
    certificate         BYTEA    NOT NULL,
    created_us          BIGINT   NOT NULL,
    UNIQUE (authority, name)
);

-- Every profile text that was ever in force here, by its hash.
CREATE TABLE ca_profile (
    hash                BYTEA    NOT NULL PRIMARY KEY,
    id                  TEXT     NOT NULL,
    body                TEXT     NOT NULL,
    seen_us             BIGINT   NOT NULL
);

-- Signed records of key ceremonies.
CREATE TABLE ca_ceremony (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    file_hash           BYTEA    NOT NULL UNIQUE,
    record              TEXT     NOT NULL,
    signature           BYTEA,
    held_us             BIGINT   NOT NULL
);

-- Registered RA credentials: who may order what. Tokens are kept as hashes only.
CREATE TABLE ca_orderer (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    name                TEXT     NOT NULL UNIQUE,
    operator            TEXT     NOT NULL,
    token_hash          BYTEA    UNIQUE,
    certificate_hash    BYTEA    UNIQUE,
    authorities         TEXT     NOT NULL,
    profiles            TEXT     NOT NULL,
    state               SMALLINT NOT NULL,
    created_us          BIGINT   NOT NULL
);
