package sqlindex

import (
	"context"
	"fmt"
	"sync"

	"linggong/internal/dbx"
	"linggong/internal/search"
	"linggong/internal/tx"
)

// card is what search_documents says of one number.
type card struct {
	id, region, head string
	sum              uint64 // of the id
	open             bool
}

// shelf remembers cards. A number stands for one state of one document for
// ever: put gives every state a new one. So a card is never stale, whoever wrote
// it and wherever: whether it still counts, the words say. Cards are read when
// first asked for.
type shelf struct {
	mu    sync.RWMutex
	pages map[int64]*page
	n     int
}

// page is the cards of pageSize numbers in a row; those without an id are not known.
type page [pageSize]card

const (
	pageSize = 256
	// most is how many cards a shelf holds, some 500 bytes each; then it begins anew.
	most = 400_000
	// few is how many unknown cards are asked for by number, so many a statement;
	// where more are missing everything between the first and the last is read.
	few = 2000
)

// known calls fn for the cards that are there and returns the numbers of the others.
func (s *shelf) known(nos []int64, fn func(*card)) (unknown []int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var at *page
	last := int64(-1)
	for _, no := range nos {
		if k := no / pageSize; k != last {
			at, last = s.pages[k], k
		}
		if at == nil || at[no%pageSize].id == "" {
			unknown = append(unknown, no)
			continue
		}
		fn(&at[no%pageSize])
	}
	return unknown
}

func (s *shelf) put(rows []row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil || s.n > most {
		s.pages, s.n = map[int64]*page{}, 0
	}
	for _, r := range rows {
		at := s.pages[r.No/pageSize]
		if at == nil {
			at = &page{}
			s.pages[r.No/pageSize] = at
		}
		if at[r.No%pageSize].id == "" {
			s.n++
		}
		at[r.No%pageSize] = r.card()
	}
}

type row struct {
	No               int64
	ID, Region, Head string
	Open             bool
}

func (r row) card() card { return card{r.ID, r.Region, r.Head, search.SumOf(r.ID), r.Open} }

// look calls fn with the card of every number that still stands for something,
// and returns how many do not: their documents were changed or deleted since
// the numbers were found.
func (x *Index) look(ctx context.Context, nos []int64, fn func(*card)) (gone int, err error) {
	unknown := x.cards.known(nos, fn)
	if len(unknown) == 0 {
		return 0, nil
	}
	gone = len(unknown)
	seen := func(c *card) {
		gone--
		fn(c)
	}
	const ask = `SELECT no, id, region, head, open FROM search_documents WHERE collection = ? AND `
	if len(unknown) > few {
		wanted := make(map[int64]bool, len(unknown))
		from, to := unknown[0], unknown[0]
		for _, no := range unknown {
			wanted[no], from, to = true, min(from, no), max(to, no)
		}
		err = x.read(ctx, wanted, seen, ask+`no BETWEEN ? AND ?`, x.collection, from, to)
		return gone, err
	}
	for len(unknown) > 0 {
		n := min(len(unknown), batch)
		if err := x.read(ctx, nil, seen, ask+`no IN ?`, x.collection, unknown[:n]); err != nil {
			return 0, err
		}
		unknown = unknown[n:]
	}
	return gone, nil
}

// read shows fn the cards of a statement that are wanted, nil for all, and puts
// all on the shelf. Inside a transaction nothing is put there: what is undone
// may give its number to another document.
func (x *Index) read(ctx context.Context, wanted map[int64]bool, fn func(*card), sql string, args ...any) error {
	var rows []row
	if err := x.db.From(ctx).Raw(sql, args...).Scan(&rows).Error; err != nil {
		return fmt.Errorf("match: %w", failed(dbx.Classify(err)))
	}
	for _, r := range rows {
		if wanted == nil || wanted[r.No] {
			c := r.card()
			fn(&c)
		}
	}
	if tx.From(ctx) == nil {
		x.cards.put(rows)
	}
	return nil
}
