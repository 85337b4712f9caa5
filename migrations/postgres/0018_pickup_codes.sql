-- +goose Up
-- A pick-up code belongs to one engagement under way. While those settled kept
-- theirs, a city ran out of six digits after nine hundred thousand gigs.
DROP INDEX gig_engagements_code_key;
CREATE UNIQUE INDEX gig_engagements_code_key ON gig_engagements (code) WHERE live AND status NOT IN ('settled', 'closed');
CREATE INDEX gig_engagements_old_code_idx ON gig_engagements (code, id) WHERE status IN ('settled', 'closed');

-- +goose Down
DROP INDEX gig_engagements_old_code_idx;
DROP INDEX gig_engagements_code_key;
CREATE UNIQUE INDEX gig_engagements_code_key ON gig_engagements (code) WHERE live;
