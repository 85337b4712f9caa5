-- +goose Up
-- Who waits for a posting: few of all, counted after every act.
CREATE INDEX gig_engagements_waiting_idx ON gig_engagements (posting_id) WHERE status = 'applied';

-- +goose Down
DROP INDEX gig_engagements_waiting_idx;
