// Package notifydb keeps messages with gorm, on either dialect. The text and the
// phone are sealed; rows never leave it.
package notifydb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/dbx"
	"linggong/internal/notify"
)

var _ notify.Store = (*Store)(nil)

// Sealer keeps personal fields unreadable at rest and findable by equality.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
	Blind(field, value string) string
	ActiveID() string
}

// Store is a notify.Store on either dialect.
type Store struct {
	db   *dbx.DB
	seal Sealer
	now  func() time.Time
}

// NewStore returns a store that keeps its rows in db and seals with seal.
func NewStore(db *dbx.DB, seal Sealer, now func() time.Time) *Store {
	return &Store{db: db, seal: seal, now: now}
}

const (
	fieldPhone = "notify_messages.phone"
	fieldText  = "notify_messages.text"
)

// message is a row of notify_messages.
type message struct {
	ID          string `gorm:"primaryKey"`
	Cause       string
	PersonID    *string
	Addressee   string
	Template    string
	Params      string
	PhoneSealed []byte
	PhoneBlind  *string
	TextSealed  []byte
	KeyID       string
	State       string
	Tries       int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (message) TableName() string { return "notify_messages" }

func (s *Store) newMessage(m notify.Message) (message, error) {
	params, err := json.Marshal(m.Params)
	if err != nil {
		return message{}, fmt.Errorf("write message %s: %w", m.ID, err)
	}
	blind := s.seal.Blind(fieldPhone, m.Phone)
	r := message{
		ID: m.ID, Cause: m.Cause, PersonID: dbx.StrPtr(m.Person), Addressee: m.Person, Template: string(m.Template),
		Params: string(params), PhoneBlind: dbx.StrPtr(blind), State: string(m.State), Tries: m.Tries,
		CreatedAt: m.CreatedAt.UTC(), UpdatedAt: s.now(),
	}
	if r.Addressee == "" {
		r.Addressee = blind
	}
	return r, s.sealInto(&r, m.Phone, m.Text)
}

func (s *Store) sealInto(r *message, phone, text string) (err error) {
	r.KeyID = s.seal.ActiveID()
	if r.TextSealed, err = s.seal.Seal(fieldText, r.ID, []byte(text)); err != nil {
		return fmt.Errorf("seal message %s: %w", r.ID, err)
	}
	if phone == "" {
		return nil
	}
	if r.PhoneSealed, err = s.seal.Seal(fieldPhone, r.ID, []byte(phone)); err != nil {
		return fmt.Errorf("seal message %s: %w", r.ID, err)
	}
	return nil
}

func (s *Store) unsealed(r message) (phone, text string, err error) {
	b, err := s.seal.Open(fieldText, r.ID, r.TextSealed)
	if err != nil {
		return "", "", fmt.Errorf("open message %s: %w", r.ID, err)
	}
	text = string(b)
	if len(r.PhoneSealed) == 0 {
		return "", text, nil
	}
	if b, err = s.seal.Open(fieldPhone, r.ID, r.PhoneSealed); err != nil {
		return "", "", fmt.Errorf("open message %s: %w", r.ID, err)
	}
	return string(b), text, nil
}

func (s *Store) domain(r message) (notify.Message, error) {
	m := notify.Message{
		ID: r.ID, Cause: r.Cause, Person: dbx.Str[string](r.PersonID), Template: notify.Template(r.Template),
		State: notify.State(r.State), Tries: r.Tries, CreatedAt: r.CreatedAt.UTC(),
	}
	if err := json.Unmarshal([]byte(r.Params), &m.Params); err != nil {
		return notify.Message{}, fmt.Errorf("read message %s: %w", r.ID, err)
	}
	var err error
	m.Phone, m.Text, err = s.unsealed(r)
	return m, err
}

// Keep implements notify.Store.
func (s *Store) Keep(ctx context.Context, m notify.Message) (bool, error) {
	r, err := s.newMessage(m)
	if err != nil {
		return false, err
	}
	res := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&r)
	if res.Error != nil {
		return false, fmt.Errorf("keep message %s: %w", m.ID, dbx.Classify(res.Error))
	}
	return res.RowsAffected > 0, nil
}

// Message implements notify.Store.
func (s *Store) Message(ctx context.Context, id string) (notify.Message, error) {
	var r message
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", id).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return notify.Message{}, notify.ErrNotFound
	}
	if err != nil {
		return notify.Message{}, fmt.Errorf("read message %s: %w", id, err)
	}
	return s.domain(r)
}

// Mark implements notify.Store.
func (s *Store) Mark(ctx context.Context, id string, state notify.State, tries int) error {
	res := s.db.From(ctx).Model(&message{}).Where("id = ?", id).
		Updates(map[string]any{"state": string(state), "tries": tries, "updated_at": s.now()})
	if res.Error != nil {
		return fmt.Errorf("mark message %s: %w", id, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return notify.ErrNotFound
	}
	return nil
}

// Waiting implements notify.Store.
func (s *Store) Waiting(ctx context.Context, tries, limit int) ([]string, error) {
	ids := []string{}
	err := s.db.From(ctx).Model(&message{}).
		Where("state = ? AND tries < ?", string(notify.Kept), tries).Order("id").Limit(limit).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("list waiting messages: %w", dbx.Classify(err))
	}
	return ids, nil
}

// To implements notify.Store.
func (s *Store) To(ctx context.Context, phone string, limit int) ([]notify.Message, error) {
	q := s.db.From(ctx).Order("id DESC").Limit(limit)
	if phone != "" {
		q = q.Where("phone_blind = ?", s.seal.Blind(fieldPhone, phone))
	}
	var rows []message
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list messages: %w", dbx.Classify(err))
	}
	out := make([]notify.Message, 0, len(rows))
	for _, r := range rows {
		m, err := s.domain(r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// preference is a row of notify_preferences.
type preference struct {
	PersonID  string
	Topic     string
	Muted     bool
	UpdatedAt time.Time
}

func (preference) TableName() string { return "notify_preferences" }

// Muted implements notify.Store.
func (s *Store) Muted(ctx context.Context, person string, topic notify.Topic) (bool, error) {
	var n int64
	err := s.db.From(ctx).Model(&preference{}).
		Where("person_id = ? AND topic = ? AND muted = ?", person, string(topic), true).Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("read preferences of person %s: %w", person, dbx.Classify(err))
	}
	return n > 0, nil
}

// Mute implements notify.Store.
func (s *Store) Mute(ctx context.Context, person string, topic notify.Topic, muted bool) error {
	p := preference{PersonID: person, Topic: string(topic), Muted: muted, UpdatedAt: s.now()}
	err := s.db.From(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "person_id"}, {Name: "topic"}},
		DoUpdates: clause.AssignmentColumns([]string{"muted", "updated_at"}),
	}).Create(&p).Error
	if err != nil {
		return fmt.Errorf("write preference of person %s: %w", person, dbx.Classify(err))
	}
	return nil
}

// Prune implements notify.Store.
func (s *Store) Prune(ctx context.Context, t time.Time) (int64, error) {
	res := s.db.From(ctx).Where("created_at < ?", t.UTC()).Delete(&message{})
	if res.Error != nil {
		return 0, fmt.Errorf("prune messages: %w", dbx.Classify(res.Error))
	}
	return res.RowsAffected, nil
}

// Reseal seals up to batch messages again that stand under a key other than the
// active one, and returns how many it looked at: 0 when all are done.
func (s *Store) Reseal(ctx context.Context, batch int) (done int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		var rows []message
		if err := s.db.From(ctx).Where("key_id <> ?", s.seal.ActiveID()).Order("id").Limit(batch).Find(&rows).Error; err != nil {
			return fmt.Errorf("read messages to reseal: %w", dbx.Classify(err))
		}
		for i := range rows {
			r := &rows[i]
			phone, text, err := s.unsealed(*r)
			if err != nil {
				return err
			}
			if err := s.sealInto(r, phone, text); err != nil {
				return err
			}
			res := s.db.From(ctx).Model(&message{}).Where("id = ?", r.ID).Select("phone_sealed", "text_sealed", "key_id").Updates(r)
			if res.Error != nil {
				return fmt.Errorf("reseal message %s: %w", r.ID, dbx.Classify(res.Error))
			}
		}
		done = len(rows)
		return nil
	})
	return done, err
}
