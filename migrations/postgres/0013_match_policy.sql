-- +goose Up
-- What the operator decided before a run, and the policy it was made by.
ALTER TABLE gig_match_runs ADD COLUMN edits text NOT NULL DEFAULT '';
ALTER TABLE gig_match_runs ADD COLUMN policy text NOT NULL DEFAULT '';
-- The rounds after the first, as JSON: second shifts of the same day.
ALTER TABLE gig_match_runs ADD COLUMN rounds text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE gig_match_runs DROP COLUMN rounds;
ALTER TABLE gig_match_runs DROP COLUMN policy;
ALTER TABLE gig_match_runs DROP COLUMN edits;
