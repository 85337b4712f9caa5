package region

import (
	"hash/fnv"
	"math"
)

// seat is about where a town's seat lies: WGS 84, from common knowledge, to
// within a kilometre or two.
type seat struct {
	town     Code
	lat, lng float64
}

var seats = []seat{
	{"330481001000", 30.5330, 120.6950}, // 硖石街道
	{"330481002000", 30.5180, 120.6700}, // 海洲街道
	{"330481003000", 30.5580, 120.7150}, // 海昌街道
	{"330481004000", 30.4720, 120.7150}, // 马桥街道
	{"330481101000", 30.4250, 120.3650}, // 许村镇
	{"330481103000", 30.4500, 120.4500}, // 长安镇
	{"330481105000", 30.4650, 120.5350}, // 周王庙镇
	{"330481106000", 30.4150, 120.6500}, // 丁桥镇
	{"330481107000", 30.5050, 120.5850}, // 斜桥镇
	{"330481108000", 30.3650, 120.8000}, // 黄湾镇
	{"330481110000", 30.4150, 120.5450}, // 盐官镇
	{"330481112000", 30.4400, 120.7700}, // 袁花镇
}

// center stands for the city and for every place nobody has put on the map.
var center = seat{Haining, 30.5100, 120.6810}

func seatOf(town Code) (seat, bool) {
	for _, s := range seats {
		if s.town == town {
			return s, true
		}
	}
	return center, false
}

// position returns where the map shows a place: a town's seat; for a village a
// point of its town's outline, chosen by its code and therefore always the same.
func position(c Code) (lat, lng float64) {
	s, drawn := seatOf(c.Town())
	if c.Level() != Village || !drawn {
		return s.lat, s.lng
	}
	ring := cells()[c.Town()]
	low, high := ring.box()
	h := fnv.New64a()
	h.Write([]byte(c))
	dice := h.Sum64()
	for range 100 {
		p := point{low.lng + (high.lng-low.lng)*roll(&dice), low.lat + (high.lat-low.lat)*roll(&dice)}
		if ring.contains(p) {
			p = p.rounded()
			return p.lat, p.lng
		}
	}
	return s.lat, s.lng
}

// roll returns the next of a fixed row of numbers in 0…1 (SplitMix64).
func roll(state *uint64) float64 {
	*state += 0x9e3779b97f4a7c15
	z := *state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

// Distance returns the metres between two points of the earth's surface.
func Distance(lat1, lng1, lat2, lng2 float64) float64 {
	const radius, rad = 6_371_000, math.Pi / 180
	dLat, dLng := (lat2-lat1)*rad, (lng2-lng1)*rad
	a := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dLng/2)*math.Sin(dLng/2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(a)))
}
