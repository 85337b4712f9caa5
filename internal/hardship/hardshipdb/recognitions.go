package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/recognition"
)

type record struct {
	ID           string `gorm:"primaryKey"`
	PersonID     string
	Region       string
	State        string
	Facts        []byte
	AppliedOn    string
	SubmittedBy  *string
	ReviewedBy   *string
	DecidedBy    *string
	Appeals      int
	NoticeFrom   *string
	NoticeTo     *string
	NoticeDays   int
	NoticeServed int
	ValidFrom    *string
	ValidTo      *string
	RestsFrom    *string
	RestsWhy     string
	EndedOn      *string
	EndReason    string
	EndProof     []byte
	OwnerRole    string
	Due          *string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

func (record) TableName() string { return "hardship_recognitions" }

type holding struct {
	RecognitionID string `gorm:"primaryKey"`
	Category      string `gorm:"primaryKey"`
	IsPrimary     bool
	ValidFrom     *string
	ValidTo       *string
	EndedOn       *string
	EndReason     string
}

func (holding) TableName() string { return "hardship_recognition_categories" }

type step struct {
	ID            string `gorm:"primaryKey"`
	RecognitionID string
	At            time.Time
	OnDay         string
	Move          string
	FromState     string
	ToState       string
	ByRole        string
	ByAccount     *string
	Content       []byte
}

func (step) TableName() string { return "hardship_recognition_steps" }

type stepText struct {
	Opinion string `json:"opinion,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

func (s *Store) newRecord(r recognition.Record) (record, error) {
	facts, err := s.seal(fieldFacts, string(r.ID), r.Facts)
	if err != nil {
		return record{}, err
	}
	var proof []byte
	if r.EndProof != "" {
		if proof, err = s.seal(fieldEndProof, string(r.ID), r.EndProof); err != nil {
			return record{}, err
		}
	}
	now := dbx.Now()
	return record{
		ID: string(r.ID), PersonID: r.Person, Region: r.Region, State: string(r.State), Facts: facts, AppliedOn: string(r.AppliedOn),
		SubmittedBy: dbx.StrPtr(r.SubmittedBy), ReviewedBy: dbx.StrPtr(r.ReviewedBy), DecidedBy: dbx.StrPtr(r.DecidedBy), Appeals: r.Appeals,
		NoticeFrom: dbx.StrPtr(r.Notice.From), NoticeTo: dbx.StrPtr(r.Notice.To), NoticeDays: r.Notice.Needed, NoticeServed: r.Notice.Served,
		ValidFrom: dbx.StrPtr(r.ValidFrom), ValidTo: dbx.StrPtr(r.ValidTo), RestsFrom: dbx.StrPtr(r.RestsFrom), RestsWhy: r.RestsWhy,
		EndedOn: dbx.StrPtr(r.EndedOn), EndReason: r.End, EndProof: proof, OwnerRole: string(r.Owner), Due: dbx.StrPtr(r.Due),
		CreatedAt: now, UpdatedAt: now, Version: r.Version,
	}, nil
}

func (r record) domain() recognition.Record {
	return recognition.Record{
		ID: recognition.ID(r.ID), Person: r.PersonID, Region: r.Region, State: recognition.State(r.State), AppliedOn: day.Date(r.AppliedOn),
		SubmittedBy: dbx.Str[string](r.SubmittedBy), ReviewedBy: dbx.Str[string](r.ReviewedBy), DecidedBy: dbx.Str[string](r.DecidedBy), Appeals: r.Appeals,
		Notice: recognition.Notice{
			From: dbx.Str[day.Date](r.NoticeFrom), To: dbx.Str[day.Date](r.NoticeTo), Needed: r.NoticeDays, Served: r.NoticeServed,
		},
		ValidFrom: dbx.Str[day.Date](r.ValidFrom), ValidTo: dbx.Str[day.Date](r.ValidTo),
		RestsFrom: dbx.Str[day.Date](r.RestsFrom), RestsWhy: r.RestsWhy, EndedOn: dbx.Str[day.Date](r.EndedOn), End: r.EndReason,
		Owner: access.Role(r.OwnerRole), Due: dbx.Str[day.Date](r.Due), Version: r.Version,
	}
}

func newHolding(id recognition.ID, h recognition.Holding) holding {
	return holding{
		RecognitionID: string(id), Category: string(h.Category), IsPrimary: h.Primary, ValidFrom: dbx.StrPtr(h.From), ValidTo: dbx.StrPtr(h.To),
		EndedOn: dbx.StrPtr(h.EndedOn), EndReason: h.End,
	}
}

func (r holding) domain() recognition.Holding {
	return recognition.Holding{
		Category: recognition.Category(r.Category), Primary: r.IsPrimary, From: dbx.Str[day.Date](r.ValidFrom), To: dbx.Str[day.Date](r.ValidTo),
		EndedOn: dbx.Str[day.Date](r.EndedOn), End: r.EndReason,
	}
}

// AddRecognition implements hardship.RecognitionStore.
func (s *Store) AddRecognition(ctx context.Context, r recognition.Record) error {
	row, err := s.newRecord(r)
	if err != nil {
		return err
	}
	if err := taken(s.db.From(ctx).Create(&row).Error, "recognition", hardship.ErrLive); err != nil {
		return err
	}
	return s.putHoldings(ctx, r)
}

// SaveRecognition implements hardship.RecognitionStore.
func (s *Store) SaveRecognition(ctx context.Context, r recognition.Record) error {
	read := r.Version
	r.Version++
	row, err := s.newRecord(r)
	if err != nil {
		return err
	}
	if err := taken(s.save(ctx, &row, row.ID, read), "recognition", hardship.ErrLive); err != nil {
		return err
	}
	if err := s.putHoldings(ctx, r); err != nil {
		return err
	}
	return s.addSteps(ctx, r)
}

// putHoldings replaces the categories; a change of the primary one would break
// its unique index half way, so they are written anew.
func (s *Store) putHoldings(ctx context.Context, r recognition.Record) error {
	g := s.db.From(ctx)
	if err := g.Where("recognition_id = ?", string(r.ID)).Delete(&holding{}).Error; err != nil {
		return fmt.Errorf("write categories of %s: %w", r.ID, dbx.Classify(err))
	}
	rows := make([]holding, len(r.Holdings))
	for i, h := range r.Holdings {
		rows[i] = newHolding(r.ID, h)
	}
	if err := g.Create(&rows).Error; err != nil {
		return fmt.Errorf("write categories of %s: %w", r.ID, dbx.Classify(err))
	}
	return nil
}

func (s *Store) addSteps(ctx context.Context, r recognition.Record) error {
	var known []string
	if err := s.db.From(ctx).Model(&step{}).Where("recognition_id = ?", string(r.ID)).Pluck("id", &known).Error; err != nil {
		return fmt.Errorf("read steps of %s: %w", r.ID, dbx.Classify(err))
	}
	had := make(map[string]bool, len(known))
	for _, id := range known {
		had[id] = true
	}
	for _, p := range r.Steps {
		if had[p.ID] {
			continue
		}
		content, err := s.seal(fieldStep, p.ID, stepText{p.Opinion, p.Reason})
		if err != nil {
			return err
		}
		row := step{
			ID: p.ID, RecognitionID: string(r.ID), At: p.At, OnDay: string(p.On), Move: string(p.Move), FromState: string(p.From),
			ToState: string(p.To), ByRole: string(p.Role), ByAccount: dbx.StrPtr(p.Account), Content: content,
		}
		if err := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return fmt.Errorf("add step to %s: %w", r.ID, dbx.Classify(err))
		}
	}
	return nil
}

// Recognition implements hardship.RecognitionStore.
func (s *Store) Recognition(ctx context.Context, id recognition.ID) (recognition.Record, error) {
	var row record
	if err := s.db.From(ctx).Where("id = ?", string(id)).Take(&row).Error; err != nil {
		return recognition.Record{}, found(err, "recognition", string(id))
	}
	list, err := s.withHoldings(ctx, []record{row})
	if err != nil {
		return recognition.Record{}, err
	}
	r := list[0]
	if err := s.open(fieldFacts, row.ID, row.Facts, &r.Facts); err != nil {
		return r, err
	}
	if err := s.open(fieldEndProof, row.ID, row.EndProof, &r.EndProof); err != nil {
		return r, err
	}
	r.Steps, err = s.steps(ctx, id)
	return r, err
}

func (s *Store) steps(ctx context.Context, id recognition.ID) ([]recognition.Step, error) {
	var rows []step
	if err := s.db.From(ctx).Where("recognition_id = ?", string(id)).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read steps of %s: %w", id, dbx.Classify(err))
	}
	out := make([]recognition.Step, 0, len(rows))
	for _, r := range rows {
		var t stepText
		if err := s.open(fieldStep, r.ID, r.Content, &t); err != nil {
			return nil, err
		}
		out = append(out, recognition.Step{
			ID: r.ID, At: r.At.UTC(), On: day.Date(r.OnDay), Move: recognition.Move(r.Move), From: recognition.State(r.FromState),
			To: recognition.State(r.ToState), Role: access.Role(r.ByRole), Account: dbx.Str[string](r.ByAccount), Opinion: t.Opinion, Reason: t.Reason,
		})
	}
	return out, nil
}

func (s *Store) withHoldings(ctx context.Context, rows []record) ([]recognition.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	at := make(map[string]int, len(rows))
	out := make([]recognition.Record, len(rows))
	for i, r := range rows {
		ids[i], at[r.ID], out[i] = r.ID, i, r.domain()
	}
	var held []holding
	if err := s.db.From(ctx).Where("recognition_id IN ?", ids).Order("recognition_id, category").Find(&held).Error; err != nil {
		return nil, fmt.Errorf("read categories: %w", dbx.Classify(err))
	}
	for _, h := range held {
		r := &out[at[h.RecognitionID]]
		r.Holdings = append(r.Holdings, h.domain())
	}
	return out, nil
}

// Recognitions implements hardship.RecognitionStore.
func (s *Store) Recognitions(ctx context.Context, f hardship.RecognitionFilter) ([]recognition.Record, error) {
	g := within(s.db.From(ctx), "region", f.Scope).Omit("facts", "end_proof")
	if len(f.States) > 0 {
		g = g.Where("state IN ?", texts(f.States))
	}
	if f.Person != "" {
		g = g.Where("person_id = ?", f.Person)
	}
	if f.After != "" {
		g = g.Where("id < ?", string(f.After))
	}
	var rows []record
	if err := g.Order("id DESC").Limit(limit(f.Limit, 500)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list recognitions: %w", dbx.Classify(err))
	}
	return s.withHoldings(ctx, rows)
}

// NoticesOver implements hardship.RecognitionStore.
func (s *Store) NoticesOver(ctx context.Context, d day.Date, most int) ([]recognition.ID, error) {
	var ids []recognition.ID
	err := s.db.From(ctx).Model(&record{}).Where("state = ? AND notice_to < ?", string(recognition.Publicity), string(d)).
		Order("id").Limit(most).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("find notices over: %w", dbx.Classify(err))
	}
	return ids, nil
}
