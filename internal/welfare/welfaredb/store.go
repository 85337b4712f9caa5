// Package welfaredb keeps public-welfare posts and placements.
package welfaredb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/welfare"
)

var _ welfare.Store = (*Store)(nil)

// Sealer keeps free words about people unreadable at rest.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
}

// Store is a welfare.Store on either dialect.
type Store struct {
	db   *dbx.DB
	seal Sealer
}

// NewStore returns a store that keeps its rows in db.
func NewStore(db *dbx.DB, seal Sealer) *Store { return &Store{db: db, seal: seal} }

type post struct {
	ID            string `gorm:"primaryKey"`
	Number        string
	Title         string
	UnitName      string
	EmployerID    *string
	Village       string
	Duties        string
	Places        int64
	Taken         int64
	HoursDay      int64
	DaysWeek      int64
	WageFen       int64
	WageUnit      string
	Funding       string
	TermMonths    int64
	Status        string
	AnnouncedFrom *string
	AnnouncedTo   *string
	ProvincialRef string
	AppliedBy     *string
	CheckedBy     *string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Version       int64
}

func (post) TableName() string { return "welfare_posts" }

func newPost(p welfare.Post) post {
	return post{
		ID: string(p.ID), Number: p.Number, Title: p.Title, UnitName: p.Unit, EmployerID: dbx.StrPtr(p.EmployerID), Village: p.Village,
		Duties: p.Duties, Places: p.Places, Taken: p.Taken, HoursDay: p.HoursDay, DaysWeek: p.DaysWeek, WageFen: p.WageFen, WageUnit: p.WageUnit,
		Funding: p.Funding, TermMonths: p.TermMonths, Status: string(p.Status), AnnouncedFrom: dbx.StrPtr(p.AnnouncedFrom), AnnouncedTo: dbx.StrPtr(p.AnnouncedTo),
		ProvincialRef: p.ProvincialRef, AppliedBy: dbx.StrPtr(p.AppliedBy), CheckedBy: dbx.StrPtr(p.CheckedBy), Version: p.Version,
	}
}

func (r post) domain() welfare.Post {
	return welfare.Post{
		ID: welfare.PostID(r.ID), Number: r.Number, Title: r.Title, Unit: r.UnitName, EmployerID: dbx.Str[string](r.EmployerID), Village: r.Village,
		Duties: r.Duties, Places: r.Places, Taken: r.Taken, HoursDay: r.HoursDay, DaysWeek: r.DaysWeek, WageFen: r.WageFen, WageUnit: r.WageUnit,
		Funding: r.Funding, TermMonths: r.TermMonths, Status: welfare.PostStatus(r.Status), AnnouncedFrom: dbx.Str[day.Date](r.AnnouncedFrom), AnnouncedTo: dbx.Str[day.Date](r.AnnouncedTo),
		ProvincialRef: r.ProvincialRef, AppliedBy: dbx.Str[string](r.AppliedBy), CheckedBy: dbx.Str[string](r.CheckedBy), Version: r.Version,
	}
}

// CreatePost implements welfare.Store.
func (s *Store) CreatePost(ctx context.Context, p welfare.Post) error {
	r := newPost(p)
	r.CreatedAt, r.UpdatedAt = dbx.Now(), dbx.Now()
	err := dbx.Classify(s.db.From(ctx).Create(&r).Error)
	if errors.Is(err, dbx.ErrDuplicate) {
		return welfare.ErrNumberTaken.With(err)
	}
	if err != nil {
		return fmt.Errorf("create welfare post: %w", err)
	}
	return nil
}

// SavePost implements welfare.Store. Places taken are changed by placements only.
func (s *Store) SavePost(ctx context.Context, p welfare.Post) error {
	r := newPost(p)
	r.Version, r.UpdatedAt = p.Version+1, dbx.Now()
	res := s.db.From(ctx).Model(&post{}).Where("id = ? AND version = ?", r.ID, p.Version).Select("*").Omit("taken", "created_at").Updates(&r)
	if res.Error != nil {
		return fmt.Errorf("save welfare post %s: %w", p.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return welfare.ErrStale
	}
	return nil
}

// Post implements welfare.Store.
func (s *Store) Post(ctx context.Context, id welfare.PostID) (welfare.Post, error) {
	var r post
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", string(id)).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return welfare.Post{}, welfare.ErrPostNotFound.With(err)
	}
	if err != nil {
		return welfare.Post{}, fmt.Errorf("read welfare post %s: %w", id, err)
	}
	return r.domain(), nil
}

func scoped(g *gorm.DB, sc welfare.Scope, employer bool) *gorm.DB {
	if sc.All {
		return g
	}
	var or []string
	var args []any
	for _, p := range sc.Regions {
		if p != "" {
			or, args = append(or, "village LIKE ?"), append(args, p+"%")
		}
	}
	if employer && sc.Employer != "" {
		or, args = append(or, "employer_id = ?"), append(args, sc.Employer)
	}
	if len(or) == 0 {
		return g.Where("1 = 0")
	}
	return g.Where("("+strings.Join(or, " OR ")+")", args...)
}

func page(g *gorm.DB, before string, limit int) *gorm.DB {
	if before != "" {
		g = g.Where("id < ?", before)
	}
	return g.Order("id DESC").Limit(min(max(limit, 1), 500))
}

// Posts implements welfare.Store.
func (s *Store) Posts(ctx context.Context, sc welfare.Scope, f welfare.PostFilter) ([]welfare.Post, error) {
	g := page(scoped(s.db.From(ctx), sc, true), f.Before, f.Limit)
	if f.Status != "" {
		g = g.Where("status = ?", string(f.Status))
	}
	var rows []post
	if err := g.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list welfare posts: %w", dbx.Classify(err))
	}
	out := make([]welfare.Post, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}
