package gigdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/tx"
)

type posting struct {
	ID             string `gorm:"primaryKey"`
	Code           string
	EmployerID     string
	StationID      *string
	Title          string
	Trade          string
	Description    string
	Form           string
	Town           string
	Village        string
	Address        string
	AddressSealed  []byte
	LatE6          int64
	LngE6          int64
	PayFen         int64
	PayUnit        string
	PiecesPerHour  int64
	PayNote        string
	Settlement     string
	SettlementDays int64
	Payer          string
	HourFen        int64
	Meals          bool
	Lodging        bool
	Transport      string
	Tools          string
	Bring          string
	Insurance      string
	Flags          string
	MinAge         int64
	Certificates   string
	SuitedOlder    bool
	SuitedDisabled bool
	NoExperience   bool
	Urgent         bool
	ProjectNo      string
	Origin         string
	ForHousehold   bool
	Status         string
	PublishedAt    *time.Time
	ValidUntil     *time.Time
	ExpiresAt      *time.Time
	Warnings       string
	SubmittedBy    *string
	ReviewedBy     *string
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Version        int64
}

func (posting) TableName() string { return "gig_postings" }

// A household's place of work is somebody's home.
const fieldWorkplace = "gig_postings.address"

func (s *Store) newPosting(p gig.Posting) (posting, error) {
	r := posting{
		ID: string(p.ID), Code: p.Code, EmployerID: string(p.EmployerID), StationID: dbx.StrPtr(p.StationID),
		Title: p.Title, Trade: p.Trade, Description: p.Description, Form: string(p.Form),
		Town: p.Town(), Village: p.Village, Address: p.Address, LatE6: p.Place.LatE6, LngE6: p.Place.LngE6,
		PayFen: p.Pay.AmountFen, PayUnit: string(p.Pay.Unit), PiecesPerHour: p.Pay.PiecesPerHour, PayNote: p.Pay.Note,
		Settlement: string(p.Pay.Settlement), SettlementDays: p.Pay.SettlementDays, Payer: p.Pay.Payer, HourFen: p.HourFen,
		Meals: p.Meals, Lodging: p.Lodging, Transport: p.Transport, Tools: p.Tools, Bring: p.Bring, Insurance: p.Insurance,
		Flags: dbx.Words(p.Flags), MinAge: p.MinAge, Certificates: dbx.Words(p.Certificates),
		SuitedOlder: p.SuitedOlder, SuitedDisabled: p.SuitedDisabled, NoExperience: p.NoExperience, Urgent: p.Urgent,
		ProjectNo: p.ProjectNo, Origin: p.Origin, ForHousehold: p.ForHousehold,
		Status: string(p.Status), PublishedAt: dbx.TimePtr(p.PublishedAt), ValidUntil: dbx.TimePtr(p.ValidUntil), ExpiresAt: dbx.TimePtr(p.ExpiresAt),
		Warnings: findingsJSON(p.Warnings), SubmittedBy: dbx.StrPtr(p.SubmittedBy), ReviewedBy: dbx.StrPtr(p.ReviewedBy),
		CreatedAt: p.CreatedAt, UpdatedAt: dbx.Now(), Version: p.Version,
	}
	if p.ForHousehold {
		var err error
		if r.AddressSealed, err = s.sealed(fieldWorkplace, r.ID, p.Address); err != nil {
			return r, err
		}
		r.Address = ""
	}
	return r, nil
}

func (s *Store) postingDomain(r posting, shifts []shift) (gig.Posting, error) {
	p := gig.Posting{
		ID: gig.PostingID(r.ID), Code: r.Code, EmployerID: gig.EmployerID(r.EmployerID), StationID: dbx.Str[gig.StationID](r.StationID),
		Terms: gig.Terms{
			Title: r.Title, Trade: r.Trade, Description: r.Description, Form: gig.Form(r.Form),
			Village: r.Village, Address: r.Address, Place: gig.Point{LatE6: r.LatE6, LngE6: r.LngE6},
			Pay: gig.Pay{
				AmountFen: r.PayFen, Unit: gig.PayUnit(r.PayUnit), PiecesPerHour: r.PiecesPerHour, Note: r.PayNote,
				Settlement: gig.SettlementKind(r.Settlement), SettlementDays: r.SettlementDays, Payer: r.Payer,
			},
			Meals: r.Meals, Lodging: r.Lodging, Transport: r.Transport, Tools: r.Tools, Bring: r.Bring, Insurance: r.Insurance,
			Flags: dbx.ParseWords[gig.Flag](r.Flags), MinAge: r.MinAge, Certificates: dbx.ParseWords[string](r.Certificates),
			SuitedOlder: r.SuitedOlder, SuitedDisabled: r.SuitedDisabled, NoExperience: r.NoExperience, Urgent: r.Urgent,
			ProjectNo: r.ProjectNo, Origin: r.Origin, ForHousehold: r.ForHousehold, ValidUntil: dbx.Time(r.ValidUntil),
		},
		HourFen: r.HourFen, Status: gig.PostingStatus(r.Status), PublishedAt: dbx.Time(r.PublishedAt), ExpiresAt: dbx.Time(r.ExpiresAt),
		Warnings: parseFindings(r.Warnings), SubmittedBy: dbx.Str[string](r.SubmittedBy), ReviewedBy: dbx.Str[string](r.ReviewedBy),
		CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
	for _, sh := range shifts {
		p.Shifts = append(p.Shifts, sh.domain())
	}
	if r.ForHousehold {
		var err error
		if p.Address, err = s.opened(fieldWorkplace, r.ID, r.AddressSealed); err != nil {
			return p, err
		}
	}
	return p, nil
}

func postingError(verb string, id gig.PostingID, err error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrDuplicate):
		return gig.ErrPostingCode.With(err)
	case errors.Is(err, dbx.ErrNotFound):
		return gig.ErrPostingNotFound
	}
	return fmt.Errorf("%s posting %s: %w", verb, id, err)
}

// CreatePosting implements gig.PostingStore.
func (s *Store) CreatePosting(ctx context.Context, p gig.Posting) error {
	row, err := s.newPosting(p)
	if err != nil {
		return err
	}
	if err := postingError("create", p.ID, s.db.From(ctx).Create(&row).Error); err != nil {
		return err
	}
	return s.createShifts(ctx, p.ID, p.Shifts)
}

// SavePosting implements gig.PostingStore.
func (s *Store) SavePosting(ctx context.Context, p gig.Posting) error {
	row, err := s.newPosting(p)
	if err != nil {
		return err
	}
	row.Version++
	res := s.db.From(ctx).Model(&posting{}).Where("id = ? AND version = ?", row.ID, p.Version).
		Select("*").Omit("id", "code", "employer_id", "created_at").Updates(&row)
	if err := postingError("save", p.ID, res.Error); err != nil {
		return err
	}
	if res.RowsAffected == 0 {
		return gig.ErrPostingStale
	}
	return s.saveShifts(ctx, p)
}

// Posting implements gig.PostingStore.
func (s *Store) Posting(ctx context.Context, id gig.PostingID) (gig.Posting, error) {
	return s.onePosting(ctx, id, s.db.From(ctx).Where("id = ?", string(id)))
}

// PostingByCode implements gig.PostingStore.
func (s *Store) PostingByCode(ctx context.Context, code string) (gig.Posting, error) {
	return s.onePosting(ctx, "", s.db.From(ctx).Where("code = ? AND "+notEnded, code))
}

// PostingOfShift implements gig.PostingStore.
func (s *Store) PostingOfShift(ctx context.Context, id gig.ShiftID) (gig.Posting, error) {
	p, err := s.onePosting(ctx, "", s.db.From(ctx).Where("id = (SELECT posting_id FROM gig_shifts WHERE id = ?)", string(id)))
	if errors.Is(err, gig.ErrPostingNotFound) {
		return p, gig.ErrShiftNotFound
	}
	return p, err
}

// notEnded is the predicate of the unique index on codes.
const notEnded = "status NOT IN ('expired', 'closed', 'taken_down', 'rejected')"

// PostingCodeFree implements gig.PostingStore.
func (s *Store) PostingCodeFree(ctx context.Context, code string) (bool, error) {
	var n int64
	if err := s.db.From(ctx).Model(&posting{}).Where("code = ? AND "+notEnded, code).Count(&n).Error; err != nil {
		return false, fmt.Errorf("look for posting code: %w", err)
	}
	return n == 0, nil
}

func (s *Store) onePosting(ctx context.Context, id gig.PostingID, q *gorm.DB) (gig.Posting, error) {
	var row posting
	if err := postingError("read", id, q.Take(&row).Error); err != nil {
		return gig.Posting{}, err
	}
	list, err := s.wholePostings(ctx, []posting{row})
	if err != nil {
		return gig.Posting{}, err
	}
	return list[0], nil
}

// wholePostings reads the shifts of all rows in one statement.
func (s *Store) wholePostings(ctx context.Context, rows []posting) ([]gig.Posting, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	shifts, err := s.shiftsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]gig.Posting, len(rows))
	for i, r := range rows {
		if out[i], err = s.postingDomain(r, shifts[r.ID]); err != nil {
			return nil, fmt.Errorf("read posting %s: %w", r.ID, err)
		}
	}
	return out, nil
}

// PostingsByID implements gig.PostingStore. What it has read before it reads
// anew only where the version has changed.
func (s *Store) PostingsByID(ctx context.Context, ids []gig.PostingID) ([]gig.Posting, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, others, err := s.recalled(ctx, texts(ids))
	if err != nil {
		return nil, fmt.Errorf("look at postings: %w", dbx.Classify(err))
	}
	if found == nil {
		found = make(map[string]whole, len(ids))
	}
	if err := s.readWhole(ctx, others, found); err != nil {
		return nil, err
	}
	out := make([]gig.Posting, 0, len(found))
	for _, id := range ids {
		w, ok := found[string(id)]
		if !ok {
			continue
		}
		p, err := s.postingDomain(w.row, w.shifts)
		if err != nil {
			return nil, fmt.Errorf("read posting %s: %w", id, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// readWhole reads postings and their shifts into found, and remembers them.
func (s *Store) readWhole(ctx context.Context, ids []string, found map[string]whole) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []posting
	if err := s.db.From(ctx).Where(s.db.AnyID("id"), s.db.List(ids)).Find(&rows).Error; err != nil {
		return fmt.Errorf("read postings: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	shifts, err := s.shiftsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		w := whole{r, shifts[r.ID]}
		found[r.ID] = w
		if tx.From(ctx) == nil {
			s.postings.put(r.ID, w)
		}
	}
	return nil
}

// Postings implements gig.PostingStore.
func (s *Store) Postings(ctx context.Context, scope gig.Scope, f gig.PostingFilter) (gig.Page[gig.Posting], error) {
	q := scoped(s.db.From(ctx), scope, columns{region: "village", station: "station_id", employer: "employer_id"})
	if len(f.Statuses) > 0 {
		q = q.Where("status IN ?", texts(f.Statuses))
	}
	if f.Employer != "" {
		q = q.Where("employer_id = ?", string(f.Employer))
	}
	if f.Station != "" {
		q = q.Where("station_id = ?", string(f.Station))
	}
	limit := pageSize(f.Limit)
	q, err := after(q, f.Cursor, limit)
	if err != nil {
		return gig.Page[gig.Posting]{}, err
	}
	var rows []posting
	if err := q.Find(&rows).Error; err != nil {
		return gig.Page[gig.Posting]{}, fmt.Errorf("list postings: %w", err)
	}
	rows, next := cut(rows, limit, func(r posting) string { return r.ID })
	list, err := s.wholePostings(ctx, rows)
	return gig.Page[gig.Posting]{Items: list, Next: next}, err
}

// DuePostings implements gig.PostingStore.
func (s *Store) DuePostings(ctx context.Context, now time.Time, limit int) ([]gig.PostingID, error) {
	var ids []gig.PostingID
	err := s.db.From(ctx).Model(&posting{}).
		Where("status IN ('published', 'filled', 'paused', 'in_review') AND expires_at <= ?", now.UTC()).
		Order("expires_at, id").Limit(limit).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("list due postings: %w", err)
	}
	return ids, nil
}

// MarkFilled implements gig.PostingStore.
func (s *Store) MarkFilled(ctx context.Context, id gig.PostingID) error {
	// The condition names the status that must change, so a booking that leaves
	// places open writes nothing here.
	err := s.db.From(ctx).Exec(`UPDATE gig_postings SET status = CASE WHEN status = 'published' THEN 'filled' ELSE 'published' END
		WHERE id = ? AND status = CASE WHEN EXISTS (SELECT 1 FROM gig_shifts WHERE posting_id = ? AND filled < headcount) THEN 'filled' ELSE 'published' END`,
		string(id), string(id)).Error
	if err != nil {
		return fmt.Errorf("mark posting %s filled: %w", id, err)
	}
	return nil
}

type postingMove struct {
	ID         string `gorm:"primaryKey"`
	PostingID  string
	At         time.Time
	FromStatus string
	ToStatus   string
	ByRole     string
	ByAccount  *string
	Reason     string
	Version    int64
	Findings   string
}

func (postingMove) TableName() string { return "gig_posting_history" }

func newPostingMove(id string, m gig.PostingMove) postingMove {
	return postingMove{
		ID: id, PostingID: string(m.PostingID), At: m.At, FromStatus: string(m.From), ToStatus: string(m.To),
		ByRole: m.ByRole, ByAccount: dbx.StrPtr(m.ByAccount), Reason: m.Reason, Version: m.Version, Findings: findingsJSON(m.Findings),
	}
}

func (r postingMove) domain() gig.PostingMove {
	return gig.PostingMove{
		PostingID: gig.PostingID(r.PostingID), At: r.At.UTC(), From: gig.PostingStatus(r.FromStatus), To: gig.PostingStatus(r.ToStatus),
		ByRole: r.ByRole, ByAccount: dbx.Str[string](r.ByAccount), Reason: r.Reason, Version: r.Version, Findings: parseFindings(r.Findings),
	}
}

// AddPostingMove implements gig.PostingStore.
func (s *Store) AddPostingMove(ctx context.Context, id string, m gig.PostingMove) error {
	row := newPostingMove(id, m)
	if err := s.db.From(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("add move of posting %s: %w", m.PostingID, dbx.Classify(err))
	}
	return nil
}

// PostingHistory implements gig.PostingStore.
func (s *Store) PostingHistory(ctx context.Context, id gig.PostingID) ([]gig.PostingMove, error) {
	var rows []postingMove
	if err := s.db.From(ctx).Where("posting_id = ?", string(id)).Order("id").Limit(500).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read history of posting %s: %w", id, err)
	}
	out := make([]gig.PostingMove, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}
