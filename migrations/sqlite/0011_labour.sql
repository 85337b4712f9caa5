-- +goose Up

-- Reports that pay is owed (欠薪线索).
CREATE TABLE labour_clues (
    id            TEXT NOT NULL PRIMARY KEY,
    engagement_id TEXT NOT NULL,
    posting_id    TEXT NOT NULL,
    title         TEXT NOT NULL,
    employer_id   TEXT NOT NULL,
    employer_name TEXT NOT NULL,
    person_id     TEXT NOT NULL,
    village       TEXT NOT NULL CONSTRAINT labour_clues_village_check CHECK (length(village) = 12),
    status        TEXT NOT NULL CONSTRAINT labour_clues_status_check CHECK (status IN ('received', 'checking', 'confirmed', 'not_established', 'resolved', 'transferred', 'withdrawn')),
    live          BOOLEAN NOT NULL, -- not ended: one at a time for an engagement
    claimed_fen   INTEGER NOT NULL CONSTRAINT labour_clues_claimed_fen_check CHECK (claimed_fen > 0),
    found_fen     INTEGER NOT NULL DEFAULT 0 CONSTRAINT labour_clues_found_fen_check CHECK (found_fen >= 0),
    paid_fen      INTEGER NOT NULL DEFAULT 0 CONSTRAINT labour_clues_paid_fen_check CHECK (paid_fen >= 0),
    story         BLOB NOT NULL, -- sealed
    confirmed     BOOLEAN NOT NULL,
    officer       TEXT,
    opened_by     TEXT,
    due           TEXT CONSTRAINT labour_clues_due_check CHECK (length(due) = 10),
    created_at    DATETIME NOT NULL,
    updated_at    DATETIME NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT labour_clues_due_open_check CHECK (live = (due IS NOT NULL))
);
CREATE UNIQUE INDEX labour_clues_engagement_key ON labour_clues (engagement_id) WHERE live;
CREATE INDEX labour_clues_village_idx ON labour_clues (village, live, due);
CREATE INDEX labour_clues_person_idx ON labour_clues (person_id, id);

CREATE TABLE labour_clue_steps (
    id         TEXT NOT NULL PRIMARY KEY,
    clue_id    TEXT NOT NULL CONSTRAINT labour_clue_steps_clue_id_fkey REFERENCES labour_clues (id),
    act        TEXT NOT NULL,
    status     TEXT NOT NULL,
    by_account TEXT,
    by_role    TEXT NOT NULL,
    reason     BLOB, -- sealed
    fen        INTEGER NOT NULL DEFAULT 0,
    created_at DATETIME NOT NULL
);
CREATE INDEX labour_clue_steps_clue_idx ON labour_clue_steps (clue_id, id);

-- +goose Down
DROP TABLE labour_clue_steps;
DROP TABLE labour_clues;
