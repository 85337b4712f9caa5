-- +goose Up

-- PostgreSQL only: FTS5 has no such list.
SELECT 1;

-- +goose Down
SELECT 1;
