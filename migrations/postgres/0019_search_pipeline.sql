-- +goose Up

-- With which vocabulary and way of making documents each text index was made.
-- A service that makes them otherwise makes the index anew.
CREATE TABLE search_pipelines (
    collection text NOT NULL CONSTRAINT search_pipelines_collection_check CHECK (collection IN ('postings', 'workers')),
    engine     text NOT NULL CONSTRAINT search_pipelines_engine_check CHECK (engine IN ('sql', 'meili')),
    pipeline   text NOT NULL, -- '' where it was never said
    held_until timestamptz NOT NULL, -- a replica makes it anew until then, or has died
    CONSTRAINT search_pipelines_pkey PRIMARY KEY (collection, engine)
);

-- +goose Down
DROP TABLE search_pipelines;
