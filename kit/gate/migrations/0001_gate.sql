-- Accounts, what proves them, sessions (K9). Times are microseconds UTC. No secret stands here in plain: passwords are
-- hashed by argon2id, tokens of links, sessions and challenges by SHA-256.

-- kind: 1 applicant, 2 staff. lang: 1 Japanese, 2 English. state: 1 active, 2 suspended, 3 closed.
-- Numbers are never reused. handle is the random name under which a passkey knows the account.
CREATE TABLE gate_account (
    id          BIGINT   NOT NULL PRIMARY KEY,
    operator    TEXT     NOT NULL,
    kind        SMALLINT NOT NULL,
    login       TEXT     NOT NULL,
    name        TEXT     NOT NULL,
    subject     TEXT,
    lang        SMALLINT NOT NULL,
    state       SMALLINT NOT NULL,
    phc         TEXT,
    handle      BYTEA    NOT NULL,
    created_us  BIGINT   NOT NULL
);
CREATE UNIQUE INDEX gate_account_login ON gate_account (kind, login);
CREATE UNIQUE INDEX gate_account_handle ON gate_account (handle);
CREATE INDEX gate_account_subject ON gate_account (subject) WHERE subject IS NOT NULL;
CREATE INDEX gate_account_operator ON gate_account (operator, kind, login);

CREATE TABLE gate_role (
    account     BIGINT   NOT NULL,
    role        TEXT     NOT NULL,
    PRIMARY KEY (account, role)
);

-- kind: 1 passkey (key is the credential's id, data its public key and counter as JSON),
--       2 client certificate (key is the SHA-256 of its DER; no data).
CREATE TABLE gate_credential (
    id          BIGINT   NOT NULL PRIMARY KEY,
    account     BIGINT   NOT NULL,
    kind        SMALLINT NOT NULL,
    key         BYTEA    NOT NULL,
    data        TEXT,
    version     BIGINT   NOT NULL,
    created_us  BIGINT   NOT NULL,
    used_us     BIGINT
);
CREATE UNIQUE INDEX gate_credential_key ON gate_credential (kind, key);
CREATE INDEX gate_credential_account ON gate_credential (account);

-- One-time links. purpose: 1 enrol, 2 sign in.
CREATE TABLE gate_link (
    token       BYTEA    NOT NULL PRIMARY KEY,
    account     BIGINT   NOT NULL,
    purpose     SMALLINT NOT NULL,
    created_us  BIGINT   NOT NULL,
    until_us    BIGINT   NOT NULL,
    used_us     BIGINT
);
CREATE INDEX gate_link_until ON gate_link (until_us);
CREATE INDEX gate_link_account ON gate_link (account);

-- how: 1 password, 2 passkey, 3 client certificate, 4 one-time link.
-- A session is over at idle_us (moved on as it is used), at max_us (never moved), or when ended_us is there.
CREATE TABLE gate_session (
    id          BIGINT   NOT NULL PRIMARY KEY,
    token       BYTEA    NOT NULL,
    account     BIGINT   NOT NULL,
    how         SMALLINT NOT NULL,
    begun_us    BIGINT   NOT NULL,
    renewed_us  BIGINT   NOT NULL,
    idle_us     BIGINT   NOT NULL,
    max_us      BIGINT   NOT NULL,
    ended_us    BIGINT
);
CREATE UNIQUE INDEX gate_session_token ON gate_session (token);
CREATE INDEX gate_session_account ON gate_session (account);
CREATE INDEX gate_session_idle ON gate_session (idle_us);

-- Wrong tries, by the SHA-256 of what they were about: a login, whether there is such an account or not, or an address.
CREATE TABLE gate_attempt (
    key         BYTEA    NOT NULL PRIMARY KEY,
    wrong       BIGINT   NOT NULL,
    last_us     BIGINT   NOT NULL,
    locked_us   BIGINT
);
CREATE INDEX gate_attempt_last ON gate_attempt (last_us);

-- Ceremonies of passkeys under way; each is taken out once. purpose: 1 enrol, 2 sign in. browser is the SHA-256 of the
-- cookie of the browser that began it, link the hash of the enrolment link.
CREATE TABLE gate_challenge (
    id          BYTEA    NOT NULL PRIMARY KEY,
    purpose     SMALLINT NOT NULL,
    browser     BYTEA    NOT NULL,
    link        BYTEA,
    state       TEXT     NOT NULL,
    until_us    BIGINT   NOT NULL
);
CREATE INDEX gate_challenge_until ON gate_challenge (until_us);
