// The contract's shapes by hand, from the sketch both sides were written against.
// src/api/contract.ts holds them to the generated schema once api/openapi.json exists.

export interface Page<T> {
  items: T[]
  next: string
  total?: number
}

export type Role =
  | 'anonymous'
  | 'worker'
  | 'employer'
  | 'kiosk'
  | 'operator'
  | 'caseworker'
  | 'town_officer'
  | 'bureau'
  | 'auditor'
  | 'admin'

export interface Me {
  role: Role
  name: string
  account_id: string
  regions: { code: string; name: string }[]
  station?: { id: string; name: string; town: string }
  employer?: { id: string; name: string }
  worker?: { id: string }
  needs_profile: boolean
  demo: boolean
  permissions: string[]
}

export interface CodeSent {
  sent_to_masked: string
  expires_in: number
  demo_hint?: string
}

export interface Trade {
  id: string
  name: string
  group: string
  flags: string[]
  suited_older: boolean
}

export interface Meta {
  city: string
  today: string
  now: string
  demo: boolean
  version: string
  minimum_wage: { month_fen: number; hour_fen: number; from: string; source: string }
  trades: Trade[]
}

export interface Region {
  code: string
  name: string
  level: string
  parent: string
  lat?: number
  lng?: number
}

export interface Finding {
  code: string
  severity: 'block' | 'hold' | 'warn'
  message: string
  rule?: string
  source?: string
  remedy?: string
  field?: string
}

export interface Blocker {
  code: string
  message: string
  rule?: string
  source?: string
  remedy?: string
}

export interface Station {
  id: string
  name: string
  town: string
  town_name: string
  address: string
  lat: number
  lng: number
  phone: string
  hours: string
  grade: string
  facilities: string[]
}

export interface Employer {
  id: string
  name: string
  kind: 'organisation' | 'household'
  credit_code_masked?: string
  contact_name_masked: string
  phone_masked: string
  town: string
  village: string
  status: 'pending' | 'verified' | 'rejected'
  verified_at?: string
  rating?: Rating
  version: number
}

export interface Rating {
  average: number
  count: number
}

export interface Worker {
  id: string
  person_id?: string
  name_masked: string
  phone_masked: string
  /** Absent where no birth is known. */
  age?: number
  sex?: string
  village: string
  village_name: string
  /** Level: 1 learner, 2 can, 3 master. */
  trades: { id: string; level?: number; name?: string }[]
  certificates: { kind: string; expires?: string }[]
  radius_m: number
  floor_hour_fen?: number
  /** Days 0 Sunday to 6 Saturday; none means any. `to` equal to `from` is all day. */
  available: { days: number[]; from: string; to: string }
  waiting_since?: string
  completed: number
  no_shows_90d: number
  available_today: boolean
  version?: number
}

export type PayUnit = 'hour' | 'day' | 'piece' | 'job' | 'month'

export interface Pay {
  amount_fen: number
  unit: PayUnit
  hour_fen?: number
  note?: string
  settlement: 'daily' | 'weekly' | 'on_completion' | 'monthly'
  settlement_days?: number
  payer?: string
}

export interface Shift {
  id: string
  date: string
  starts_at: string
  ends_at: string
  break_minutes: number
  hours: number
  headcount: number
  filled: number
  /** Places that can still be taken: none once it has begun. */
  open: number
  begun?: boolean
}

export type PostingStatus =
  | 'draft'
  | 'in_review'
  | 'published'
  | 'filled'
  | 'expired'
  | 'closed'
  | 'paused'
  | 'taken_down'
  | 'returned'
  | 'rejected'

export interface Posting {
  id: string
  code: string
  title: string
  trade: string
  trade_name: string
  description: string
  employer: { id: string; name: string; rating?: Rating }
  station_id?: string
  form: 'part_time' | 'short_full_time' | 'service' | 'trainee' | 'welfare'
  town: string
  town_name: string
  village: string
  village_name: string
  address: string
  lat: number
  lng: number
  pay: Pay
  shifts: Shift[]
  headcount: number
  open: number
  meals?: boolean
  lodging?: boolean
  transport?: string
  tools?: string
  bring?: string
  insurance: string
  flags: string[]
  min_age: number
  certificates: string[]
  suited_older: boolean
  suited_disabled: boolean
  no_experience: boolean
  urgent: boolean
  status: PostingStatus
  published_at?: string
  valid_until?: string
  warnings: Finding[]
  version: number
  origin?: string
}

export interface PostingHit extends Posting {
  /** Why it stands where it does, what weighs most first. */
  why?: string[]
  distance_m?: number
  fit?: { total: number; reasons: string[] }
  marks?: string[]
}

export interface PostingQuery {
  q?: string
  trade?: string
  town?: string
  village?: string
  lat?: number
  lng?: number
  radius_m?: number
  date?: string
  pay_min_hour_fen?: number
  settlement?: string
  meals?: boolean
  lodging?: boolean
  suited_older?: boolean
  no_experience?: boolean
  no_night?: boolean
  sort?: 'best' | 'near' | 'pay' | 'soon'
  cursor?: string
  limit?: number
}

export interface PostingPage extends Page<PostingHit> {
  total: number
  total_places: number
  facets: {
    trades: { id: string; name: string; places: number }[]
    towns: { code: string; name: string; places: number }[]
    dates: { date: string; places: number }[]
  }
  chips: SearchChip[]
  did_you_mean?: string
  relaxed?: string[]
  /** What was let go to find anything, as a sentence. */
  relaxed_text?: string
  degraded: boolean
}

/** One thing the query was understood to say; `without` is the query less it. */
export interface SearchChip {
  kind: string
  label: string
  raw: string
  without: string
}

export interface Suggestion {
  label: string
  kind: string
  value: string
}

export interface Fit {
  eligible: boolean
  total: number
  reasons: string[]
  blockers: Blocker[]
}

export type EngagementStatus =
  | 'applied'
  | 'invited'
  | 'confirmed'
  | 'checked_in'
  | 'checked_out'
  | 'hours_confirmed'
  | 'settled'
  | 'closed'
  | 'withdrawn'
  | 'declined'
  | 'refused'
  | 'lapsed'
  | 'cancelled'
  | 'no_show'
  | 'disputed'

/** Acts on an engagement, as in its `next`. */
export type EngagementEvent =
  | 'accept'
  | 'refuse'
  | 'confirm'
  | 'decline'
  | 'withdraw'
  | 'cancel'
  | 'check-in'
  | 'check-out'
  | 'no-show'
  | 'confirm-hours'
  | 'pay'
  | 'rate'
  | 'dispute'

export interface Engagement {
  id: string
  code: string
  posting: {
    id: string
    title: string
    code: string
    trade: string
    town_name: string
    village_name: string
    address: string
    employer_name: string
    employer_phone?: string
  }
  shift: { id: string; date: string; starts_at: string; ends_at: string }
  worker: { id: string; name_masked: string; phone_masked: string }
  status: EngagementStatus
  next: string[]
  answer_by?: string
  checked_in_at?: string
  checked_out_at?: string
  worked_minutes?: number
  hours_confirmed_by: string[]
  amount_fen?: number
  pay_due?: string
  paid_at?: string
  pay_method?: string
  pay_proof?: string
  ratings: { by_employer?: number; by_worker?: number }
  history: { status: string; at: string; by_role: string; reason?: string }[]
  version: number
}

export interface Board {
  station: Station
  now: string
  urgent: PostingHit[]
  rolling: PostingHit[]
  today: { places: number; open_places: number; placed: number; workers_waiting: number }
}

export interface WageClue {
  id: string
  engagement_id: string
  amount_fen: number
  status: string
}
