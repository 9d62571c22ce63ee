-- Files that go with a mail (K11): small ones, in the order in which they stand in it.

CREATE TABLE post_attachment (
    mail       BIGINT   NOT NULL,
    number     BIGINT   NOT NULL,
    name       TEXT     NOT NULL,
    media_type TEXT     NOT NULL,
    octets     BYTEA    NOT NULL,
    PRIMARY KEY (mail, number)
);
