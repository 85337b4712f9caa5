// Package search is the port for words: what a text index must do, whichever
// engine does it. Filters, places, pay and totals are not its business; they
// belong to package snapshot, and an answer is the intersection of the two.
//
// The engines get tokens made by worktext and must not analyse them further.
// What a query means is defined once, by worktext.Match.Accepts, and how good a
// hit is, once, by Score here; so both engines give the same answer in the same
// order. Package searchtest holds them to it.
package search

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"regexp"
	"slices"
	"strings"

	"linggong/internal/errs"
	"linggong/internal/worktext"
)

// What can be wrong with a call.
var (
	ErrQueryTooLong = errs.New(errs.Invalid, "query_too_long", "搜索条件太多，请精简", "The query has too many parts.")
	ErrRegion       = errs.New(errs.Invalid, "search_region", "地区范围有误", "The region is not a code or the beginning of one.")
	// ErrUnavailable says the engine does not answer or refused to work.
	ErrUnavailable = errs.New(errs.Unavailable, "search_unavailable", "搜索暂时不可用", "The search engine does not answer.")
	// ErrRefused says the engine refused what it was given, and would again;
	// whatever else fails may be tried as it is. It is found beside ErrUnavailable.
	ErrRefused = errors.New("the search engine refused a document")
	// ErrDocument is a mistake of ours: users do not make documents.
	ErrDocument = errs.New(errs.Internal, "search_document", "检索文档有误", "The search document is not valid.")
)

// Bounds of what is indexed and asked. Documents are cut to them; queries
// beyond them are refused.
const (
	MaxTokens     = 8192 // of one field of a document
	MaxTokenRunes = 32   // the rest of a longer token is not looked at
	MaxClauses    = 24
	MaxTerms      = 256 // of all clauses
	MaxTermTokens = 64
)

// ScoredAtMost bounds how many hits are ranked by their words. A query that
// finds more is too wide for that: then all its hits score the same.
const ScoredAtMost = 20_000

// Doc is one document: a posting or a worker, as tokens. It never holds a
// name, phone, address, ID number or health fact.
type Doc struct {
	ID      string // letters, digits, '-' and '_', at most 64
	Version int64  // of the row; an older one never replaces a newer one
	worktext.Fields
	Region string // 12-digit code
	Open   bool   // on offer now
}

// Query asks for documents.
type Query struct {
	worktext.Match
	// Prefix lets the last token of every term of the last clause be the
	// beginning of a token: what somebody is still typing.
	Prefix bool
	// Region is a scope: a code, which means all below it, or the beginning of
	// one. Digits; "" is everywhere.
	Region string
	// WithClosed also finds documents that are not on offer now.
	WithClosed bool
	// Limit keeps the best so many; 0 means all, which is what an intersection needs.
	Limit int
	// Unscored leaves it to the caller to score the hits that come through her own
	// filters: they carry a Head where their score is still to be made, stand in
	// no order, and Limit does not hold. An engine may pass over it.
	Unscored bool
}

// Hit is one document found.
type Hit struct {
	ID    string
	Sum   uint64  // SumOf(ID), for a reader who looks up many; 0 when it was not made
	Score float64 // 0…1, comparable within one answer, the same on every engine
	Head  string  // when not "", Score is still to be made of it; see Query.Unscored
}

var sumSeed = maphash.MakeSeed()

// SumOf returns a number for an id, the same as long as the program runs and
// never 0. Two ids have one only by chance, 1 : 2⁶⁴.
func SumOf(id string) uint64 { return max(maphash.String(sumSeed, id), 1) }

// Index keeps documents and finds them by words. All methods may be used by
// many at once.
type Index interface {
	// Put adds or replaces documents. They can be found once it returns nil. A
	// document older than the one kept is passed over without error.
	Put(ctx context.Context, docs ...Doc) error
	// Delete forgets documents; an absent one is no error.
	Delete(ctx context.Context, ids ...string) error
	// Match returns what the query asks for, best first, then by id.
	Match(ctx context.Context, q Query) ([]Hit, error)
	// Count returns the number of documents kept, open or not.
	Count(ctx context.Context) (int, error)
	// Rebuild makes the index hold exactly the documents of seq, while Match
	// goes on and Put and Delete of others are not lost. An error from seq ends
	// it and leaves what was there in force.
	Rebuild(ctx context.Context, seq iter.Seq2[Doc, error]) error
}

// Ref is what an index says of a document it keeps.
type Ref struct {
	ID      string
	Version int64
	Region  string
	Open    bool
}

// Auditor is an index that lists what it keeps, so that it can be compared with
// the database and repaired. Every index of ours is one.
type Auditor interface {
	// Refs yields every document once, in no particular order; with ids only
	// those of them that are there.
	Refs(ctx context.Context, ids ...string) iter.Seq2[Ref, error]
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Check says what is wrong with a document.
func (d Doc) Check() error {
	switch {
	case !idPattern.MatchString(d.ID):
		return ErrDocument.With(fmt.Errorf("id of %d bytes", len(d.ID)))
	case d.Region != "" && !isCode(d.Region):
		return ErrDocument.With(fmt.Errorf("document %s: the region is no code", d.ID))
	}
	return nil
}

// Check says what is wrong with a query.
func (q Query) Check() error {
	if q.Region != "" && !isCode(q.Region) {
		return ErrRegion
	}
	terms := 0
	for _, c := range slices.Concat(q.All, q.None, q.Some) {
		terms += len(c.Any)
		for _, t := range c.Any {
			if len(t.Tokens) > MaxTermTokens {
				return ErrQueryTooLong
			}
		}
	}
	if len(q.All)+len(q.None)+len(q.Some) > MaxClauses || terms > MaxTerms {
		return ErrQueryTooLong
	}
	return nil
}

// Scope returns what the codes below a region begin with: the code without the
// zeros of the levels under it (330481101000, a town, is 330481101). The
// beginning of a code is returned as it is.
func Scope(region string) string {
	if len(region) != 12 {
		return region
	}
	for _, length := range []int{9, 6, 4, 2} {
		if strings.Trim(region[length:], "0") != "" {
			break
		}
		region = region[:length]
	}
	return region
}

func isCode(s string) bool {
	return len(s) <= 12 && strings.Trim(s, "0123456789") == ""
}
