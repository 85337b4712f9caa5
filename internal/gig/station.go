package gig

import (
	"context"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig/offer"
	"linggong/internal/region"
)

// What can be wrong with a station.
var (
	ErrStationNotFound = errs.New(errs.NotFound, "station_not_found", "没有这个零工市场", "There is no such station.")
	ErrStationStale    = errs.New(errs.Stale, "station_stale", "资料已被他人修改，请刷新后重试", "Someone else changed the station; reload it.")
	ErrStationExists   = errs.New(errs.Conflict, "station_exists", "已有同名的零工市场", "A station of that name exists.")
	ErrStationInvalid  = errs.New(errs.Invalid, "station_invalid", "零工市场资料不完整", "The station's particulars are incomplete.")
)

// Station is a physical gig market (零工市场/驿站) in one town.
type Station struct {
	ID         StationID
	Name       string
	Town       string // 12-digit code
	Address    string
	Place      Point
	Phone      string // the public service line, not personal
	Hours      string // opening hours in words
	Grade      string // "standard", or "provincial_demo" (省级示范)
	Facilities []string

	CreatedAt time.Time
	Version   int64
}

// check returns ErrStationInvalid naming what is missing.
func (s Station) check(regions *region.Tree) error {
	e := ErrStationInvalid
	if strings.TrimSpace(s.Name) == "" {
		e = e.On("name", "required", "请填写名称")
	}
	if !offer.IsTown(regions, s.Town) {
		e = e.On("town", "unknown", "请选择所在镇（街道）")
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// StationStore keeps stations.
type StationStore interface {
	CreateStation(ctx context.Context, s Station) error
	// Station returns ErrStationNotFound when there is none.
	Station(ctx context.Context, id StationID) (Station, error)
	Stations(ctx context.Context) ([]Station, error)
}

// OpenStation adds a station to the roster.
func (s *Service) OpenStation(ctx context.Context, actor access.Actor, st Station) (Station, error) {
	if err := access.Can(actor, access.StationManage, access.Target{Region: st.Town}); err != nil {
		return Station{}, err
	}
	if err := st.check(s.Regions); err != nil {
		return Station{}, err
	}
	st.ID, st.CreatedAt, st.Version = StationID(s.NewID()), s.Now(), 1
	if st.Grade == "" {
		st.Grade = "standard"
	}
	if st.Place.IsZero() {
		st.Place = offer.PlaceOf(s.Regions, st.Town)
	}
	return st, s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.CreateStation(ctx, st); err != nil {
			return err
		}
		return s.Events.Publish(ctx, event.Event{
			Kind: event.StationOpened, Actor: actor, Region: st.Town,
			Subject: event.Ref{Kind: "station", ID: string(st.ID)},
		})
	})
}

// Stations returns the roster, which is public.
func (s *Service) Stations(ctx context.Context) ([]Station, error) { return s.Store.Stations(ctx) }

// Station returns one station; stations are public.
func (s *Service) Station(ctx context.Context, id StationID) (Station, error) {
	return s.Store.Station(ctx, id)
}
