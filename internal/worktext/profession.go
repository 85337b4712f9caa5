package worktext

import (
	"strings"
	"sync"
)

// professions are callings that are no trade of gig work and are asked for all
// the same. Knowing them keeps a sentence apart (会做外账的|会计), and a posting is
// one only where its title says so.
const professions = `
会计 出纳 财务 审计 税务 外账 总账 教师 老师 家教 助教 讲师 教练 幼师 销售 销售助理 业务员 工程师 程序员 技术员 前台 行政 人事 跟单 跟单员 外贸
采购 采购员 运营 新媒体 自媒体 设计师 护士 医生 律师 翻译 收费员 押运员 押运 驾校 主管 经理 店长 班长 组长 统计 化验员 分析员 调度员 调度 检测员
发型师 理发 理发师 洗头工 洗头 美容师 美甲 按摩 足浴 健身教练 施工员 资料员 安全员 监理 预算员 造价`

var callings = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(professions) {
		if _, trade := vocabulary().words[w]; !trade && !IsGeneric(w) {
			m[w] = true
		}
	}
	return m
})

// callingSounds maps the sound of each calling to it.
var callingSounds = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for w := range strings.FieldsSeq(professions) {
		if callings()[w] {
			m[strings.Join(Syllables(w), " ")] = w
		}
	}
	return m
})

// callingLike returns the calling a word sounds or looks like (押远员), "" for none.
func callingLike(rs []rune) string {
	if w := callingSounds()[strings.Join(syllables(rs), " ")]; w != "" {
		return w
	}
	for w := range strings.FieldsSeq(professions) { // in their order
		if callings()[w] && len(rs) > 1 && slip(rs, []rune(w)) {
			return w
		}
	}
	return ""
}

// takeProfession keeps a calling: one clause for all that are named.
func (p *parser) takeProfession(word string) {
	if len(p.callings) == 0 && !p.room() {
		return
	}
	p.callings = addNew(p.callings, word)
	p.q.Words = addNew(p.q.Words, word)
	p.chip(ChipWord, word, word)
}

// buildProfessions asks for the callings in the title; beside a trade they rank.
func (p *parser) buildProfessions(named bool) {
	if len(p.callings) == 0 {
		return
	}
	c := Clause{Label: strings.Join(p.callings, " ")}
	wider := Clause{Label: c.Label}
	for _, w := range p.callings {
		c.Any = append(c.Any, equal(titled(w))...)
		said := literal(w)
		said.Weight = mentionOnly
		wider.Any = append(wider.Any, said)
	}
	if named {
		p.some(c.Label, c.Any)
		return
	}
	wider.Any = append(append([]Term{}, c.Any...), wider.Any...)
	p.q.all = append(p.q.all, c)
	p.q.wider = append(p.q.wider, wider)
}

// equal lets every term make the clause good alike.
func equal(terms []Term) []Term {
	for i := range terms {
		terms[i].Weight = 1
	}
	return terms
}
