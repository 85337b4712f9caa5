package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"linggong/internal/day"
	"linggong/internal/indicator"
	"linggong/internal/rules"
)

// next is where the stocks are going this year; decimals how they are written.
var (
	next     = map[string]string{"4": "19.3", "5": "71200", "6": "232000", "7": "35.6", "8": "82", "9": "2060"}
	decimals = map[string]int{"4": 1, "7": 1, "8": 1}
)

// makeReports enters what the departments reported.
func (c *city) makeReports(ctx context.Context) error {
	for _, key := range slices.Sorted(maps.Keys(yearly)) { // a map has no order, the city has
		for i, v := range yearly[key] {
			year := 2023 + i
			c.at(day.New(year+1, time.January, 20), 10, 0)
			if c.clock.Now().After(c.now) {
				continue
			}
			if err := c.report(ctx, key, strconv.Itoa(year), v, "approved"); err != nil {
				return err
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(next)) {
		list := yearly[key]
		if err := c.makeStock(ctx, key, list[len(list)-1], next[key]); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(monthly)) {
		if err := c.makeMonths(ctx, key, monthly[key]); err != nil {
			return err
		}
	}
	c.clock.Set(c.now)
	_, err := c.Parameters.Set(ctx, c.staff.bureau, rules.Parameter{
		Key: "hard.publicity_days", Region: "330481", Value: "5", ValidFrom: "2026-01-01", Source: "市局工作例会纪要（演示）", Confirmed: true,
	}, "与省厅口径核对")
	return err
}

// report enters one value and takes it as far as end says.
func (c *city) report(ctx context.Context, key, period, value, end string) error {
	r, err := c.Reports.Enter(ctx, c.staff.bureau, indicator.NewReport{
		Indicator: indicator.Key(key), Period: period, Value: value, Publisher: publisher(key), Document: "统计月报 " + period,
	})
	if err != nil {
		return err
	}
	c.o.Progress("部门上报", 1, 1)
	if r, err = c.Reports.Submit(ctx, c.staff.bureau, r.ID); err != nil || end == "submitted" {
		return err
	}
	if end == "returned" {
		_, err = c.Reports.Return(ctx, c.staff.bureau2, r.ID, "口径与上月不一致，请说明")
		return err
	}
	_, err = c.Reports.Approve(ctx, c.staff.bureau2, r.ID)
	return err
}

// makeMonths reports the months of this year that have ended; of two indicators
// the last waits for the second person.
func (c *city) makeMonths(ctx context.Context, key, each string) error {
	last := int(c.today.Month()) - 1
	for m := 1; m <= last; m++ {
		c.at(day.New(c.today.Year(), time.Month(m+1), 8), 10, 0)
		value, end := each, "approved"
		switch {
		case key == "2": // cumulative within the year
			value = strconv.Itoa(2610*m + 13*m*m)
		case key == "10":
			value = strconv.Itoa(41 * m)
		case m == last && key == "12":
			end = "submitted"
		case m == last && key == "13":
			end = "returned"
		}
		if err := c.report(ctx, key, fmt.Sprintf("%d-%02d", c.today.Year(), m), value, end); err != nil {
			return err
		}
	}
	return nil
}

// makeStock reports a cumulative or point-in-time value for the months of this
// year, on the way from the last year's to this year's.
func (c *city) makeStock(ctx context.Context, key, last, to string) error {
	from, err := strconv.ParseFloat(last, 64)
	if err != nil {
		return fmt.Errorf("read the last value of %s: %w", key, err)
	}
	goal, err := strconv.ParseFloat(to, 64)
	if err != nil {
		return fmt.Errorf("read the next value of %s: %w", key, err)
	}
	for m := 1; m < int(c.today.Month()); m++ {
		c.at(day.New(c.today.Year(), time.Month(m+1), 9), 10, 0)
		value := from + (goal-from)*float64(m)/12
		if err := c.report(ctx, key, fmt.Sprintf("%d-%02d", c.today.Year(), m), strconv.FormatFloat(value, 'f', decimals[key], 64), "approved"); err != nil {
			return err
		}
	}
	return nil
}

func publisher(key string) string {
	switch key {
	case "1":
		return "市统计局"
	case "4":
		return "市市场监管局"
	case "8":
		return "市总工会"
	}
	return "市人力社保局"
}
