-- Durable jobs and schedules (K10). Times are microseconds UTC.
-- States of a job: 1 waiting, 2 running, 3 done, 4 given up. Numbers are never reused.

CREATE TABLE job (
    id          BIGINT   NOT NULL PRIMARY KEY,
    kind        TEXT     NOT NULL,
    dedupe      TEXT,
    schedule    TEXT,
    version     SMALLINT NOT NULL,
    payload     BYTEA    NOT NULL,
    progress    BYTEA,
    state       SMALLINT NOT NULL,
    attempts    SMALLINT NOT NULL,
    due_us      BIGINT   NOT NULL,
    delayed_us  BIGINT,
    lease_token BIGINT,
    lease_us    BIGINT,
    last_error  TEXT,
    created_us  BIGINT   NOT NULL,
    ended_us    BIGINT
);

-- One job per kind and key, as long as the row is kept.
CREATE UNIQUE INDEX job_dedupe ON job (kind, dedupe) WHERE dedupe IS NOT NULL;
-- A schedule never has two jobs that are not done: what is late does not pile up.
CREATE UNIQUE INDEX job_of_schedule ON job (schedule) WHERE schedule IS NOT NULL AND state <> 3;
CREATE INDEX job_waiting ON job (kind, due_us, created_us, id) WHERE state = 1;
CREATE INDEX job_delayed ON job (delayed_us) WHERE state = 1 AND delayed_us IS NOT NULL;
CREATE INDEX job_running ON job (lease_us) WHERE state = 2;
CREATE INDEX job_done ON job (ended_us) WHERE state = 3;
CREATE INDEX job_given_up ON job (id) WHERE state = 4;

CREATE TABLE job_schedule (
    name        TEXT     NOT NULL PRIMARY KEY,
    kind        TEXT     NOT NULL,
    every_us    BIGINT   NOT NULL,
    next_due_us BIGINT   NOT NULL,
    fired_us    BIGINT
);
