package worktext

import (
	"slices"
	"strings"
	"sync"
)

// alike are characters taken for one another by eye or by a slip of the finger
// in a list of candidates, in groups.
const alike = `己已巳 未末 土士 干千于 人入八 员贝圆园 手乎毛平 布市 匠江近 银很跟根限 娘嫂 师帅 洁浩结诘 碗腕宛 卸御 据掘 琐锁所
木本术 工土公 子于孑 电由甲申 车东军 焊旱捍 缝逢 纫韧刃忍 油抽由 漆添膝 钢刚网 筋劲筠 架驾加 瓦亙互 泥尼 砖专转 贴帖占 抹沫 灰恢 粉纷份 刷剧
叉又义 搬般扳 运远云 装状 货贷 快块决 递第弟 外处 卖买实 骑奇椅 代伐 打扛 包句抱 仓苍沧 库裤 理埋 裁栽载 剪前煎 皮波披 烫荡汤 整正 熨尉慰
扣和 锁销 检捡险验 验检 经轻径 编偏篇 纱沙砂 穿窜 染柒 绣锈秀诱 袜末抹 缝蓬 套奎 串中 折拆析 冲中种 压庄 注住柱 塑朔素 数教 控空 打扛 磨摩
抛拋 光先 保堡褒 安按案 洁吉 扫归 厨橱 帮邦 配酉 切砌 菜采茶 采彩釆 茶荼 摘滴 插播 秧殃央 收牧 割害 榨诈炸 花化 绿录缘 园圆 草早 树村 剪翦
护沪户 理里 月目 母姆毋 育肓 儿几 婴缨 老考 看着 陪部培 送关 接按 管官 道首 通桶 疏流 家冢 政改正 修休 空穴 调凋 门问 窗囱 地他 板版 吊吕
顶项 挖控 机几 司可 吊吕 塔搭 上士 下卜 服报 务各 收攵 促捉 销消梢 传伝 单草 直真 播插 助肋 理裡 拍柏 摄慑 录绿 入人 数致 养羊 蚕吞 喂畏 鱼渔 鸡鸣`

// lookAlike maps each character to those it is taken for.
var lookAlike = sync.OnceValue(func() map[rune]string {
	m := map[rune]string{}
	for _, group := range strings.Fields(alike) {
		for _, r := range group {
			m[r] += group
		}
	}
	return m
})

// byShape finds trades whose word differs from the one typed in a single
// character that looks like the right one (服务贝), or in the order of two
// neighbours (洁保). In longer words the one character may be any other.
func (l *lexicon) byShape(word []rune) (trades []int, right string) {
	if len(word) < 2 || len(word) > 6 {
		return nil, ""
	}
	var found []int
	for i, sp := range l.sounds.spellings {
		if slip(word, []rune(sp.word)) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return nil, ""
	}
	return l.collect(found), l.sounds.spellings[found[0]].word
}

// slip says typed is meant to be word, which is as long.
func slip(typed, word []rune) bool {
	if len(typed) != len(word) {
		return false
	}
	at, n := 0, 0
	for i := range word {
		if typed[i] != word[i] {
			if n == 0 {
				at = i
			}
			n++
		}
	}
	switch {
	case n == 1 && strings.ContainsRune(lookAlike()[word[at]], typed[at]):
		return true
	case n == 1:
		return len(word) >= 4 && at != 0 && at != len(word)-1
	case n == 2:
		return typed[at] == word[at+1] && typed[at+1] == word[at] && typed[at] != typed[at+1]
	}
	return false
}

// shortestSlip is the length of letters from which one of them may be wrong.
const shortestSlip = 5

// oddPinyin says letters are no pinyin, or only with a syllable that begins with
// a vowel in the middle, as nobody types without an apostrophe (di ang gong).
func oddPinyin(letters string) bool {
	syls := splitPinyin(letters)
	return len(syls) == 0 || slices.ContainsFunc(syls[1:], func(s string) bool { return strings.ContainsRune("aeo", rune(s[0])) })
}

// bySlip finds trades whose pinyin is a single slip away from letters that are
// no pinyin as they stand: one letter wrong, missing, too many, or two swapped.
func (l *lexicon) bySlip(letters string) (trades []int, word string) {
	if len(letters) < shortestSlip || len(letters) > maxToken || !onlyLetters(letters) || !oddPinyin(letters) {
		return nil, ""
	}
	var found []int
	for i, sp := range l.sounds.spellings {
		if len(sp.pinyin) >= shortestSlip && oneSlip(letters, sp.pinyin) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return nil, ""
	}
	return l.collect(found), l.sounds.spellings[found[0]].word
}

// oneSlip says a and b differ by one slip.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// genericSounds maps the pinyin of generic words (rijie, pugong) to them.
var genericSounds = sync.OnceValue(func() map[string]Generic {
	m := map[string]Generic{}
	for _, row := range genericTable {
		for _, w := range row.words {
			letters := strings.Join(Syllables(w), "")
			if _, taken := m[letters]; !taken && len(letters) >= shortestSlip {
				g := row.Generic
				g.Word = w
				m[letters] = g
			}
		}
	}
	for _, sp := range vocabulary().sounds.spellings {
		delete(m, sp.pinyin) // a trade that sounds so goes before
	}
	return m
})

// readPlaceSounds writes the towns typed in letters in characters, where the
// finder knows them: "xucun baojie".
func (p *parser) readPlaceSounds(find RegionFinder, base []rune) []rune {
	var words []string
	changed := false
	for w := range strings.SplitSeq(string(base), " ") {
		name, ok := townSounds()[w]
		if ok {
			_, rest, known := find(name)
			ok = known && strings.TrimSpace(rest) == ""
		}
		if ok && !slices.Contains(words, name) {
			changed = true
			p.q.Text = strings.Replace(p.q.Text, w, name, 1)
			w = name
		}
		words = append(words, w)
	}
	if !changed {
		return base
	}
	return []rune(strings.Join(words, " "))
}
