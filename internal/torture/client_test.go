package torture_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

type object = map[string]any

// act is something asked for, and what the answer was.
type act struct {
	key, kind, path string
	body            object
	subject         string // what it was done to: worker, shift and engagement of a booking
	worker, shift   string

	from, to time.Time
	status   int
	id, code string // of the answer: the thing made or changed; the reason of a refusal
	answered bool
	answer   object
}

func (a act) accepted() bool { return a.status/100 == 2 }

// people are the sessions of staff; a session may write only so often a minute.
type people struct {
	t        *testing.T
	replicas []*replica
	http     *http.Client
	sessions map[string][]string // by user name: cookies

	mu     sync.Mutex
	log    []act
	broken []string               // promises that answers broke
	last   map[*replica]time.Time // when a booking was last acknowledged
	once   uint64
	salt   string
}

func newPeople(t *testing.T, w *world) *people {
	t.Helper()
	p := &people{
		t: t, replicas: w.replicas, sessions: map[string][]string{}, last: map[*replica]time.Time{}, salt: fmt.Sprintf("%08x", rand.Uint32()),
		http: &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	for user, n := range map[string]int{"hz-operator": 24, "xc-caseworker": 8, "bureau": 1} {
		for range n {
			cookie, err := p.signIn(w.replicas[0], user)
			if err != nil {
				t.Fatal(err)
			}
			p.sessions[user] = append(p.sessions[user], cookie)
		}
	}
	return p
}

// signIn opens a session at a replica and returns its cookie.
func (p *people) signIn(r *replica, user string) (string, error) {
	a, cookie := p.send(r, "", http.MethodPost, "/session/staff", "", object{"username": user, "password": "linggong-demo"})
	if a.status != http.StatusOK {
		return "", fmt.Errorf("sign in at %s: %d %v", r.name, a.status, a.body["code"])
	}
	return cookie, nil
}

type answer struct {
	status int // 0: there was none
	body   object
}

func (a answer) str(key string) string { s, _ := a.body[key].(string); return s }

// send asks once.
func (p *people) send(r *replica, cookie, method, path, key string, body object) (answer, string) {
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			p.t.Error(err)
		}
	}
	q, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+r.addr+"/api/v1"+path, &b)
	if err != nil {
		p.t.Error(err)
		return answer{}, ""
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("X-Linggong", "1")
	if key != "" {
		q.Header.Set("Idempotency-Key", key)
	}
	if cookie != "" {
		q.Header.Set("Cookie", cookie)
	}
	res, err := p.http.Do(q)
	if err != nil {
		return answer{}, ""
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil { // cut off in the middle
		return answer{}, ""
	}
	out := answer{status: res.StatusCode}
	if len(all) > 0 && json.Unmarshal(all, &out.body) != nil {
		return answer{}, ""
	}
	set, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return out, set
}

// final says an answer is a decision, not an accident that may pass.
func (a answer) final() bool {
	inFlight := a.status == http.StatusConflict && a.body["code"] == "idempotency_in_flight"
	return a.status != 0 && a.status < 500 && a.status != http.StatusTooManyRequests && !inFlight
}

func (p *people) cookie(user string) string {
	all := p.sessions[user]
	return all[rand.IntN(len(all))]
}

func (p *people) anywhere() *replica { return p.replicas[rand.IntN(len(p.replicas))] }

// ask repeats a question until it is answered.
func (p *people) ask(user, path string) object {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if a, _ := p.send(p.anywhere(), p.cookie(user), http.MethodGet, path, "", nil); a.final() {
			return a.body
		}
	}
	return nil
}

// do asks for an act, at any replica, again and again with the same key until
// there is a decision, and keeps what was said.
func (p *people) do(user string, a act) act { return p.at(nil, user, a) }

// at is do at one replica.
func (p *people) at(r *replica, user string, a act) act {
	a.from = time.Now()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end) && !a.answered; {
		to := r
		if to == nil {
			to = p.anywhere()
		}
		got, _ := p.send(to, p.cookie(user), http.MethodPost, a.path, a.key, a.body)
		if !got.final() {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		a.took(got)
		if a.kind == "apply" && a.accepted() {
			p.mu.Lock()
			p.last[to] = a.to
			p.mu.Unlock()
		}
	}
	p.keep(a)
	return a
}

func (a *act) took(got answer) {
	a.to, a.status, a.answered, a.answer = time.Now(), got.status, true, got.body
	a.id, a.code = got.str("id"), got.str("code")
}

func (p *people) keep(a act) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, a)
}

// twice sends one act to two replicas at the same moment, as an impatient
// client does: whoever is answered, the answers are one.
func (p *people) twice(user string, a act) act {
	var answers [2]answer
	var both sync.WaitGroup
	a.from = time.Now()
	for i := range answers {
		both.Go(func() {
			answers[i], _ = p.send(p.replicas[i%len(p.replicas)], p.cookie(user), http.MethodPost, a.path, a.key, a.body)
		})
	}
	both.Wait()
	x, y := answers[0], answers[1]
	own := func(z answer) bool { // refused because of its own twin
		return z.final() && z.status/100 != 2 && z.body["code"] != "stale" && // somebody else was first
			(a.kind != "apply" || z.body["code"] == "already_applied")
	}
	if x.status/100 == 2 && y.status/100 == 2 && x.str("id") != y.str("id") || own(x) || own(y) {
		p.mu.Lock()
		p.broken = append(p.broken, fmt.Sprintf("doubled: %s %s sent twice at once: %d %s %s, and %d %s %s", a.kind, a.key,
			x.status, x.str("id"), x.str("code"), y.status, y.str("id"), y.str("code")))
		p.mu.Unlock()
	}
	return p.do(user, a)
}

// key makes a key that no other act has.
func (p *people) key(kind string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once++
	return fmt.Sprintf("%s-%s-%d", kind, p.salt, p.once)
}

func (p *people) acts() []act {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]act(nil), p.log...)
}

// askAgain repeats some of the acts that were acknowledged, with their keys,
// when all is over: the answers are those of the first time.
func (p *people) askAgain(most int) (found []finding) {
	acts := p.acts()
	rand.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	user := map[string]string{"measure": "xc-caseworker"}
	for _, a := range acts[:min(most, len(acts))] {
		if !a.accepted() {
			continue
		}
		var got answer
		for end := time.Now().Add(time.Minute); !got.final() && time.Now().Before(end); {
			got, _ = p.send(p.anywhere(), p.cookie(cmp.Or(user[a.kind], "hz-operator")), http.MethodPost, a.path, a.key, a.body)
		}
		if got.status/100 != 2 || got.str("id") != a.id {
			found = append(found, finding{"lost", fmt.Sprintf("%s %s was answered %s, and asked again %d %s %s", a.kind, a.key, a.id, got.status, got.str("id"), got.str("code"))})
		}
	}
	return found
}
