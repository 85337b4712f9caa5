-- +goose Up

-- PostgreSQL only: FTS5 answers for a wide word quickly enough.
SELECT 1;

-- +goose Down
SELECT 1;
