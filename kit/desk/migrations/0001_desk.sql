-- What every desk keeps in the same way. "desk" is the name of the desk: claims.

-- Running numbers of cases.
CREATE TABLE desk_counter (
    desk                TEXT     NOT NULL,
    year                BIGINT   NOT NULL,
    last                BIGINT   NOT NULL,
    PRIMARY KEY (desk, year)
);

-- What happened to a case, one row for each version of it. Never changed, and never without its entry in the ledger.
CREATE TABLE desk_event (
    desk                TEXT     NOT NULL,
    case_id             BIGINT   NOT NULL,
    version             BIGINT   NOT NULL,
    at_us               BIGINT   NOT NULL,
    verb                TEXT     NOT NULL,
    from_status         SMALLINT,
    to_status           SMALLINT NOT NULL,
    capacity            TEXT     NOT NULL,
    account             BIGINT,
    actor               TEXT     NOT NULL,
    remark              TEXT,
    ledger_entry        BIGINT   NOT NULL,
    PRIMARY KEY (desk, case_id, version)
);

-- How far each desk has followed the feed of the authority.
CREATE TABLE desk_cursor (
    desk                TEXT     NOT NULL PRIMARY KEY,
    seq                 BIGINT   NOT NULL
);

-- Answers already given to machines, so that a repeated request is answered and not carried out again.
CREATE TABLE desk_answer (
    desk                TEXT     NOT NULL,
    account             BIGINT   NOT NULL,
    idempotency_key     TEXT     NOT NULL,
    request_sha256      BYTEA    NOT NULL,
    status              SMALLINT NOT NULL,
    version             BIGINT,
    body                TEXT     NOT NULL,
    at_us               BIGINT   NOT NULL,
    PRIMARY KEY (desk, account, idempotency_key)
);
CREATE INDEX desk_answer_age ON desk_answer (at_us);
