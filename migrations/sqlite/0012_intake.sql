-- +goose Up

-- Postings of elsewhere, as their sheets said (外部岗位): beside the market, not in it.
CREATE TABLE intake_postings (
    id          TEXT NOT NULL PRIMARY KEY,
    source      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    hash        TEXT NOT NULL,
    title       TEXT NOT NULL,
    company     TEXT NOT NULL,
    region      TEXT CONSTRAINT intake_postings_region_check CHECK (length(region) = 12),
    trade       TEXT,
    min_fen     INTEGER NOT NULL DEFAULT 0,
    max_fen     INTEGER NOT NULL DEFAULT 0,
    unit        TEXT NOT NULL DEFAULT '',
    cells       TEXT NOT NULL, -- JSON: the row as it came, in the order of the sheet's header
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL,
    CONSTRAINT intake_postings_source_key UNIQUE (source, external_id)
);
CREATE INDEX intake_postings_region_idx ON intake_postings (region, trade);

-- +goose Down
DROP TABLE intake_postings;
