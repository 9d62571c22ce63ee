-- A table with a fork between the databases.
CREATE TABLE file_fork (
    id      BIGINT NOT NULL PRIMARY KEY,
    -- only: sqlite
    dialect TEXT   NOT NULL CHECK (typeof(dialect) = 'text')
    -- only: postgres
    dialect TEXT   NOT NULL CHECK (pg_typeof(dialect) = 'text'::regtype)
    -- end
);
