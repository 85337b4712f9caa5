/** One step of a procedure (LgSteps). */
export interface Step {
  key: string
  label: string
  state: 'done' | 'now' | 'next' | 'failed'
  note?: string
}

/** What LgFindings shows: a Finding, a Blocker, or a Problem's own members. */
export interface FindingLike {
  code: string
  message: string
  severity?: string
  rule?: string
  source?: string
  remedy?: string
}

/** One choice of LgSegment and LgChoices. */
export interface Choice {
  value: string
  label: string
  hint?: string
}

/** One entry of the staff shell's menu. */
export interface NavItem {
  to: string
  label: string
  icon: import('./icons/paths').IconName
  /** A number beside the word; 0 and null are not shown. */
  badge?: number | null
}
