-- Keys that the service made for subscribers and keeps until they are handed over (K16).

-- sealed is the private key as kit-keys sealed it, together with id, operator, alg and spki; request is the PKCS#10
-- request signed with it. Both are overwritten and then NULL once the key is erased: the row stays, so that a repeated
-- request under the same idempotency key does not make another key.
CREATE TABLE ca_custody (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    orderer             TEXT     NOT NULL,
    idempotency_key     TEXT     NOT NULL,
    operator            TEXT     NOT NULL,
    profile             TEXT     NOT NULL,
    alg                 SMALLINT NOT NULL,
    spki                BYTEA    NOT NULL,
    request             BYTEA,
    sealed              BYTEA,
    until_us            BIGINT   NOT NULL,
    created_us          BIGINT   NOT NULL,
    erased_us           BIGINT,
    UNIQUE (orderer, idempotency_key)
);

-- What is to be erased, whatever the number ever made.
CREATE INDEX ca_custody_kept ON ca_custody (until_us, id) WHERE sealed IS NOT NULL;
