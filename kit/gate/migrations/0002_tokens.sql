-- Tokens with which programs call on behalf of an account (K16). token is the SHA-256 of what was shown once.
-- A token is dead at until_us, and when revoked_us is there. used_us is kept to the hour.
CREATE TABLE gate_token (
    id          BIGINT   NOT NULL PRIMARY KEY,
    account     BIGINT   NOT NULL,
    name        TEXT     NOT NULL,
    token       BYTEA    NOT NULL,
    created_us  BIGINT   NOT NULL,
    until_us    BIGINT,
    revoked_us  BIGINT,
    used_us     BIGINT
);
CREATE UNIQUE INDEX gate_token_token ON gate_token (token);
CREATE INDEX gate_token_account ON gate_token (account, created_us);
