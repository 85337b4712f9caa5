package gigdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/gig/matchrun"
)

type matchRun struct {
	ID        string `gorm:"primaryKey"`
	StationID string
	OnDay     string
	Problem   string
	Result    string
	Edits     string
	Policy    string
	Rounds    string
	Placed    int64
	Objective int64
	RunBy     *string
	CreatedAt time.Time
}

func (matchRun) TableName() string { return "gig_match_runs" }

func (r matchRun) domain() (matchrun.Run, error) {
	var rounds []matchrun.Round
	if r.Rounds != "" {
		if err := json.Unmarshal([]byte(r.Rounds), &rounds); err != nil {
			return matchrun.Run{}, fmt.Errorf("read the rounds of run %s: %w", r.ID, err)
		}
	}
	return matchrun.Run{
		Rounds: rounds,
		ID:     matchrun.ID(r.ID), Station: gig.StationID(r.StationID), On: day.Date(r.OnDay), Problem: r.Problem, Result: r.Result,
		Edits: r.Edits, Policy: r.Policy, Placed: r.Placed, Value: r.Objective, By: dbx.Str[string](r.RunBy), At: r.CreatedAt.UTC(),
	}, nil
}

// FreeWorkers implements matchrun.Store.
func (s *Store) FreeWorkers(ctx context.Context, town string, station gig.StationID, from, to day.Date, limit int) ([]gig.Worker, error) {
	var rows []worker
	err := s.db.From(ctx).Where("available_on BETWEEN ? AND ?", string(from), string(to)).
		Where("(village LIKE ? OR station_id = ?)", prefix(town)+"%", string(station)).
		Clauses(ordered("CASE WHEN available_on = ? THEN 0 ELSE 1 END, waiting_since, id", string(to))).
		Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list free workers of %s: %w", town, dbx.Classify(err))
	}
	return s.wholeWorkers(ctx, rows)
}

// OpenOn implements matchrun.Store.
func (s *Store) OpenOn(ctx context.Context, town string, station gig.StationID, on day.Date, now time.Time, limit int) ([]gig.Posting, error) {
	var rows []posting
	err := s.db.From(ctx).Where("status = 'published' AND (village LIKE ? OR station_id = ?)", prefix(town)+"%", string(station)).
		Where("EXISTS (SELECT 1 FROM gig_shifts s WHERE s.posting_id = gig_postings.id AND s.date = ? AND s.filled < s.headcount AND s.starts_at > ?)",
			string(on), now.UTC()).
		Order("id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list open shifts of %s: %w", town, dbx.Classify(err))
	}
	return s.wholePostings(ctx, rows)
}

// SaidNo implements matchrun.Store.
func (s *Store) SaidNo(ctx context.Context, shifts []gig.ShiftID) ([]matchrun.Chosen, error) {
	var out []matchrun.Chosen
	for chunk := range slices.Chunk(shifts, 500) {
		var rows []struct{ WorkerID, ShiftID string }
		err := s.db.From(ctx).Table("gig_engagements").Select("worker_id", "shift_id").
			Where("shift_id IN ? AND status IN ?", chunk, []gig.EngagementStatus{gig.Declined, gig.Withdrawn, gig.Refused, gig.Cancelled}).Order("id").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("list who said no: %w", dbx.Classify(err))
		}
		for _, r := range rows {
			out = append(out, matchrun.Chosen{Worker: gig.WorkerID(r.WorkerID), Shift: gig.ShiftID(r.ShiftID)})
		}
	}
	return out, nil
}

// SaveRun implements matchrun.Store.
func (s *Store) SaveRun(ctx context.Context, r matchrun.Run) error {
	row := matchRun{
		ID: string(r.ID), StationID: string(r.Station), OnDay: string(r.On), Problem: r.Problem, Result: r.Result,
		Edits: r.Edits, Policy: r.Policy, Placed: r.Placed, Objective: r.Value, RunBy: dbx.StrPtr(r.By), CreatedAt: r.At,
	}
	if len(r.Rounds) > 0 {
		b, err := json.Marshal(r.Rounds)
		if err != nil {
			return fmt.Errorf("write the rounds of run %s: %w", r.ID, err)
		}
		row.Rounds = string(b)
	}
	if err := s.db.From(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("save match run %s: %w", r.ID, dbx.Classify(err))
	}
	return nil
}

// Run implements matchrun.Store.
func (s *Store) Run(ctx context.Context, id matchrun.ID) (matchrun.Run, error) {
	var r matchRun
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", string(id)).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return matchrun.Run{}, matchrun.ErrRunNotFound
	}
	if err != nil {
		return matchrun.Run{}, fmt.Errorf("read match run %s: %w", id, err)
	}
	return r.domain()
}

// Runs implements matchrun.Store, without problems and results.
func (s *Store) Runs(ctx context.Context, station gig.StationID, limit int) ([]matchrun.Run, error) {
	var rows []matchRun
	err := s.db.From(ctx).Select("id", "station_id", "on_day", "placed", "objective", "run_by", "created_at").
		Where("station_id = ?", string(station)).Order("id DESC").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list match runs of station %s: %w", station, dbx.Classify(err))
	}
	out := make([]matchrun.Run, len(rows))
	for i, r := range rows {
		if out[i], err = r.domain(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
