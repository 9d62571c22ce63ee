-- Mass work: a run does the same to each of its lines. Its job takes some waiting lines at a time, and marks each in the
-- transaction that carries it out: see jobs/run.rs.

CREATE TABLE claims_run (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    -- What is done to each line: the name of the kind, and what is said with it (JSON, see work.rs).
    kind                TEXT     NOT NULL,
    params              BYTEA    NOT NULL,
    -- 1 loading, 2 running, 3 done, 4 stopped. The version counts these steps, not the lines.
    state               SMALLINT NOT NULL,
    version             BIGINT   NOT NULL,
    total               BIGINT   NOT NULL,
    done                BIGINT   NOT NULL,
    refused             BIGINT   NOT NULL,
    -- What a form sends along, so that sending it twice starts one run.
    token               TEXT     NOT NULL,
    -- Who started it.
    account             BIGINT,
    actor               TEXT     NOT NULL,
    capacity            TEXT     NOT NULL,
    created_us          BIGINT   NOT NULL,
    started_us          BIGINT,
    finished_us         BIGINT,
    UNIQUE (operator_id, token)
);
CREATE INDEX claims_run_list ON claims_run (operator_id, created_us, id);

CREATE TABLE claims_run_line (
    run                 BIGINT   NOT NULL,
    -- 1, 2, 3 …
    n                   BIGINT   NOT NULL,
    -- What it is about: the number of a case, of a care provider.
    subject             TEXT     NOT NULL,
    -- The form is the kind's own affair.
    payload             BYTEA    NOT NULL,
    -- 1 waiting, 2 done, 3 refused.
    state               SMALLINT NOT NULL,
    -- Why it was refused, and what is told of it; what is told of a line that was done, if there is anything to tell.
    code                TEXT,
    told_ja             TEXT,
    told_en             TEXT,
    ended_us            BIGINT,
    PRIMARY KEY (run, n)
);
CREATE INDEX claims_run_line_waiting ON claims_run_line (run, n) WHERE state = 1;
CREATE INDEX claims_run_line_refused ON claims_run_line (run, n) WHERE state = 3;
