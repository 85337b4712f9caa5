package matching

import "math"

// Straight-line speeds with the detours of real roads in them, metres an hour,
// and how far people go by each means.
const (
	walkMetresHour, walkUpToM = 4_500, 800
	rideMetresHour, rideUpToM = 14_000, 12_000
	driveMetresHour           = 28_000
	earthRadiusM              = 6_371_000
	microDegree               = math.Pi / 180 / 1e6
)

// way is how people go a distance.
type way struct {
	zh, english string
	minutes     int64
}

// travel estimates how long a straight-line distance takes, and by what means.
func travel(metres int64) way {
	switch {
	case metres <= walkUpToM:
		return way{"步行", "on foot", minutesAt(metres, walkMetresHour)}
	case metres <= rideUpToM:
		return way{"骑车", "by bicycle", minutesAt(metres, rideMetresHour)}
	}
	return way{"乘车", "by bus or car", minutesAt(metres, driveMetresHour)}
}

func minutesAt(metres, metresHour int64) int64 { return max(1, (metres*60+metresHour/2)/metresHour) }

// Metres returns the great-circle distance between two places given in
// millionths of a degree, rounded to metres.
func Metres(lat1, lng1, lat2, lng2 int64) int64 {
	a, b := float64(lat1)*microDegree, float64(lat2)*microDegree
	sinLat := math.Sin((b - a) / 2)
	sinLng := math.Sin(float64(lng2-lng1) * microDegree / 2)
	// each product is rounded by itself, so every machine computes the same
	h := float64(sinLat*sinLat) + float64(float64(math.Cos(a)*math.Cos(b))*float64(sinLng*sinLng))
	return int64(math.Round(2 * earthRadiusM * math.Asin(math.Sqrt(min(1, h)))))
}
