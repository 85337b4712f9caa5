// Package offer is what a posting offers (岗位内容): its terms, what the trade and
// the hours entail, and what the rules say of them. It is pure: the same terms
// at the same moment give the same verdict, on the server and while typing.
package offer

import (
	"time"

	"linggong/internal/day"
	"linggong/internal/region"
)

// ShiftID and PostingID are UUIDv7 text.
type (
	ShiftID   string
	PostingID string
)

// Point is a place on the map in millionths of a degree, so that both
// databases give back what was written. The zero Point is "not known".
type Point struct{ LatE6, LngE6 int64 }

// PointOf rounds degrees to a Point.
func PointOf(lat, lng float64) Point {
	return Point{LatE6: round(lat * 1e6), LngE6: round(lng * 1e6)}
}

func round(f float64) int64 {
	if f < 0 {
		return int64(f - 0.5)
	}
	return int64(f + 0.5)
}

// Lat returns degrees north.
func (p Point) Lat() float64 { return float64(p.LatE6) / 1e6 }

// Lng returns degrees east.
func (p Point) Lng() float64 { return float64(p.LngE6) / 1e6 }

// IsZero says the place is not known.
func (p Point) IsZero() bool { return p == Point{} }

// Form is the kind of relation (用工形式); it decides which rules hold (R-POST).
type Form string

// The forms of work.
const (
	PartTime      Form = "part_time"       // 非全日制
	ShortFullTime Form = "short_full_time" // 短期全日制
	ServiceWork   Form = "service"         // 劳务：家庭、超龄、承揽
	Trainee       Form = "trainee"         // 见习
	WelfareWork   Form = "welfare"         // 公益性岗位
)

// PayUnit is what the amount is for.
type PayUnit string

// The units of pay. A job is one person's work on one shift.
const (
	PerHour  PayUnit = "hour"
	PerDay   PayUnit = "day"
	PerPiece PayUnit = "piece"
	PerJob   PayUnit = "job"
	PerMonth PayUnit = "month"
)

// SettlementKind is how often pay falls due.
type SettlementKind string

// The ways of settling.
const (
	SettleDaily      SettlementKind = "daily"
	SettleWeekly     SettlementKind = "weekly"
	SettleCompletion SettlementKind = "on_completion"
	SettleMonthly    SettlementKind = "monthly"
)

// Pay is what is offered.
type Pay struct {
	AmountFen      int64
	Unit           PayUnit
	PiecesPerHour  int64  // a practised worker's, when paid by the piece
	Note           string // "满勤另有奖励"; never a condition
	Settlement     SettlementKind
	SettlementDays int64  // days from the end of work to the money (R-PT-06)
	Payer          string // "employer", or who else pays
}

// Flag is something about the work that the law looks at (domain.md §5.1, §7.5).
type Flag string

// The flags.
const (
	FlagHeight        Flag = "height"       // 登高
	FlagHeavy         Flag = "heavy"        // 重体力
	FlagToxic         Flag = "toxic"        // 有毒、粉尘
	FlagNight         Flag = "night"        // 夜班 22:00–06:00
	FlagVehicle       Flag = "vehicle"      // 驾驶
	FlagFood          Flag = "food"         // 接触食品
	FlagMinors        Flag = "minors"       // 接触未成年人
	FlagMachine       Flag = "machine"      // 危险机械
	FlagVoltage       Flag = "high_voltage" // 高压电
	FlagExplosive     Flag = "explosive"    // 易燃易爆
	FlagEntertainment Flag = "entertainment"
	FlagConstruction  Flag = "construction" // 建筑工地 (R-PAY-06)
)

// Terms are what an employer writes of a posting: what Check judges.
type Terms struct {
	Title       string
	Trade       string // trade id
	Description string
	Form        Form
	Village     string // 12-digit code; its town's code where no village is known
	Address     string // a household's is kept sealed and shown to confirmed workers only
	Place       Point
	Pay         Pay
	Shifts      []Shift

	Meals, Lodging bool
	Transport      string
	Tools          string
	Bring          string
	Insurance      string // work_injury, accident, single, occupational, none
	Flags          []Flag
	MinAge         int64
	Certificates   []string // kinds the work asks for
	SuitedOlder    bool
	SuitedDisabled bool
	NoExperience   bool
	Urgent         bool
	ProjectNo      string // building sites: number of the real-name project (R-PAY-06)
	ValidUntil     time.Time
	Origin         string // where an imported posting came from; "" here
	ForHousehold   bool   // the employer is a household; set by the service
}

// Severity is how much a finding weighs.
type Severity string

// A block refuses, a hold sends to a reviewer, a warn is shown.
const (
	Block Severity = "block"
	Hold  Severity = "hold"
	Warn  Severity = "warn"
)

// Finding is one thing a rule has to say about a posting.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Rule     string   `json:"rule,omitempty"`
	Source   string   `json:"source,omitempty"`
	Remedy   string   `json:"remedy,omitempty"`
	Field    string   `json:"field,omitempty"`
}

// IsTown says a code names a town or street of the tree.
func IsTown(t *region.Tree, code string) bool {
	r, ok := t.Get(region.Code(code))
	return ok && r.Level == region.Town
}

// IsVillage says a code names a village or community of the tree.
func IsVillage(t *region.Tree, code string) bool {
	r, ok := t.Get(region.Code(code))
	return ok && r.Level == region.Village
}

// PlaceOf returns where the map shows a place, the zero Point when unknown.
func PlaceOf(t *region.Tree, code string) Point {
	r, ok := t.Get(region.Code(code))
	if !ok {
		return Point{}
	}
	return PointOf(r.Lat, r.Lng)
}

// TownOf returns the code of the town a village's or town's code lies in, "" for others.
func TownOf(code string) string { return string(region.Code(code).Town()) }

// FirstDate returns the day of the earliest shift.
func (t Terms) FirstDate() day.Date {
	var first day.Date
	for _, s := range t.Shifts {
		if first == "" || s.Date < first {
			first = s.Date
		}
	}
	return first
}
