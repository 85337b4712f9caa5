package region

import (
	"encoding/json"
	"sync"
)

// city is a rough outline of 海宁, clockwise from the north-west, lng and lat.
// It is drawn by hand for a dashboard, from no survey: 示意, not a boundary.
var city = [][2]float64{
	{120.300, 30.440}, {120.360, 30.465}, {120.420, 30.490}, {120.480, 30.500}, {120.540, 30.525}, {120.600, 30.545},
	{120.650, 30.575}, {120.700, 30.605}, {120.760, 30.590}, {120.780, 30.545}, {120.790, 30.500}, {120.830, 30.470},
	{120.860, 30.420}, {120.870, 30.370}, {120.850, 30.330}, {120.790, 30.325}, {120.730, 30.355}, {120.660, 30.380},
	{120.590, 30.385}, {120.520, 30.385}, {120.450, 30.390}, {120.390, 30.375}, {120.330, 30.390},
}

// TownOutlines returns the towns as GeoJSON: each is the part of the city
// nearest to its seat, so neighbours share borders and leave no gap.
var TownOutlines = sync.OnceValue(func() []byte {
	type feature struct {
		Type       string         `json:"type"`
		Properties map[string]any `json:"properties"`
		Geometry   map[string]any `json:"geometry"`
	}
	features := []feature{}
	for _, town := range HainingTree().Towns() {
		ring := cell(town.Code)
		ring = append(ring, ring[0])
		features = append(features, feature{
			Type:       "Feature",
			Properties: map[string]any{"code": town.Code, "name": town.Name, "cp": [2]float64{town.Lng, town.Lat}, "note": "示意，非行政界线"},
			Geometry:   map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}},
		})
	}
	b, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		panic(err) // numbers and strings only
	}
	return b
})

// cell cuts the city's outline by the line half-way to every other seat.
func cell(c Code) [][2]float64 {
	ring := append([][2]float64(nil), city...)
	me := seats[c]
	for _, other := range HainingTree().Towns() {
		if other.Code == c {
			continue
		}
		o := seats[other.Code]
		// Points nearer to me than to o: (x-mx)²+(y-my)² ≤ (x-ox)²+(y-oy)².
		a, b := 2*(o[1]-me[1]), 2*(o[0]-me[0])
		d := o[1]*o[1] + o[0]*o[0] - me[1]*me[1] - me[0]*me[0]
		ring = clip(ring, a, b, d)
	}
	return ring
}

// clip keeps the part of a polygon where a·lng + b·lat ≤ d. (A city that is not
// quite convex can leave a hair along its own border, which a map hides.)
func clip(ring [][2]float64, a, b, d float64) [][2]float64 {
	side := func(p [2]float64) float64 { return a*p[0] + b*p[1] - d }
	var out [][2]float64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sp, sq := side(p), side(q)
		if sp <= 0 {
			out = append(out, p)
		}
		if sp < 0 && sq > 0 || sp > 0 && sq < 0 {
			f := sp / (sp - sq)
			out = append(out, [2]float64{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])})
		}
	}
	return out
}
