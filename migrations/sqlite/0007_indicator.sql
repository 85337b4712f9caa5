-- +goose Up

-- One dated, placed contribution to one indicator. Append-only.
CREATE TABLE indicator_facts (
    id           TEXT NOT NULL PRIMARY KEY,
    indicator    TEXT NOT NULL,
    part         TEXT NOT NULL CONSTRAINT indicator_facts_part_check CHECK (part IN ('num', 'den')),
    cause        TEXT NOT NULL, -- the audit entry of the act
    cause_kind   TEXT NOT NULL,
    region       TEXT NOT NULL CONSTRAINT indicator_facts_region_check CHECK (length(region) = 12),
    on_day       TEXT NOT NULL CONSTRAINT indicator_facts_on_day_check CHECK (length(on_day) = 10),
    recorded_at  DATETIME NOT NULL,
    quantity     INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    person_id    TEXT,
    excluded     TEXT NOT NULL DEFAULT '' CONSTRAINT indicator_facts_excluded_check CHECK (excluded = '' OR quantity = 0),
    reverses     TEXT CONSTRAINT indicator_facts_reverses_fkey REFERENCES indicator_facts (id)
);
CREATE UNIQUE INDEX indicator_facts_cause_key ON indicator_facts (indicator, part, cause);
CREATE UNIQUE INDEX indicator_facts_reverses_key ON indicator_facts (reverses);
CREATE INDEX indicator_facts_cell_idx ON indicator_facts (indicator, region, on_day);
CREATE INDEX indicator_facts_person_idx ON indicator_facts (person_id, indicator, on_day);

-- Which fact counted a person for a year (R-IND-02a). Freed by a reversal.
CREATE TABLE indicator_once (
    indicator TEXT NOT NULL,
    year      INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    fact_id   TEXT NOT NULL,
    PRIMARY KEY (indicator, year, person_id)
);
CREATE INDEX indicator_once_fact_idx ON indicator_once (fact_id);

-- What is not yet folded into the sums below: claimed by DELETE … RETURNING,
-- never by "id greater than the last", for ids commit out of order.
CREATE TABLE indicator_deltas (
    id        TEXT NOT NULL PRIMARY KEY,
    indicator TEXT NOT NULL,
    part      TEXT NOT NULL,
    region    TEXT NOT NULL,
    on_day    TEXT NOT NULL,
    quantity  INTEGER NOT NULL
);
CREATE INDEX indicator_deltas_cell_idx ON indicator_deltas (indicator, region, on_day);

-- Sums by day for villages, towns and the city.
CREATE TABLE indicator_rollups (
    indicator TEXT NOT NULL,
    part      TEXT NOT NULL,
    level     TEXT NOT NULL CONSTRAINT indicator_rollups_level_check CHECK (level IN ('village', 'town', 'city')),
    region    TEXT NOT NULL,
    on_day    TEXT NOT NULL,
    quantity  INTEGER NOT NULL,
    PRIMARY KEY (indicator, part, level, region, on_day)
);
CREATE INDEX indicator_rollups_read_idx ON indicator_rollups (level, region, on_day, indicator);

-- What a department reports for the whole city.
CREATE TABLE indicator_reports (
    id           TEXT NOT NULL PRIMARY KEY,
    indicator    TEXT NOT NULL,
    period       TEXT NOT NULL, -- "2026" or "2026-06"
    value_micro  INTEGER NOT NULL, -- the value × 1,000,000 in raw units: persons, pieces, per cent
    numerator    INTEGER,
    denominator  INTEGER CONSTRAINT indicator_reports_denominator_check CHECK (denominator IS NULL OR denominator > 0),
    status       TEXT NOT NULL CONSTRAINT indicator_reports_status_check CHECK (status IN ('draft', 'submitted', 'approved', 'returned')),
    publisher    TEXT NOT NULL,
    document     TEXT NOT NULL,
    note         TEXT NOT NULL DEFAULT '',
    entered_by   TEXT,
    submitted_by TEXT,
    submitted_at DATETIME,
    decided_by   TEXT,
    decided_at   DATETIME,
    reason       TEXT NOT NULL DEFAULT '',
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT indicator_reports_two_people_check CHECK (status <> 'approved' OR decided_by <> submitted_by)
);
CREATE UNIQUE INDEX indicator_reports_approved_key ON indicator_reports (indicator, period) WHERE status = 'approved';
CREATE INDEX indicator_reports_list_idx ON indicator_reports (indicator, period, id);

-- +goose StatementBegin
CREATE TRIGGER indicator_facts_no_update BEFORE UPDATE ON indicator_facts
BEGIN SELECT RAISE(ABORT, 'indicator_facts is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER indicator_facts_no_delete BEFORE DELETE ON indicator_facts
BEGIN SELECT RAISE(ABORT, 'indicator_facts is append-only'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE indicator_reports;
DROP TABLE indicator_rollups;
DROP TABLE indicator_deltas;
DROP TABLE indicator_once;
DROP TABLE indicator_facts;
