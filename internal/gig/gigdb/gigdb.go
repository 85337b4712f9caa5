// Package gigdb keeps the gig market's rows with gorm, on either dialect, and
// holds the read models of its screens. Rows never leave it.
package gigdb

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/gig"
)

// Sealer keeps personal fields unreadable at rest and findable by equality.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
	Blind(field, value string) string
}

// Store is the gig.Store of the program.
type Store struct {
	db   *dbx.DB
	seal Sealer

	postings  memo[whole]
	employers memo[employer]
}

var _ gig.Store = (*Store)(nil)

// NewStore returns a store that keeps its rows in db and seals with seal.
func NewStore(db *dbx.DB, seal Sealer) *Store { return &Store{db: db, seal: seal} }

var errCursor = errs.New(errs.Invalid, "cursor_invalid", "翻页位置无效", "The cursor is not one of ours.")

var uuidRE = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// after continues a newest-first list below cursor and reads one row more than
// limit, which tells whether there is a next page.
func after(q *gorm.DB, cursor string, limit int) (*gorm.DB, error) {
	if cursor != "" {
		if !uuidRE.MatchString(cursor) {
			return nil, errCursor
		}
		q = q.Where("id < ?", cursor)
	}
	return q.Order("id DESC").Limit(limit + 1), nil
}

// cut drops the extra row and returns the cursor of the page after, or "".
func cut[R any](rows []R, limit int, id func(R) string) ([]R, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	return rows, id(rows[limit-1])
}

func pageSize(n int) int {
	if n <= 0 {
		return 20
	}
	return min(n, 500)
}

// columns names the columns of a table that a scope is held against; an empty
// name means the table has none.
type columns struct{ region, station, employer, person string }

// scoped keeps only the rows in scope.
func scoped(q *gorm.DB, s gig.Scope, c columns) *gorm.DB {
	if s.All {
		return q
	}
	var or []string
	var args []any
	add := func(column, op, value string) {
		if column != "" && value != "" {
			or, args = append(or, column+op), append(args, value)
		}
	}
	for _, p := range s.Regions {
		if p != "" {
			add(c.region, " LIKE ?", p+"%")
		}
	}
	add(c.station, " = ?", string(s.Station))
	add(c.employer, " = ?", string(s.Employer))
	add(c.person, " = ?", s.Person)
	if len(or) == 0 {
		return q.Where("1 = 0")
	}
	return q.Where("("+strings.Join(or, " OR ")+")", args...)
}

// ordered sorts by an expression with values.
func ordered(sql string, values ...any) clause.OrderBy {
	return clause.OrderBy{Expression: clause.Expr{SQL: sql, Vars: values, WithoutParentheses: true}}
}

// prefix is a region code with the zeros of its level cut off.
func prefix(code string) string {
	if strings.HasSuffix(code, "000000") {
		return strings.TrimSuffix(code, "000000")
	}
	return strings.TrimSuffix(code, "000")
}

// sealed returns NULL for "".
func (s *Store) sealed(field, row, plain string) ([]byte, error) {
	if plain == "" {
		return nil, nil
	}
	b, err := s.seal.Seal(field, row, []byte(plain))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return b, nil
}

func (s *Store) opened(field, row string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	b, err := s.seal.Open(field, row, sealed)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", field, err)
	}
	return string(b), nil
}

func findingsJSON(list []gig.Finding) string {
	if len(list) == 0 {
		return ""
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "" // strings only: cannot fail
	}
	return string(b)
}

func parseFindings(s string) []gig.Finding {
	var list []gig.Finding
	if s == "" || json.Unmarshal([]byte(s), &list) != nil {
		return nil
	}
	return list
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// likeText escapes the wild cards in what a person typed.
func likeText(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(s)) + "%"
}

// Sealed lists the columns that are sealed at rest.
func Sealed() []dbx.Sealed {
	return []dbx.Sealed{
		{Table: "gig_employers", Column: "credit_code_sealed", Field: fieldCreditCode},
		{Table: "gig_employers", Column: "contact_name_sealed", Field: fieldContact},
		{Table: "gig_employers", Column: "phone_sealed", Field: fieldPhone},
		{Table: "gig_employers", Column: "address_sealed", Field: fieldAddress},
		{Table: "gig_postings", Column: "address_sealed", Field: fieldWorkplace},
	}
}
