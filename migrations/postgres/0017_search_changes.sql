-- +goose Up

-- What an engine outside the database has still to be told: written in the
-- transaction of the act, forgotten when the engine can find it. A row says only
-- that something changed; what, is read when it is its turn.
CREATE TABLE search_changes (
    collection text NOT NULL CONSTRAINT search_changes_collection_check CHECK (collection IN ('postings', 'workers')),
    id         text NOT NULL,
    stamp      text NOT NULL, -- of the last change; another one while it is being told keeps the row
    changed_at timestamptz NOT NULL, -- of the first change that cannot be found yet; 1970 where the audit found it
    due_at     timestamptz NOT NULL, -- nobody takes it before: somebody has it, or it failed and waits
    attempt    bigint NOT NULL DEFAULT 0, -- how often the engine refused it
    last_error text NOT NULL DEFAULT '',
    CONSTRAINT search_changes_pkey PRIMARY KEY (collection, id)
);
CREATE INDEX search_changes_due_at_idx ON search_changes (due_at);

-- +goose Down
DROP TABLE search_changes;
