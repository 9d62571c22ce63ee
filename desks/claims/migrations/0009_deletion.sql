-- Deletion of cases whose certificate was revoked or has ended (C13).

-- One row for each case there ever was. As long as it holds its case, that cannot be deleted, whoever tries: the foreign
-- key refuses. It lets go only of a case with an end that is over: the check refuses all others. `ended_us` is there in
-- two statuses: in 5 it is the first microsecond after the certificate, in 8 the moment of its revocation.
-- It is written in the transaction that changes the case (store/rows.rs), and nowhere else.
CREATE TABLE claims_hold (
    case_id             BIGINT   NOT NULL PRIMARY KEY,
    number              TEXT     NOT NULL UNIQUE,
    operator_id         TEXT     NOT NULL,
    held                BIGINT   UNIQUE REFERENCES claims_case (id),
    ended_us            BIGINT,
    -- The deletion that chose it, and the version of the case on that day.
    deletion            BIGINT,
    version             BIGINT,
    deleted_us          BIGINT,
    CHECK (held IS NULL OR (held = case_id AND deleted_us IS NULL)),
    CHECK (held IS NOT NULL OR (ended_us IS NOT NULL AND deletion IS NOT NULL AND deleted_us IS NOT NULL
        AND ended_us <= deleted_us))
);
INSERT INTO claims_hold (case_id, number, operator_id, held, ended_us)
    SELECT id, number, operator_id, id,
        CASE status WHEN 5 THEN (not_after_s + 1) * 1000000 WHEN 8 THEN changed_us END
    FROM claims_case;
CREATE INDEX claims_hold_ended ON claims_hold (operator_id, ended_us, case_id) WHERE held IS NOT NULL;
CREATE INDEX claims_hold_chosen ON claims_hold (deletion, case_id) WHERE deletion IS NOT NULL;

-- Deletions: what was to go, the archive that was made before, and how far it is. Stages: 1 choosing, 2 archiving,
-- 3 deleting, 4 done.
CREATE TABLE claims_deletion (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    number              TEXT     NOT NULL UNIQUE,
    operator_id         TEXT     NOT NULL,
    asked_us            BIGINT   NOT NULL,
    account             BIGINT,
    -- What ended before this is chosen.
    before_us           BIGINT   NOT NULL,
    stage               SMALLINT NOT NULL,
    chosen              BIGINT   NOT NULL,
    deleted             BIGINT   NOT NULL,
    sha256              BYTEA,
    octets              BIGINT,
    done_us             BIGINT
);
CREATE INDEX claims_deletion_of ON claims_deletion (operator_id, asked_us, id);
-- One at a time.
CREATE UNIQUE INDEX claims_deletion_running ON claims_deletion (operator_id) WHERE done_us IS NULL;
