-- +goose Up

-- The trace of every act (audit). Append-only: the triggers below refuse the rest.
CREATE TABLE audit_entries (
    id           TEXT NOT NULL PRIMARY KEY, -- the event's id; facts name it as their cause
    kind         TEXT NOT NULL,
    at           DATETIME NOT NULL,
    on_day       TEXT NOT NULL CONSTRAINT audit_entries_on_day_check CHECK (length(on_day) = 10),
    actor_role   TEXT NOT NULL,
    actor_id     TEXT,
    session_id   TEXT,
    origin       TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    person_id    TEXT,
    region       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    detail       TEXT NOT NULL -- JSON: refs, nums, tags; codes and numbers only
);
CREATE INDEX audit_entries_subject_idx ON audit_entries (subject_id, id);
CREATE INDEX audit_entries_person_idx ON audit_entries (person_id, id);
CREATE INDEX audit_entries_actor_idx ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_kind_idx ON audit_entries (kind, id);

-- Durable work to do after a commit.
CREATE TABLE jobs (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL,
    args         TEXT NOT NULL, -- JSON: ids only
    state        TEXT NOT NULL CONSTRAINT jobs_state_check CHECK (state IN ('ready', 'running', 'done', 'dead')),
    attempt      INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL CONSTRAINT jobs_max_attempts_check CHECK (max_attempts > 0),
    run_at       DATETIME NOT NULL,
    lease_until  DATETIME,
    unique_key   TEXT, -- while a job with it is ready, another is not added
    last_error   TEXT NOT NULL DEFAULT '',
    created_at   DATETIME NOT NULL,
    finished_at  DATETIME
);
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key) WHERE state = 'ready';
CREATE INDEX jobs_due_idx ON jobs (state, run_at, id);

-- When each periodic job last began: one replica claims each slot.
CREATE TABLE job_periods (
    name    TEXT NOT NULL PRIMARY KEY,
    next_at DATETIME NOT NULL
);

-- The first answer to a request, given again when the request is repeated.
CREATE TABLE idempotency_keys (
    actor        TEXT NOT NULL, -- account, session or kiosk that sent it
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status       INTEGER NOT NULL DEFAULT 0, -- 0 while the first is under way
    body         BLOB,
    created_at   DATETIME NOT NULL,
    expires_at   DATETIME NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_expires_idx ON idempotency_keys (expires_at);

-- Dated parameters that override or confirm those the program ships.
CREATE TABLE rule_parameters (
    id           TEXT NOT NULL PRIMARY KEY,
    key          TEXT NOT NULL,
    region       TEXT NOT NULL,
    value        TEXT NOT NULL,
    valid_from   TEXT NOT NULL,
    valid_to     TEXT NOT NULL DEFAULT '',
    published_at TEXT NOT NULL DEFAULT '',
    source       TEXT NOT NULL,
    confirmed    BOOLEAN NOT NULL,
    note         TEXT NOT NULL DEFAULT '',
    created_at   DATETIME NOT NULL,
    created_by   TEXT,
    CONSTRAINT rule_parameters_key UNIQUE (key, region, valid_from, created_at)
);

-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE rule_parameters;
DROP TABLE idempotency_keys;
DROP TABLE job_periods;
DROP TABLE jobs;
DROP TABLE audit_entries;
