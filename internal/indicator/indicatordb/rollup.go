package indicatordb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/indicator"
)

const foldBatch = 5000

// cell is one row of the sums.
type cell struct {
	Indicator, Part, Level, Region, OnDay string
}

type delta struct {
	Indicator, Part, Region, OnDay string
	Quantity                       int64
}

// ancestors returns the cells a fact's region adds to. A region that is a town
// or the city itself stands for its 未分配 child.
func ancestors(d delta) [3]cell {
	c := cell{Indicator: d.Indicator, Part: d.Part, OnDay: d.OnDay}
	village, town, city := c, c, c
	village.Level, village.Region = string(indicator.Village), d.Region
	town.Level, town.Region = string(indicator.Town), d.Region[:9]+"000"
	city.Level, city.Region = string(indicator.City), d.Region[:6]+"000000"
	return [3]cell{village, town, city}
}

// Fold claims deltas and adds them to the sums; it returns how many. Several
// replicas may fold at once: each delta is claimed by one.
func (s *Store) Fold(ctx context.Context) (int, error) {
	skip := ""
	if s.db.Dialect() == dbx.Postgres {
		skip = "FOR UPDATE SKIP LOCKED"
	}
	var claimed []delta
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		claimed = nil
		err := s.db.From(ctx).Raw(`DELETE FROM indicator_deltas WHERE id IN (SELECT id FROM indicator_deltas LIMIT ? `+skip+`)
			RETURNING indicator, part, region, on_day, quantity`, foldBatch).Scan(&claimed).Error
		if err != nil || len(claimed) == 0 {
			return err
		}
		sums := map[cell]int64{}
		for _, d := range claimed {
			for _, c := range ancestors(d) {
				sums[c] += d.Quantity
			}
		}
		return s.addSums(ctx, sums)
	})
	if err != nil {
		return 0, fmt.Errorf("fold: %w", err)
	}
	return len(claimed), nil
}

// addSums adds to the kept sums in one order, so that two folders never wait
// for each other in a circle.
func (s *Store) addSums(ctx context.Context, sums map[cell]int64) error {
	cells := make([]cell, 0, len(sums))
	for c := range sums {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.Region, b.Region), cmp.Compare(a.OnDay, b.OnDay))
	})
	for part := range slices.Chunk(cells, 400) {
		args := make([]any, 0, len(part)*6)
		for _, c := range part {
			args = append(args, c.Indicator, c.Part, c.Level, c.Region, c.OnDay, sums[c])
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?), ", len(part)), ", ")
		err := s.db.From(ctx).Exec(`INSERT INTO indicator_rollups (indicator, part, level, region, on_day, quantity) VALUES `+values+`
			ON CONFLICT (indicator, part, level, region, on_day) DO UPDATE SET quantity = indicator_rollups.quantity + excluded.quantity`, args...).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// Rebuild makes the sums anew from the facts.
func (s *Store) Rebuild(ctx context.Context) error {
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		g := s.db.From(ctx)
		for _, stmt := range []string{"DELETE FROM indicator_deltas", "DELETE FROM indicator_rollups"} {
			if err := g.Exec(stmt).Error; err != nil {
				return err
			}
		}
		for _, level := range levels {
			err := g.Exec(`INSERT INTO indicator_rollups (indicator, part, level, region, on_day, quantity)
				SELECT indicator, part, '` + string(level.name) + `', ` + level.region + `, on_day, sum(quantity)
				FROM indicator_facts WHERE quantity <> 0 GROUP BY indicator, part, ` + level.region + `, on_day`).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("rebuild sums: %w", err)
	}
	return nil
}

// levels gives each level's region from a fact's.
var levels = []struct {
	name   indicator.Level
	region string
}{
	{indicator.Village, "region"},
	{indicator.Town, "substr(region, 1, 9) || '000'"},
	{indicator.City, "substr(region, 1, 6) || '000000'"},
}

// Disagreements compares every sum, with the tail not yet folded, to the facts,
// and returns the cells that differ as "indicator part level region day: sum, facts".
func (s *Store) Disagreements(ctx context.Context, limit int) (checked int64, wrong []string, err error) {
	for _, level := range levels {
		var rows []struct {
			Cell       string
			Kept, True int64
		}
		err := s.db.From(ctx).Raw(`SELECT cell, sum(kept) AS kept, sum(facts) AS "true" FROM (
				SELECT indicator || ' ' || part || ' ' || region || ' ' || on_day AS cell, quantity AS kept, 0 AS facts FROM indicator_rollups WHERE level = ?
				UNION ALL SELECT indicator || ' ' || part || ' ' || `+level.region+` || ' ' || on_day, quantity, 0 FROM indicator_deltas
				UNION ALL SELECT indicator || ' ' || part || ' ' || `+level.region+` || ' ' || on_day, 0, quantity FROM indicator_facts
			) AS both_sides GROUP BY cell HAVING sum(kept) <> sum(facts) ORDER BY cell LIMIT ?`, string(level.name), limit).Scan(&rows).Error
		if err != nil {
			return 0, nil, fmt.Errorf("compare sums: %w", err)
		}
		for _, r := range rows {
			wrong = append(wrong, fmt.Sprintf("%s %s: kept %d, facts %d", level.name, r.Cell, r.Kept, r.True))
		}
		var n int64
		if err := s.db.From(ctx).Raw("SELECT count(*) FROM indicator_rollups WHERE level = ?", string(level.name)).Scan(&n).Error; err != nil {
			return 0, nil, fmt.Errorf("compare sums: %w", err)
		}
		checked += n
	}
	return checked, wrong, nil
}

// levelOf returns the level whose cells a region's own number is read from.
func levelOf(region string) indicator.Level {
	switch {
	case strings.HasSuffix(region, "000000"):
		return indicator.City
	case strings.HasSuffix(region, "000"):
		return indicator.Town
	}
	return indicator.Village
}

func prefixOf(region string) string {
	switch levelOf(region) {
	case indicator.City:
		return region[:6]
	case indicator.Town:
		return region[:9]
	case indicator.Village:
	}
	return region
}

func names(keys []indicator.Key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(k)
	}
	return out
}

// Sum implements indicator.Facts: the folded rows and the tail, in one statement.
func (s *Store) Sum(ctx context.Context, keys []indicator.Key, region string, from, to day.Date) (map[indicator.Key]indicator.Sums, error) {
	var rows []struct {
		Indicator, Part string
		Total           int64
	}
	err := s.db.From(ctx).Raw(`SELECT indicator, part, sum(quantity) AS total FROM (
			SELECT indicator, part, quantity FROM indicator_rollups WHERE level = ? AND region = ? AND on_day BETWEEN ? AND ? AND indicator IN ?
			UNION ALL SELECT indicator, part, quantity FROM indicator_deltas WHERE region LIKE ? AND on_day BETWEEN ? AND ? AND indicator IN ?
		) AS t GROUP BY indicator, part`,
		string(levelOf(region)), region, string(from), string(to), names(keys),
		prefixOf(region)+"%", string(from), string(to), names(keys)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("sum indicators: %w", err)
	}
	out := map[indicator.Key]indicator.Sums{}
	for _, r := range rows {
		out[indicator.Key(r.Indicator)] = add(out[indicator.Key(r.Indicator)], r.Part, r.Total)
	}
	return out, nil
}

func add(s indicator.Sums, part string, n int64) indicator.Sums {
	if part == string(indicator.Den) {
		s.Den += n
	} else {
		s.Num += n
	}
	return s
}

// Children implements indicator.Facts.
func (s *Store) Children(ctx context.Context, key indicator.Key, parent string, level indicator.Level, from, to day.Date) ([]indicator.Cell, error) {
	child := levels[0].region
	if level == indicator.Town {
		child = levels[1].region
	}
	var rows []struct {
		Region, Part string
		Total        int64
	}
	err := s.db.From(ctx).Raw(`SELECT region, part, sum(quantity) AS total FROM (
			SELECT region, part, quantity FROM indicator_rollups WHERE level = ? AND region LIKE ? AND on_day BETWEEN ? AND ? AND indicator = ?
			UNION ALL SELECT `+child+` AS region, part, quantity FROM indicator_deltas WHERE region LIKE ? AND on_day BETWEEN ? AND ? AND indicator = ?
		) AS t GROUP BY region, part ORDER BY region`,
		string(level), prefixOf(parent)+"%", string(from), string(to), string(key),
		prefixOf(parent)+"%", string(from), string(to), string(key)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("sum of regions: %w", err)
	}
	var out []indicator.Cell
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Region != r.Region {
			out = append(out, indicator.Cell{Region: r.Region})
		}
		last := &out[len(out)-1]
		last.Sums = add(last.Sums, r.Part, r.Total)
	}
	return out, nil
}

// Months implements indicator.Facts.
func (s *Store) Months(ctx context.Context, keys []indicator.Key, region string, from, to day.Date) (map[indicator.Key][]indicator.MonthSum, error) {
	var rows []struct {
		Indicator, Part, Month string
		Total                  int64
	}
	err := s.db.From(ctx).Raw(`SELECT indicator, part, substr(on_day, 1, 7) AS month, sum(quantity) AS total FROM (
			SELECT indicator, part, on_day, quantity FROM indicator_rollups WHERE level = ? AND region = ? AND on_day BETWEEN ? AND ? AND indicator IN ?
			UNION ALL SELECT indicator, part, on_day, quantity FROM indicator_deltas WHERE region LIKE ? AND on_day BETWEEN ? AND ? AND indicator IN ?
		) AS t GROUP BY indicator, part, substr(on_day, 1, 7) ORDER BY indicator, substr(on_day, 1, 7)`,
		string(levelOf(region)), region, string(from), string(to), names(keys),
		prefixOf(region)+"%", string(from), string(to), names(keys)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("sum of months: %w", err)
	}
	out := map[indicator.Key][]indicator.MonthSum{}
	for _, r := range rows {
		k := indicator.Key(r.Indicator)
		list := out[k]
		if len(list) == 0 || list[len(list)-1].Month != r.Month {
			list = append(list, indicator.MonthSum{Month: r.Month})
		}
		last := &list[len(list)-1]
		last.Sums = add(last.Sums, r.Part, r.Total)
		out[k] = list
	}
	return out, nil
}
