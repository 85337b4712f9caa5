-- +goose Up

-- Who may sign in. Staff have a username and a password; workers and employers
-- a phone; a kiosk is a session of its own (identity_kiosks).
CREATE TABLE identity_accounts (
    id            uuid NOT NULL PRIMARY KEY,
    kind          text NOT NULL CONSTRAINT identity_accounts_kind_check CHECK (kind IN ('staff', 'worker', 'employer')),
    role          text NOT NULL CONSTRAINT identity_accounts_role_check CHECK (role IN ('worker', 'employer', 'operator', 'caseworker', 'town_officer', 'bureau', 'auditor', 'admin')),
    username      text, -- staff; lower case
    name          text NOT NULL, -- how the screens greet: a member of staff, "" for workers and employers
    password_hash text NOT NULL DEFAULT '',
    phone_sealed  bytea,
    phone_blind   text,
    key_id        text NOT NULL DEFAULT '',
    regions       text NOT NULL DEFAULT '', -- region prefixes, " 330481101 330481102 "
    station_id    uuid,
    employer_id   uuid,
    person_id     uuid,
    active        boolean NOT NULL,
    password_at   timestamptz, -- when the password was set
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT identity_accounts_username_key UNIQUE (username),
    CONSTRAINT identity_accounts_phone_key UNIQUE (phone_blind, kind)
);
CREATE INDEX identity_accounts_role_idx ON identity_accounts (role, id);
CREATE INDEX identity_accounts_key_id_idx ON identity_accounts (key_id);

-- Kiosks and screens of stations. A pairing code turns a device into one.
CREATE TABLE identity_kiosks (
    id           uuid NOT NULL PRIMARY KEY,
    station_id   uuid NOT NULL,
    name         text NOT NULL,
    kind         text NOT NULL CONSTRAINT identity_kiosks_kind_check CHECK (kind IN ('kiosk', 'screen')),
    pairing_hash text, -- SHA-256 of the code, while it waits to be used
    pairing_ends timestamptz,
    paired_at    timestamptz,
    revoked_at   timestamptz,
    created_at   timestamptz NOT NULL,
    CONSTRAINT identity_kiosks_pairing_hash_key UNIQUE (pairing_hash)
);
CREATE INDEX identity_kiosks_station_id_idx ON identity_kiosks (station_id, id);

-- Who is signed in. Only the hash of the token is here: the table signs nobody in.
CREATE TABLE identity_sessions (
    id         uuid NOT NULL PRIMARY KEY,
    token_hash text NOT NULL, -- SHA-256, hex
    account_id uuid CONSTRAINT identity_sessions_account_id_fkey REFERENCES identity_accounts (id),
    kiosk_id   uuid CONSTRAINT identity_sessions_kiosk_id_fkey REFERENCES identity_kiosks (id),
    origin     text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT identity_sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT identity_sessions_holder_check CHECK ((account_id IS NULL) <> (kiosk_id IS NULL))
);
CREATE INDEX identity_sessions_account_id_idx ON identity_sessions (account_id, id);
CREATE INDEX identity_sessions_kiosk_id_idx ON identity_sessions (kiosk_id, id);
CREATE INDEX identity_sessions_expires_at_idx ON identity_sessions (expires_at);

-- Check values of the keys this store was sealed with: a wrong key file is
-- known at start, not at the first name that cannot be read.
CREATE TABLE identity_key_marks (
    name       text NOT NULL PRIMARY KEY,
    mark       text NOT NULL,
    created_at timestamptz NOT NULL
);

-- +goose Down
DROP TABLE identity_key_marks;
DROP TABLE identity_sessions;
DROP TABLE identity_kiosks;
DROP TABLE identity_accounts;
