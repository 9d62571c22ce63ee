-- Searching a hundred thousand cases without reading them: what providers were called when they applied, once for
-- each of their cases together, and indexes from which counts, orders and pages of lists are read alone.

CREATE TABLE claims_name (
    id                  BIGINT   NOT NULL PRIMARY KEY,
    operator_id         TEXT     NOT NULL,
    number              TEXT     NOT NULL,
    kana                TEXT     NOT NULL,
    -- Number, name and kana in one plain form: see store/names.rs.
    find                TEXT     NOT NULL
);
CREATE INDEX claims_name_find ON claims_name (operator_id, find, id);

-- The texts of cases began with the number of the case: 16 characters and a blank.
INSERT INTO claims_name (id, operator_id, number, kana, find)
    SELECT min(id), operator_id, provider_number, provider_kana, substr(find, 18) FROM claims_case
    GROUP BY operator_id, provider_number, provider_kana, substr(find, 18);
ALTER TABLE claims_case ADD COLUMN called BIGINT NOT NULL DEFAULT 0;
UPDATE claims_case SET called = (
    SELECT n.id FROM claims_name n
    WHERE n.operator_id = claims_case.operator_id AND n.find = substr(claims_case.find, 18)
    AND n.number = claims_case.provider_number AND n.kana = claims_case.provider_kana
);

DROP INDEX claims_case_list;
DROP INDEX claims_case_status;
ALTER TABLE claims_case DROP COLUMN find;
CREATE INDEX claims_case_called ON claims_case (called, status, applied_us, id);
CREATE INDEX claims_case_applied ON claims_case (operator_id, applied_us, id, status);
CREATE INDEX claims_case_status ON claims_case (operator_id, status, applied_us, id);
CREATE INDEX claims_case_kana ON claims_case (operator_id, provider_kana, id, status);
CREATE INDEX claims_case_provider ON claims_case (operator_id, provider_number, id, status);
