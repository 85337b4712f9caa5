-- +goose Up

-- One dated, placed contribution to one indicator. Append-only.
CREATE TABLE indicator_facts (
    id           uuid NOT NULL PRIMARY KEY,
    indicator    text NOT NULL,
    part         text NOT NULL CONSTRAINT indicator_facts_part_check CHECK (part IN ('num', 'den')),
    cause        uuid NOT NULL, -- the audit entry of the act
    cause_kind   text NOT NULL,
    region       text NOT NULL CONSTRAINT indicator_facts_region_check CHECK (length(region) = 12),
    on_day       text NOT NULL CONSTRAINT indicator_facts_on_day_check CHECK (length(on_day) = 10),
    recorded_at  timestamptz NOT NULL,
    quantity     bigint NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    person_id    uuid,
    excluded     text NOT NULL DEFAULT '' CONSTRAINT indicator_facts_excluded_check CHECK (excluded = '' OR quantity = 0),
    reverses     uuid CONSTRAINT indicator_facts_reverses_fkey REFERENCES indicator_facts (id)
);
CREATE UNIQUE INDEX indicator_facts_cause_key ON indicator_facts (indicator, part, cause);
CREATE UNIQUE INDEX indicator_facts_reverses_key ON indicator_facts (reverses);
CREATE INDEX indicator_facts_cell_idx ON indicator_facts (indicator, region, on_day);
CREATE INDEX indicator_facts_person_idx ON indicator_facts (person_id, indicator, on_day);

-- Which fact counted a person for a year (R-IND-02a). Freed by a reversal.
CREATE TABLE indicator_once (
    indicator text NOT NULL,
    year      bigint NOT NULL,
    person_id uuid NOT NULL,
    fact_id   uuid NOT NULL,
    PRIMARY KEY (indicator, year, person_id)
);
CREATE INDEX indicator_once_fact_idx ON indicator_once (fact_id);

-- What is not yet folded into the sums below: claimed by DELETE … RETURNING,
-- never by "id greater than the last", for ids commit out of order.
CREATE TABLE indicator_deltas (
    id        uuid NOT NULL PRIMARY KEY,
    indicator text NOT NULL,
    part      text NOT NULL,
    region    text NOT NULL,
    on_day    text NOT NULL,
    quantity  bigint NOT NULL
);
CREATE INDEX indicator_deltas_cell_idx ON indicator_deltas (indicator, region, on_day);

-- Sums by day for villages, towns and the city.
CREATE TABLE indicator_rollups (
    indicator text NOT NULL,
    part      text NOT NULL,
    level     text NOT NULL CONSTRAINT indicator_rollups_level_check CHECK (level IN ('village', 'town', 'city')),
    region    text NOT NULL,
    on_day    text NOT NULL,
    quantity  bigint NOT NULL,
    PRIMARY KEY (indicator, part, level, region, on_day)
);
CREATE INDEX indicator_rollups_read_idx ON indicator_rollups (level, region, on_day, indicator);

-- What a department reports for the whole city.
CREATE TABLE indicator_reports (
    id           uuid NOT NULL PRIMARY KEY,
    indicator    text NOT NULL,
    period       text NOT NULL, -- "2026" or "2026-06"
    value_micro  bigint NOT NULL, -- the value × 1,000,000 in raw units: persons, pieces, per cent
    numerator    bigint,
    denominator  bigint CONSTRAINT indicator_reports_denominator_check CHECK (denominator IS NULL OR denominator > 0),
    status       text NOT NULL CONSTRAINT indicator_reports_status_check CHECK (status IN ('draft', 'submitted', 'approved', 'returned')),
    publisher    text NOT NULL,
    document     text NOT NULL,
    note         text NOT NULL DEFAULT '',
    entered_by   uuid,
    submitted_by uuid,
    submitted_at timestamptz,
    decided_by   uuid,
    decided_at   timestamptz,
    reason       text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    CONSTRAINT indicator_reports_two_people_check CHECK (status <> 'approved' OR decided_by <> submitted_by)
);
CREATE UNIQUE INDEX indicator_reports_approved_key ON indicator_reports (indicator, period) WHERE status = 'approved';
CREATE INDEX indicator_reports_list_idx ON indicator_reports (indicator, period, id);

CREATE TRIGGER indicator_facts_append_only BEFORE UPDATE OR DELETE ON indicator_facts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE indicator_reports;
DROP TABLE indicator_rollups;
DROP TABLE indicator_deltas;
DROP TABLE indicator_once;
DROP TABLE indicator_facts;
