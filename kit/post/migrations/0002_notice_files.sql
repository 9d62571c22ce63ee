-- A file that comes with a notice: read by the notice's recipient alone, and when they first fetched it.
CREATE TABLE post_notice_file (
    notice     BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    octets     BYTEA  NOT NULL,
    fetched_us BIGINT
);
