package cache

import "time"

// GCRA decides one request for a turn. tat is the stored theoretical arrival
// time (zero when nothing is stored), next is what to store instead when the
// decision is OK. rediscache states the same in Lua; cachetest holds them
// together.
func GCRA(tat, now time.Time, limit int, per time.Duration) (d Decision, next time.Time) {
	step := max(per/time.Duration(limit), time.Microsecond)
	burst := step * time.Duration(limit)
	if tat.Before(now) {
		tat = now
	}
	next = tat.Add(step)
	room := burst - next.Sub(now)
	if room < 0 {
		return Decision{RetryAfter: -room}, tat
	}
	return Decision{OK: true, Remaining: int(room / step)}, next
}
