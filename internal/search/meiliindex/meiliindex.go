// Package meiliindex is the text index in Meilisearch (1.10 or newer).
//
// Its segmenter, typo tolerance, synonyms and ten-word queries are not used:
// they fail at the words of this market. Meilisearch keeps each document's
// lexemes as filter values, and a query is a filter over them, so it finds
// exactly what the database's full text finds; search.Scorer puts it in order.
//
// Writing is asynchronous there; here Put and Delete return when the task is
// done. What many callers write at once goes out together.
package meiliindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"linggong/internal/search"
	"linggong/internal/tx"
)

// Sizes and times.
const (
	page        = 5000 // hits or documents of one answer
	batchDocs   = 1000
	batchBytes  = 4 << 20
	callTimeout = 20 * time.Second
	taskTimeout = 2 * time.Minute
	pollEvery   = 15 * time.Millisecond
)

// Index is one index of one Meilisearch server.
type Index struct {
	uid    string
	client meilisearch.ServiceManager

	ready struct { // the index exists with our settings
		sync.Mutex // who makes sure of it
		done       atomic.Bool
	}

	mu       sync.Mutex
	pending  []op
	waiting  []chan error
	flushing bool
	replay   []op // what was written since a rebuild began
	rebuilds bool
}

var (
	_ search.Index   = (*Index)(nil)
	_ search.Auditor = (*Index)(nil)
)

var uidPattern = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// New returns the index called uid on the server at rawURL. It asks nothing of
// the server yet: whether that is there shows at the first call.
func New(rawURL, key, uid string) (*Index, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("open meilisearch: the address must read http://host:port")
	}
	if !uidPattern.MatchString(uid) {
		return nil, fmt.Errorf("open meilisearch: %q is no name of an index", uid)
	}
	return &Index{uid: uid, client: meilisearch.New(strings.TrimRight(rawURL, "/"),
		meilisearch.WithAPIKey(key),
		meilisearch.WithCustomClient(&http.Client{Timeout: callTimeout}),
		meilisearch.DisableRetries(), // a retry belongs to the caller's job, a fall-back to search.Fallback
		meilisearch.WithCustomJsonMarshaler(marshal),
	)}, nil
}

// outside refuses to wait for the server while a transaction holds locks.
func outside(ctx context.Context) { tx.MustNotBeIn(ctx, "meilisearch") }

// lost says that the server has not what we left there: its data are gone, or
// another has taken its place. The next write makes the index anew.
func (x *Index) lost() {
	x.ready.done.Store(false)
}

// met is met, and looks at what the error says of the index.
func (x *Index) met(ctx context.Context, what string, err error) error {
	if hasCode(err, "index_not_found") || hasCode(err, "invalid_search_filter") || hasCode(err, "invalid_document_filter") {
		x.lost()
	}
	return met(ctx, what, err)
}

// met turns what a call met into what the port promises. The caller's own
// cancellation says nothing about the engine. The server's words may repeat
// what was asked, so of them only the code is kept.
func met(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	if e, ok := errors.AsType[*meilisearch.Error](err); ok && e.StatusCode != 0 {
		return search.ErrUnavailable.With(fmt.Errorf("%s: meilisearch answered %d %s", what, e.StatusCode, e.MeilisearchApiError.Code))
	}
	return search.ErrUnavailable.With(fmt.Errorf("%s: %w", what, err))
}

func hasCode(err error, code string) bool {
	e, ok := errors.AsType[*meilisearch.Error](err)
	return ok && e.MeilisearchApiError.Code == code
}

// finish waits for a task and reports one that failed.
func (x *Index) finish(ctx context.Context, what string, info *meilisearch.TaskInfo) error {
	task, err := x.client.WaitForTaskWithContext(ctx, info.TaskUID, pollEvery)
	if err != nil {
		return met(ctx, what, err)
	}
	if task.Status != meilisearch.TaskStatusSucceeded {
		if task.Error.Code == "index_not_found" {
			x.lost()
		}
		return search.ErrUnavailable.With(&TaskError{
			UID: info.TaskUID, Kind: string(task.Type), Status: string(task.Status), Code: task.Error.Code, Type: task.Error.Type,
			Message: task.Error.Message,
		})
	}
	return nil
}

// TaskError is a task the server accepted and then did not do. It matches
// search.ErrRefused where the server would not do it another time either.
type TaskError struct {
	UID                               int64
	Kind, Status, Code, Type, Message string
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("meilisearch task %d (%s) %s: %s: %s", e.UID, e.Kind, e.Status, e.Code, e.Message)
}

// Is implements errors.Is.
func (e *TaskError) Is(target error) bool {
	return target == search.ErrRefused && e.Type == "invalid_request" && e.Code != "index_not_found"
}

// Match implements search.Index.
func (x *Index) Match(ctx context.Context, q search.Query) ([]search.Hit, error) {
	outside(ctx)
	if err := q.Check(); err != nil {
		return nil, err
	}
	plan := q.Plan()
	if plan.Nothing {
		return nil, nil
	}
	scorer := search.NewScorer(plan)
	ask := &meilisearch.SearchRequest{Limit: page, AttributesToRetrieve: []string{"id"}}
	if f := filter(q, plan); f != "" {
		ask.Filter = f
	}
	exact := decides(plan)
	if !exact {
		ask.AttributesToRetrieve = append(ask.AttributesToRetrieve, "words")
	}
	if !scorer.Flat() {
		ask.AttributesToRetrieve = append(ask.AttributesToRetrieve, "head")
	}
	var hits []search.Hit
	wide := false
	for {
		answer, err := x.client.Index(x.uid).SearchWithContext(ctx, "", ask)
		if err != nil {
			return nil, x.met(ctx, "match", err)
		}
		wide = wide || answer.EstimatedTotalHits > search.ScoredAtMost
		for _, h := range answer.Hits {
			var d document
			if err := h.DecodeInto(&d); err != nil {
				return nil, search.ErrUnavailable.With(fmt.Errorf("match: read a hit: %w", err))
			}
			if exact || plan.Accepts(strings.Fields(d.Words)) {
				hits = append(hits, search.Hit{ID: d.ID, Score: scorer.Score(d.Head)})
			}
		}
		if len(answer.Hits) < page {
			break
		}
		ask.Offset += page
	}
	if wide {
		for i := range hits {
			hits[i].Score = 1
		}
	}
	return search.Sort(hits, q.Limit), nil
}

// Count implements search.Index.
func (x *Index) Count(ctx context.Context) (int, error) {
	outside(ctx)
	s, err := x.client.Index(x.uid).GetStatsWithContext(ctx, nil)
	if hasCode(err, "index_not_found") {
		return 0, nil
	}
	if err != nil {
		return 0, met(ctx, "count", err)
	}
	return int(s.NumberOfDocuments), nil
}

// Refs implements search.Auditor. Documents written meanwhile may be missed.
func (x *Index) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return func(yield func(search.Ref, error) bool) {
		outside(ctx)
		if len(ids) == 0 {
			x.refs(ctx, "", yield)
		}
		for part := range slices.Chunk(ids, batchDocs) {
			if !x.refs(ctx, withIDs(part), yield) {
				return
			}
		}
	}
}

// refs yields the documents of a filter, "" for all, and says whether to go on.
func (x *Index) refs(ctx context.Context, filter string, yield func(search.Ref, error) bool) bool {
	ask := &meilisearch.DocumentsQuery{Limit: page, Fields: []string{"id", "version", "region", "open"}}
	if filter != "" {
		ask.Filter = filter
	}
	for {
		var answer meilisearch.DocumentsResult
		err := x.client.Index(x.uid).GetDocumentsWithContext(ctx, ask, &answer)
		if hasCode(err, "index_not_found") {
			x.lost()
			return true
		}
		if err != nil {
			yield(search.Ref{}, x.met(ctx, "list documents", err))
			return false
		}
		for _, h := range answer.Results {
			var d document
			if err := h.DecodeInto(&d); err != nil {
				yield(search.Ref{}, search.ErrUnavailable.With(fmt.Errorf("list documents: %w", err)))
				return false
			}
			if !yield(search.Ref{ID: d.ID, Version: d.Version, Region: d.Region, Open: d.Open}, nil) {
				return false
			}
		}
		if len(answer.Results) < page {
			return true
		}
		ask.Offset += page
	}
}
