-- +goose Up

-- The trace of every act (audit). Append-only: the triggers below refuse the rest.
CREATE TABLE audit_entries (
    id           uuid NOT NULL PRIMARY KEY, -- the event's id; facts name it as their cause
    kind         text NOT NULL,
    at           timestamptz NOT NULL,
    on_day       text NOT NULL CONSTRAINT audit_entries_on_day_check CHECK (length(on_day) = 10),
    actor_role   text NOT NULL,
    actor_id     uuid,
    session_id   uuid,
    origin       text NOT NULL,
    request_id   text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    person_id    uuid,
    region       text NOT NULL,
    reason       text NOT NULL,
    detail       text NOT NULL -- JSON: refs, nums, tags; codes and numbers only
);
CREATE INDEX audit_entries_subject_idx ON audit_entries (subject_id, id);
CREATE INDEX audit_entries_person_idx ON audit_entries (person_id, id);
CREATE INDEX audit_entries_actor_idx ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_kind_idx ON audit_entries (kind, id);

-- Durable work to do after a commit.
CREATE TABLE jobs (
    id           uuid NOT NULL PRIMARY KEY,
    kind         text NOT NULL,
    args         text NOT NULL, -- JSON: ids only
    state        text NOT NULL CONSTRAINT jobs_state_check CHECK (state IN ('ready', 'running', 'done', 'dead')),
    attempt      bigint NOT NULL DEFAULT 0,
    max_attempts bigint NOT NULL CONSTRAINT jobs_max_attempts_check CHECK (max_attempts > 0),
    run_at       timestamptz NOT NULL,
    lease_until  timestamptz,
    unique_key   text, -- while a job with it is ready, another is not added
    last_error   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    finished_at  timestamptz
);
CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key) WHERE state = 'ready';
CREATE INDEX jobs_due_idx ON jobs (state, run_at, id);

-- When each periodic job last began: one replica claims each slot.
CREATE TABLE job_periods (
    name    text NOT NULL PRIMARY KEY,
    next_at timestamptz NOT NULL
);

-- The first answer to a request, given again when the request is repeated.
CREATE TABLE idempotency_keys (
    actor        text NOT NULL, -- account, session or kiosk that sent it
    key          text NOT NULL,
    request_hash text NOT NULL,
    status       bigint NOT NULL DEFAULT 0, -- 0 while the first is under way
    body         bytea,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_expires_idx ON idempotency_keys (expires_at);

-- Dated parameters that override or confirm those the program ships.
CREATE TABLE rule_parameters (
    id           uuid NOT NULL PRIMARY KEY,
    key          text NOT NULL,
    region       text NOT NULL,
    value        text NOT NULL,
    valid_from   text NOT NULL,
    valid_to     text NOT NULL DEFAULT '',
    published_at text NOT NULL DEFAULT '',
    source       text NOT NULL,
    confirmed    boolean NOT NULL,
    note         text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    created_by   uuid,
    CONSTRAINT rule_parameters_key UNIQUE (key, region, valid_from, created_at)
);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE rule_parameters;
DROP TABLE idempotency_keys;
DROP TABLE job_periods;
DROP TABLE jobs;
DROP TABLE audit_entries;
DROP FUNCTION refuse_change;
