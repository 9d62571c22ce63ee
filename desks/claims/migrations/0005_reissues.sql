-- Issue passwords that holders had reissued on line (C7): how many a day, and to which certificate each was sealed. The
-- passwords themselves are nowhere.
CREATE TABLE claims_reissue (
    notice              BIGINT   NOT NULL PRIMARY KEY,
    holder              BIGINT   NOT NULL,
    case_id             BIGINT   NOT NULL,
    -- Of the issue password.
    version             BIGINT   NOT NULL,
    at_us               BIGINT   NOT NULL
);
CREATE INDEX claims_reissue_of ON claims_reissue (holder, at_us);
