package goldtest

import (
	"fmt"
	"strings"
)

// said is one condition: the tag for it, and what employers write instead.
type said struct {
	is    bool
	tag   string
	words []string
}

func conditionsOf(p *Posting) []said {
	settled := map[string]said{
		"daily":         {true, "日结", []string{"做一天结一天", "当天结工资", "工资日结", "干完当天拿钱"}},
		"weekly":        {true, "周结", []string{"工资周结", "一周一结"}},
		"monthly":       {true, "月结", []string{"工资月结", "每月十五号发工资，月结"}},
		"on_completion": {true, "完工结", []string{"做完结账，完工结", "工资完工结算"}},
	}[p.Settlement]
	food := said{p.Meals && !p.Lodging, "包吃", []string{"管一顿中饭，包吃", "有工作餐", "供餐"}}
	bed := said{p.Lodging && !p.Meals, "包住", []string{"提供住宿", "有宿舍"}}
	both := said{p.Meals && p.Lodging, "包吃住", []string{"包吃包住", "吃住全包", "提供食宿"}}
	hours := said{p.Night, "夜班", []string{"上夜班，晚八点到早八点", "通宵班，晚上上班", "做夜班，有夜餐补贴"}}
	return []said{
		settled, food, bed, both, hours,
		{p.NoExp, "无经验可做", []string{"不用经验，有人教", "新手可做", "无需经验，包教会"}},
		{p.Older, "适合大龄", []string{"五十岁以上也行，适合大龄", "退休人员可以来"}},
		{p.PartTime, "兼职", []string{"可以兼职", "兼职也行"}},
		{p.Urgent, "急招", []string{"马上上班，急招", "急用人"}},
	}
}

// beside are things said of a workplace that are no part of the work.
var beside = []string{
	"厂门口有公交站", "停车方便", "现场有叉车配合", "厂里有食堂阿姨烧饭", "进门在保安处登记", "每天有保洁来打扫车间", "工地电工已接好临时电",
	"老板人好，不拖欠", "离高铁站十分钟", "有空调", "人多干活不冷清", "货车司机会到现场", "厨师烧的菜不错", "有人带着做", "环境干净", "工具自带或厂里提供",
	"到了打厂里电话", "长期合作优先", "身体健康，手脚勤快", "缴社保另谈", "旁边是化工园区", "隔壁是服装厂", "地址在月嫂公司楼下", "过年另发红包",
}

var times = []string{"早七点到下午五点", "八点到十七点，中午休息一小时", "一天八小时", "早上八点半上班", "上六休一", "每天九小时左右", "时间可商量"}

// description writes the work, its conditions and what is beside it.
func (m *maker) description(p *Posting, tasks []string) string {
	var parts []string
	first := m.r.IntN(len(tasks))
	parts = append(parts, tasks[first])
	if len(tasks) > 1 && m.often(50) {
		parts = append(parts, tasks[(first+1)%len(tasks)])
	}
	switch {
	case p.Night:
	case m.often(25):
		parts = append(parts, m.pick([]string{"长白班", "不上夜班", "白班，无夜班"}))
	default:
		parts = append(parts, m.pick(times))
	}
	for _, c := range conditionsOf(p) {
		if !c.is {
			continue
		}
		if m.often(60) {
			p.Tags = append(p.Tags, c.tag)
		} else {
			parts = append(parts, m.pick(c.words))
		}
	}
	if m.often(20) && !p.Meals {
		parts = append(parts, "不包吃")
	}
	if m.often(20) && !p.Lodging {
		parts = append(parts, "不提供住宿")
	}
	if m.often(40) {
		parts = append(parts, payWords(*p))
	}
	if m.often(60) {
		parts = append(parts, m.pick(beside))
	}
	if m.often(25) {
		parts = append(parts, fmt.Sprintf("地址%s", p.Town))
	}
	return strings.Join(parts, "，") + "。"
}
