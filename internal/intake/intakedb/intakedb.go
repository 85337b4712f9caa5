// Package intakedb keeps postings taken in from sheets, on either dialect.
package intakedb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/dbx"
	"linggong/internal/intake"
)

// Store is the intake.Store of the program.
type Store struct{ db *dbx.DB }

var _ intake.Store = (*Store)(nil)

// NewStore returns a store that keeps its rows in db.
func NewStore(db *dbx.DB) *Store { return &Store{db} }

type posting struct {
	ID         string `gorm:"primaryKey"`
	Source     string
	ExternalID string
	Hash       string
	Title      string
	Company    string
	Region     *string
	Trade      *string
	MinFen     int64
	MaxFen     int64
	Unit       string
	Cells      string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

func (posting) TableName() string { return "intake_postings" }

func newPosting(p intake.Posting) (posting, error) {
	cells, err := json.Marshal(p.Row)
	if err != nil {
		return posting{}, fmt.Errorf("write cells of %s: %w", p.External, err)
	}
	return posting{
		ID: p.ID, Source: p.Source, ExternalID: p.External, Hash: p.Hash, Title: p.Title, Company: p.Company,
		Region: dbx.StrPtr(p.Region), Trade: dbx.StrPtr(p.Trade), MinFen: p.MinFen, MaxFen: p.MaxFen, Unit: p.Unit,
		Cells: string(cells), CreatedAt: p.CreatedAt, UpdatedAt: p.ReceivedAt,
	}, nil
}

func (r posting) domain() (intake.Posting, error) {
	p := intake.Posting{
		ID: r.ID, Source: r.Source, External: r.ExternalID, Hash: r.Hash, Title: r.Title, Company: r.Company,
		Region: dbx.Str[string](r.Region), Trade: dbx.Str[string](r.Trade), MinFen: r.MinFen, MaxFen: r.MaxFen, Unit: r.Unit,
		CreatedAt: r.CreatedAt.UTC(), ReceivedAt: r.UpdatedAt.UTC(),
	}
	if err := json.Unmarshal([]byte(r.Cells), &p.Row); err != nil {
		return p, fmt.Errorf("read cells of %s: %w", r.ExternalID, err)
	}
	return p, nil
}

// Hashes implements intake.Store.
func (s *Store) Hashes(ctx context.Context, source string, external []string) (map[string]string, error) {
	var rows []posting
	err := s.db.From(ctx).Select("external_id", "hash").Where("source = ? AND external_id IN ?", source, external).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for rows of %s: %w", source, dbx.Classify(err))
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.ExternalID] = r.Hash
	}
	return out, nil
}

// Put implements intake.Store. A changed row keeps its id and its first day.
func (s *Store) Put(ctx context.Context, list []intake.Posting) error {
	rows := make([]posting, len(list))
	for i, p := range list {
		var err error
		if rows[i], err = newPosting(p); err != nil {
			return err
		}
	}
	err := s.db.From(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "source"}, {Name: "external_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"hash", "title", "company", "region", "trade", "min_fen", "max_fen", "unit", "cells", "updated_at"}),
	}).CreateInBatches(rows, 100).Error
	if err != nil {
		return fmt.Errorf("keep %d rows: %w", len(rows), dbx.Classify(err))
	}
	return nil
}

// Each implements intake.Store, a page at a time.
func (s *Store) Each(ctx context.Context, fn func(intake.Posting) error) error {
	source, external := "", ""
	for {
		var rows []posting
		err := s.db.From(ctx).Where("source > ? OR source = ? AND external_id > ?", source, source, external).
			Order("source, external_id").Limit(500).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("list rows after %s %s: %w", source, external, dbx.Classify(err))
		}
		for _, r := range rows {
			p, err := r.domain()
			if err != nil {
				return err
			}
			if err := fn(p); err != nil {
				return err
			}
			source, external = r.Source, r.ExternalID
		}
		if len(rows) < 500 {
			return nil
		}
	}
}
