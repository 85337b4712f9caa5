package intake

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// payRange is pay as it was written: "8千-1.5万·13薪", "200元/天".
type payRange struct {
	minFen, maxFen int64
	unit           string
}

var payRE = regexp.MustCompile(`^(\d+(?:\.\d+)?)(千|万|k)?(?:[-~至](\d+(?:\.\d+)?)(千|万|k)?)?(及以[上下])?(元)?(?:/(小时|时|天|日|次|件|月|年))?(?:·\d+薪)?$`)

var payUnits = map[string]string{"小时": "hour", "时": "hour", "天": "day", "日": "day", "次": "job", "件": "piece", "月": "month", "年": "year", "": "month"}

// readPay reads pay as people and platforms write it. A multiple stands for
// both ends when only the last has one ("6-7千"). Without a unit it is by the
// month, as those who post so mean it.
func readPay(s string) (payRange, bool) {
	m := payRE.FindStringSubmatch(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", "")))
	if m == nil {
		return payRange{}, false
	}
	first, second := m[2], m[4]
	if m[3] == "" {
		second = first
	} else if first == "" {
		first = second
	}
	low, ok := fen(m[1], first)
	high := low
	if m[3] != "" {
		var good bool
		high, good = fen(m[3], second)
		ok = ok && good
	}
	switch m[5] {
	case "及以下":
		low = 0
	case "及以上":
		high = 0 // open above
	}
	if !ok || high != 0 && high < low {
		return payRange{}, false
	}
	return payRange{low, high, payUnits[m[7]]}, true
}

func fen(number, multiple string) (int64, bool) {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, false
	}
	switch multiple {
	case "千", "k":
		f *= 1e3
	case "万":
		f *= 1e4
	}
	f = math.Round(f * 100)
	return int64(f), f >= 0 && f < 1e12
}
