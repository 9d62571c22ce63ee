-- Of a test: counting more than ten lines of a run at once takes longer than any limit. What was counted is kept.
CREATE TABLE slow_chunk (
    done                BIGINT   NOT NULL,
    lines               BIGINT   NOT NULL
);
-- only: sqlite
CREATE TRIGGER slow_count AFTER UPDATE OF done ON claims_run WHEN NEW.done > OLD.done + 10 BEGIN
    INSERT INTO slow_chunk (done, lines)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i), 0 FROM n;
END;
CREATE TRIGGER slow_note AFTER UPDATE OF done ON claims_run WHEN NEW.done > OLD.done BEGIN
    INSERT INTO slow_chunk (done, lines) VALUES (NEW.done, NEW.done - OLD.done);
END;
-- end
-- only: postgres
CREATE FUNCTION slow_count() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
    IF NEW.done > OLD.done + 10 THEN
        RAISE ''canceling statement due to statement timeout'' USING ERRCODE = ''query_canceled'';
    ELSIF NEW.done > OLD.done THEN
        INSERT INTO slow_chunk (done, lines) VALUES (NEW.done, NEW.done - OLD.done);
    END IF;
    RETURN NEW;
END';
CREATE TRIGGER slow_count BEFORE UPDATE ON claims_run FOR EACH ROW EXECUTE FUNCTION slow_count();
-- end
