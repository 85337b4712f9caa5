-- +goose Up

-- What can be found by words. Derived from the rows of the domains and rebuilt
-- from them (linggong reindex); nothing here is the truth about anything.
CREATE TABLE search_documents (
    no         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- the row of search_fts
    collection TEXT NOT NULL CONSTRAINT search_documents_collection_check CHECK (collection IN ('postings', 'workers')),
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL, -- of the row it was made from; an older one never replaces a newer one
    region     TEXT NOT NULL,
    open       BOOLEAN NOT NULL,
    head       TEXT NOT NULL -- lexemes of title and trade, for the score
);
CREATE UNIQUE INDEX search_documents_key ON search_documents (collection, id);

-- One column of ready-made lexemes; the tokenizer only splits at blanks.
CREATE VIRTUAL TABLE search_fts USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

-- +goose Down
DROP TABLE search_fts;
DROP TABLE search_documents;
