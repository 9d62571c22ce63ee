-- The end of certificates: notices before it, renewal, deletion (C12, C13, C22).

-- The number of the case whose certificate an application renews.
ALTER TABLE claims_case ADD COLUMN renews TEXT;
CREATE INDEX claims_case_renews ON claims_case (renews) WHERE renews IS NOT NULL;
CREATE INDEX claims_case_ends ON claims_case (operator_id, status, not_after_s, id);

-- Which notices before its end a certificate's holder was given: one for each lead of so many days.
CREATE TABLE claims_expiry_notice (
    case_id             BIGINT   NOT NULL,
    days                BIGINT   NOT NULL,
    at_us               BIGINT   NOT NULL,
    PRIMARY KEY (case_id, days)
);
