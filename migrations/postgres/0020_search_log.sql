-- +goose Up

-- Which numbers came into the full text and went out of it, by the transaction
-- that did it. Whoever remembers which numbers hold a word brings that to the
-- present with the few rows written since, in place of visiting every row that
-- holds the word. Old rows are pruned.
CREATE TABLE search_fts_log (
    seq  bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at   xid8 NOT NULL,
    no   bigint NOT NULL,
    born boolean NOT NULL
);
CREATE INDEX search_fts_log_at_idx ON search_fts_log (at);

-- +goose StatementBegin
CREATE FUNCTION search_fts_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_fts_log (at, no, born) VALUES (pg_current_xact_id(), NEW.no, true);
    ELSE
        INSERT INTO search_fts_log (at, no, born) VALUES (pg_current_xact_id(), OLD.no, false);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER search_fts_note AFTER INSERT OR DELETE ON search_fts
    FOR EACH ROW EXECUTE FUNCTION search_fts_note();

-- +goose Down
DROP TRIGGER search_fts_note ON search_fts;
DROP FUNCTION search_fts_note();
DROP TABLE search_fts_log;
