package day_test

import (
	"testing"
	"time"

	"linggong/internal/day"
)

func TestTheDayOfAnInstantIsTheDayInShanghai(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
	if got := day.Of(late); got != "2026-11-23" {
		t.Fatalf("16:00 UTC is midnight in Shanghai: got %s", got)
	}
	if got := day.Date("2026-11-23").Start(); !got.Equal(late) {
		t.Fatalf("start = %s", got)
	}
}

func TestMonthsEndWhereTheMonthEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from day.Date
		n    int
		want day.Date
	}{
		{"2024-01-31", 1, "2024-02-29"},
		{"2025-01-31", 1, "2025-02-28"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2025-11-15", 36, "2028-11-15"},
	} {
		if got := c.from.AddMonths(c.n); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestAPersonIsSixteenOnTheBirthday(t *testing.T) {
	t.Parallel()
	birth := day.Date("2010-11-23")
	if day.Date("2026-11-22").Age(birth) != 15 || day.Date("2026-11-23").Age(birth) != 16 {
		t.Fatal("R-AGE-04: the age is counted in full years on the day")
	}
}

func TestDaysThatDoNotExistAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2025-02-29", "2025-13-01", "2025-1-1", "", "20250101", "0001-01-01"} {
		if _, err := day.Parse(s); err == nil {
			t.Errorf("%q was read as a day", s)
		}
	}
}
