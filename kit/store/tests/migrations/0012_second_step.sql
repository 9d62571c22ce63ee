CREATE TABLE file_keyed (
    name TEXT NOT NULL PRIMARY KEY
)
-- only: sqlite
WITHOUT ROWID
-- end
;
