package intake

import (
	"testing"

	"linggong/internal/region"
)

func BenchmarkJudge(b *testing.B) {
	s := NewService(Deps{Regions: region.HainingTree()})
	r := row{line: 2}
	for i, name := range Header {
		r.cells[i] = map[string]string{
			"id": "X", "title": "仓库装卸工", "company": "海宁某某物流有限公司", "city": "海宁", "district": "许村镇", "salary_raw": "200元/天", "pay_unit": "day",
			"salary_min": "200", "description": "负责货物装卸、搬运，服从安排，吃苦耐劳，包一餐，日结，有经验者优先。地址在许村家纺城附近，每天八点到十二点。",
		}[name]
	}
	for b.Loop() {
		s.judge(r, map[string]int{})
	}
}
