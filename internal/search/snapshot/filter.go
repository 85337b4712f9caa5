package snapshot

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/search"
)

// What can be wrong with a question.
var (
	ErrFilter = errs.New(errs.Invalid, "filter_invalid", "筛选条件有误", "A filter is not valid.")
	ErrCursor = errs.New(errs.Invalid, "cursor_invalid", "翻页位置有误，请重新搜索", "The cursor is not valid; search again.")
)

// Bounds of a question.
const (
	MaxLimit   = 200
	maxChoices = 400 // of one filter; a city has fewer trades, and fewer villages
	FacetDays  = 92  // dates are counted from today for so many days
)

// Sort is an order of results; ties go by id.
type Sort string

// The orders.
const (
	Best Sort = "best" // see rank.go
	Near Sort = "near" // nearest first, unknown places last
	Pay  Sort = "pay"  // best paid hour first, unknown last
	Soon Sort = "soon" // earliest start first
)

// Point is a place asked from. RadiusM 0 sets no limit and only gives distances.
type Point struct{ Lat, Lng, RadiusM float64 }

// Filter says which postings. The zero value, with Now set, is all that have a
// place left in a shift that has not begun.
type Filter struct {
	Now         time.Time // required: shifts that have begun are not on offer
	Trades      []string  // any of; nil for all
	Wanted      []string  // trades meant: they rank before those near them and narrow nothing
	Groups      []string  // any of the trade groups
	Regions     []string  // codes or their beginnings (a town, a village), any of
	From        *Point
	Dates       []day.Date // a place left on any of these days
	MinHourFen  int64
	Settlements []string
	Forms       []string
	Employers   []string
	With        Flags // all of
	Without     Flags // none of
	// Words are what the text engine found; nil when no words were asked, empty
	// when it found nothing.
	Words []search.Hit
	// Scorer makes the scores of those words that have none yet; nil where all have.
	Scorer *search.Scorer
}

// Page says which part of the answer.
type Page struct {
	Sort   Sort // "" is Best
	Limit  int  // 0 is 20
	Cursor string
}

// Item is one posting found.
type Item struct {
	ID        string
	Rank      int       // the key of Best, 0…1000
	Parts     Parts     // what it is made of
	DistanceM int       // -1 when not asked for or not known
	Places    int       // left, of the days asked for
	Next      time.Time // the earliest start with a place left
}

// Facet is one choice and the places left behind it, under all filters but the
// one it belongs to: what would be found if it were chosen.
type Facet struct {
	Key    string
	Places int
}

// Result is an answer.
type Result struct {
	Items       []Item
	Next        string // cursor of the next page, "" on the last
	Total       int    // postings
	TotalPlaces int
	Trades      []Facet // most places first
	Towns       []Facet
	Dates       []Facet // earliest first
}

// check refuses what means nothing.
func (f Filter) check(p Page) error {
	bad := ErrFilter
	if f.Now.IsZero() {
		bad = bad.On("now", "missing", "缺少时间")
	}
	if f.From != nil {
		q := *f.From
		if !(q.Lat >= -90 && q.Lat <= 90 && q.Lng >= -180 && q.Lng <= 180) { // also refuses NaN
			bad = bad.On("lat", "invalid", "位置有误")
		}
		if !(q.RadiusM >= 0 && q.RadiusM <= 20_000_000) {
			bad = bad.On("radius_m", "invalid", "距离应为正数")
		}
	}
	for _, r := range f.Regions {
		if r == "" || len(r) > 12 || strings.Trim(r, "0123456789") != "" {
			bad = bad.On("region", "invalid", "地区代码有误")
			break
		}
	}
	for _, d := range f.Dates {
		if !d.Valid() {
			bad = bad.On("date", "invalid", "日期有误")
			break
		}
	}
	for _, n := range []int{len(f.Trades), len(f.Wanted), len(f.Groups), len(f.Regions), len(f.Dates), len(f.Settlements), len(f.Forms), len(f.Employers)} {
		if n > maxChoices {
			bad = bad.On("filter", "too_many", "筛选条件太多")
			break
		}
	}
	if f.MinHourFen < 0 {
		bad = bad.On("pay_min_hour_fen", "invalid", "应为正数")
	}
	switch p.Sort {
	case "", Best, Near, Pay, Soon:
	default:
		bad = bad.On("sort", "invalid", "应为 best、near、pay 或 soon")
	}
	if p.Limit < 0 || p.Limit > MaxLimit {
		bad = bad.On("limit", "invalid", fmt.Sprintf("应为 1–%d", MaxLimit))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// A cursor names the last item of the page before: its key and id, and the
// time the first page was asked at, so that keys do not move under the reader.
type cursor struct {
	sort Sort
	key  int64
	id   string
	now  int64 // Unix seconds
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d %s", c.sort, c.now, c.key, c.id))
}

func parseCursor(s string, sort Sort) (cursor, error) {
	if len(s) > 400 {
		return cursor{}, ErrCursor
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return cursor{}, ErrCursor.With(err)
	}
	part := strings.SplitN(string(b), " ", 4)
	if len(part) != 4 || part[0] != string(sort) {
		return cursor{}, ErrCursor
	}
	now, err1 := strconv.ParseInt(part[1], 10, 64)
	key, err2 := strconv.ParseInt(part[2], 10, 64)
	if err1 != nil || err2 != nil || now < 0 || now > math.MaxUint32*100 {
		return cursor{}, ErrCursor
	}
	return cursor{sort: sort, key: key, id: part[3], now: now}, nil
}
