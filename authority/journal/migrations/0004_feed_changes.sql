-- The same rows as before. To tell whether a row is one of them SQLite opened a table for the list of an IN at every
-- row that was written.
DROP INDEX ca_feed_changes;
CREATE INDEX ca_feed_changes ON ca_feed (authority, seq) WHERE kind >= 3 AND kind <= 5;
