-- +goose Up

-- What can be found by words. Derived from the rows of the domains and rebuilt
-- from them (linggong reindex); nothing here is the truth about anything.
CREATE TABLE search_documents (
    no         bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the row of search_fts
    collection text NOT NULL CONSTRAINT search_documents_collection_check CHECK (collection IN ('postings', 'workers')),
    id         text NOT NULL,
    version    bigint NOT NULL, -- of the row it was made from; an older one never replaces a newer one
    region     text NOT NULL,
    open       boolean NOT NULL,
    head       text NOT NULL -- lexemes of title and trade, for the score
);
CREATE UNIQUE INDEX search_documents_key ON search_documents (collection, id);

-- One column of ready-made lexemes; no configuration ever parses them.
CREATE TABLE search_fts (
    no    bigint NOT NULL PRIMARY KEY REFERENCES search_documents (no) ON DELETE CASCADE,
    words tsvector NOT NULL
);
CREATE INDEX search_fts_words_idx ON search_fts USING gin (words);

-- +goose Down
DROP TABLE search_fts;
DROP TABLE search_documents;
