-- +goose Up

-- Key groups (重点群体). The key is a code; type and level of a disability stand
-- only in the sealed detail.
CREATE TABLE hardship_groups (
    id         uuid NOT NULL PRIMARY KEY,
    person_id  uuid NOT NULL,
    region     text NOT NULL CONSTRAINT hardship_groups_region_check CHECK (length(region) = 12),
    key        text NOT NULL,
    since      text NOT NULL CONSTRAINT hardship_groups_since_check CHECK (length(since) = 10),
    until      text CONSTRAINT hardship_groups_until_check CHECK (length(until) = 10),
    end_reason text NOT NULL DEFAULT '',
    content    bytea, -- sealed: evidence, detail
    created_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    CONSTRAINT hardship_groups_end_check CHECK ((until IS NULL) = (end_reason = ''))
);
CREATE UNIQUE INDEX hardship_groups_current_key ON hardship_groups (person_id, key) WHERE until IS NULL;
CREATE INDEX hardship_groups_region_idx ON hardship_groups (key, region text_pattern_ops) WHERE until IS NULL;

-- Households (家庭) and who lives in them, when.
CREATE TABLE hardship_households (
    id           uuid NOT NULL PRIMARY KEY,
    content      bytea, -- sealed: name, address
    region       text NOT NULL CONSTRAINT hardship_households_region_check CHECK (length(region) = 12),
    urban        boolean NOT NULL,
    other_income boolean NOT NULL,
    zero         boolean NOT NULL,
    zero_reason  text NOT NULL,
    zero_since   text,
    zero_target  text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    CONSTRAINT hardship_households_zero_check CHECK (NOT zero OR zero_target IS NOT NULL)
);
CREATE INDEX hardship_households_region_idx ON hardship_households (region text_pattern_ops, id);
CREATE INDEX hardship_households_zero_idx ON hardship_households (zero_target) WHERE zero;

CREATE TABLE hardship_members (
    id           uuid NOT NULL PRIMARY KEY,
    household_id uuid NOT NULL CONSTRAINT hardship_members_household_id_fkey REFERENCES hardship_households (id),
    person_id    uuid NOT NULL,
    relation     text NOT NULL,
    status       text NOT NULL CONSTRAINT hardship_members_status_check
                 CHECK (status IN ('employed', 'self_employed', 'unemployed', 'retired', 'student', 'unable', 'away')),
    status_since text NOT NULL,
    unwilling    boolean NOT NULL,
    moved_in     text NOT NULL CONSTRAINT hardship_members_moved_in_check CHECK (length(moved_in) = 10),
    moved_out    text,
    out_reason   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX hardship_members_household_idx ON hardship_members (household_id);
CREATE UNIQUE INDEX hardship_members_living_key ON hardship_members (person_id) WHERE moved_out IS NULL;

-- Recognitions (就业困难人员认定). Only one of a person is live at a time.
CREATE TABLE hardship_recognitions (
    id           uuid NOT NULL PRIMARY KEY,
    person_id    uuid NOT NULL,
    region       text NOT NULL CONSTRAINT hardship_recognitions_region_check CHECK (length(region) = 12),
    state        text NOT NULL CONSTRAINT hardship_recognitions_state_check
                 CHECK (state IN ('draft', 'submitted', 'data_checked', 'town_review', 'publicity', 'objection', 'county_decision',
                                  'recognised', 'refused', 'returned', 'suspended', 'exited', 'revoked')),
    facts        bytea, -- sealed: what the categories are judged by
    applied_on   text NOT NULL,
    submitted_by uuid,
    reviewed_by  uuid,
    decided_by   uuid,
    appeals      bigint NOT NULL DEFAULT 0,
    notice_from  text,
    notice_to    text,
    notice_days  bigint NOT NULL DEFAULT 0,
    notice_served bigint NOT NULL DEFAULT 0,
    valid_from   text,
    valid_to     text,
    rests_from   text,
    rests_why    text NOT NULL DEFAULT '',
    ended_on     text,
    end_reason   text NOT NULL DEFAULT '',
    end_proof    bytea, -- sealed
    owner_role   text NOT NULL,
    due          text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    CONSTRAINT hardship_recognitions_second_check CHECK (reviewed_by IS NULL OR reviewed_by <> submitted_by),
    CONSTRAINT hardship_recognitions_third_check CHECK (decided_by IS NULL OR decided_by <> submitted_by),
    CONSTRAINT hardship_recognitions_valid_check
        CHECK (state NOT IN ('recognised', 'suspended') OR (valid_from IS NOT NULL AND valid_to IS NOT NULL AND notice_to < valid_from)),
    CONSTRAINT hardship_recognitions_due_check
        CHECK (state IN ('refused', 'exited', 'revoked') OR (owner_role <> '' AND due IS NOT NULL))
);
CREATE UNIQUE INDEX hardship_recognitions_live_key ON hardship_recognitions (person_id) WHERE state NOT IN ('refused', 'exited', 'revoked');
CREATE INDEX hardship_recognitions_region_idx ON hardship_recognitions (region text_pattern_ops, state);
CREATE INDEX hardship_recognitions_due_idx ON hardship_recognitions (owner_role, due);
CREATE INDEX hardship_recognitions_person_idx ON hardship_recognitions (person_id, id);

CREATE TABLE hardship_recognition_categories (
    recognition_id uuid NOT NULL CONSTRAINT hardship_recognition_categories_recognition_id_fkey REFERENCES hardship_recognitions (id),
    category       text NOT NULL CONSTRAINT hardship_recognition_categories_category_check
                   CHECK (category IN ('H1', 'H2', 'H3', 'H4', 'H5', 'H6')),
    is_primary     boolean NOT NULL,
    valid_from     text,
    valid_to       text,
    ended_on       text,
    end_reason     text NOT NULL DEFAULT '',
    PRIMARY KEY (recognition_id, category)
);
CREATE UNIQUE INDEX hardship_recognition_categories_primary_key ON hardship_recognition_categories (recognition_id) WHERE is_primary;

CREATE TABLE hardship_recognition_steps (
    id             uuid NOT NULL PRIMARY KEY,
    recognition_id uuid NOT NULL CONSTRAINT hardship_recognition_steps_recognition_id_fkey REFERENCES hardship_recognitions (id),
    at             timestamptz NOT NULL,
    on_day         text NOT NULL,
    move           text NOT NULL,
    from_state     text NOT NULL,
    to_state       text NOT NULL,
    by_role        text NOT NULL,
    by_account     uuid,
    content        bytea -- sealed: opinion, reason
);
CREATE INDEX hardship_recognition_steps_recognition_idx ON hardship_recognition_steps (recognition_id, id);

-- Help cases (帮扶个案). The CHECK is the promise that nobody is ever lost.
CREATE TABLE hardship_cases (
    id             uuid NOT NULL PRIMARY KEY,
    person_id      uuid NOT NULL,
    region         text NOT NULL CONSTRAINT hardship_cases_region_check CHECK (length(region) = 12),
    recognition_id uuid,
    status         text NOT NULL CONSTRAINT hardship_cases_status_check
                   CHECK (status IN ('identified', 'assigned', 'contacted', 'assessed', 'planned', 'serving', 'employed', 'following_up', 'closed')),
    why            text NOT NULL,
    standard       text NOT NULL,
    owner_id       uuid,
    opened_on      text NOT NULL,
    assigned_on    text,
    contact_on     text,
    last_seen_on   text,
    basic_on       text,
    employment_on  text,
    skills_on      text,
    wish_on        text,
    willing        boolean,
    willing_on     text,
    willing_sure   boolean NOT NULL DEFAULT FALSE,
    able           boolean,
    able_on        text,
    able_sure      boolean NOT NULL DEFAULT FALSE,
    pending_id     uuid,
    review_on      text,
    plan_on        text,
    help_due       text NOT NULL,
    work_since     text,
    work_form      text NOT NULL DEFAULT '',
    refusals       bigint NOT NULL DEFAULT 0,
    ask_human_on   text,
    promise_kind   text NOT NULL DEFAULT '',
    promise_due    text,
    content        bytea, -- sealed: note of the promise, proof of the closing
    next_kind      text,
    next_due       text CONSTRAINT hardship_cases_next_due_check CHECK (length(next_due) = 10),
    closed_on      text,
    close_reason   text NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT hardship_cases_owner_check
        CHECK (status = 'closed' OR (owner_id IS NOT NULL AND next_kind IS NOT NULL AND next_due IS NOT NULL)),
    CONSTRAINT hardship_cases_close_check
        CHECK ((status = 'closed') = (close_reason <> '')
               AND close_reason IN ('', 'stable_employment', 'statutory_exit', 'withdrew', 'moved', 'deceased', 'merged'))
);
CREATE UNIQUE INDEX hardship_cases_open_key ON hardship_cases (person_id) WHERE status <> 'closed';
CREATE INDEX hardship_cases_person_idx ON hardship_cases (person_id, id);
CREATE INDEX hardship_cases_due_idx ON hardship_cases (next_due, id) WHERE status <> 'closed';
CREATE INDEX hardship_cases_region_idx ON hardship_cases (region text_pattern_ops, next_due) WHERE status <> 'closed';
CREATE INDEX hardship_cases_owner_idx ON hardship_cases (owner_id, next_due) WHERE status <> 'closed';

CREATE TABLE hardship_assessments (
    id           uuid NOT NULL PRIMARY KEY,
    case_id      uuid NOT NULL CONSTRAINT hardship_assessments_case_id_fkey REFERENCES hardship_cases (id),
    person_id    uuid NOT NULL,
    region       text NOT NULL,
    on_day       text NOT NULL,
    content      bytea, -- sealed: the four blocks, the evidence
    willing      boolean,
    able         boolean,
    assessor     uuid,
    needs_second boolean NOT NULL,
    confirmed_by uuid,
    confirmed_at timestamptz,
    created_at   timestamptz NOT NULL,
    version      bigint NOT NULL DEFAULT 1,
    CONSTRAINT hardship_assessments_second_check CHECK (confirmed_by IS NULL OR confirmed_by <> assessor)
);
CREATE INDEX hardship_assessments_case_idx ON hardship_assessments (case_id, id);

CREATE TABLE hardship_plans (
    id         uuid NOT NULL PRIMARY KEY,
    case_id    uuid NOT NULL CONSTRAINT hardship_plans_case_id_fkey REFERENCES hardship_cases (id),
    on_day     text NOT NULL,
    content    bytea, -- sealed: goals
    measures   text NOT NULL, -- kinds
    created_by uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX hardship_plans_case_idx ON hardship_plans (case_id, id);

CREATE TABLE hardship_follow_ups (
    id         uuid NOT NULL PRIMARY KEY,
    case_id    uuid NOT NULL CONSTRAINT hardship_follow_ups_case_id_fkey REFERENCES hardship_cases (id),
    month      bigint NOT NULL,
    due        text NOT NULL,
    done_on    text,
    employed   boolean NOT NULL DEFAULT FALSE,
    content    bytea, -- sealed: evidence
    done_by    uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX hardship_follow_ups_case_idx ON hardship_follow_ups (case_id, due);

-- Visits (三走访). client_id comes from the phone: the same visit sent twice is one.
CREATE TABLE hardship_visits (
    id           uuid NOT NULL PRIMARY KEY,
    client_id    text NOT NULL,
    person_id    uuid,
    household_id uuid,
    case_id      uuid,
    region       text NOT NULL CONSTRAINT hardship_visits_region_check CHECK (length(region) = 12),
    kind         text NOT NULL,
    on_day       text NOT NULL CONSTRAINT hardship_visits_on_day_check CHECK (length(on_day) = 10),
    content      bytea, -- sealed: who was met, summary, needs, outcome, place
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    CONSTRAINT hardship_visits_whom_check CHECK (person_id IS NOT NULL OR household_id IS NOT NULL)
);
CREATE UNIQUE INDEX hardship_visits_client_id_key ON hardship_visits (client_id);
CREATE INDEX hardship_visits_person_idx ON hardship_visits (person_id, id);
CREATE INDEX hardship_visits_household_idx ON hardship_visits (household_id, id);
CREATE INDEX hardship_visits_region_idx ON hardship_visits (region text_pattern_ops, on_day);

-- Measures (帮扶措施).
CREATE TABLE hardship_measures (
    id         uuid NOT NULL PRIMARY KEY,
    case_id    uuid NOT NULL CONSTRAINT hardship_measures_case_id_fkey REFERENCES hardship_cases (id),
    person_id  uuid NOT NULL,
    region     text NOT NULL,
    kind       text NOT NULL,
    on_day     text NOT NULL CONSTRAINT hardship_measures_on_day_check CHECK (length(on_day) = 10),
    posting_id uuid,
    starts_on  text,
    mass       boolean NOT NULL,
    within     boolean NOT NULL,
    answer     text NOT NULL CONSTRAINT hardship_measures_answer_check CHECK (answer IN ('', 'accepted', 'refused', 'no_answer')),
    justified  boolean,
    suitable   boolean,
    content    bytea, -- sealed: detail, evidence, reason of a refusal
    ref_kind   text NOT NULL DEFAULT '',
    ref_id     uuid,
    counts     boolean NOT NULL,
    why_not    text NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT hardship_measures_why_not_check CHECK (counts = (why_not = ''))
);
CREATE UNIQUE INDEX hardship_measures_ref_key ON hardship_measures (case_id, kind, ref_kind, ref_id) WHERE ref_id IS NOT NULL;
CREATE INDEX hardship_measures_case_idx ON hardship_measures (case_id, id);
CREATE INDEX hardship_measures_person_idx ON hardship_measures (person_id, on_day);

CREATE TABLE hardship_refusal_reviews (
    id         uuid NOT NULL PRIMARY KEY,
    case_id    uuid NOT NULL CONSTRAINT hardship_refusal_reviews_case_id_fkey REFERENCES hardship_cases (id),
    since      text NOT NULL,
    on_day     text NOT NULL,
    decision   text NOT NULL CONSTRAINT hardship_refusal_reviews_decision_check CHECK (decision IN ('continue', 'justified', 'tell_civil_affairs')),
    content    bytea, -- sealed: opinion
    created_by uuid NOT NULL, -- a person, always
    created_at timestamptz NOT NULL
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
