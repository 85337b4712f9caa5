package torture_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// finding is a promise that was not kept. Its class: lost (told, not there),
// doubled (there more than once), unasked (there, though refused or never
// acknowledged), broken (anything else that must hold).
type finding struct{ class, what string }

func (f finding) String() string { return f.class + ": " + f.what }

// checker compares what clients were told with what is stored. It knows the
// tables, and nothing of the program's services.
type checker struct {
	w      *world
	before baseline
	acts   []act
	found  []finding
}

// baseline is what was there before the load.
type baseline struct{ workers, postings, engagements, measures map[string]bool }

const (
	workerIDs     = "SELECT CAST(id AS text) FROM gig_workers"
	postingIDs    = "SELECT CAST(id AS text) FROM gig_postings"
	engagementIDs = "SELECT CAST(id AS text) FROM gig_engagements"
	measureIDs    = "SELECT CAST(id AS text) FROM hardship_measures WHERE ref_id IS NULL"
)

func (w *world) baseline() baseline {
	s := w.store()
	return baseline{s.set(workerIDs), s.set(postingIDs), s.set(engagementIDs), s.set(measureIDs)}
}

func (c *checker) say(class, format string, args ...any) {
	c.found = append(c.found, finding{class, fmt.Sprintf(format, args...)})
}

// check looks at everything, with the program ended.
func (w *world) check(before baseline, acts []act) []finding {
	c := &checker{w: w, before: before, acts: acts}
	s := w.store()
	c.made(s, "register", workerIDs, before.workers)
	c.made(s, "draft", postingIDs, before.postings)
	c.made(s, "apply", engagementIDs, before.engagements)
	c.made(s, "measure", measureIDs, before.measures)
	c.moves(s)
	c.outcomes(s)
	c.keys(s)
	c.trace(s)
	c.invariants(s)
	c.work(s)
	c.index(s)
	c.verify()
	return c.found
}

// made compares the things that acts of a kind make: each is there once, and
// nothing else is.
func (c *checker) made(s store, kind, query string, before map[string]bool) {
	told := map[string]int{}
	for _, a := range c.acts {
		switch {
		case a.kind != kind:
		case !a.answered:
			c.say("broken", "%s %s was never answered", kind, a.key)
		case a.accepted():
			if told[a.id]++; told[a.id] > 1 && kind != "apply" {
				c.say("doubled", "%s: two acts were told the same %s", kind, a.id)
			}
		}
	}
	stored := s.set(query)
	for id := range told {
		if !stored[id] {
			c.say("lost", "%s %s", kind, id)
		}
	}
	for id := range stored {
		if told[id] == 0 && !before[id] {
			c.say("unasked", "%s %s is there, and nobody was told so", kind, id)
		}
	}
}

// history is where moves of engagements and postings are kept, and under which
// name the acts of the load are there.
var moveNames = map[string]string{
	"accept": "accept", "withdraw": "withdraw", "check-in": "check-in", "check-out": "check-out", "confirm-hours": "confirm-hours", "pay": "pay",
	"publish": "published", "pause": "paused",
}

// moves compares the history of every engagement and posting of the load with
// what clients were told, act by act.
func (c *checker) moves(s store) {
	told := map[string]int{}
	for _, a := range c.acts {
		if name := moveNames[a.kind]; name != "" && a.accepted() {
			told[a.subject+" "+name]++
		}
	}
	stored := s.counts("SELECT CAST(engagement_id AS text) || ' ' || act, count(*) FROM gig_engagement_history WHERE act IN ('accept', 'withdraw', 'check-in', 'check-out', 'confirm-hours', 'pay') GROUP BY 1")
	maps.Copy(stored, s.counts("SELECT CAST(posting_id AS text) || ' ' || to_status, count(*) FROM gig_posting_history WHERE from_status <> '' AND (to_status = 'paused' OR to_status = 'published' AND from_status = 'draft') GROUP BY 1"))
	for what, n := range told {
		if stored[what] < n {
			c.say("lost", "%s: told %d times, there %d", what, n, stored[what])
		}
	}
	for what, n := range stored {
		subject, _, _ := strings.Cut(what, " ")
		ours := !c.before.engagements[subject] && !c.before.postings[subject]
		switch {
		case ours && told[what] == 0:
			c.say("unasked", "%s: there %d times, never acknowledged", what, n)
		case ours && n > told[what]:
			c.say("doubled", "%s: told %d times, there %d", what, told[what], n)
		}
	}
}

// outcomes compares the state of every engagement with the last act on it that
// was acknowledged; what was refused left no trace.
func (c *checker) outcomes(s store) {
	want := map[string]string{}
	pairs := map[string]bool{}
	for _, a := range c.acts {
		if !a.accepted() {
			continue
		}
		if a.kind == "apply" {
			pairs[a.worker+" "+a.shift] = true
			want[a.id], _ = a.answer["status"].(string)
		} else if _, ok := want[a.subject]; ok {
			want[a.subject], _ = a.answer["status"].(string)
		}
	}
	is := map[string]string{}
	for _, r := range s.rows("SELECT CAST(id AS text), status, CAST(worker_id AS text) || ' ' || CAST(shift_id AS text) FROM gig_engagements") {
		is[r[0]] = r[1]
		if !c.before.engagements[r[0]] && !pairs[r[2]] {
			c.say("unasked", "worker and shift %s were refused, or never acknowledged, and are together", r[2])
		}
	}
	for id, status := range want {
		if is[id] != status && is[id] != "lapsed" && is[id] != "" {
			c.say("lost", "engagement %s was told to be %s and is %s", id, status, is[id])
		}
	}
}

// keys: what was acknowledged is answered again by its key; what was refused is
// not.
func (c *checker) keys(s store) {
	stored := s.counts("SELECT key, count(*) FROM idempotency_keys WHERE status = 200 GROUP BY key")
	for _, a := range c.acts {
		switch n := stored[a.key]; {
		case a.accepted() && n == 0:
			c.say("lost", "the answer to %s", a.key)
		case a.accepted() && n > 1:
			c.say("doubled", "the answer to %s is kept %d times", a.key, n)
		case a.answered && !a.accepted() && n > 0:
			c.say("unasked", "%s was refused and its key is kept", a.key)
		}
	}
	if open := s.column("SELECT key FROM idempotency_keys WHERE status = 0"); len(open) > 0 {
		c.say("broken", "keys without an answer: %v", open)
	}
}

// trace: every act has its audit row, and no row is without an act.
func (c *checker) trace(s store) {
	audit := s.counts("SELECT CAST(subject_id AS text), count(*) FROM audit_entries WHERE subject_kind IN ('engagement', 'posting', 'worker', 'measure') GROUP BY 1")
	history := s.counts("SELECT CAST(engagement_id AS text), count(*) FROM gig_engagement_history GROUP BY 1")
	maps.Copy(history, s.counts("SELECT CAST(posting_id AS text), count(*) FROM gig_posting_history GROUP BY 1"))
	for _, a := range c.acts {
		if a.accepted() && (a.kind == "register" || a.kind == "measure") {
			history[a.id] = 1
		}
	}
	for id, n := range history {
		if c.before.engagements[id] || c.before.postings[id] {
			continue
		}
		switch {
		case audit[id] < n:
			c.say("lost", "audit rows of %s: %d for %d acts", id, audit[id], n)
		case audit[id] > n:
			c.say("doubled", "audit rows of %s: %d for %d acts", id, audit[id], n)
		}
	}
}

// invariants are queries that find what must not be.
var invariants = []struct{ class, name, broken string }{
	{"broken", "a shift holds more than its places", "SELECT CAST(s.id AS text) FROM gig_shifts s WHERE (SELECT count(*) FROM gig_engagements e WHERE e.shift_id = s.id AND e.holds) > s.headcount"},
	{"broken", "the count of a shift is not what it holds", "SELECT CAST(s.id AS text) FROM gig_shifts s WHERE s.filled <> (SELECT count(*) FROM gig_engagements e WHERE e.shift_id = s.id AND e.holds)"},
	{"broken", "somebody is in two places at once", "SELECT CAST(a.worker_id AS text) FROM gig_engagements a JOIN gig_engagements b ON a.worker_id = b.worker_id AND a.id < b.id AND a.holds AND b.holds AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"},
	{"doubled", "a worker is on one shift twice", "SELECT CAST(worker_id AS text) FROM gig_engagements WHERE live GROUP BY worker_id, shift_id HAVING count(*) > 1"},
	{"doubled", "an act counted twice for an indicator", "SELECT indicator FROM indicator_facts GROUP BY indicator, part, cause HAVING count(*) > 1"},
	{"broken", "a fact without its act", "SELECT CAST(f.id AS text) FROM indicator_facts f WHERE f.cause_kind LIKE 'gig.%' AND NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.id = f.cause)"},
	{"lost", "a place taken without its fact", "SELECT CAST(a.id AS text) FROM audit_entries a WHERE a.kind = 'gig.engagement_settled' AND NOT EXISTS (SELECT 1 FROM indicator_facts f WHERE f.cause = a.id)"},
}

func (c *checker) invariants(s store) {
	for _, i := range invariants {
		for _, id := range s.column(i.broken) {
			c.say(i.class, "%s: %s", i.name, id)
		}
	}
	for level, region := range map[string]string{"village": "region", "town": "substr(region, 1, 9) || '000'", "city": "substr(region, 1, 6) || '000000'"} {
		for _, r := range s.rows(fmt.Sprintf(`SELECT cell, sum(kept), sum(facts) FROM (
			SELECT indicator || ' ' || part || ' ' || region || ' ' || on_day AS cell, quantity AS kept, 0 AS facts FROM indicator_rollups WHERE level = '%s'
			UNION ALL SELECT indicator || ' ' || part || ' ' || %s || ' ' || on_day, quantity, 0 FROM indicator_deltas
			UNION ALL SELECT indicator || ' ' || part || ' ' || %s || ' ' || on_day, 0, quantity FROM indicator_facts) AS x
			GROUP BY cell HAVING sum(kept) <> sum(facts)`, level, region, region)) {
			c.say("broken", "sums of a %s: %s: kept %s, facts %s", level, r[0], r[1], r[2])
		}
	}
}

// work: every job is done, or dead with a reason.
func (c *checker) work(s store) {
	for _, r := range s.rows("SELECT CAST(id AS text), kind, state, last_error FROM jobs WHERE state <> 'done' AND NOT (state = 'dead' AND last_error <> '')") {
		c.say("lost", "job %s (%s) is %s: %s", r[0], r[1], r[2], r[3])
	}
	for _, r := range s.rows("SELECT collection, id, attempt, last_error FROM search_changes") {
		c.say("lost", "the search engine was not told of %s %s in %s tries: %s", r[0], r[1], r[2], r[3])
	}
	for _, r := range s.rows("SELECT kind, last_error FROM jobs WHERE state = 'dead'") {
		c.say("broken", "a job is dead: %s: %s", r[0], r[1])
	}
}

// index: what is open is found, in the database's own words and outside.
func (c *checker) index(s store) {
	open := s.set("SELECT CAST(id AS text) FROM gig_postings WHERE status IN ('published', 'filled')")
	c.same("the database's full text", open, s.set("SELECT d.id FROM search_documents d WHERE d.collection = 'postings'"))
	meili := c.w.servers["meilisearch"]
	if meili == nil {
		return
	}
	found := map[string]bool{}
	for offset := 0; ; offset += 1000 {
		q, err := http.NewRequestWithContext(c.w.t.Context(), http.MethodGet, fmt.Sprintf("http://%s/indexes/postings/documents?limit=1000&fields=id&offset=%d", meili.Address, offset), nil)
		if err != nil {
			c.w.t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+meili.Secret)
		res, err := http.DefaultClient.Do(q)
		if err != nil {
			c.say("broken", "the search engine does not answer: %v", err)
			return
		}
		var page struct {
			Results []struct {
				ID string `json:"id"`
			} `json:"results"`
		}
		err = json.NewDecoder(res.Body).Decode(&page)
		_ = res.Body.Close()
		if err != nil {
			c.say("broken", "the search engine's answer: %v", err)
			return
		}
		for _, d := range page.Results {
			found[d.ID] = true
		}
		if len(page.Results) < 1000 {
			break
		}
	}
	c.same("the search engine", open, found)
}

func (c *checker) same(where string, rows, index map[string]bool) {
	for id := range rows {
		if !index[id] {
			c.say("lost", "posting %s is open and %s does not know it; its jobs: %v", id, where, c.w.store().rows(
				"SELECT state, attempt, created_at, run_at, finished_at, lease_until, last_error FROM jobs WHERE args LIKE '%"+id+"%' ORDER BY id"))
		}
	}
	for id := range index {
		if !rows[id] {
			c.say("broken", "posting %s is not open and %s still has it", id, where)
		}
	}
}

// verify asks the program what it thinks of its store: the same.
func (c *checker) verify() {
	cmd := exec.CommandContext(c.w.t.Context(), c.w.binary, "verify")
	cmd.Env = c.w.replicas[0].env
	if out, err := cmd.CombinedOutput(); err != nil {
		c.say("broken", "verify: %v\n%s", err, out)
	}
}

// settle waits until no job is left to run, and the engine has been told all.
func (w *world) settle(within time.Duration) {
	s := w.store()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if len(s.column("SELECT kind FROM jobs WHERE state IN ('ready', 'running') UNION ALL SELECT collection FROM search_changes")) == 0 {
			return
		}
	}
}

func sortedFindings(found []finding) []finding {
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return found
}
