package region

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
)

// point is a place on the map, in degrees.
type point struct{ lng, lat float64 }

// rounded returns p to about a metre, the same for every town that has p on its border.
func (p point) rounded() point {
	return point{math.Round(p.lng*1e5) / 1e5, math.Round(p.lat*1e5) / 1e5}
}

// polygon is a ring of points, not closed.
type polygon []point

// city is a rough outline of 海宁, clockwise from the north-west.
// It is drawn by hand for a dashboard, from no survey: 示意, not a boundary.
var city = polygon{
	{120.300, 30.440},
	{120.360, 30.465},
	{120.420, 30.490},
	{120.480, 30.500},
	{120.540, 30.525},
	{120.600, 30.545},
	{120.650, 30.575},
	{120.700, 30.605},
	{120.760, 30.590},
	{120.780, 30.545},
	{120.790, 30.500},
	{120.830, 30.470},
	{120.860, 30.420},
	{120.870, 30.370},
	{120.850, 30.330},
	{120.790, 30.325},
	{120.730, 30.355},
	{120.660, 30.380},
	{120.590, 30.385},
	{120.520, 30.385},
	{120.450, 30.390},
	{120.390, 30.375},
	{120.330, 30.390},
}

// cells are the outlines of the towns: each is the part of the city nearest to
// its seat, so neighbours share borders and leave no gap.
var cells = sync.OnceValue(func() map[Code]polygon {
	out := make(map[Code]polygon, len(seats))
	for _, me := range seats {
		ring := slices.Clone(city)
		for _, o := range seats {
			if o.town == me.town {
				continue
			}
			// Nearer to me than to o: (x-mx)²+(y-my)² ≤ (x-ox)²+(y-oy)².
			a, b := 2*(o.lng-me.lng), 2*(o.lat-me.lat)
			ring = ring.clip(a, b, o.lng*o.lng+o.lat*o.lat-me.lng*me.lng-me.lat*me.lat)
		}
		for i := range ring {
			ring[i] = ring[i].rounded()
		}
		out[me.town] = slices.Compact(ring)
	}
	return out
})

// clip keeps the part of a polygon where a·lng + b·lat ≤ d.
func (ring polygon) clip(a, b, d float64) polygon {
	side := func(p point) float64 { return a*p.lng + b*p.lat - d }
	var out polygon
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sp, sq := side(p), side(q)
		if sp <= 0 {
			out = append(out, p)
		}
		if sp < 0 && sq > 0 || sp > 0 && sq < 0 {
			f := sp / (sp - sq)
			out = append(out, point{p.lng + f*(q.lng-p.lng), p.lat + f*(q.lat-p.lat)})
		}
	}
	return out
}

// contains says p lies within the ring (the even-odd rule).
func (ring polygon) contains(p point) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lng < (b.lng-a.lng)*(p.lat-a.lat)/(b.lat-a.lat)+a.lng {
			in = !in
		}
	}
	return in
}

// box returns the corners of the least rectangle around the ring.
func (ring polygon) box() (low, high point) {
	low, high = ring[0], ring[0]
	for _, p := range ring {
		low = point{min(low.lng, p.lng), min(low.lat, p.lat)}
		high = point{max(high.lng, p.lng), max(high.lat, p.lat)}
	}
	return low, high
}

// closed returns the ring as GeoJSON has it, its first point at both ends.
func (ring polygon) closed() [][2]float64 {
	out := make([][2]float64, 0, len(ring)+1)
	for _, p := range append(slices.Clone(ring), ring[0]) {
		out = append(out, [2]float64{p.lng, p.lat})
	}
	return out
}

// TownOutlines returns the towns as GeoJSON for a map on a dashboard. The
// outlines are a drawing around approximate seats, which each feature says.
var TownOutlines = sync.OnceValue(func() []byte {
	type geometry struct {
		Type        string         `json:"type"`
		Coordinates [][][2]float64 `json:"coordinates"`
	}
	type properties struct {
		Code        Code       `json:"code"`
		Name        string     `json:"name"`
		Seat        [2]float64 `json:"cp"` // where a label goes, as map libraries call it
		Approximate bool       `json:"approximate"`
		Note        string     `json:"note"`
	}
	type feature struct {
		Type       string     `json:"type"`
		Properties properties `json:"properties"`
		Geometry   geometry   `json:"geometry"`
	}
	features := []feature{}
	for _, town := range HainingTree().Towns() {
		features = append(features, feature{
			Type:       "Feature",
			Properties: properties{town.Code, town.Name, [2]float64{town.Lng, town.Lat}, true, "示意，非行政界线"},
			Geometry:   geometry{"Polygon", [][][2]float64{cells()[town.Code].closed()}},
		})
	}
	b, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		panic(err) // numbers and strings only
	}
	return b
})
