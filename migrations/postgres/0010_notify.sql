-- +goose Up

-- What people were told. The text is sealed: it names a place and a time.
CREATE TABLE notify_messages (
    id           uuid NOT NULL PRIMARY KEY,
    cause        text NOT NULL, -- id of the event, or of the request, it comes from
    person_id    uuid,
    addressee    text NOT NULL, -- person id, or the keyed hash of the phone where no person is known
    template     text NOT NULL,
    params       text NOT NULL, -- JSON: ids and codes only
    phone_sealed bytea,
    phone_blind  text,
    text_sealed  bytea NOT NULL,
    key_id       text NOT NULL,
    state        text NOT NULL CONSTRAINT notify_messages_state_check CHECK (state IN ('kept', 'sent', 'failed', 'muted')),
    tries        bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT notify_messages_once_key UNIQUE (cause, addressee, template)
);
CREATE INDEX notify_messages_phone_blind_idx ON notify_messages (phone_blind, id);
CREATE INDEX notify_messages_created_at_idx ON notify_messages (created_at);

-- What a person does not want to be told, by topic.
CREATE TABLE notify_preferences (
    person_id  uuid NOT NULL,
    topic      text NOT NULL,
    muted      boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notify_preferences_pkey PRIMARY KEY (person_id, topic)
);

-- +goose Down
DROP TABLE notify_preferences;
DROP TABLE notify_messages;
