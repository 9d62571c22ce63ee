-- The newdesk desk. Which columns are filled is a matter of the status: see src/store.rs.

CREATE TABLE newdesk_case (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    number              TEXT     NOT NULL UNIQUE,
    operator_id         TEXT     NOT NULL,
    status              SMALLINT NOT NULL,
    version             BIGINT   NOT NULL,
    -- What was asked for.
    wish                TEXT     NOT NULL,
    received_us         BIGINT   NOT NULL,
    -- When it was settled (2, 3, 4), and why not (3).
    settled_us          BIGINT,
    reason              TEXT
);
CREATE INDEX newdesk_case_status ON newdesk_case (operator_id, status, received_us);
