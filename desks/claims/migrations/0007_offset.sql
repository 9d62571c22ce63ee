-- Fees of providers for the payment system (発行手数料相殺残高情報, C18), month by month.

-- One row for each certificate that a provider is charged for, made when the certificate comes (発行済み for the first
-- time), and one for each correction. A charge has the id of its case: no certificate is charged twice. `period` is
-- empty until the month is closed, and is never changed after that.
CREATE TABLE claims_offset_entry (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    period              TEXT,
    kind                SMALLINT NOT NULL,
    case_id             BIGINT   NOT NULL,
    -- The case may be deleted one day (C13); what was charged stays.
    case_number         TEXT     NOT NULL,
    holder              BIGINT   NOT NULL,
    holder_number       TEXT     NOT NULL,
    terms               TEXT     NOT NULL,
    applied_us          BIGINT   NOT NULL,
    amount_yen          BIGINT   NOT NULL,
    -- Of the amount. Empty for what was issued before there were months: filled in when its month is closed.
    tax_yen             BIGINT,
    note                TEXT     NOT NULL,
    -- When the certificate was issued, or the correction entered: this decides the month.
    at_us               BIGINT   NOT NULL
);
CREATE INDEX claims_offset_open ON claims_offset_entry (operator_id, at_us, id, kind, amount_yen, tax_yen)
    WHERE period IS NULL;
CREATE INDEX claims_offset_in ON claims_offset_entry (operator_id, period, holder_number, kind, amount_yen, tax_yen, id)
    WHERE period IS NOT NULL;
CREATE INDEX claims_offset_case ON claims_offset_entry (operator_id, case_number, id);
CREATE INDEX claims_offset_corrections ON claims_offset_entry (operator_id, at_us, id) WHERE kind = 2;

INSERT INTO claims_offset_entry (id, operator_id, kind, case_id, case_number, holder, holder_number, terms, applied_us,
        amount_yen, note, at_us)
    SELECT id, operator_id, 1, id, number, holder, holder_number, terms, applied_us, fee_yen, '', issued_us
    FROM claims_case WHERE agreed IS NOT NULL AND issued_us IS NOT NULL;

-- Months that are being closed (1) or are closed (2), with what their files must add up to.
CREATE TABLE claims_offset_period (
    operator_id         TEXT     NOT NULL,
    period              TEXT     NOT NULL,
    state               SMALLINT NOT NULL,
    begins_us           BIGINT   NOT NULL,
    ends_us             BIGINT   NOT NULL,
    encoding            SMALLINT NOT NULL,
    started_us          BIGINT   NOT NULL,
    closed_us           BIGINT,
    holders             BIGINT   NOT NULL,
    charges             BIGINT   NOT NULL,
    charged_yen         BIGINT   NOT NULL,
    corrections         BIGINT   NOT NULL,
    corrected_yen       BIGINT   NOT NULL,
    tax_yen             BIGINT   NOT NULL,
    sha256              BYTEA,
    PRIMARY KEY (operator_id, period)
);

-- By which a month is checked: every certificate issued in it must have been charged for.
CREATE INDEX claims_case_charged ON claims_case (operator_id, issued_us, id)
    WHERE agreed IS NOT NULL AND issued_us IS NOT NULL;

-- What the page of the day counts: certificates that nobody fetched, fees that are due, acts that can be undone.
CREATE INDEX claims_case_unfetched ON claims_case (operator_id, issued_us, id) WHERE status = 5 AND fetched_us IS NULL;
CREATE INDEX claims_case_due ON claims_case (operator_id, due_us, id) WHERE status = 2;
CREATE INDEX claims_case_takes ON claims_case (operator_id, takes_us, id) WHERE takes_us IS NOT NULL;

-- What came from an agent and is not spent: the sum of its deposits and entries, kept with each of them.
CREATE TABLE claims_account (
    holder              BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    balance_yen         BIGINT   NOT NULL
);
CREATE INDEX claims_account_open ON claims_account (operator_id, holder) WHERE balance_yen <> 0;
INSERT INTO claims_account (holder, operator_id, balance_yen)
    SELECT s.holder, min(s.operator_id), CAST(sum(s.amount_yen) AS BIGINT) FROM (
        SELECT holder, operator_id, amount_yen FROM claims_deposit WHERE holder IS NOT NULL
        UNION ALL
        SELECT holder, operator_id, amount_yen FROM claims_account_entry
    ) s GROUP BY s.holder;
