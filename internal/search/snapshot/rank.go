package snapshot

import "math"

// What makes one posting stand before another under Best: a sum of parts, each
// at most its weight, 1000 together. It uses nothing about the reader but where
// she is, and nothing about the employer but how many places he has left.
const (
	rankWords = 450 // how well the words asked for hold (search.Score)
	rankNear  = 250 // near to the place asked from; 0 at rankFar
	rankSoon  = 100 // begins soon; 0 a week ahead
	rankRoom  = 100 // share of places left: applicants spread over what is open
	rankFresh = 50  // published lately; 0 after a week
	rankUrge  = 50  // marked urgent

	rankFar  = 15_000 // metres
	rankWeek = 7 * 24 * 3600.0
)

// Part is one reason of a rank.
type Part struct {
	Key    string // words, near, soon, room, fresh, urgent
	Points int
	Weight int
}

// facts are what the rank of one posting is made of.
type facts struct {
	score          float64 // 0…1 of the words, 0 when none were asked
	distanceM      int     // -1 unknown
	starts         int64   // seconds from now
	age            int64   // seconds since published
	open, headings int
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

func (f facts) words() int { return points(rankWords, f.score) }

func (f facts) near() int {
	if f.distanceM < 0 {
		return 0
	}
	return points(rankNear, 1-float64(f.distanceM)/rankFar)
}

func (f facts) soon() int  { return points(rankSoon, 1-float64(f.starts)/rankWeek) }
func (f facts) fresh() int { return points(rankFresh, 1-float64(f.age)/rankWeek) }

func (f facts) room() int {
	if f.headings == 0 {
		return 0
	}
	return points(rankRoom, float64(f.open)/float64(f.headings))
}

func (f facts) urge() int {
	if f.urgent {
		return rankUrge
	}
	return 0
}

// rank is the sum of the parts.
func (f facts) rank() int { return f.words() + f.near() + f.soon() + f.room() + f.fresh() + f.urge() }

func (f facts) parts() []Part {
	return []Part{
		{"words", f.words(), rankWords},
		{"near", f.near(), rankNear},
		{"soon", f.soon(), rankSoon},
		{"room", f.room(), rankRoom},
		{"fresh", f.fresh(), rankFresh},
		{"urgent", f.urge(), rankUrge},
	}
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
