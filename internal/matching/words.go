package matching

import "fmt"

func hours(minutes int64) string {
	if minutes%60 == 0 {
		return fmt.Sprint(minutes / 60)
	}
	return fmt.Sprintf("%.1f", float64(minutes)/60)
}

func metres(m int64) string {
	if m < 1000 {
		return fmt.Sprintf("%d 米", m)
	}
	return fmt.Sprintf("%.1f 公里", float64(m)/1000)
}

// roundUp rounds a distance up to what metres shows, so that a radius set to
// the words shown admits it.
func roundUp(m int64) int64 {
	if m < 1000 {
		return m
	}
	return (m + 99) / 100 * 100
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

var flagNames = map[string]string{
	"height": "登高", "heavy": "重体力", "toxic": "有毒或粉尘", "night": "夜班", "vehicle": "驾驶", "food": "接触食品", "minors": "照看孩子",
	"machine": "危险机械", "high_voltage": "高压电", "explosive": "易燃易爆", "entertainment": "娱乐场所", "construction": "工地",
}

func flagName(f string) string {
	if n := flagNames[f]; n != "" {
		return n
	}
	return f
}
