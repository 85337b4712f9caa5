-- +goose Up

-- Reports that pay is owed (欠薪线索).
CREATE TABLE labour_clues (
    id            uuid NOT NULL PRIMARY KEY,
    engagement_id uuid NOT NULL,
    posting_id    uuid NOT NULL,
    title         text NOT NULL,
    employer_id   uuid NOT NULL,
    employer_name text NOT NULL,
    person_id     uuid NOT NULL,
    village       text NOT NULL CONSTRAINT labour_clues_village_check CHECK (length(village) = 12),
    status        text NOT NULL CONSTRAINT labour_clues_status_check CHECK (status IN ('received', 'checking', 'confirmed', 'not_established', 'resolved', 'transferred', 'withdrawn')),
    live          boolean NOT NULL, -- not ended: one at a time for an engagement
    claimed_fen   bigint NOT NULL CONSTRAINT labour_clues_claimed_fen_check CHECK (claimed_fen > 0),
    found_fen     bigint NOT NULL DEFAULT 0 CONSTRAINT labour_clues_found_fen_check CHECK (found_fen >= 0),
    paid_fen      bigint NOT NULL DEFAULT 0 CONSTRAINT labour_clues_paid_fen_check CHECK (paid_fen >= 0),
    story         bytea NOT NULL, -- sealed
    confirmed     boolean NOT NULL,
    officer       uuid,
    opened_by     uuid,
    due           text CONSTRAINT labour_clues_due_check CHECK (length(due) = 10),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT labour_clues_due_open_check CHECK (live = (due IS NOT NULL))
);
CREATE UNIQUE INDEX labour_clues_engagement_key ON labour_clues (engagement_id) WHERE live;
CREATE INDEX labour_clues_village_idx ON labour_clues (village, live, due);
CREATE INDEX labour_clues_person_idx ON labour_clues (person_id, id);

CREATE TABLE labour_clue_steps (
    id         uuid NOT NULL PRIMARY KEY,
    clue_id    uuid NOT NULL CONSTRAINT labour_clue_steps_clue_id_fkey REFERENCES labour_clues (id),
    act        text NOT NULL,
    status     text NOT NULL,
    by_account uuid,
    by_role    text NOT NULL,
    reason     bytea, -- sealed
    fen        bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
);
CREATE INDEX labour_clue_steps_clue_idx ON labour_clue_steps (clue_id, id);

-- +goose Down
DROP TABLE labour_clue_steps;
DROP TABLE labour_clues;
