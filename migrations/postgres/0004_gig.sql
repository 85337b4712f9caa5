-- +goose Up

-- Physical gig markets (零工市场/驿站).
CREATE TABLE gig_stations (
    id         uuid NOT NULL PRIMARY KEY,
    name       text NOT NULL,
    town       text NOT NULL CONSTRAINT gig_stations_town_check CHECK (length(town) = 12),
    address    text NOT NULL DEFAULT '',
    lat_e6     bigint NOT NULL DEFAULT 0, -- millionths of a degree; 0, 0 is not known
    lng_e6     bigint NOT NULL DEFAULT 0,
    phone      text NOT NULL DEFAULT '', -- the public service line
    hours      text NOT NULL DEFAULT '',
    grade      text NOT NULL DEFAULT 'standard' CONSTRAINT gig_stations_grade_check CHECK (grade IN ('standard', 'provincial_demo')),
    facilities text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    CONSTRAINT gig_stations_name_key UNIQUE (name)
);

-- Those who post work (用工主体). What names a person or identifies is sealed.
CREATE TABLE gig_employers (
    id                  uuid NOT NULL PRIMARY KEY,
    kind                text NOT NULL CONSTRAINT gig_employers_kind_check CHECK (kind IN ('organisation', 'household')),
    name                text NOT NULL, -- of a household only the surname
    town                text NOT NULL CONSTRAINT gig_employers_town_check CHECK (length(town) = 12),
    village             text NOT NULL CONSTRAINT gig_employers_village_check CHECK (length(village) = 12),
    credit_code_sealed  bytea,
    credit_code_blind   text,
    credit_code_masked  text NOT NULL DEFAULT '',
    contact_name_sealed bytea,
    contact_name_masked text NOT NULL DEFAULT '',
    phone_sealed        bytea,
    phone_blind         text,
    phone_masked        text NOT NULL DEFAULT '',
    address_sealed      bytea,
    status              text NOT NULL CONSTRAINT gig_employers_status_check CHECK (status IN ('pending', 'verified', 'rejected')),
    verified_at         timestamptz,
    verified_by         uuid,
    evidence            text NOT NULL DEFAULT '',
    rating_sum          bigint NOT NULL DEFAULT 0,
    rating_count        bigint NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    version             bigint NOT NULL DEFAULT 1,
    CONSTRAINT gig_employers_credit_code_blind_key UNIQUE (credit_code_blind)
);
CREATE INDEX gig_employers_phone_blind_idx ON gig_employers (phone_blind);
CREATE INDEX gig_employers_status_idx ON gig_employers (status, id);

-- Those who seek work (求职者): a role of a person, without personal data.
CREATE TABLE gig_workers (
    id             uuid NOT NULL PRIMARY KEY,
    person_id      uuid NOT NULL,
    village        text NOT NULL CONSTRAINT gig_workers_village_check CHECK (length(village) = 12),
    station_id     uuid CONSTRAINT gig_workers_station_id_fkey REFERENCES gig_stations (id), -- where she registered
    light          boolean NOT NULL,
    radius_m       bigint NOT NULL CONSTRAINT gig_workers_radius_m_check CHECK (radius_m >= 0),
    floor_hour_fen bigint NOT NULL DEFAULT 0 CONSTRAINT gig_workers_floor_hour_fen_check CHECK (floor_hour_fen >= 0),
    days           bigint NOT NULL DEFAULT 0, -- bit n is weekday n, Sunday 0; 0 is any day
    from_minute    bigint NOT NULL DEFAULT 0 CONSTRAINT gig_workers_from_minute_check CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute      bigint NOT NULL DEFAULT 0 CONSTRAINT gig_workers_to_minute_check CHECK (to_minute BETWEEN 0 AND 1440),
    available_on   text CONSTRAINT gig_workers_available_on_check CHECK (length(available_on) = 10),
    waiting_since  timestamptz,
    completed      bigint NOT NULL DEFAULT 0,
    no_shows       text NOT NULL DEFAULT '', -- dates
    rating_sum     bigint NOT NULL DEFAULT 0,
    rating_count   bigint NOT NULL DEFAULT 0,
    consent        text NOT NULL CONSTRAINT gig_workers_consent_check CHECK (consent IN ('paper', 'spoken', 'self')),
    consent_by     uuid,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT gig_workers_person_id_key UNIQUE (person_id)
);
CREATE INDEX gig_workers_village_idx ON gig_workers (village text_pattern_ops);
CREATE INDEX gig_workers_available_on_idx ON gig_workers (available_on, village);

CREATE TABLE gig_worker_trades (
    worker_id uuid NOT NULL CONSTRAINT gig_worker_trades_worker_id_fkey REFERENCES gig_workers (id),
    trade     text NOT NULL,
    level     bigint NOT NULL CONSTRAINT gig_worker_trades_level_check CHECK (level BETWEEN 1 AND 3),
    PRIMARY KEY (worker_id, trade)
);
CREATE INDEX gig_worker_trades_trade_idx ON gig_worker_trades (trade, worker_id);

CREATE TABLE gig_worker_certificates (
    worker_id uuid NOT NULL CONSTRAINT gig_worker_certificates_worker_id_fkey REFERENCES gig_workers (id),
    kind      text NOT NULL,
    expires   text CONSTRAINT gig_worker_certificates_expires_check CHECK (length(expires) = 10),
    PRIMARY KEY (worker_id, kind)
);

-- Calls for people (用工需求).
CREATE TABLE gig_postings (
    id              uuid NOT NULL PRIMARY KEY,
    code            text NOT NULL CONSTRAINT gig_postings_code_check CHECK (length(code) = 6),
    employer_id     uuid NOT NULL CONSTRAINT gig_postings_employer_id_fkey REFERENCES gig_employers (id),
    station_id      uuid CONSTRAINT gig_postings_station_id_fkey REFERENCES gig_stations (id),
    title           text NOT NULL,
    trade           text NOT NULL,
    description     text NOT NULL DEFAULT '',
    form            text NOT NULL CONSTRAINT gig_postings_form_check CHECK (form IN ('part_time', 'short_full_time', 'service', 'trainee', 'welfare')),
    town            text NOT NULL DEFAULT '',
    village         text NOT NULL DEFAULT '',
    address         text NOT NULL DEFAULT '', -- of organisations
    address_sealed  bytea, -- of households
    lat_e6          bigint NOT NULL DEFAULT 0,
    lng_e6          bigint NOT NULL DEFAULT 0,
    pay_fen         bigint NOT NULL CONSTRAINT gig_postings_pay_fen_check CHECK (pay_fen >= 0),
    pay_unit        text NOT NULL CONSTRAINT gig_postings_pay_unit_check CHECK (pay_unit IN ('hour', 'day', 'piece', 'job', 'month')),
    pieces_per_hour bigint NOT NULL DEFAULT 0,
    pay_note        text NOT NULL DEFAULT '',
    settlement      text NOT NULL CONSTRAINT gig_postings_settlement_check CHECK (settlement IN ('daily', 'weekly', 'on_completion', 'monthly')),
    settlement_days bigint NOT NULL CONSTRAINT gig_postings_settlement_days_check CHECK (settlement_days >= 0),
    payer           text NOT NULL DEFAULT '',
    hour_fen        bigint NOT NULL DEFAULT 0,
    meals           boolean NOT NULL,
    lodging         boolean NOT NULL,
    transport       text NOT NULL DEFAULT '',
    tools           text NOT NULL DEFAULT '',
    bring           text NOT NULL DEFAULT '',
    insurance       text NOT NULL DEFAULT '',
    flags           text NOT NULL DEFAULT '',
    min_age         bigint NOT NULL DEFAULT 16,
    certificates    text NOT NULL DEFAULT '',
    suited_older    boolean NOT NULL,
    suited_disabled boolean NOT NULL,
    no_experience   boolean NOT NULL,
    urgent          boolean NOT NULL,
    project_no      text NOT NULL DEFAULT '',
    origin          text NOT NULL DEFAULT '',
    for_household   boolean NOT NULL,
    status          text NOT NULL CONSTRAINT gig_postings_status_check CHECK (status IN ('draft', 'in_review', 'published', 'filled', 'expired', 'closed', 'paused', 'taken_down', 'returned', 'rejected')),
    published_at    timestamptz,
    valid_until     timestamptz,
    expires_at      timestamptz,
    warnings        text NOT NULL DEFAULT '', -- JSON
    submitted_by    uuid,
    reviewed_by     uuid,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint NOT NULL DEFAULT 1
);
-- A spoken code is free again once its posting has ended.
CREATE UNIQUE INDEX gig_postings_code_key ON gig_postings (code) WHERE status NOT IN ('expired', 'closed', 'taken_down', 'rejected');
CREATE INDEX gig_postings_employer_id_idx ON gig_postings (employer_id, id);
CREATE INDEX gig_postings_station_id_idx ON gig_postings (station_id, status, id);
CREATE INDEX gig_postings_status_idx ON gig_postings (status, expires_at);
CREATE INDEX gig_postings_village_idx ON gig_postings (village text_pattern_ops);

-- Time windows with places (班次). Capacity is the database's own promise.
CREATE TABLE gig_shifts (
    id            uuid NOT NULL PRIMARY KEY,
    posting_id    uuid NOT NULL CONSTRAINT gig_shifts_posting_id_fkey REFERENCES gig_postings (id),
    date          text NOT NULL CONSTRAINT gig_shifts_date_check CHECK (length(date) = 10),
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    break_minutes bigint NOT NULL DEFAULT 0 CONSTRAINT gig_shifts_break_minutes_check CHECK (break_minutes >= 0),
    headcount     bigint NOT NULL,
    filled        bigint NOT NULL DEFAULT 0,
    CONSTRAINT gig_shifts_times_check CHECK (starts_at < ends_at),
    CONSTRAINT gig_shifts_filled_check CHECK (0 <= filled AND filled <= headcount)
);
CREATE INDEX gig_shifts_posting_id_idx ON gig_shifts (posting_id, starts_at);
CREATE INDEX gig_shifts_starts_at_idx ON gig_shifts (starts_at);

-- What became of a posting, move by move; never edited.
CREATE TABLE gig_posting_history (
    id          uuid NOT NULL PRIMARY KEY,
    posting_id  uuid NOT NULL CONSTRAINT gig_posting_history_posting_id_fkey REFERENCES gig_postings (id),
    at          timestamptz NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    by_role     text NOT NULL,
    by_account  uuid,
    reason      text NOT NULL DEFAULT '',
    version     bigint NOT NULL,
    findings    text NOT NULL DEFAULT '' -- JSON: which rules spoke
);
CREATE INDEX gig_posting_history_posting_id_idx ON gig_posting_history (posting_id, id);

-- +goose Down
DROP TABLE gig_posting_history;
DROP TABLE gig_shifts;
DROP TABLE gig_postings;
DROP TABLE gig_worker_certificates;
DROP TABLE gig_worker_trades;
DROP TABLE gig_workers;
DROP TABLE gig_employers;
DROP TABLE gig_stations;
