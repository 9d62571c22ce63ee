-- Revocations and lists (K4).

-- The present state of each certificate that was ever revoked or held.
-- segment is NULL while the entry lies in the tail; holds and releases never leave the tail, so a segment never changes.
CREATE TABLE ca_revocation (
    authority           TEXT     NOT NULL,
    serial              BYTEA    NOT NULL,
    certificate_id      BIGINT   NOT NULL,
    generation          SMALLINT NOT NULL,
    partition_no        SMALLINT NOT NULL,
    state               SMALLINT NOT NULL,
    reason              SMALLINT NOT NULL,
    revoked_us          BIGINT   NOT NULL,
    invalidity_us       BIGINT,
    not_after_us        BIGINT   NOT NULL,
    changed_us          BIGINT   NOT NULL,
    segment             BIGINT,
    PRIMARY KEY (authority, serial)
);
-- Packing asks for runs of serials among the revoked alone, and never walks over holds.
CREATE INDEX ca_revocation_tail ON ca_revocation (authority, generation, partition_no, state, serial)
    WHERE segment IS NULL AND state <> 3;

-- Runs of encoded list entries in list order, immutable once written.
CREATE TABLE ca_segment (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    authority           TEXT     NOT NULL,
    generation          SMALLINT NOT NULL,
    partition_no        SMALLINT NOT NULL,
    entries             BIGINT   NOT NULL,
    octets              BIGINT   NOT NULL,
    latest_not_after_us BIGINT   NOT NULL,
    body                BYTEA    NOT NULL
);
CREATE INDEX ca_segment_order ON ca_segment (authority, generation, partition_no, id);

-- One numbering sequence per scope; full and delta lists of a scope share it (RFC 5280 §5.2.3).
-- partition_no 0 is the list of all; 1 and up are the partitions.
CREATE TABLE ca_list_series (
    authority           TEXT     NOT NULL,
    generation          SMALLINT NOT NULL,
    partition_no        SMALLINT NOT NULL,
    last_number         BIGINT   NOT NULL,
    current_full        BIGINT,
    current_delta       BIGINT,
    PRIMARY KEY (authority, generation, partition_no)
);

CREATE TABLE ca_list (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    authority           TEXT     NOT NULL,
    generation          SMALLINT NOT NULL,
    partition_no        SMALLINT NOT NULL,
    number              BIGINT   NOT NULL,
    base_number         BIGINT,
    state               SMALLINT NOT NULL,
    this_update_us      BIGINT   NOT NULL,
    next_update_us      BIGINT   NOT NULL,
    feed_seq            BIGINT   NOT NULL,
    entries             BIGINT   NOT NULL,
    octets              BIGINT   NOT NULL,
    sha256              BYTEA,
    blob                TEXT,
    created_us          BIGINT   NOT NULL,
    UNIQUE (authority, generation, partition_no, number)
);

-- Lists whose file may still lie in the blob store: a few per scope, whatever the number ever published.
CREATE INDEX ca_list_files ON ca_list (authority, generation, partition_no, number) WHERE blob IS NOT NULL;
