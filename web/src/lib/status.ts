export type Tone = 'plain' | 'teal' | 'green' | 'amber' | 'red' | 'blue' | 'grey' | 'gold' | 'vermilion'

const by = (tone: Tone, ...values: string[]): [string, Tone][] => values.map((v) => [v, tone])

/** The colour of each status; the words are in the catalogue enums.<family>.<value>. */
const TONES: Record<string, Map<string, Tone>> = {
  posting: new Map([
    ...by('green', 'published'),
    ...by('teal', 'filled'),
    ...by('amber', 'in_review', 'returned', 'paused'),
    ...by('red', 'taken_down', 'rejected'),
  ]),
  engagement: new Map([
    ...by('amber', 'applied', 'invited'),
    ...by('teal', 'confirmed', 'checked_in', 'checked_out'),
    ...by('blue', 'hours_confirmed'),
    ...by('green', 'settled', 'closed'),
    ...by('red', 'no_show', 'disputed'),
  ]),
  employer: new Map([...by('amber', 'pending'), ...by('green', 'verified'), ...by('red', 'rejected')]),
  recognition: new Map([
    ...by('amber', 'submitted', 'data_checked', 'town_review', 'publicity', 'county_decision'),
    ...by('green', 'recognised'),
    ...by('red', 'refused', 'objection', 'revoked'),
    ...by('blue', 'returned'),
  ]),
  helpcase: new Map([
    ...by('vermilion', 'identified'),
    ...by('amber', 'assigned', 'contacted'),
    ...by('teal', 'assessed', 'planned', 'serving'),
    ...by('green', 'employed', 'following_up'),
  ]),
  clear: new Map([...by('green', 'clear'), ...by('amber', 'stale'), ...by('red', 'missing')]),
  urgency: new Map([...by('vermilion', 'overdue'), ...by('amber', 'today'), ...by('blue', 'soon')]),
  welfarepost: new Map([
    ...by('amber', 'applied', 'town_check', 'recognised', 'announced'),
    ...by('green', 'open'),
    ...by('teal', 'filled'),
    ...by('red', 'refused'),
  ]),
  placement: new Map([
    ...by('amber', 'proposed', 'qualification_check', 'publicity', 'contracted'),
    ...by('green', 'on_post'),
    ...by('blue', 'exiting'),
    ...by('red', 'refused'),
  ]),
  report: new Map([...by('amber', 'submitted'), ...by('green', 'approved'), ...by('blue', 'returned')]),
  job: new Map([...by('blue', 'available', 'ready', 'scheduled'), ...by('teal', 'running'), ...by('amber', 'retryable'), ...by('red', 'discarded', 'failed', 'dead'), ...by('green', 'completed', 'done')]),
  wageclue: new Map([...by('amber', 'received', 'checking'), ...by('red', 'confirmed'), ...by('green', 'resolved'), ...by('blue', 'transferred')]),
}

/** The tone of a status; grey when nothing is due or it is over. */
export function toneOf(family: string, value: string): Tone {
  return TONES[family]?.get(value) ?? 'grey'
}
