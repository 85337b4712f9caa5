package idempotency

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/dbx"
)

// Request is one of several that are answered together. An empty Key is asked
// for once only.
type Request struct{ Actor, Key, Hash string }

// Answer is what became of one.
type Answer struct {
	Body     []byte
	Repeated bool
	Err      error
}

// ErrRaced says that somebody else used one of the keys meanwhile: none of it
// happened, and each should be asked by itself.
var ErrRaced = errors.New("a key was used meanwhile")

// Many is Once for several requests in one transaction. act is given the places
// of those to be done and returns an answer for each of them; one it refuses
// with Err is not kept, and what act did for it must be nothing. An error of
// Many itself means that nothing happened.
func (s *Store) Many(ctx context.Context, asked []Request, act func(ctx context.Context, todo []int) ([]Answer, error)) ([]Answer, error) {
	var out []Answer
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		out = make([]Answer, len(asked))
		todo, err := s.firsts(ctx, asked, out)
		if err != nil || len(todo) == 0 {
			return err
		}
		done, err := act(ctx, todo)
		if err != nil {
			return err
		}
		var kept, refused []int
		for k, i := range todo {
			switch out[i] = done[k]; {
			case asked[i].Key == "":
			case out[i].Err == nil:
				kept = append(kept, i)
			default:
				refused = append(refused, i)
			}
		}
		if err := s.lookAgain(ctx, asked, out, refused); err != nil {
			return err
		}
		return s.keep(ctx, asked, out, kept)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// firsts gives those that were asked before their first answers, and returns
// the places of the others. A key that stands twice is done once: the second
// must come again.
func (s *Store) firsts(ctx context.Context, asked []Request, out []Answer) (todo []int, err error) {
	first, err := s.read(ctx, asked)
	if err != nil {
		return nil, err
	}
	seen := map[[2]string]bool{}
	for i, r := range asked {
		id := [2]string{r.Actor, r.Key}
		was, ok := first[id]
		switch {
		case ok && was.RequestHash != r.Hash:
			out[i].Err = ErrOtherBody
		case ok:
			out[i] = Answer{Body: was.Body, Repeated: true}
		case r.Key != "" && seen[id]:
			out[i].Err = ErrRaced
		default:
			seen[id] = true
			todo = append(todo, i)
		}
	}
	return todo, nil
}

// keptAnswer is a row of idempotency_keys.
type keptAnswer struct {
	Actor, Key, RequestHash string
	Status                  int64
	Body                    []byte
	CreatedAt, ExpiresAt    time.Time
}

func (keptAnswer) TableName() string { return "idempotency_keys" }

// read returns what is kept under the keys of asked, by actor and key.
func (s *Store) read(ctx context.Context, asked []Request) (map[[2]string]keptAnswer, error) {
	var actors, keys []string
	for _, r := range asked {
		if r.Key != "" {
			actors, keys = append(actors, r.Actor), append(keys, r.Key)
		}
	}
	first := map[[2]string]keptAnswer{}
	if len(keys) == 0 {
		return first, nil
	}
	pairs := "(SELECT a.value AS actor, k.value AS key FROM json_each(?) a JOIN json_each(?) k ON k.key = a.key) AS x"
	if s.db.Dialect() == dbx.Postgres {
		pairs = "unnest(CAST(? AS text[]), CAST(? AS text[])) AS x(actor, key)"
	}
	var rows []keptAnswer
	err := s.db.From(ctx).Raw("SELECT i.actor, i.key, i.request_hash, i.body FROM "+pairs+" JOIN idempotency_keys i ON i.actor = x.actor AND i.key = x.key",
		s.db.List(actors), s.db.List(keys)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read idempotency keys: %w", dbx.Classify(err))
	}
	for _, r := range rows {
		first[[2]string{r.Actor, r.Key}] = r
	}
	return first, nil
}

// lookAgain gives those that were refused the first answer after all, where
// their own twin at another replica committed while act waited for its locks:
// what refused them is what they themselves did.
func (s *Store) lookAgain(ctx context.Context, asked []Request, out []Answer, refused []int) error {
	some := make([]Request, len(refused))
	for k, i := range refused {
		some[k] = asked[i]
	}
	first, err := s.read(ctx, some)
	if err != nil {
		return err
	}
	for _, i := range refused {
		if was, ok := first[[2]string{asked[i].Actor, asked[i].Key}]; ok && was.RequestHash == asked[i].Hash {
			out[i] = Answer{Body: was.Body, Repeated: true}
		}
	}
	return nil
}

func (s *Store) keep(ctx context.Context, asked []Request, out []Answer, places []int) error {
	if len(places) == 0 {
		return nil
	}
	now := s.now()
	rows := make([]keptAnswer, len(places))
	for k, i := range places {
		rows[k] = keptAnswer{asked[i].Actor, asked[i].Key, asked[i].Hash, 200, out[i].Body, now, now.Add(Keep)}
	}
	err := dbx.Classify(dbx.InsertAll(ctx, s.db, rows))
	switch {
	case errors.Is(err, dbx.ErrDuplicate):
		return ErrRaced
	case err != nil:
		return fmt.Errorf("keep answers: %w", err)
	}
	return nil
}
