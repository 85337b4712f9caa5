package hardshipdb

import (
	"context"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
)

type group struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Region    string
	Key       string
	Since     string
	Until     *string
	EndReason string
	Content   []byte
	CreatedBy *string
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

func (group) TableName() string { return "hardship_groups" }

type groupText struct {
	Evidence string `json:"evidence,omitempty"`
	Detail   string `json:"detail,omitempty"`
}

func (s *Store) newGroup(g hardship.Group) (group, error) {
	content, err := s.seal(fieldGroup, string(g.ID), groupText{g.Evidence, g.Detail})
	now := dbx.Now()
	return group{
		ID: string(g.ID), PersonID: g.Person, Region: g.Region, Key: string(g.Key), Since: string(g.Since),
		Until: dbx.StrPtr(g.Until), EndReason: g.End, Content: content, CreatedBy: dbx.StrPtr(g.By),
		CreatedAt: now, UpdatedAt: now, Version: g.Version,
	}, err
}

func (r group) domain() hardship.Group {
	return hardship.Group{
		ID: hardship.GroupID(r.ID), Person: r.PersonID, Region: r.Region, Key: hardship.GroupKey(r.Key), Since: day.Date(r.Since),
		Until: dbx.Str[day.Date](r.Until), End: r.EndReason, By: dbx.Str[string](r.CreatedBy), Version: r.Version,
	}
}

func (s *Store) openGroup(r group) (hardship.Group, error) {
	g := r.domain()
	var t groupText
	err := s.open(fieldGroup, r.ID, r.Content, &t)
	g.Evidence, g.Detail = t.Evidence, t.Detail
	return g, err
}

// AddGroup implements hardship.GroupStore.
func (s *Store) AddGroup(ctx context.Context, g hardship.Group) error {
	row, err := s.newGroup(g)
	if err != nil {
		return err
	}
	return taken(s.db.From(ctx).Create(&row).Error, "group", hardship.ErrGroupKnown)
}

// SaveGroup implements hardship.GroupStore.
func (s *Store) SaveGroup(ctx context.Context, g hardship.Group) error {
	read := g.Version
	g.Version++
	row, err := s.newGroup(g)
	if err != nil {
		return err
	}
	return s.save(ctx, &row, row.ID, read)
}

// CurrentGroup implements hardship.GroupStore.
func (s *Store) CurrentGroup(ctx context.Context, person string, key hardship.GroupKey) (hardship.Group, error) {
	var row group
	err := s.db.From(ctx).Where("person_id = ? AND key = ? AND until IS NULL", person, string(key)).Take(&row).Error
	if err != nil {
		return hardship.Group{}, found(err, "group of", person)
	}
	return s.openGroup(row)
}

// GroupsOf implements hardship.GroupStore.
func (s *Store) GroupsOf(ctx context.Context, persons []string) (map[string][]hardship.Group, error) {
	out := make(map[string][]hardship.Group, len(persons))
	if len(persons) == 0 {
		return out, nil
	}
	var rows []group
	err := s.db.From(ctx).Omit("content").Where("person_id IN ? AND until IS NULL", persons).Order("person_id, key").Find(&rows).Error
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r.domain())
	}
	return out, found(err, "groups of", "people")
}

// Groups implements hardship.GroupStore.
func (s *Store) Groups(ctx context.Context, person string) ([]hardship.Group, error) {
	var rows []group
	if err := s.db.From(ctx).Where("person_id = ?", person).Order("id").Find(&rows).Error; err != nil {
		return nil, found(err, "groups of", person)
	}
	out := make([]hardship.Group, 0, len(rows))
	for _, r := range rows {
		g, err := s.openGroup(r)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}
