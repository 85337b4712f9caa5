// Package intake takes postings in from sheets (外部岗位): other platforms'
// postings as they come, row by row, each with a verdict.
//
// What comes in is kept beside the market, never in it: it has no verified
// employer and no shifts, and nobody has promised anything to anyone. An
// operator may follow one up; it becomes a posting when its employer says so.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"linggong/internal/errs"
	"linggong/internal/region"
	"linggong/internal/tx"
)

// What can be wrong with a whole file. A bad row is no error: it gets a verdict.
var (
	ErrFile   = errs.New(errs.Invalid, "sheet_unreadable", "文件读不出来", "The file cannot be read as a sheet.")
	ErrHeader = errs.New(errs.Invalid, "sheet_header", "表头不对", "The header is not right.")
)

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	New       Outcome = "new"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Refused   Outcome = "refused"
)

// Note is one thing said about a row: where, what and what to do.
type Note struct {
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
}

// Verdict is what is said of one row. Line is that of its beginning in the file.
type Verdict struct {
	Line    int     `json:"line"`
	ID      string  `json:"id,omitempty"`
	Outcome Outcome `json:"outcome"`
	Notes   []Note  `json:"notes"`
}

// Summary counts a run.
type Summary struct {
	Encoding  string          `json:"encoding"`
	Rows      int             `json:"rows"`
	Outcomes  map[Outcome]int `json:"outcomes"`
	Notes     map[string]int  `json:"notes"` // by code
	Ignored   []string        `json:"ignored_columns"`
	DryRun    bool            `json:"dry_run"`
	InTheCity int             `json:"in_the_city"`
}

// Posting is a row as it is kept.
type Posting struct {
	ID         string
	Source     string
	External   string // its id in the source
	Hash       string // of the row: the same hash changes nothing
	Title      string
	Company    string
	Region     string // 12-digit code in our city, or ""
	Trade      string // trade id, or ""
	MinFen     int64
	MaxFen     int64
	Unit       string // hour, day, month, year, job, or "" unread
	Row        [columns]string
	CreatedAt  time.Time
	ReceivedAt time.Time // last changed
}

// Store keeps them. Every method joins the transaction in ctx.
type Store interface {
	// Hashes returns the hash of each known row of a source, by its external id.
	Hashes(ctx context.Context, source string, external []string) (map[string]string, error)
	// Put writes new and changed rows.
	Put(ctx context.Context, list []Posting) error
	// Each calls fn with every kept row in the order of source and external id.
	Each(ctx context.Context, fn func(Posting) error) error
}

// Deps are what a Service needs; all are required.
type Deps struct {
	Store   Store
	Tx      tx.Runner
	Regions *region.Tree
	NewID   func() string
	Now     func() time.Time
}

// Service is the use cases of sheets.
type Service struct{ Deps }

// NewService returns the use cases.
func NewService(d Deps) *Service { return &Service{d} }

// Options say how a file is taken in.
type Options struct {
	DryRun  bool
	Told    func(Verdict) error // every row, in order; nil: nobody listens
	Read    func(bytes int64)   // how far the file is read, over both passes
	MaxCell int                 // bytes; 0 means 64 KiB
}

// batch is how many rows one transaction takes: a killed import has whole
// batches, and running it again finishes it.
const batch = 500

// Import takes a file in. It is read twice: first its form as a whole, so that
// a file that is no sheet leaves nothing behind; then row by row. It returns
// ErrFile or ErrHeader naming the line, or what was counted.
func (s *Service) Import(ctx context.Context, file io.ReadSeeker, o Options) (Summary, error) {
	if o.MaxCell == 0 {
		o.MaxCell = 64 << 10
	}
	sum := Summary{Outcomes: map[Outcome]int{}, Notes: map[string]int{}, DryRun: o.DryRun, Ignored: []string{}}
	sh, err := openSheet(file, o)
	if err != nil {
		return sum, err
	}
	for {
		if _, err := sh.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return sum, err
		}
		if ctx.Err() != nil {
			return sum, ctx.Err()
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return sum, ErrFile.With(err)
	}
	if sh, err = openSheet(file, o); err != nil {
		return sum, err
	}
	sum.Encoding, sum.Ignored = sh.encoding, sh.ignored
	return sum, s.take(ctx, sh, o, &sum)
}

// take reads rows and writes them in batches.
func (s *Service) take(ctx context.Context, sh *sheet, o Options, sum *Summary) error {
	seen := map[string]int{} // source and id → line
	for {
		rows := make([]judged, 0, batch)
		for len(rows) < batch {
			r, err := sh.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			rows = append(rows, s.judge(r, seen))
		}
		if len(rows) == 0 {
			return nil
		}
		if err := s.write(ctx, rows, o.DryRun); err != nil {
			return fmt.Errorf("take in rows from line %d: %w", rows[0].verdict.Line, err)
		}
		for _, r := range rows {
			sum.count(r)
			if o.Told != nil {
				if err := o.Told(r.verdict); err != nil {
					return err
				}
			}
		}
	}
}

func (sum *Summary) count(r judged) {
	sum.Rows++
	sum.Outcomes[r.verdict.Outcome]++
	for _, n := range r.verdict.Notes {
		sum.Notes[n.Code]++
	}
	if r.verdict.Outcome != Refused && r.posting.Region != "" {
		sum.InTheCity++
	}
}

// write decides what is new, changed and unchanged, and writes it.
func (s *Service) write(ctx context.Context, rows []judged, dry bool) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		bySource := map[string][]string{}
		for _, r := range rows {
			if r.verdict.Outcome != Refused {
				bySource[r.posting.Source] = append(bySource[r.posting.Source], r.posting.External)
			}
		}
		known := map[string]map[string]string{}
		for source, ids := range bySource {
			h, err := s.Store.Hashes(ctx, source, ids)
			if err != nil {
				return err
			}
			known[source] = h
		}
		var put []Posting
		for i := range rows {
			r := &rows[i]
			if r.verdict.Outcome == Refused {
				continue
			}
			old, was := known[r.posting.Source][r.posting.External]
			switch {
			case was && old == r.posting.Hash:
				r.verdict.Outcome = Unchanged
				continue
			case was:
				r.verdict.Outcome = Changed
			default:
				r.verdict.Outcome = New
			}
			r.posting.ID, r.posting.CreatedAt, r.posting.ReceivedAt = s.NewID(), s.Now(), s.Now()
			put = append(put, r.posting)
		}
		if dry || len(put) == 0 {
			return nil
		}
		return s.Store.Put(ctx, put)
	})
}
