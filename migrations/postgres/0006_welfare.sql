-- +goose Up

-- Subsidised posts kept for hardship persons (公益性岗位).
CREATE TABLE welfare_posts (
    id             uuid NOT NULL PRIMARY KEY,
    number         text NOT NULL,
    title          text NOT NULL,
    unit_name      text NOT NULL,
    employer_id    uuid,
    village        text NOT NULL CONSTRAINT welfare_posts_village_check CHECK (length(village) = 12),
    duties         text NOT NULL,
    places         bigint NOT NULL,
    taken          bigint NOT NULL DEFAULT 0,
    hours_day      bigint NOT NULL CONSTRAINT welfare_posts_hours_day_check CHECK (hours_day BETWEEN 1 AND 8),
    days_week      bigint NOT NULL CONSTRAINT welfare_posts_days_week_check CHECK (days_week BETWEEN 1 AND 6),
    wage_fen       bigint NOT NULL CONSTRAINT welfare_posts_wage_fen_check CHECK (wage_fen > 0),
    wage_unit      text NOT NULL CONSTRAINT welfare_posts_wage_unit_check CHECK (wage_unit IN ('month', 'hour')),
    funding        text NOT NULL,
    term_months    bigint NOT NULL CONSTRAINT welfare_posts_term_months_check CHECK (term_months BETWEEN 1 AND 36),
    status         text NOT NULL CONSTRAINT welfare_posts_status_check CHECK (status IN ('applied', 'town_check', 'recognised', 'announced', 'open', 'filled', 'closed', 'refused')),
    announced_from text CONSTRAINT welfare_posts_announced_from_check CHECK (length(announced_from) = 10),
    announced_to   text CONSTRAINT welfare_posts_announced_to_check CHECK (length(announced_to) = 10),
    provincial_ref text NOT NULL DEFAULT '', -- the provincial system is the system of record
    applied_by     uuid,
    checked_by     uuid,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT welfare_posts_number_key UNIQUE (number),
    CONSTRAINT welfare_posts_taken_check CHECK (0 <= taken AND taken <= places)
);
CREATE INDEX welfare_posts_village_idx ON welfare_posts (village, status, id);

-- One person on one post for a term (安置).
CREATE TABLE welfare_placements (
    id                  uuid NOT NULL PRIMARY KEY,
    post_id             uuid NOT NULL CONSTRAINT welfare_placements_post_id_fkey REFERENCES welfare_posts (id),
    person_id           uuid NOT NULL,
    village             text NOT NULL CONSTRAINT welfare_placements_village_check CHECK (length(village) = 12),
    ordinal             bigint NOT NULL CONSTRAINT welfare_placements_ordinal_check CHECK (ordinal BETWEEN 1 AND 9),
    status              text NOT NULL CONSTRAINT welfare_placements_status_check CHECK (status IN ('proposed', 'qualification_check', 'publicity', 'contracted', 'on_post', 'exiting', 'exited', 'refused')),
    active              boolean NOT NULL, -- takes a place and is the person's one placement
    recognition_id      uuid,
    category            text NOT NULL,
    first_approved_on   text CONSTRAINT welfare_placements_first_approved_on_check CHECK (length(first_approved_on) = 10),
    months_to_retire    bigint NOT NULL DEFAULT 0, -- at first approval; never computed again (R-PWJ-02)
    starts_on           text CONSTRAINT welfare_placements_starts_on_check CHECK (length(starts_on) = 10),
    ends_on             text CONSTRAINT welfare_placements_ends_on_check CHECK (length(ends_on) = 10),
    months_total        bigint NOT NULL DEFAULT 0,
    to_retirement       boolean NOT NULL,
    explanation         text NOT NULL DEFAULT '',
    publicity_from      text,
    publicity_to        text,
    relative_declared   boolean NOT NULL, -- R-PWJ-07
    relative_detail     bytea, -- sealed
    rank_reason         text NOT NULL DEFAULT '',
    registration_ref    text NOT NULL DEFAULT '', -- 就业登记 in the provincial system
    exited_on           text,
    exit_reason         text NOT NULL DEFAULT '',
    proposed_by         uuid,
    checked_by          uuid,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    version             bigint NOT NULL DEFAULT 1,
    CONSTRAINT welfare_placements_term_check CHECK (starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on)
);
CREATE UNIQUE INDEX welfare_placements_one_key ON welfare_placements (person_id) WHERE active;
CREATE INDEX welfare_placements_post_idx ON welfare_placements (post_id, id);
CREATE INDEX welfare_placements_village_idx ON welfare_placements (village, status, id);
CREATE INDEX welfare_placements_ends_idx ON welfare_placements (status, ends_on);

-- Months actually worked, one row each: a term is counted in these, not in dates.
CREATE TABLE welfare_months (
    placement_id uuid NOT NULL CONSTRAINT welfare_months_placement_id_fkey REFERENCES welfare_placements (id),
    person_id    uuid NOT NULL,
    month        text NOT NULL CONSTRAINT welfare_months_month_check CHECK (length(month) = 7),
    days         bigint NOT NULL CONSTRAINT welfare_months_days_check CHECK (days BETWEEN 0 AND 31),
    recorded_by  uuid,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (person_id, month)
);
CREATE INDEX welfare_months_placement_idx ON welfare_months (placement_id);

-- +goose Down
DROP TABLE welfare_months;
DROP TABLE welfare_placements;
DROP TABLE welfare_posts;
