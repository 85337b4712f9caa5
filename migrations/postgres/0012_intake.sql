-- +goose Up

-- Postings of elsewhere, as their sheets said (外部岗位): beside the market, not in it.
CREATE TABLE intake_postings (
    id          uuid NOT NULL PRIMARY KEY,
    source      text COLLATE "C" NOT NULL,
    external_id text COLLATE "C" NOT NULL,
    hash        text NOT NULL,
    title       text NOT NULL,
    company     text NOT NULL,
    region      text CONSTRAINT intake_postings_region_check CHECK (length(region) = 12),
    trade       text,
    min_fen     bigint NOT NULL DEFAULT 0,
    max_fen     bigint NOT NULL DEFAULT 0,
    unit        text NOT NULL DEFAULT '',
    cells       text NOT NULL, -- JSON: the row as it came, in the order of the sheet's header
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT intake_postings_source_key UNIQUE (source, external_id)
);
CREATE INDEX intake_postings_region_idx ON intake_postings (region, trade);

-- +goose Down
DROP TABLE intake_postings;
