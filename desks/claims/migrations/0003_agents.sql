-- Agents (代理人) apply as care providers do, and pay by bank transfer: whoever holds a certificate is a holder.

ALTER TABLE claims_provider RENAME TO claims_holder;
ALTER TABLE claims_case RENAME COLUMN provider TO holder;
ALTER TABLE claims_case RENAME COLUMN provider_number TO holder_number;
ALTER TABLE claims_case RENAME COLUMN provider_name TO holder_name;
ALTER TABLE claims_case RENAME COLUMN provider_kana TO holder_kana;

-- How the fee is paid: a provider agreed to a version of the text on offsetting, an agent pays until a day.
ALTER TABLE claims_case ADD COLUMN agreed TEXT;
ALTER TABLE claims_case ADD COLUMN agreed_us BIGINT;
ALTER TABLE claims_case ADD COLUMN due_us BIGINT;
UPDATE claims_case SET agreed = consent, agreed_us = consent_us;
ALTER TABLE claims_case DROP COLUMN consent;
ALTER TABLE claims_case DROP COLUMN consent_us;

-- Transfers that reached the federation's account. `holder` is empty until it is known whose it is.
CREATE TABLE claims_deposit (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    version             BIGINT   NOT NULL,
    holder              BIGINT,
    -- The day as the bank has it: its first microsecond in Japan.
    day_us              BIGINT   NOT NULL,
    -- Less than nothing where the bank took back what it had told of before.
    amount_yen          BIGINT   NOT NULL CHECK (amount_yen <> 0),
    -- Who paid, in the words of the bank, and the bank's own reference.
    payer               TEXT     NOT NULL,
    reference           TEXT     NOT NULL,
    note                TEXT     NOT NULL,
    -- By what the same transfer is known again in another file; typed in by hand it has its own id.
    fingerprint         BYTEA    NOT NULL,
    entered_us          BIGINT   NOT NULL,
    UNIQUE (operator_id, fingerprint)
);
CREATE INDEX claims_deposit_of ON claims_deposit (holder, day_us, id);
CREATE INDEX claims_deposit_open ON claims_deposit (operator_id, day_us, id) WHERE holder IS NULL;

-- What was done with an agent's money: applications paid for, payments undone, refunds. The balance of an agent is the
-- sum of its deposits and of these.
CREATE TABLE claims_account_entry (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    holder              BIGINT   NOT NULL,
    kind                SMALLINT NOT NULL,
    -- Negative when it leaves the balance.
    amount_yen          BIGINT   NOT NULL,
    case_id             BIGINT,
    note                TEXT     NOT NULL,
    at_us               BIGINT   NOT NULL
);
CREATE INDEX claims_account_entry_of ON claims_account_entry (holder, id);
CREATE INDEX claims_account_entry_case ON claims_account_entry (case_id, id) WHERE case_id IS NOT NULL;
