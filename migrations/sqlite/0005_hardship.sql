-- +goose Up

-- Key groups (重点群体). The key is a code; type and level of a disability stand
-- only in the sealed detail.
CREATE TABLE hardship_groups (
    id         TEXT NOT NULL PRIMARY KEY,
    person_id  TEXT NOT NULL,
    region     TEXT NOT NULL CONSTRAINT hardship_groups_region_check CHECK (length(region) = 12),
    key        TEXT NOT NULL,
    since      TEXT NOT NULL CONSTRAINT hardship_groups_since_check CHECK (length(since) = 10),
    until      TEXT CONSTRAINT hardship_groups_until_check CHECK (length(until) = 10),
    end_reason TEXT NOT NULL DEFAULT '',
    content    BLOB, -- sealed: evidence, detail
    created_by TEXT,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT hardship_groups_end_check CHECK ((until IS NULL) = (end_reason = ''))
);
CREATE UNIQUE INDEX hardship_groups_current_key ON hardship_groups (person_id, key) WHERE until IS NULL;
CREATE INDEX hardship_groups_region_idx ON hardship_groups (key, region) WHERE until IS NULL;

-- Households (家庭) and who lives in them, when.
CREATE TABLE hardship_households (
    id           TEXT NOT NULL PRIMARY KEY,
    content      BLOB, -- sealed: name, address
    region       TEXT NOT NULL CONSTRAINT hardship_households_region_check CHECK (length(region) = 12),
    urban        BOOLEAN NOT NULL,
    other_income BOOLEAN NOT NULL,
    zero         BOOLEAN NOT NULL,
    zero_reason  TEXT NOT NULL,
    zero_since   TEXT,
    zero_target  TEXT,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT hardship_households_zero_check CHECK (NOT zero OR zero_target IS NOT NULL)
);
CREATE INDEX hardship_households_region_idx ON hardship_households (region, id);
CREATE INDEX hardship_households_zero_idx ON hardship_households (zero_target) WHERE zero;

CREATE TABLE hardship_members (
    id           TEXT NOT NULL PRIMARY KEY,
    household_id TEXT NOT NULL CONSTRAINT hardship_members_household_id_fkey REFERENCES hardship_households (id),
    person_id    TEXT NOT NULL,
    relation     TEXT NOT NULL,
    status       TEXT NOT NULL CONSTRAINT hardship_members_status_check
                 CHECK (status IN ('employed', 'self_employed', 'unemployed', 'retired', 'student', 'unable', 'away')),
    status_since TEXT NOT NULL,
    unwilling    BOOLEAN NOT NULL,
    moved_in     TEXT NOT NULL CONSTRAINT hardship_members_moved_in_check CHECK (length(moved_in) = 10),
    moved_out    TEXT,
    out_reason   TEXT NOT NULL DEFAULT '',
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX hardship_members_household_idx ON hardship_members (household_id);
CREATE UNIQUE INDEX hardship_members_living_key ON hardship_members (person_id) WHERE moved_out IS NULL;

-- Recognitions (就业困难人员认定). Only one of a person is live at a time.
CREATE TABLE hardship_recognitions (
    id           TEXT NOT NULL PRIMARY KEY,
    person_id    TEXT NOT NULL,
    region       TEXT NOT NULL CONSTRAINT hardship_recognitions_region_check CHECK (length(region) = 12),
    state        TEXT NOT NULL CONSTRAINT hardship_recognitions_state_check
                 CHECK (state IN ('draft', 'submitted', 'data_checked', 'town_review', 'publicity', 'objection', 'county_decision',
                                  'recognised', 'refused', 'returned', 'suspended', 'exited', 'revoked')),
    facts        BLOB, -- sealed: what the categories are judged by
    applied_on   TEXT NOT NULL,
    submitted_by TEXT,
    reviewed_by  TEXT,
    decided_by   TEXT,
    appeals      INTEGER NOT NULL DEFAULT 0,
    notice_from  TEXT,
    notice_to    TEXT,
    notice_days  INTEGER NOT NULL DEFAULT 0,
    notice_served INTEGER NOT NULL DEFAULT 0,
    valid_from   TEXT,
    valid_to     TEXT,
    rests_from   TEXT,
    rests_why    TEXT NOT NULL DEFAULT '',
    ended_on     TEXT,
    end_reason   TEXT NOT NULL DEFAULT '',
    end_proof    BLOB, -- sealed
    owner_role   TEXT NOT NULL,
    due          TEXT,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT hardship_recognitions_second_check CHECK (reviewed_by IS NULL OR reviewed_by <> submitted_by),
    CONSTRAINT hardship_recognitions_third_check CHECK (decided_by IS NULL OR decided_by <> submitted_by),
    CONSTRAINT hardship_recognitions_valid_check
        CHECK (state NOT IN ('recognised', 'suspended') OR (valid_from IS NOT NULL AND valid_to IS NOT NULL AND notice_to < valid_from)),
    CONSTRAINT hardship_recognitions_due_check
        CHECK (state IN ('refused', 'exited', 'revoked') OR (owner_role <> '' AND due IS NOT NULL))
);
CREATE UNIQUE INDEX hardship_recognitions_live_key ON hardship_recognitions (person_id) WHERE state NOT IN ('refused', 'exited', 'revoked');
CREATE INDEX hardship_recognitions_region_idx ON hardship_recognitions (region, state);
CREATE INDEX hardship_recognitions_due_idx ON hardship_recognitions (owner_role, due);
CREATE INDEX hardship_recognitions_person_idx ON hardship_recognitions (person_id, id);

CREATE TABLE hardship_recognition_categories (
    recognition_id TEXT NOT NULL CONSTRAINT hardship_recognition_categories_recognition_id_fkey REFERENCES hardship_recognitions (id),
    category       TEXT NOT NULL CONSTRAINT hardship_recognition_categories_category_check
                   CHECK (category IN ('H1', 'H2', 'H3', 'H4', 'H5', 'H6')),
    is_primary     BOOLEAN NOT NULL,
    valid_from     TEXT,
    valid_to       TEXT,
    ended_on       TEXT,
    end_reason     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (recognition_id, category)
);
CREATE UNIQUE INDEX hardship_recognition_categories_primary_key ON hardship_recognition_categories (recognition_id) WHERE is_primary;

CREATE TABLE hardship_recognition_steps (
    id             TEXT NOT NULL PRIMARY KEY,
    recognition_id TEXT NOT NULL CONSTRAINT hardship_recognition_steps_recognition_id_fkey REFERENCES hardship_recognitions (id),
    at             DATETIME NOT NULL,
    on_day         TEXT NOT NULL,
    move           TEXT NOT NULL,
    from_state     TEXT NOT NULL,
    to_state       TEXT NOT NULL,
    by_role        TEXT NOT NULL,
    by_account     TEXT,
    content        BLOB -- sealed: opinion, reason
);
CREATE INDEX hardship_recognition_steps_recognition_idx ON hardship_recognition_steps (recognition_id, id);

-- Help cases (帮扶个案). The CHECK is the promise that nobody is ever lost.
CREATE TABLE hardship_cases (
    id             TEXT NOT NULL PRIMARY KEY,
    person_id      TEXT NOT NULL,
    region         TEXT NOT NULL CONSTRAINT hardship_cases_region_check CHECK (length(region) = 12),
    recognition_id TEXT,
    status         TEXT NOT NULL CONSTRAINT hardship_cases_status_check
                   CHECK (status IN ('identified', 'assigned', 'contacted', 'assessed', 'planned', 'serving', 'employed', 'following_up', 'closed')),
    why            TEXT NOT NULL,
    standard       TEXT NOT NULL,
    owner_id       TEXT,
    opened_on      TEXT NOT NULL,
    assigned_on    TEXT,
    contact_on     TEXT,
    last_seen_on   TEXT,
    basic_on       TEXT,
    employment_on  TEXT,
    skills_on      TEXT,
    wish_on        TEXT,
    willing        BOOLEAN,
    willing_on     TEXT,
    willing_sure   BOOLEAN NOT NULL DEFAULT FALSE,
    able           BOOLEAN,
    able_on        TEXT,
    able_sure      BOOLEAN NOT NULL DEFAULT FALSE,
    pending_id     TEXT,
    review_on      TEXT,
    plan_on        TEXT,
    help_due       TEXT NOT NULL,
    work_since     TEXT,
    work_form      TEXT NOT NULL DEFAULT '',
    refusals       INTEGER NOT NULL DEFAULT 0,
    ask_human_on   TEXT,
    promise_kind   TEXT NOT NULL DEFAULT '',
    promise_due    TEXT,
    content        BLOB, -- sealed: note of the promise, proof of the closing
    next_kind      TEXT,
    next_due       TEXT CONSTRAINT hardship_cases_next_due_check CHECK (length(next_due) = 10),
    closed_on      TEXT,
    close_reason   TEXT NOT NULL DEFAULT '',
    created_at     DATETIME NOT NULL,
    updated_at     DATETIME NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT hardship_cases_owner_check
        CHECK (status = 'closed' OR (owner_id IS NOT NULL AND next_kind IS NOT NULL AND next_due IS NOT NULL)),
    CONSTRAINT hardship_cases_close_check
        CHECK ((status = 'closed') = (close_reason <> '')
               AND close_reason IN ('', 'stable_employment', 'statutory_exit', 'withdrew', 'moved', 'deceased', 'merged'))
);
CREATE UNIQUE INDEX hardship_cases_open_key ON hardship_cases (person_id) WHERE status <> 'closed';
CREATE INDEX hardship_cases_person_idx ON hardship_cases (person_id, id);
CREATE INDEX hardship_cases_due_idx ON hardship_cases (next_due, id) WHERE status <> 'closed';
CREATE INDEX hardship_cases_region_idx ON hardship_cases (region, next_due) WHERE status <> 'closed';
CREATE INDEX hardship_cases_owner_idx ON hardship_cases (owner_id, next_due) WHERE status <> 'closed';

CREATE TABLE hardship_assessments (
    id           TEXT NOT NULL PRIMARY KEY,
    case_id      TEXT NOT NULL CONSTRAINT hardship_assessments_case_id_fkey REFERENCES hardship_cases (id),
    person_id    TEXT NOT NULL,
    region       TEXT NOT NULL,
    on_day       TEXT NOT NULL,
    content      BLOB, -- sealed: the four blocks, the evidence
    willing      BOOLEAN,
    able         BOOLEAN,
    assessor     TEXT,
    needs_second BOOLEAN NOT NULL,
    confirmed_by TEXT,
    confirmed_at DATETIME,
    created_at   DATETIME NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT hardship_assessments_second_check CHECK (confirmed_by IS NULL OR confirmed_by <> assessor)
);
CREATE INDEX hardship_assessments_case_idx ON hardship_assessments (case_id, id);

CREATE TABLE hardship_plans (
    id         TEXT NOT NULL PRIMARY KEY,
    case_id    TEXT NOT NULL CONSTRAINT hardship_plans_case_id_fkey REFERENCES hardship_cases (id),
    on_day     TEXT NOT NULL,
    content    BLOB, -- sealed: goals
    measures   TEXT NOT NULL, -- kinds
    created_by TEXT,
    created_at DATETIME NOT NULL
);
CREATE INDEX hardship_plans_case_idx ON hardship_plans (case_id, id);

CREATE TABLE hardship_follow_ups (
    id         TEXT NOT NULL PRIMARY KEY,
    case_id    TEXT NOT NULL CONSTRAINT hardship_follow_ups_case_id_fkey REFERENCES hardship_cases (id),
    month      INTEGER NOT NULL,
    due        TEXT NOT NULL,
    done_on    TEXT,
    employed   BOOLEAN NOT NULL DEFAULT FALSE,
    content    BLOB, -- sealed: evidence
    done_by    TEXT,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX hardship_follow_ups_case_idx ON hardship_follow_ups (case_id, due);

-- Visits (三走访). client_id comes from the phone: the same visit sent twice is one.
CREATE TABLE hardship_visits (
    id           TEXT NOT NULL PRIMARY KEY,
    client_id    TEXT NOT NULL,
    person_id    TEXT,
    household_id TEXT,
    case_id      TEXT,
    region       TEXT NOT NULL CONSTRAINT hardship_visits_region_check CHECK (length(region) = 12),
    kind         TEXT NOT NULL,
    on_day       TEXT NOT NULL CONSTRAINT hardship_visits_on_day_check CHECK (length(on_day) = 10),
    content      BLOB, -- sealed: who was met, summary, needs, outcome, place
    created_by   TEXT,
    created_at   DATETIME NOT NULL,
    CONSTRAINT hardship_visits_whom_check CHECK (person_id IS NOT NULL OR household_id IS NOT NULL)
);
CREATE UNIQUE INDEX hardship_visits_client_id_key ON hardship_visits (client_id);
CREATE INDEX hardship_visits_person_idx ON hardship_visits (person_id, id);
CREATE INDEX hardship_visits_household_idx ON hardship_visits (household_id, id);
CREATE INDEX hardship_visits_region_idx ON hardship_visits (region, on_day);

-- Measures (帮扶措施).
CREATE TABLE hardship_measures (
    id         TEXT NOT NULL PRIMARY KEY,
    case_id    TEXT NOT NULL CONSTRAINT hardship_measures_case_id_fkey REFERENCES hardship_cases (id),
    person_id  TEXT NOT NULL,
    region     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    on_day     TEXT NOT NULL CONSTRAINT hardship_measures_on_day_check CHECK (length(on_day) = 10),
    posting_id TEXT,
    starts_on  TEXT,
    mass       BOOLEAN NOT NULL,
    within     BOOLEAN NOT NULL,
    answer     TEXT NOT NULL CONSTRAINT hardship_measures_answer_check CHECK (answer IN ('', 'accepted', 'refused', 'no_answer')),
    justified  BOOLEAN,
    suitable   BOOLEAN,
    content    BLOB, -- sealed: detail, evidence, reason of a refusal
    ref_kind   TEXT NOT NULL DEFAULT '',
    ref_id     TEXT,
    counts     BOOLEAN NOT NULL,
    why_not    TEXT NOT NULL,
    created_by TEXT,
    created_at DATETIME NOT NULL,
    CONSTRAINT hardship_measures_why_not_check CHECK (counts = (why_not = ''))
);
CREATE UNIQUE INDEX hardship_measures_ref_key ON hardship_measures (case_id, kind, ref_kind, ref_id) WHERE ref_id IS NOT NULL;
CREATE INDEX hardship_measures_case_idx ON hardship_measures (case_id, id);
CREATE INDEX hardship_measures_person_idx ON hardship_measures (person_id, on_day);

CREATE TABLE hardship_refusal_reviews (
    id         TEXT NOT NULL PRIMARY KEY,
    case_id    TEXT NOT NULL CONSTRAINT hardship_refusal_reviews_case_id_fkey REFERENCES hardship_cases (id),
    since      TEXT NOT NULL,
    on_day     TEXT NOT NULL,
    decision   TEXT NOT NULL CONSTRAINT hardship_refusal_reviews_decision_check CHECK (decision IN ('continue', 'justified', 'tell_civil_affairs')),
    content    BLOB, -- sealed: opinion
    created_by TEXT NOT NULL, -- a person, always
    created_at DATETIME NOT NULL
);
CREATE INDEX hardship_refusal_reviews_case_idx ON hardship_refusal_reviews (case_id, id);

-- +goose Down
DROP TABLE hardship_refusal_reviews;
DROP TABLE hardship_measures;
DROP TABLE hardship_visits;
DROP TABLE hardship_follow_ups;
DROP TABLE hardship_plans;
DROP TABLE hardship_assessments;
DROP TABLE hardship_cases;
DROP TABLE hardship_recognition_steps;
DROP TABLE hardship_recognition_categories;
DROP TABLE hardship_recognitions;
DROP TABLE hardship_members;
DROP TABLE hardship_households;
DROP TABLE hardship_groups;
