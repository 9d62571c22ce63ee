-- What people look up: the entries of an operator by time, kind, actor and case (K8).

-- One row for each entry that its appender listed; the others cost nothing. The numbering of an entry, which comes
-- later, does not touch these indexes: that is why they are no columns of ledger_entry. A row is never changed.
CREATE TABLE ledger_lookup (
    entry_id    BIGINT   NOT NULL PRIMARY KEY,
    operator    TEXT     NOT NULL,
    at_us       BIGINT   NOT NULL,
    kind        TEXT     NOT NULL,
    actor       TEXT     NOT NULL,
    case_no     TEXT
);
CREATE INDEX ledger_lookup_time ON ledger_lookup (operator, at_us, entry_id);
CREATE INDEX ledger_lookup_kind ON ledger_lookup (operator, kind, at_us, entry_id);
CREATE INDEX ledger_lookup_actor ON ledger_lookup (operator, actor, at_us, entry_id);
CREATE INDEX ledger_lookup_case ON ledger_lookup (operator, case_no, at_us, entry_id) WHERE case_no IS NOT NULL;

-- How far the entries that were there before have been listed; without the row, all of them are. One row, id 1.
CREATE TABLE ledger_lookup_todo (
    id          SMALLINT NOT NULL PRIMARY KEY,
    after_id    BIGINT   NOT NULL
);
INSERT INTO ledger_lookup_todo (id, after_id) VALUES (1, 0);
