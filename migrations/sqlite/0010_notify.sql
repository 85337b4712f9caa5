-- +goose Up

-- What people were told. The text is sealed: it names a place and a time.
CREATE TABLE notify_messages (
    id           TEXT NOT NULL PRIMARY KEY,
    cause        TEXT NOT NULL, -- id of the event, or of the request, it comes from
    person_id    TEXT,
    addressee    TEXT NOT NULL, -- person id, or the keyed hash of the phone where no person is known
    template     TEXT NOT NULL,
    params       TEXT NOT NULL, -- JSON: ids and codes only
    phone_sealed BLOB,
    phone_blind  TEXT,
    text_sealed  BLOB NOT NULL,
    key_id       TEXT NOT NULL,
    state        TEXT NOT NULL CONSTRAINT notify_messages_state_check CHECK (state IN ('kept', 'sent', 'failed', 'muted')),
    tries        INTEGER NOT NULL DEFAULT 0,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    CONSTRAINT notify_messages_once_key UNIQUE (cause, addressee, template)
);
CREATE INDEX notify_messages_phone_blind_idx ON notify_messages (phone_blind, id);
CREATE INDEX notify_messages_created_at_idx ON notify_messages (created_at);

-- What a person does not want to be told, by topic.
CREATE TABLE notify_preferences (
    person_id  TEXT NOT NULL,
    topic      TEXT NOT NULL,
    muted      BOOLEAN NOT NULL,
    updated_at DATETIME NOT NULL,
    CONSTRAINT notify_preferences_pkey PRIMARY KEY (person_id, topic)
);

-- +goose Down
DROP TABLE notify_preferences;
DROP TABLE notify_messages;
