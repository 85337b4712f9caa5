// Package hardshipdb stores employment assistance with gorm, on either dialect,
// and answers the questions its screens and indicator 3 ask. What people said
// and what was seen of them is sealed before it is written.
package hardshipdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/hardship"
	"linggong/internal/hardship/refusal"
)

var _ hardship.Store = (*Store)(nil)

// Sealer encrypts a field of a row; what is sealed for one row opens for no other.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
}

// Store is a hardship.Store.
type Store struct {
	db     *dbx.DB
	sealer Sealer
}

// NewStore returns a store that keeps its rows in db and seals with k.
func NewStore(db *dbx.DB, k Sealer) *Store { return &Store{db: db, sealer: k} }

// The sealed fields, "table.column": they are part of what a value is sealed with.
const (
	fieldGroup      = "hardship_groups.content"
	fieldHousehold  = "hardship_households.content"
	fieldFacts      = "hardship_recognitions.facts"
	fieldEndProof   = "hardship_recognitions.end_proof"
	fieldStep       = "hardship_recognition_steps.content"
	fieldCase       = "hardship_cases.content"
	fieldAssessment = "hardship_assessments.content"
	fieldPlan       = "hardship_plans.content"
	fieldFollowUp   = "hardship_follow_ups.content"
	fieldVisit      = "hardship_visits.content"
	fieldMeasure    = "hardship_measures.content"
	fieldReview     = "hardship_refusal_reviews.content"
)

// seal keeps v as sealed JSON.
func (s *Store) seal(field, row string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s: %w", field, row, err)
	}
	sealed, err := s.sealer.Seal(field, row, plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s: %w", field, row, err)
	}
	return sealed, nil
}

// open reads what seal kept; nothing kept leaves v as it is.
func (s *Store) open(field, row string, sealed []byte, v any) error {
	if len(sealed) == 0 {
		return nil
	}
	plain, err := s.sealer.Open(field, row, sealed)
	if err != nil {
		return fmt.Errorf("open %s of %s: %w", field, row, err)
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("open %s of %s: %w", field, row, err)
	}
	return nil
}

// within keeps rows whose column lies in the scope; an empty scope keeps none.
func within(g *gorm.DB, column string, in hardship.Scope) *gorm.DB {
	cond, args := inScope(column, in)
	return g.Where(cond, args...)
}

// inScope is the condition of within, for hand-written SQL. Prefixes are checked
// to be digits, so LIKE sees no wildcard of anyone's making.
func inScope(column string, in hardship.Scope) (string, []any) {
	var parts []string
	var args []any
	for _, p := range in {
		if strings.Trim(p, "0123456789") != "" {
			continue
		}
		if p == "" {
			return "1 = 1", nil
		}
		parts = append(parts, column+" LIKE ?")
		args = append(args, p+"%")
	}
	if len(parts) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// save writes every column of a versioned row but its id and birth. The row
// carries the version it is to have; it must have been read as the one before.
func (s *Store) save(ctx context.Context, row any, id string, read int64) error {
	res := s.db.From(ctx).Model(row).Where("id = ? AND version = ?", id, read).
		Select("*").Omit("id", "created_at").Updates(row)
	if res.Error != nil {
		return dbx.Classify(res.Error)
	}
	if res.RowsAffected == 0 {
		return refusal.ErrStale
	}
	return nil
}

// found turns absence into the domain's error and wraps the rest.
func found(err error, what, id string) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrNotFound):
		return refusal.ErrNotFound
	}
	return fmt.Errorf("read %s %s: %w", what, id, err)
}

// taken turns a duplicate into the domain's word for it.
func taken(err error, what string, as *errs.Error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrDuplicate):
		return as.With(err)
	}
	return fmt.Errorf("write %s: %w", what, err)
}

func limit(n, most int) int {
	if n <= 0 || n > most {
		return most
	}
	return n
}

// texts turns typed strings into plain ones for a query.
func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// Sealed lists the columns that are sealed at rest: each field is named after its own.
func Sealed() []dbx.Sealed {
	fields := []string{
		fieldGroup, fieldHousehold, fieldFacts, fieldEndProof, fieldStep, fieldCase, fieldAssessment, fieldPlan, fieldFollowUp, fieldVisit, fieldMeasure, fieldReview,
	}
	out := make([]dbx.Sealed, len(fields))
	for i, f := range fields {
		table, column, _ := strings.Cut(f, ".")
		out[i] = dbx.Sealed{Table: table, Column: column, Field: f}
	}
	return out
}
