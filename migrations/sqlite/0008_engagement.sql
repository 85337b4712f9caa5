-- +goose Up

-- One worker on one shift, from application or invitation to settlement (用工关系).
CREATE TABLE gig_engagements (
    id                  TEXT NOT NULL PRIMARY KEY,
    code                TEXT NOT NULL CONSTRAINT gig_engagements_code_check CHECK (length(code) = 6),
    posting_id          TEXT NOT NULL CONSTRAINT gig_engagements_posting_id_fkey REFERENCES gig_postings (id),
    shift_id            TEXT NOT NULL CONSTRAINT gig_engagements_shift_id_fkey REFERENCES gig_shifts (id),
    employer_id         TEXT NOT NULL CONSTRAINT gig_engagements_employer_id_fkey REFERENCES gig_employers (id),
    station_id          TEXT CONSTRAINT gig_engagements_station_id_fkey REFERENCES gig_stations (id),
    worker_id           TEXT NOT NULL CONSTRAINT gig_engagements_worker_id_fkey REFERENCES gig_workers (id),
    person_id           TEXT NOT NULL,
    village             TEXT NOT NULL,
    starts_at           DATETIME NOT NULL,
    ends_at             DATETIME NOT NULL,
    status              TEXT NOT NULL CONSTRAINT gig_engagements_status_check CHECK (status IN ('applied', 'invited', 'confirmed', 'checked_in', 'checked_out', 'hours_confirmed', 'settled', 'disputed', 'closed', 'withdrawn', 'declined', 'refused', 'lapsed', 'cancelled', 'no_show')),
    holds               BOOLEAN NOT NULL, -- takes a place of the shift
    live                BOOLEAN NOT NULL, -- not over without work
    answer_by           DATETIME,
    checked_in_at       DATETIME,
    checked_out_at      DATETIME,
    minutes_by_worker   INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_minutes_by_worker_check CHECK (minutes_by_worker BETWEEN 0 AND 1440),
    minutes_by_employer INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_minutes_by_employer_check CHECK (minutes_by_employer BETWEEN 0 AND 1440),
    amount_fen          INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_amount_fen_check CHECK (amount_fen >= 0),
    pay_due             TEXT CONSTRAINT gig_engagements_pay_due_check CHECK (length(pay_due) = 10),
    paid_at             DATETIME,
    pay_method          TEXT NOT NULL DEFAULT '',
    pay_proof           TEXT NOT NULL DEFAULT '',
    stars_by_employer   INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_stars_by_employer_check CHECK (stars_by_employer BETWEEN 0 AND 5),
    stars_by_worker     INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_engagements_stars_by_worker_check CHECK (stars_by_worker BETWEEN 0 AND 5),
    insurance           TEXT NOT NULL DEFAULT '',
    created_at          DATETIME NOT NULL,
    updated_at          DATETIME NOT NULL,
    version             INTEGER NOT NULL DEFAULT 1,
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
    id            TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL CONSTRAINT gig_engagement_history_engagement_id_fkey REFERENCES gig_engagements (id),
    at            DATETIME NOT NULL,
    act           TEXT NOT NULL,
    to_status     TEXT NOT NULL,
    by_role       TEXT NOT NULL,
    by_account    TEXT,
    side          TEXT NOT NULL,
    reason        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX gig_engagement_history_engagement_idx ON gig_engagement_history (engagement_id, id);

-- A run of the matching at a station: what went in, what came out, so that it
-- can be shown and replayed.
CREATE TABLE gig_match_runs (
    id         TEXT NOT NULL PRIMARY KEY,
    station_id TEXT NOT NULL CONSTRAINT gig_match_runs_station_id_fkey REFERENCES gig_stations (id),
    on_day     TEXT NOT NULL,
    problem    TEXT NOT NULL, -- JSON of ids and integers
    result     TEXT NOT NULL,
    placed     INTEGER NOT NULL,
    objective  INTEGER NOT NULL,
    run_by     TEXT,
    created_at DATETIME NOT NULL
);
CREATE INDEX gig_match_runs_station_idx ON gig_match_runs (station_id, id);

-- A worker never has two engagements at one time: no bug above can make it
-- otherwise. Writers are serial here, so a trigger promises what an exclusion
-- constraint promises on PostgreSQL.
-- +goose StatementBegin
CREATE TRIGGER gig_engagements_overlap_insert BEFORE INSERT ON gig_engagements WHEN NEW.holds AND EXISTS (
    SELECT 1 FROM gig_engagements WHERE worker_id = NEW.worker_id AND holds AND starts_at < NEW.ends_at AND NEW.starts_at < ends_at)
BEGIN SELECT RAISE(ABORT, 'gig_engagements_overlap_excl'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER gig_engagements_overlap_update BEFORE UPDATE OF holds, starts_at, ends_at, worker_id ON gig_engagements WHEN NEW.holds AND EXISTS (
    SELECT 1 FROM gig_engagements WHERE worker_id = NEW.worker_id AND holds AND id <> NEW.id AND starts_at < NEW.ends_at AND NEW.starts_at < ends_at)
BEGIN SELECT RAISE(ABORT, 'gig_engagements_overlap_excl'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE gig_match_runs;
DROP TABLE gig_engagement_history;
DROP TABLE gig_engagements;
