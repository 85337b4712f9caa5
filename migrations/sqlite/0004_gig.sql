-- +goose Up

-- Physical gig markets (零工市场/驿站).
CREATE TABLE gig_stations (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    town       TEXT NOT NULL CONSTRAINT gig_stations_town_check CHECK (length(town) = 12),
    address    TEXT NOT NULL DEFAULT '',
    lat_e6     INTEGER NOT NULL DEFAULT 0, -- millionths of a degree; 0, 0 is not known
    lng_e6     INTEGER NOT NULL DEFAULT 0,
    phone      TEXT NOT NULL DEFAULT '', -- the public service line
    hours      TEXT NOT NULL DEFAULT '',
    grade      TEXT NOT NULL DEFAULT 'standard' CONSTRAINT gig_stations_grade_check CHECK (grade IN ('standard', 'provincial_demo')),
    facilities TEXT NOT NULL DEFAULT '',
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT gig_stations_name_key UNIQUE (name)
);

-- Those who post work (用工主体). What names a person or identifies is sealed.
CREATE TABLE gig_employers (
    id                  TEXT NOT NULL PRIMARY KEY,
    kind                TEXT NOT NULL CONSTRAINT gig_employers_kind_check CHECK (kind IN ('organisation', 'household')),
    name                TEXT NOT NULL, -- of a household only the surname
    town                TEXT NOT NULL CONSTRAINT gig_employers_town_check CHECK (length(town) = 12),
    village             TEXT NOT NULL CONSTRAINT gig_employers_village_check CHECK (length(village) = 12),
    credit_code_sealed  BLOB,
    credit_code_blind   TEXT,
    credit_code_masked  TEXT NOT NULL DEFAULT '',
    contact_name_sealed BLOB,
    contact_name_masked TEXT NOT NULL DEFAULT '',
    phone_sealed        BLOB,
    phone_blind         TEXT,
    phone_masked        TEXT NOT NULL DEFAULT '',
    address_sealed      BLOB,
    status              TEXT NOT NULL CONSTRAINT gig_employers_status_check CHECK (status IN ('pending', 'verified', 'rejected')),
    verified_at         DATETIME,
    verified_by         TEXT,
    evidence            TEXT NOT NULL DEFAULT '',
    rating_sum          INTEGER NOT NULL DEFAULT 0,
    rating_count        INTEGER NOT NULL DEFAULT 0,
    created_at          DATETIME NOT NULL,
    updated_at          DATETIME NOT NULL,
    version             INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT gig_employers_credit_code_blind_key UNIQUE (credit_code_blind)
);
CREATE INDEX gig_employers_phone_blind_idx ON gig_employers (phone_blind);
CREATE INDEX gig_employers_status_idx ON gig_employers (status, id);

-- Those who seek work (求职者): a role of a person, without personal data.
CREATE TABLE gig_workers (
    id             TEXT NOT NULL PRIMARY KEY,
    person_id      TEXT NOT NULL,
    village        TEXT NOT NULL CONSTRAINT gig_workers_village_check CHECK (length(village) = 12),
    station_id     TEXT CONSTRAINT gig_workers_station_id_fkey REFERENCES gig_stations (id), -- where she registered
    light          BOOLEAN NOT NULL,
    radius_m       INTEGER NOT NULL CONSTRAINT gig_workers_radius_m_check CHECK (radius_m >= 0),
    floor_hour_fen INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_workers_floor_hour_fen_check CHECK (floor_hour_fen >= 0),
    days           INTEGER NOT NULL DEFAULT 0, -- bit n is weekday n, Sunday 0; 0 is any day
    from_minute    INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_workers_from_minute_check CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute      INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_workers_to_minute_check CHECK (to_minute BETWEEN 0 AND 1440),
    available_on   TEXT CONSTRAINT gig_workers_available_on_check CHECK (length(available_on) = 10),
    waiting_since  DATETIME,
    completed      INTEGER NOT NULL DEFAULT 0,
    no_shows       TEXT NOT NULL DEFAULT '', -- dates
    rating_sum     INTEGER NOT NULL DEFAULT 0,
    rating_count   INTEGER NOT NULL DEFAULT 0,
    consent        TEXT NOT NULL CONSTRAINT gig_workers_consent_check CHECK (consent IN ('paper', 'spoken', 'self')),
    consent_by     TEXT,
    created_at     DATETIME NOT NULL,
    updated_at     DATETIME NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT gig_workers_person_id_key UNIQUE (person_id)
);
CREATE INDEX gig_workers_village_idx ON gig_workers (village);
CREATE INDEX gig_workers_available_on_idx ON gig_workers (available_on, village);

CREATE TABLE gig_worker_trades (
    worker_id TEXT NOT NULL CONSTRAINT gig_worker_trades_worker_id_fkey REFERENCES gig_workers (id),
    trade     TEXT NOT NULL,
    level     INTEGER NOT NULL CONSTRAINT gig_worker_trades_level_check CHECK (level BETWEEN 1 AND 3),
    PRIMARY KEY (worker_id, trade)
);
CREATE INDEX gig_worker_trades_trade_idx ON gig_worker_trades (trade, worker_id);

CREATE TABLE gig_worker_certificates (
    worker_id TEXT NOT NULL CONSTRAINT gig_worker_certificates_worker_id_fkey REFERENCES gig_workers (id),
    kind      TEXT NOT NULL,
    expires   TEXT CONSTRAINT gig_worker_certificates_expires_check CHECK (length(expires) = 10),
    PRIMARY KEY (worker_id, kind)
);

-- Calls for people (用工需求).
CREATE TABLE gig_postings (
    id              TEXT NOT NULL PRIMARY KEY,
    code            TEXT NOT NULL CONSTRAINT gig_postings_code_check CHECK (length(code) = 6),
    employer_id     TEXT NOT NULL CONSTRAINT gig_postings_employer_id_fkey REFERENCES gig_employers (id),
    station_id      TEXT CONSTRAINT gig_postings_station_id_fkey REFERENCES gig_stations (id),
    title           TEXT NOT NULL,
    trade           TEXT NOT NULL,
    description     TEXT NOT NULL DEFAULT '',
    form            TEXT NOT NULL CONSTRAINT gig_postings_form_check CHECK (form IN ('part_time', 'short_full_time', 'service', 'trainee', 'welfare')),
    town            TEXT NOT NULL DEFAULT '',
    village         TEXT NOT NULL DEFAULT '',
    address         TEXT NOT NULL DEFAULT '', -- of organisations
    address_sealed  BLOB, -- of households
    lat_e6          INTEGER NOT NULL DEFAULT 0,
    lng_e6          INTEGER NOT NULL DEFAULT 0,
    pay_fen         INTEGER NOT NULL CONSTRAINT gig_postings_pay_fen_check CHECK (pay_fen >= 0),
    pay_unit        TEXT NOT NULL CONSTRAINT gig_postings_pay_unit_check CHECK (pay_unit IN ('hour', 'day', 'piece', 'job', 'month')),
    pieces_per_hour INTEGER NOT NULL DEFAULT 0,
    pay_note        TEXT NOT NULL DEFAULT '',
    settlement      TEXT NOT NULL CONSTRAINT gig_postings_settlement_check CHECK (settlement IN ('daily', 'weekly', 'on_completion', 'monthly')),
    settlement_days INTEGER NOT NULL CONSTRAINT gig_postings_settlement_days_check CHECK (settlement_days >= 0),
    payer           TEXT NOT NULL DEFAULT '',
    hour_fen        INTEGER NOT NULL DEFAULT 0,
    meals           BOOLEAN NOT NULL,
    lodging         BOOLEAN NOT NULL,
    transport       TEXT NOT NULL DEFAULT '',
    tools           TEXT NOT NULL DEFAULT '',
    bring           TEXT NOT NULL DEFAULT '',
    insurance       TEXT NOT NULL DEFAULT '',
    flags           TEXT NOT NULL DEFAULT '',
    min_age         INTEGER NOT NULL DEFAULT 16,
    certificates    TEXT NOT NULL DEFAULT '',
    suited_older    BOOLEAN NOT NULL,
    suited_disabled BOOLEAN NOT NULL,
    no_experience   BOOLEAN NOT NULL,
    urgent          BOOLEAN NOT NULL,
    project_no      TEXT NOT NULL DEFAULT '',
    origin          TEXT NOT NULL DEFAULT '',
    for_household   BOOLEAN NOT NULL,
    status          TEXT NOT NULL CONSTRAINT gig_postings_status_check CHECK (status IN ('draft', 'in_review', 'published', 'filled', 'expired', 'closed', 'paused', 'taken_down', 'returned', 'rejected')),
    published_at    DATETIME,
    valid_until     DATETIME,
    expires_at      DATETIME,
    warnings        TEXT NOT NULL DEFAULT '', -- JSON
    submitted_by    TEXT,
    reviewed_by     TEXT,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1
);
-- A spoken code is free again once its posting has ended.
CREATE UNIQUE INDEX gig_postings_code_key ON gig_postings (code) WHERE status NOT IN ('expired', 'closed', 'taken_down', 'rejected');
CREATE INDEX gig_postings_employer_id_idx ON gig_postings (employer_id, id);
CREATE INDEX gig_postings_station_id_idx ON gig_postings (station_id, status, id);
CREATE INDEX gig_postings_status_idx ON gig_postings (status, expires_at);
CREATE INDEX gig_postings_village_idx ON gig_postings (village);

-- Time windows with places (班次). Capacity is the database's own promise.
CREATE TABLE gig_shifts (
    id            TEXT NOT NULL PRIMARY KEY,
    posting_id    TEXT NOT NULL CONSTRAINT gig_shifts_posting_id_fkey REFERENCES gig_postings (id),
    date          TEXT NOT NULL CONSTRAINT gig_shifts_date_check CHECK (length(date) = 10),
    starts_at     DATETIME NOT NULL,
    ends_at       DATETIME NOT NULL,
    break_minutes INTEGER NOT NULL DEFAULT 0 CONSTRAINT gig_shifts_break_minutes_check CHECK (break_minutes >= 0),
    headcount     INTEGER NOT NULL,
    filled        INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT gig_shifts_times_check CHECK (starts_at < ends_at),
    CONSTRAINT gig_shifts_filled_check CHECK (0 <= filled AND filled <= headcount)
);
CREATE INDEX gig_shifts_posting_id_idx ON gig_shifts (posting_id, starts_at);
CREATE INDEX gig_shifts_starts_at_idx ON gig_shifts (starts_at);

-- What became of a posting, move by move; never edited.
CREATE TABLE gig_posting_history (
    id          TEXT NOT NULL PRIMARY KEY,
    posting_id  TEXT NOT NULL CONSTRAINT gig_posting_history_posting_id_fkey REFERENCES gig_postings (id),
    at          DATETIME NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    by_role     TEXT NOT NULL,
    by_account  TEXT,
    reason      TEXT NOT NULL DEFAULT '',
    version     INTEGER NOT NULL,
    findings    TEXT NOT NULL DEFAULT '' -- JSON: which rules spoke
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
