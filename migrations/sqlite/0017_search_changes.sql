-- +goose Up

-- What an engine outside the database has still to be told: written in the
-- transaction of the act, forgotten when the engine can find it. A row says only
-- that something changed; what, is read when it is its turn.
CREATE TABLE search_changes (
    collection TEXT NOT NULL CONSTRAINT search_changes_collection_check CHECK (collection IN ('postings', 'workers')),
    id         TEXT NOT NULL,
    stamp      TEXT NOT NULL, -- of the last change; another one while it is being told keeps the row
    changed_at DATETIME NOT NULL, -- of the first change that cannot be found yet; 1970 where the audit found it
    due_at     DATETIME NOT NULL, -- nobody takes it before: somebody has it, or it failed and waits
    attempt    INTEGER NOT NULL DEFAULT 0, -- how often the engine refused it
    last_error TEXT NOT NULL DEFAULT '',
    CONSTRAINT search_changes_pkey PRIMARY KEY (collection, id)
);
CREATE INDEX search_changes_due_at_idx ON search_changes (due_at);

-- +goose Down
DROP TABLE search_changes;
