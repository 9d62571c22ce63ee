-- Provider management (事業所管理, C23): records that change, the letters that were printed, mandates of agents.

ALTER TABLE claims_holder ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE claims_holder ADD COLUMN changed_us BIGINT NOT NULL DEFAULT 0;
-- The account of who changed it last; empty for the command line.
ALTER TABLE claims_holder ADD COLUMN changed_by BIGINT;
-- 1 active, 2 closed.
ALTER TABLE claims_holder ADD COLUMN state SMALLINT NOT NULL DEFAULT 1;
-- How many letters with passwords were printed, and when the last one was. Without any there is no issue password.
ALTER TABLE claims_holder ADD COLUMN letters BIGINT NOT NULL DEFAULT 0;
ALTER TABLE claims_holder ADD COLUMN letter_us BIGINT;
-- Number, name and kana in one plain form: see store/names.rs. Of those who were entered before, nearly so.
ALTER TABLE claims_holder ADD COLUMN find TEXT NOT NULL DEFAULT '';
UPDATE claims_holder SET changed_us = created_us, letters = 1, letter_us = created_us,
    find = substr(upper(number || ' ' || name || ' ' || kana), 1, 500);

CREATE INDEX claims_holder_find ON claims_holder (operator_id, find, number, state, letters, id);
CREATE INDEX claims_holder_unlettered ON claims_holder (operator_id, number, id) WHERE letters = 0 AND state = 1;
CREATE INDEX claims_holder_closed ON claims_holder (operator_id, number, id) WHERE state = 2;

-- The letters: who printed which, when, and how a caller was known. Never the passwords.
CREATE TABLE claims_letter (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    holder              BIGINT   NOT NULL,
    -- 1 to one who begins, 2 asked for by telephone.
    why                 SMALLINT NOT NULL,
    identified          TEXT     NOT NULL,
    account             BIGINT,
    at_us               BIGINT   NOT NULL
);
CREATE INDEX claims_letter_of ON claims_letter (holder, at_us, id);

-- Mandates (委任): which agent claims for which care provider, from when until when. Never deleted, and never changed
-- but by an end.
CREATE TABLE claims_mandate (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    agent               BIGINT   NOT NULL,
    provider            BIGINT   NOT NULL,
    -- The first microsecond of the first day and the last of the last, in Japan; open without a last.
    from_us             BIGINT   NOT NULL,
    until_us            BIGINT,
    -- When it was ended before that.
    ended_us            BIGINT,
    note                TEXT     NOT NULL,
    end_note            TEXT     NOT NULL,
    entered_us          BIGINT   NOT NULL,
    CHECK (until_us IS NULL OR until_us > from_us)
);
CREATE INDEX claims_mandate_agent ON claims_mandate (agent, provider, from_us);
CREATE INDEX claims_mandate_provider ON claims_mandate (provider, from_us);
