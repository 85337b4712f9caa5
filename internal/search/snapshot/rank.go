package snapshot

import "math"

// What makes one posting stand before another under Best: a sum of parts, each
// at most its weight, 1000 together. This is the whole table of weights; how the
// words' own score comes about stands in search/score.go and worktext/match.go.
// It uses nothing about the reader but where she is, and of the employer only how
// many places he has left and whether he answers those who apply.
const (
	rankWords   = 375 // how well the words asked for hold (search.Score); one of their steps is a tenth
	rankTrade   = 100 // the posting's own trade is the one asked for, not one near it
	rankNear    = 250 // near to the place asked from; 0 at rankFar: village before town before city
	rankSoon    = 80  // begins soon; 0 a week ahead
	rankRoom    = 80  // places left for those who have applied: they spread over what is open
	rankAnswers = 60  // the employer answers who applies
	rankFresh   = 40  // published lately; 0 after a week
	rankUrge    = 15  // marked urgent: less than a step of the words, for nobody checks the mark

	rankFar  = 15_000 // metres
	rankWeek = 7 * 24 * 3600.0
	// usualAnswers is what an employer of whom nothing is known is taken to answer, of 1000.
	usualAnswers = 800
)

// The parts, in the order of Parts.
const (
	partWords = iota
	partTrade
	partNear
	partSoon
	partRoom
	partAnswers
	partFresh
	partUrgent
	partCount
)

var (
	partNames   = [partCount]string{"words", "trade", "near", "soon", "room", "answers", "fresh", "urgent"}
	partWeights = [partCount]int{rankWords, rankTrade, rankNear, rankSoon, rankRoom, rankAnswers, rankFresh, rankUrge}
)

// Parts are the points of a rank, part by part.
type Parts [partCount]int16

// Rank is their sum.
func (p Parts) Rank() int {
	n := 0
	for _, x := range p {
		n += int(x)
	}
	return n
}

// List names them.
func (p Parts) List() []Part {
	out := make([]Part, partCount)
	for i, x := range p {
		out[i] = Part{partNames[i], int(x), partWeights[i]}
	}
	return out
}

// Part is one reason of a rank.
type Part struct {
	Key    string // words, trade, near, soon, room, answers, fresh, urgent
	Points int
	Weight int
}

// facts are what the rank of one posting is made of.
type facts struct {
	score          float64 // 0…1 of the words, 0 when none were asked
	trade          int     // points of the trade; see scan.closeness
	wayM           int     // metres, of a village without a place on the map to its middle; -1 unknown
	starts         int64   // seconds from now
	age            int64   // seconds since published
	open, headings int
	waiting        int // have applied and wait
	answers        int // points; see answerPoints
	urgent         bool
}

// points is the share, 0…1, of a weight, to the nearest whole.
func points(weight int, share float64) int {
	switch {
	case share >= 1:
		return weight
	case share > 0:
		return int(float64(weight)*share + 0.5)
	}
	return 0
}

func (f facts) near() int {
	if f.wayM < 0 {
		return 0
	}
	return points(rankNear, 1-float64(f.wayM)/rankFar)
}

// room is the share of places left, less where many wait for them already.
func (f facts) room() int {
	if f.headings <= 0 || f.open <= 0 {
		return 0
	}
	left := float64(f.open) / float64(f.headings)
	return points(rankRoom, left*float64(f.open)/float64(f.open+max(f.waiting, 0)))
}

// answerPoints turns the share of applications answered, of 1000, 0 unknown, into points.
func answerPoints(permille int) int {
	if permille <= 0 {
		permille = usualAnswers
	}
	return points(rankAnswers, float64(permille)/1000)
}

// parts is the one place where a rank is made.
func (f facts) parts() Parts {
	p := Parts{
		partWords: int16(points(rankWords, f.score)), partTrade: int16(f.trade), partNear: int16(f.near()),
		partSoon: int16(points(rankSoon, 1-float64(f.starts)/rankWeek)), partRoom: int16(f.room()), partAnswers: int16(f.answers),
		partFresh: int16(points(rankFresh, 1-float64(f.age)/rankWeek)),
	}
	if f.urgent {
		p[partUrgent] = rankUrge
	}
	return p
}

// earthM is the mean radius of the earth in metres.
const earthM = 6_371_008.8

// plane measures distances as on a plane that touches the earth where one
// stands: within a city right to 0.2 %, and a few operations a row.
type plane struct{ lat, lng, perLat, perLng float64 }

func newPlane(lat, lng float64) plane {
	perLat := earthM * math.Pi / 180
	return plane{lat, lng, perLat, perLat * math.Cos(lat*math.Pi/180)}
}

// distance returns whole metres.
func (p plane) distance(lat, lng float64) int {
	x, y := (lng-p.lng)*p.perLng, (lat-p.lat)*p.perLat
	return int(math.Sqrt(x*x+y*y) + 0.5)
}
