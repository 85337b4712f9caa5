package identitydb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"linggong/internal/dbx"
	"linggong/internal/identity"
)

// kiosk is a row of identity_kiosks.
type kiosk struct {
	ID          string `gorm:"primaryKey"`
	StationID   string
	Name        string
	Kind        string
	PairingHash *string
	PairingEnds *time.Time
	PairedAt    *time.Time
	RevokedAt   *time.Time
	CreatedAt   time.Time
}

func (kiosk) TableName() string { return "identity_kiosks" }

func newKiosk(k identity.Kiosk, pairingHash string) kiosk {
	return kiosk{
		ID: k.ID, StationID: k.Station, Name: k.Name, Kind: string(k.Kind), PairingHash: dbx.StrPtr(pairingHash),
		PairingEnds: dbx.TimePtr(k.PairingEnds), PairedAt: dbx.TimePtr(k.PairedAt), RevokedAt: dbx.TimePtr(k.RevokedAt),
		CreatedAt: k.CreatedAt.UTC(),
	}
}

func (r kiosk) domain() identity.Kiosk {
	return identity.Kiosk{
		ID: r.ID, Station: r.StationID, Name: r.Name, Kind: identity.KioskKind(r.Kind), PairingEnds: dbx.Time(r.PairingEnds),
		PairedAt: dbx.Time(r.PairedAt), RevokedAt: dbx.Time(r.RevokedAt), CreatedAt: r.CreatedAt.UTC(),
	}
}

// CreateKiosk implements identity.KioskStore.
func (s *Store) CreateKiosk(ctx context.Context, k identity.Kiosk, pairingHash string) error {
	w := newKiosk(k, pairingHash)
	if err := s.db.From(ctx).Create(&w).Error; err != nil {
		return fmt.Errorf("create kiosk %s: %w", k.ID, dbx.Classify(err))
	}
	return nil
}

// Kiosk implements identity.KioskStore.
func (s *Store) Kiosk(ctx context.Context, id string) (identity.Kiosk, error) {
	return oneKiosk(s.db.From(ctx).Where("id = ?", id))
}

// KioskOfSession implements identity.KioskStore.
func (s *Store) KioskOfSession(ctx context.Context, id string) (identity.Kiosk, error) {
	return oneKiosk(s.db.From(ctx).Where("id = (SELECT kiosk_id FROM identity_sessions WHERE id = ?)", id))
}

func oneKiosk(q *gorm.DB) (identity.Kiosk, error) {
	var r kiosk
	err := dbx.Classify(q.Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return identity.Kiosk{}, identity.ErrNoKiosk
	}
	if err != nil {
		return identity.Kiosk{}, fmt.Errorf("read kiosk: %w", err)
	}
	return r.domain(), nil
}

// Kiosks implements identity.KioskStore.
func (s *Store) Kiosks(ctx context.Context, station string) ([]identity.Kiosk, error) {
	q := s.db.From(ctx).Order("id DESC").Limit(1000)
	if station != "" {
		q = q.Where("station_id = ?", station)
	}
	var rows []kiosk
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list kiosks: %w", dbx.Classify(err))
	}
	out := make([]identity.Kiosk, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.domain())
	}
	return out, nil
}

// Pair implements identity.KioskStore.
func (s *Store) Pair(ctx context.Context, pairingHash string, now time.Time) (identity.Kiosk, error) {
	k, err := oneKiosk(s.db.From(ctx).Where("pairing_hash = ?", pairingHash))
	if err != nil {
		return identity.Kiosk{}, err
	}
	res := s.db.From(ctx).Model(&kiosk{}).
		Where("id = ? AND pairing_hash = ? AND pairing_ends > ? AND revoked_at IS NULL", k.ID, pairingHash, now.UTC()).
		Updates(map[string]any{"pairing_hash": nil, "pairing_ends": nil, "paired_at": now.UTC()})
	if res.Error != nil {
		return identity.Kiosk{}, fmt.Errorf("pair kiosk %s: %w", k.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return identity.Kiosk{}, identity.ErrNoKiosk
	}
	k.PairingEnds, k.PairedAt = time.Time{}, now
	return k, nil
}

// RevokeKiosk implements identity.KioskStore.
func (s *Store) RevokeKiosk(ctx context.Context, id string, at time.Time) error {
	res := s.db.From(ctx).Model(&kiosk{}).Where("id = ? AND revoked_at IS NULL", id).
		Updates(map[string]any{"revoked_at": at.UTC(), "pairing_hash": nil, "pairing_ends": nil})
	if res.Error != nil {
		return fmt.Errorf("revoke kiosk %s: %w", id, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return identity.ErrNoKiosk
	}
	return nil
}
