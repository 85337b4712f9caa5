-- +goose Up
-- What may be forgotten and is shared by replicas while there is no Redis:
-- keyed hashes of one-time codes, when a kiosk was last heard of.
CREATE TABLE cache_values (
    key text NOT NULL PRIMARY KEY,
    value bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX cache_values_expires_at_idx ON cache_values (expires_at);

-- +goose Down
DROP TABLE cache_values;
