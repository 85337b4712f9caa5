package worktext

import "strings"

// maxToken bounds a latin token; longer runs of letters are no word.
const maxToken = 32

// Tokens splits text into index tokens: the bigrams of each run of Chinese
// characters and the latin words and numbers, in text order (so that adjacent
// tokens are a phrase), then the single characters, each once. Bigrams that
// only look like another word are left out: 绿化工 gives no 化工.
func Tokens(text string) []string {
	rs := []rune(Normalize(text))
	out := sequence(rs)
	seen := make(map[rune]bool, len(rs))
	for _, r := range rs {
		if isHan(r) && !seen[r] {
			seen[r] = true
			out = append(out, string(r))
		}
	}
	return out
}

// sequence returns the ordered tokens of normalised text: what a phrase is made
// of. A lone Chinese character gives nothing here, it is among the singles.
func sequence(rs []rune) []string {
	out := make([]string, 0, len(rs))
	for i := 0; i < len(rs); {
		switch {
		case isHan(rs[i]):
			j := i + 1
			for ; j < len(rs) && isHan(rs[j]); j++ {
				if !misread(rs, j-1, j+1) {
					out = append(out, string(rs[j-1:j+1]))
				}
			}
			i = j
		case isAlnum(rs[i]):
			j := i + 1
			for j < len(rs) && isAlnum(rs[j]) {
				j++
			}
			out = append(out, string(rs[i:min(j, i+maxToken)]))
			i = j
		default:
			i++
		}
	}
	return out
}

// A neighbour says beside which characters a word is not that word.
type neighbour struct{ before, after string }

// misreadings lists words that appear inside others by accident. The first
// string holds characters that, standing before the word, make it another one;
// the second those standing after it.
var misreadings = map[string]neighbour{
	"化工": {before: "绿文美净氧强硬转动字软优简深孵老"},       // 绿化工, 文化工作, 自动化工程
	"车工": {before: "叉挡跟停铲行随看火汽", after: "程"}, // 叉车工 is no lathe hand
	"护工": {before: "养维保监", after: "程"},       // 养护工, 维护工作
	"仓库": {before: "据码", after: "开建"},        // 数据仓库
	"库管": {before: "据"},                      // 数据库|管理
	"花工": {before: "绣印棉弹"},                   // 绣花工
	"装车": {before: "服女男童西时", after: "间位工"},   // 服装车间
	"保安": {before: "环社确劳担"},                  // 环保安全
	"电工": {after: "程厂"},                      // 机电工程, 家电工厂
	"手工": {after: "资具"},                      // 一手工资
	"包装": {before: "面"},                      // 面包装
	"清洁": {after: "能"},                       // 清洁能源
	"接送": {after: "货"},                       // 接|送货
	"司机": {before: "公"},                      // 公司机器
	"面点": {before: "方前后"},                    // 方面|点
	"看车": {after: "间"},                       // 看|车间
	"草坪": {before: "尖"},                      // 尖草坪 is a place
	"养老": {after: "保金险"},                     // 养老保险 is a benefit
}

// misread says the word rs[from:to] is only part of other words around it.
func misread(rs []rune, from, to int) bool {
	n, ok := misreadings[string(rs[from:to])]
	if !ok {
		return false
	}
	return from > 0 && strings.ContainsRune(n.before, rs[from-1]) || to < len(rs) && strings.ContainsRune(n.after, rs[to])
}
