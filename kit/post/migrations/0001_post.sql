-- Mail, what became of each try to deliver it, and notices (K11). Times are microseconds UTC.
-- States of a mail: 1 waiting, 2 sending, 3 sent, 4 failed. Outcomes of a try: 1 under way, 2 accepted,
-- 3 refused, 4 deferred, 5 not reached, 6 unknown. Languages: 1 Japanese, 2 English. Numbers are never reused.

CREATE TABLE post_mail (
    id          BIGINT   NOT NULL PRIMARY KEY,
    operator    TEXT     NOT NULL,
    to_address  TEXT     NOT NULL,
    to_name     TEXT,
    lang        SMALLINT NOT NULL,
    subject     TEXT     NOT NULL,
    body        TEXT     NOT NULL,
    case_no     TEXT,
    reference   TEXT,
    template    TEXT     NOT NULL,
    -- The left half of the Message-ID; the right half is fixed when the mail is first handed to a server.
    mark        TEXT     NOT NULL,
    domain      TEXT,
    state       SMALLINT NOT NULL,
    -- The one job that may send it, and the last run of that job that dealt with it.
    job         BIGINT   NOT NULL,
    run         SMALLINT NOT NULL,
    tries       BIGINT   NOT NULL,
    -- 1: it went out although an earlier try may have been accepted.
    doubled     SMALLINT NOT NULL,
    search      TEXT     NOT NULL,
    created_us  BIGINT   NOT NULL,
    changed_us  BIGINT   NOT NULL,
    sent_us     BIGINT
);

CREATE INDEX post_mail_by_time ON post_mail (operator, created_us, id);
CREATE INDEX post_mail_by_case ON post_mail (operator, case_no, created_us) WHERE case_no IS NOT NULL;
CREATE INDEX post_mail_open ON post_mail (operator, state, created_us) WHERE state <> 3;

CREATE TABLE post_delivery (
    mail     BIGINT   NOT NULL,
    number   BIGINT   NOT NULL,
    outcome  SMALLINT NOT NULL,
    code     SMALLINT,
    answer   TEXT     NOT NULL,
    begun_us BIGINT   NOT NULL,
    ended_us BIGINT,
    PRIMARY KEY (mail, number)
);

CREATE TABLE post_notice (
    id         BIGINT NOT NULL PRIMARY KEY,
    operator   TEXT   NOT NULL,
    recipient  TEXT   NOT NULL,
    subject_ja TEXT   NOT NULL,
    subject_en TEXT   NOT NULL,
    body_ja    TEXT   NOT NULL,
    body_en    TEXT   NOT NULL,
    case_no    TEXT,
    link       TEXT,
    created_us BIGINT NOT NULL,
    read_us    BIGINT
);

CREATE INDEX post_notice_by_recipient ON post_notice (operator, recipient, created_us, id);
CREATE INDEX post_notice_unread ON post_notice (operator, recipient) WHERE read_us IS NULL;
