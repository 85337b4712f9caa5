// Package labourdb keeps wage clues with gorm, on either dialect.
package labourdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/labour"
)

// Sealer keeps personal fields unreadable at rest.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
}

// Store is the labour.Store of the program.
type Store struct {
	db   *dbx.DB
	seal Sealer
}

var _ labour.Store = (*Store)(nil)

// NewStore returns a store that keeps its rows in db and seals with seal.
func NewStore(db *dbx.DB, seal Sealer) *Store { return &Store{db, seal} }

const (
	storyField  = "labour_clues.story"
	reasonField = "labour_clue_steps.reason"
)

type clue struct {
	ID           string `gorm:"primaryKey"`
	EngagementID string
	PostingID    string
	Title        string
	EmployerID   string
	EmployerName string
	PersonID     string
	Village      string
	Status       string
	Live         bool
	ClaimedFen   int64
	FoundFen     int64
	PaidFen      int64
	Story        []byte
	Confirmed    bool
	Officer      *string
	OpenedBy     *string
	Due          *string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

func (clue) TableName() string { return "labour_clues" }

type step struct {
	ID        string `gorm:"primaryKey"`
	ClueID    string
	Act       string
	Status    string
	ByAccount *string
	ByRole    string
	Reason    []byte
	Fen       int64
	CreatedAt time.Time
}

func (step) TableName() string { return "labour_clue_steps" }

func (s *Store) newClue(c labour.Clue) (clue, error) {
	story, err := s.seal.Seal(storyField, string(c.ID), []byte(c.Story))
	if err != nil {
		return clue{}, fmt.Errorf("seal story: %w", err)
	}
	return clue{
		ID: string(c.ID), EngagementID: c.Engagement, PostingID: c.Posting, Title: c.Title, EmployerID: c.Employer, EmployerName: c.Name, PersonID: c.Person,
		Village: c.Village, Status: string(c.Status), Live: !c.Status.Ended(), ClaimedFen: c.ClaimedFen, FoundFen: c.FoundFen, PaidFen: c.PaidFen, Story: story,
		Confirmed: c.Confirmed, Officer: dbx.StrPtr(c.Officer), OpenedBy: dbx.StrPtr(c.OpenedBy), Due: dbx.StrPtr(c.Due),
		CreatedAt: c.OpenedAt, UpdatedAt: dbx.Now(), Version: c.Version,
	}, nil
}

func (s *Store) domain(r clue) (labour.Clue, error) {
	story, err := s.seal.Open(storyField, r.ID, r.Story)
	if err != nil {
		return labour.Clue{}, fmt.Errorf("open story of wage clue %s: %w", r.ID, err)
	}
	return labour.Clue{
		ID: labour.ID(r.ID), Engagement: r.EngagementID, Posting: r.PostingID, Title: r.Title, Employer: r.EmployerID, Name: r.EmployerName, Person: r.PersonID,
		Village: r.Village, Status: labour.Status(r.Status), ClaimedFen: r.ClaimedFen, FoundFen: r.FoundFen, PaidFen: r.PaidFen, Story: string(story),
		Confirmed: r.Confirmed, Officer: dbx.Str[string](r.Officer), OpenedBy: dbx.Str[string](r.OpenedBy), Due: dbx.Str[day.Date](r.Due),
		OpenedAt: r.CreatedAt.UTC(), Version: r.Version,
	}, nil
}

// Create implements labour.Store.
func (s *Store) Create(ctx context.Context, c labour.Clue) error {
	r, err := s.newClue(c)
	if err != nil {
		return err
	}
	err = dbx.Classify(s.db.From(ctx).Create(&r).Error)
	if errors.Is(err, dbx.ErrDuplicate) {
		return labour.ErrOpen.With(err)
	}
	if err != nil {
		return fmt.Errorf("create wage clue: %w", err)
	}
	return nil
}

// Save implements labour.Store.
func (s *Store) Save(ctx context.Context, c labour.Clue) error {
	r, err := s.newClue(c)
	if err != nil {
		return err
	}
	r.Version++
	res := s.db.From(ctx).Model(&clue{}).Where("id = ? AND version = ?", r.ID, c.Version).Select("*").Omit("id", "created_at").Updates(&r)
	if res.Error != nil {
		return fmt.Errorf("save wage clue %s: %w", c.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return labour.ErrStale
	}
	return nil
}

// Clue implements labour.Store.
func (s *Store) Clue(ctx context.Context, id labour.ID) (labour.Clue, error) {
	var r clue
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", string(id)).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return labour.Clue{}, labour.ErrNotFound
	}
	if err != nil {
		return labour.Clue{}, fmt.Errorf("read wage clue %s: %w", id, err)
	}
	return s.domain(r)
}

// Clues implements labour.Store.
func (s *Store) Clues(ctx context.Context, f labour.Filter) ([]labour.Clue, error) {
	q := s.db.From(ctx).Limit(f.Limit)
	if f.Regions != nil {
		if len(f.Regions) == 0 {
			return []labour.Clue{}, nil
		}
		parts, args := make([]string, len(f.Regions)), make([]any, len(f.Regions))
		for i, p := range f.Regions {
			parts[i], args[i] = "village LIKE ?", p+"%"
		}
		q = q.Where("("+strings.Join(parts, " OR ")+")", args...)
	}
	if f.Person != "" {
		q = q.Where("person_id = ?", f.Person)
	}
	if f.Status != "" {
		q = q.Where("status = ?", string(f.Status))
	}
	if f.Open {
		q = q.Where("live").Order("due, id")
	} else {
		q = q.Order("id DESC")
	}
	if f.After != "" && !f.Open {
		q = q.Where("id < ?", string(f.After))
	}
	var rows []clue
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list wage clues: %w", dbx.Classify(err))
	}
	out := make([]labour.Clue, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = s.domain(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AddStep implements labour.Store.
func (s *Store) AddStep(ctx context.Context, id labour.ID, x labour.Step) error {
	r := step{ID: dbx.NewID(), ClueID: string(id), Act: string(x.Act), Status: string(x.To), ByAccount: dbx.StrPtr(x.By), ByRole: x.Role, Fen: x.Fen, CreatedAt: x.At}
	if x.Reason != "" {
		var err error
		if r.Reason, err = s.seal.Seal(reasonField, r.ID, []byte(x.Reason)); err != nil {
			return fmt.Errorf("seal reason: %w", err)
		}
	}
	if err := s.db.From(ctx).Create(&r).Error; err != nil {
		return fmt.Errorf("add step to wage clue %s: %w", id, dbx.Classify(err))
	}
	return nil
}

// Steps implements labour.Store, oldest first.
func (s *Store) Steps(ctx context.Context, id labour.ID) ([]labour.Step, error) {
	var rows []step
	if err := s.db.From(ctx).Where("clue_id = ?", string(id)).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list steps of wage clue %s: %w", id, dbx.Classify(err))
	}
	out := make([]labour.Step, len(rows))
	for i, r := range rows {
		out[i] = labour.Step{Act: labour.Act(r.Act), To: labour.Status(r.Status), At: r.CreatedAt.UTC(), By: dbx.Str[string](r.ByAccount), Role: r.ByRole, Fen: r.Fen}
		if len(r.Reason) > 0 {
			b, err := s.seal.Open(reasonField, r.ID, r.Reason)
			if err != nil {
				return nil, fmt.Errorf("open reason of step %s: %w", r.ID, err)
			}
			out[i].Reason = string(b)
		}
	}
	return out, nil
}

// Sealed lists the columns that are sealed at rest.
func Sealed() []dbx.Sealed {
	return []dbx.Sealed{{Table: "labour_clues", Column: "story", Field: storyField}, {Table: "labour_clue_steps", Column: "reason", Field: reasonField}}
}
