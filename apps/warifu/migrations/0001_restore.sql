-- A restore into this database: under way (1) or finished (0). One row, id 1; none where there was never one.
CREATE TABLE app_restore (
    id          SMALLINT NOT NULL PRIMARY KEY,
    under_way   SMALLINT NOT NULL,
    at_us       BIGINT   NOT NULL
);
