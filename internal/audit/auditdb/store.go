// Package auditdb keeps the trace of every act. The table refuses changes.
package auditdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/audit"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/event"
)

var _ audit.Store = (*Store)(nil)

// Store is an audit.Store on either dialect.
type Store struct{ db *dbx.DB }

// NewStore returns a store that keeps its rows in db.
func NewStore(db *dbx.DB) *Store { return &Store{db: db} }

type entry struct {
	ID          string `gorm:"primaryKey"`
	Kind        string
	At          time.Time
	OnDay       string
	ActorRole   string
	ActorID     *string
	SessionID   *string
	Origin      string
	RequestID   string
	SubjectKind string
	SubjectID   string
	PersonID    *string
	Region      string
	Reason      string
	Detail      string
}

func (entry) TableName() string { return "audit_entries" }

type detail struct {
	Refs []event.Ref       `json:"refs,omitempty"`
	Nums map[string]int64  `json:"nums,omitempty"`
	Tags map[string]string `json:"tags,omitempty"`
}

func newEntry(e audit.Entry) (entry, error) {
	d, err := json.Marshal(detail{e.Refs, e.Nums, e.Tags})
	if err != nil {
		return entry{}, fmt.Errorf("audit entry %s: %w", e.ID, err)
	}
	return entry{
		ID: e.ID, Kind: string(e.Kind), At: e.At, OnDay: string(e.On),
		ActorRole: string(e.Role), ActorID: dbx.StrPtr(e.Account), SessionID: dbx.StrPtr(e.Session),
		Origin: e.Origin, RequestID: e.Request, SubjectKind: e.Subject.Kind, SubjectID: e.Subject.ID,
		PersonID: dbx.StrPtr(e.Person), Region: e.Region, Reason: e.Reason, Detail: string(d),
	}, nil
}

func (r entry) domain() (audit.Entry, error) {
	var d detail
	if err := json.Unmarshal([]byte(r.Detail), &d); err != nil {
		return audit.Entry{}, fmt.Errorf("audit entry %s: %w", r.ID, err)
	}
	return audit.Entry{
		ID: r.ID, Kind: event.Kind(r.Kind), At: r.At.UTC(), On: day.Date(r.OnDay),
		Role: access.Role(r.ActorRole), Account: dbx.Str[string](r.ActorID), Session: dbx.Str[string](r.SessionID),
		Origin: r.Origin, Request: r.RequestID, Subject: event.Ref{Kind: r.SubjectKind, ID: r.SubjectID},
		Person: dbx.Str[string](r.PersonID), Region: r.Region, Reason: r.Reason,
		Refs: d.Refs, Nums: d.Nums, Tags: d.Tags,
	}, nil
}

// Add implements audit.Store.
func (s *Store) Add(ctx context.Context, entries ...audit.Entry) error {
	rows := make([]entry, len(entries))
	for i, e := range entries {
		var err error
		if rows[i], err = newEntry(e); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := dbx.InsertAll(ctx, s.db, rows); err != nil {
		return fmt.Errorf("audit %s: %w", entries[0].Kind, dbx.Classify(err))
	}
	return nil
}

// List implements audit.Store.
func (s *Store) List(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	q := s.db.From(ctx).Order("id DESC").Limit(min(max(f.Limit, 1), 500))
	for col, v := range map[string]string{
		"actor_id": f.Account, "subject_id": f.Subject, "person_id": f.Person, "kind": string(f.Kind),
	} {
		if v != "" {
			q = q.Where(col+" = ?", v)
		}
	}
	if f.From != "" {
		q = q.Where("on_day >= ?", string(f.From))
	}
	if f.To != "" {
		q = q.Where("on_day <= ?", string(f.To))
	}
	if f.Before != "" {
		q = q.Where("id < ?", f.Before)
	}
	var rows []entry
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list audit: %w", dbx.Classify(err))
	}
	out := make([]audit.Entry, 0, len(rows))
	for _, r := range rows {
		e, err := r.domain()
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Entry implements audit.Store.
func (s *Store) Entry(ctx context.Context, id string) (audit.Entry, error) {
	var r entry
	if err := s.db.From(ctx).Where("id = ?", id).Take(&r).Error; err != nil {
		return audit.Entry{}, fmt.Errorf("audit entry %s: %w", id, dbx.Classify(err))
	}
	return r.domain()
}
