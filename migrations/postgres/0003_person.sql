-- +goose Up

-- The one registry of human beings (人员). What identifies is sealed; a blind
-- column holds the keyed hash by which a whole value is found.
CREATE TABLE person_persons (
    id               uuid NOT NULL PRIMARY KEY,
    name_sealed      bytea NOT NULL,
    name_blind       text NOT NULL,
    id_number_sealed bytea,
    id_number_blind  text, -- one ID number, one person
    phone_sealed     bytea,
    phone_blind      text, -- a family shares a phone: not unique
    address_sealed   bytea,
    key_id           text NOT NULL, -- of the key all of them are sealed with
    light_key        text, -- keyed hash of phone, surname and birth year while these are all there is
    sex              text NOT NULL DEFAULT '' CONSTRAINT person_persons_sex_check CHECK (sex IN ('', 'female', 'male')),
    birth            text CONSTRAINT person_persons_birth_check CHECK (length(birth) = 10),
    declared         boolean NOT NULL, -- birth is her own word: 1 January of the year
    village          text NOT NULL CONSTRAINT person_persons_village_check CHECK (length(village) = 12),
    retire           text NOT NULL DEFAULT '' CONSTRAINT person_persons_retire_check CHECK (retire IN ('', 'M', 'F55', 'F50')),
    proof            text NOT NULL DEFAULT '' CONSTRAINT person_persons_proof_check CHECK (proof IN ('', 'phone', 'id_number', 'document')),
    proved_at        timestamptz,
    proved_by        uuid,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT person_persons_id_number_blind_key UNIQUE (id_number_blind),
    CONSTRAINT person_persons_light_key_key UNIQUE (light_key)
);
CREATE INDEX person_persons_phone_blind_idx ON person_persons (phone_blind);
CREATE INDEX person_persons_name_blind_idx ON person_persons (name_blind);
CREATE INDEX person_persons_village_idx ON person_persons (village, id);
CREATE INDEX person_persons_key_id_idx ON person_persons (key_id);

-- What a person agreed to, how, and when it ended. Rows are never removed.
CREATE TABLE person_consents (
    id           uuid NOT NULL PRIMARY KEY,
    person_id    uuid NOT NULL CONSTRAINT person_consents_person_id_fkey REFERENCES person_persons (id),
    purpose      text NOT NULL CONSTRAINT person_consents_purpose_check CHECK (purpose IN ('gig_market', 'publicity', 'sharing')),
    how          text NOT NULL CONSTRAINT person_consents_how_check CHECK (how IN ('paper', 'spoken', 'self')),
    taken_by     uuid, -- account; NULL by herself
    at           timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX person_consents_person_id_idx ON person_consents (person_id, id);

-- +goose Down
DROP TABLE person_consents;
DROP TABLE person_persons;
