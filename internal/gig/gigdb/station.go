package gigdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/gig"
)

type station struct {
	ID         string `gorm:"primaryKey"`
	Name       string
	Town       string
	Address    string
	LatE6      int64
	LngE6      int64
	Phone      string
	Hours      string
	Grade      string
	Facilities string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

func (station) TableName() string { return "gig_stations" }

func newStation(s gig.Station) station {
	return station{
		ID: string(s.ID), Name: s.Name, Town: s.Town, Address: s.Address, LatE6: s.Place.LatE6, LngE6: s.Place.LngE6,
		Phone: s.Phone, Hours: s.Hours, Grade: s.Grade, Facilities: dbx.Words(s.Facilities),
		CreatedAt: s.CreatedAt, UpdatedAt: s.CreatedAt, Version: s.Version,
	}
}

func (r station) domain() gig.Station {
	return gig.Station{
		ID: gig.StationID(r.ID), Name: r.Name, Town: r.Town, Address: r.Address, Place: gig.Point{LatE6: r.LatE6, LngE6: r.LngE6},
		Phone: r.Phone, Hours: r.Hours, Grade: r.Grade, Facilities: dbx.ParseWords[string](r.Facilities),
		CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
}

// CreateStation implements gig.StationStore.
func (s *Store) CreateStation(ctx context.Context, st gig.Station) error {
	row := newStation(st)
	err := dbx.Classify(s.db.From(ctx).Create(&row).Error)
	if errors.Is(err, dbx.ErrDuplicate) {
		return gig.ErrStationExists.With(err)
	}
	if err != nil {
		return fmt.Errorf("create station %s: %w", st.ID, err)
	}
	return nil
}

// Station implements gig.StationStore.
func (s *Store) Station(ctx context.Context, id gig.StationID) (gig.Station, error) {
	var row station
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", string(id)).Take(&row).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return gig.Station{}, gig.ErrStationNotFound
	}
	if err != nil {
		return gig.Station{}, fmt.Errorf("read station %s: %w", id, err)
	}
	return row.domain(), nil
}

// Stations implements gig.StationStore.
func (s *Store) Stations(ctx context.Context) ([]gig.Station, error) {
	var rows []station
	if err := s.db.From(ctx).Order("town, id").Limit(1000).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	out := make([]gig.Station, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}
