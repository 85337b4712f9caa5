-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist; -- equality beside ranges in the exclusion constraint

-- One worker on one shift, from application or invitation to settlement (用工关系).
CREATE TABLE gig_engagements (
    id                  uuid NOT NULL PRIMARY KEY,
    code                text NOT NULL CONSTRAINT gig_engagements_code_check CHECK (length(code) = 6),
    posting_id          uuid NOT NULL CONSTRAINT gig_engagements_posting_id_fkey REFERENCES gig_postings (id),
    shift_id            uuid NOT NULL CONSTRAINT gig_engagements_shift_id_fkey REFERENCES gig_shifts (id),
    employer_id         uuid NOT NULL CONSTRAINT gig_engagements_employer_id_fkey REFERENCES gig_employers (id),
    station_id          uuid CONSTRAINT gig_engagements_station_id_fkey REFERENCES gig_stations (id),
    worker_id           uuid NOT NULL CONSTRAINT gig_engagements_worker_id_fkey REFERENCES gig_workers (id),
    person_id           uuid NOT NULL,
    village             text NOT NULL,
    starts_at           timestamptz NOT NULL,
    ends_at             timestamptz NOT NULL,
    status              text NOT NULL CONSTRAINT gig_engagements_status_check CHECK (status IN ('applied', 'invited', 'confirmed', 'checked_in', 'checked_out', 'hours_confirmed', 'settled', 'disputed', 'closed', 'withdrawn', 'declined', 'refused', 'lapsed', 'cancelled', 'no_show')),
    holds               boolean NOT NULL, -- takes a place of the shift
    live                boolean NOT NULL, -- not over without work
    answer_by           timestamptz,
    checked_in_at       timestamptz,
    checked_out_at      timestamptz,
    minutes_by_worker   bigint NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_minutes_by_worker_check CHECK (minutes_by_worker BETWEEN 0 AND 1440),
    minutes_by_employer bigint NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_minutes_by_employer_check CHECK (minutes_by_employer BETWEEN 0 AND 1440),
    amount_fen          bigint NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_amount_fen_check CHECK (amount_fen >= 0),
    pay_due             text CONSTRAINT gig_engagements_pay_due_check CHECK (length(pay_due) = 10),
    paid_at             timestamptz,
    pay_method          text NOT NULL DEFAULT '',
    pay_proof           text NOT NULL DEFAULT '',
    stars_by_employer   bigint NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_stars_by_employer_check CHECK (stars_by_employer BETWEEN 0 AND 5),
    stars_by_worker     bigint NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_stars_by_worker_check CHECK (stars_by_worker BETWEEN 0 AND 5),
    insurance           text NOT NULL DEFAULT '',
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    version             bigint NOT NULL DEFAULT 1,
    CONSTRAINT gig_engagements_times_check CHECK (starts_at < ends_at),
    CONSTRAINT gig_engagements_paid_check CHECK (status NOT IN ('settled', 'closed') OR (paid_at IS NOT NULL AND amount_fen > 0))
);
CREATE UNIQUE INDEX gig_engagements_once_key ON gig_engagements (worker_id, shift_id) WHERE live;
CREATE UNIQUE INDEX gig_engagements_code_key ON gig_engagements (code) WHERE live;
CREATE INDEX gig_engagements_shift_idx ON gig_engagements (shift_id);
CREATE INDEX gig_engagements_posting_idx ON gig_engagements (posting_id, id);
CREATE INDEX gig_engagements_worker_idx ON gig_engagements (worker_id, starts_at);
CREATE INDEX gig_engagements_employer_idx ON gig_engagements (employer_id, starts_at);
CREATE INDEX gig_engagements_station_idx ON gig_engagements (station_id, starts_at);
CREATE INDEX gig_engagements_village_idx ON gig_engagements (village, id);
CREATE INDEX gig_engagements_answer_idx ON gig_engagements (answer_by) WHERE answer_by IS NOT NULL;

-- What became of an engagement, act by act; never edited.
CREATE TABLE gig_engagement_history (
    id            uuid NOT NULL PRIMARY KEY,
    engagement_id uuid NOT NULL CONSTRAINT gig_engagement_history_engagement_id_fkey REFERENCES gig_engagements (id),
    at            timestamptz NOT NULL,
    act           text NOT NULL,
    to_status     text NOT NULL,
    by_role       text NOT NULL,
    by_account    uuid,
    side          text NOT NULL,
    reason        text NOT NULL DEFAULT ''
);
CREATE INDEX gig_engagement_history_engagement_idx ON gig_engagement_history (engagement_id, id);

-- A run of the matching at a station: what went in, what came out, so that it
-- can be shown and replayed.
CREATE TABLE gig_match_runs (
    id         uuid NOT NULL PRIMARY KEY,
    station_id uuid NOT NULL CONSTRAINT gig_match_runs_station_id_fkey REFERENCES gig_stations (id),
    on_day     text NOT NULL,
    problem    text NOT NULL, -- JSON of ids and integers
    result     text NOT NULL,
    placed     bigint NOT NULL,
    objective  bigint NOT NULL,
    run_by     uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX gig_match_runs_station_idx ON gig_match_runs (station_id, id);

-- A worker never has two engagements at one time: no bug above and no race can
-- make it otherwise.
ALTER TABLE gig_engagements ADD CONSTRAINT gig_engagements_overlap_excl
    EXCLUDE USING gist (worker_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (holds);

-- +goose Down
DROP TABLE gig_match_runs;
DROP TABLE gig_engagement_history;
DROP TABLE gig_engagements;
