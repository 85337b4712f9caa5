-- +goose Up

-- The one registry of human beings (人员). What identifies is sealed; a blind
-- column holds the keyed hash by which a whole value is found.
CREATE TABLE person_persons (
    id               TEXT NOT NULL PRIMARY KEY,
    name_sealed      BLOB NOT NULL,
    name_blind       TEXT NOT NULL,
    id_number_sealed BLOB,
    id_number_blind  TEXT, -- one ID number, one person
    phone_sealed     BLOB,
    phone_blind      TEXT, -- a family shares a phone: not unique
    address_sealed   BLOB,
    key_id           TEXT NOT NULL, -- of the key all of them are sealed with
    light_key        TEXT, -- keyed hash of phone, surname and birth year while these are all there is
    sex              TEXT NOT NULL DEFAULT '' CONSTRAINT person_persons_sex_check CHECK (sex IN ('', 'female', 'male')),
    birth            TEXT CONSTRAINT person_persons_birth_check CHECK (length(birth) = 10),
    declared         BOOLEAN NOT NULL, -- birth is her own word: 1 January of the year
    village          TEXT NOT NULL CONSTRAINT person_persons_village_check CHECK (length(village) = 12),
    retire           TEXT NOT NULL DEFAULT '' CONSTRAINT person_persons_retire_check CHECK (retire IN ('', 'M', 'F55', 'F50')),
    proof            TEXT NOT NULL DEFAULT '' CONSTRAINT person_persons_proof_check CHECK (proof IN ('', 'phone', 'id_number', 'document')),
    proved_at        DATETIME,
    proved_by        TEXT,
    created_at       DATETIME NOT NULL,
    updated_at       DATETIME NOT NULL,
    version          INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT person_persons_id_number_blind_key UNIQUE (id_number_blind),
    CONSTRAINT person_persons_light_key_key UNIQUE (light_key)
);
CREATE INDEX person_persons_phone_blind_idx ON person_persons (phone_blind);
CREATE INDEX person_persons_name_blind_idx ON person_persons (name_blind);
CREATE INDEX person_persons_village_idx ON person_persons (village, id);
CREATE INDEX person_persons_key_id_idx ON person_persons (key_id);

-- What a person agreed to, how, and when it ended. Rows are never removed.
CREATE TABLE person_consents (
    id           TEXT NOT NULL PRIMARY KEY,
    person_id    TEXT NOT NULL CONSTRAINT person_consents_person_id_fkey REFERENCES person_persons (id),
    purpose      TEXT NOT NULL CONSTRAINT person_consents_purpose_check CHECK (purpose IN ('gig_market', 'publicity', 'sharing')),
    how          TEXT NOT NULL CONSTRAINT person_consents_how_check CHECK (how IN ('paper', 'spoken', 'self')),
    taken_by     TEXT, -- account; NULL by herself
    at           DATETIME NOT NULL,
    withdrawn_at DATETIME
);
CREATE INDEX person_consents_person_id_idx ON person_consents (person_id, id);

-- +goose Down
DROP TABLE person_consents;
DROP TABLE person_persons;
