-- The claims desk (seed 000): care providers, and the cases of their certificates.

CREATE TABLE claims_provider (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    number              TEXT     NOT NULL,
    name                TEXT     NOT NULL,
    kana                TEXT     NOT NULL,
    postal              TEXT     NOT NULL,
    address             TEXT     NOT NULL,
    phone               TEXT     NOT NULL,
    email               TEXT     NOT NULL,
    -- The issue password (証明書発行用パスワード), hashed. Its version tells one from the one before.
    password_phc        TEXT     NOT NULL,
    password_version    BIGINT   NOT NULL,
    created_us          BIGINT   NOT NULL,
    UNIQUE (operator_id, number)
);

-- One row for each certificate applied for. Which columns are filled is a matter of the status: see store/rows.rs.
CREATE TABLE claims_case (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    number              TEXT     NOT NULL UNIQUE,
    operator_id         TEXT     NOT NULL,
    status              SMALLINT NOT NULL,
    version             BIGINT   NOT NULL,
    changed_us          BIGINT   NOT NULL,
    -- The applicant, and what they were called on the day of the application.
    provider            BIGINT   NOT NULL,
    provider_number     TEXT     NOT NULL,
    provider_name       TEXT     NOT NULL,
    provider_kana       TEXT     NOT NULL,
    -- All of it and the number of the case in one plain form, for searching.
    find                TEXT     NOT NULL,
    lang                SMALLINT NOT NULL,
    -- The application.
    request             BYTEA,
    email               TEXT     NOT NULL,
    consent             TEXT     NOT NULL,
    consent_us          BIGINT   NOT NULL,
    terms               TEXT     NOT NULL,
    fee_yen             BIGINT   NOT NULL,
    months              BIGINT   NOT NULL,
    applied_us          BIGINT   NOT NULL,
    -- When the house goes on by itself (3, 6, 9).
    takes_us            BIGINT,
    -- Why not (9, 10).
    rejection           SMALLINT,
    rejection_text      TEXT,
    -- The key that the service made (4 to 8).
    custody             BIGINT,
    key_until_us        BIGINT,
    key_erased_us       BIGINT,
    fetched_us          BIGINT,
    -- The certificate (5 to 8).
    authority           TEXT,
    serial              BYTEA,
    not_before_s        BIGINT,
    not_after_s         BIGINT,
    issued_us           BIGINT,
    -- The request for revocation (6 to 8), and the list that names the certificate (8).
    ask_by              SMALLINT,
    ask_channel         SMALLINT,
    ask_reason          SMALLINT,
    ask_note            TEXT,
    list_number         BIGINT
);
CREATE INDEX claims_case_of ON claims_case (provider, applied_us);
CREATE UNIQUE INDEX claims_case_cert ON claims_case (authority, serial) WHERE serial IS NOT NULL;
CREATE INDEX claims_case_awaiting ON claims_case (authority, id) WHERE status = 7;
-- Everything that a list shows, so that searching and counting a hundred thousand reads no case.
CREATE INDEX claims_case_list ON claims_case
    (operator_id, applied_us, id, status, number, provider_number, provider_name, provider_kana, find);
CREATE INDEX claims_case_status ON claims_case (operator_id, status, applied_us);

-- Lists that were registered here (C6, C17).
CREATE TABLE claims_list (
    authority           TEXT     NOT NULL,
    number              BIGINT   NOT NULL,
    sha256              BYTEA    NOT NULL,
    this_update_s       BIGINT   NOT NULL,
    next_update_s       BIGINT   NOT NULL,
    registered_us       BIGINT   NOT NULL,
    PRIMARY KEY (authority, number)
);
