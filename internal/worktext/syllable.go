package worktext

import (
	"slices"
	"strings"
	"sync"
)

// syllableList is every toneless syllable of standard Chinese, ü written v.
const syllableList = `a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo
da dai dan dang dao de dei den deng di dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu
ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai
huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai
kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu long lou lu luan lun luo lv lve
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin
ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie
qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan
shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te
teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu
xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao
zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo`

const longestSyllable = 6

var syllableSet = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(syllableList) {
		m[s] = true
	}
	return m
})

// splitsPinyin returns the cuts of typed letters, the usual one first: chuna is
// chun a by rule and chu na by meaning. At most four.
func splitsPinyin(letters string) [][]string {
	usual := splitPinyin(letters)
	if len(usual) == 0 {
		return nil
	}
	out := [][]string{usual}
	var cut func(rest string, before []string)
	cut = func(rest string, before []string) {
		if len(out) == 4 || len(before) > len(usual) {
			return
		}
		if rest == "" {
			if !slices.Equal(before, usual) {
				out = append(out, slices.Clone(before))
			}
			return
		}
		for l := min(longestSyllable, len(rest)); l >= 1; l-- {
			if syllableSet()[rest[:l]] {
				cut(rest[l:], append(before, rest[:l]))
			}
		}
	}
	if len(letters) <= 24 { // nobody types more without a blank
		cut(letters, nil)
	}
	return out
}

// splitPinyin cuts typed letters into the fewest syllables, nil where they are
// no pinyin. Of equal cuts the one with the longer first syllable wins.
func splitPinyin(letters string) []string {
	if len(letters) > maxToken {
		return nil
	}
	set := syllableSet()
	n := len(letters)
	best := make([]int, n+1) // syllables needed from i on, 0 impossible
	next := make([]int, n+1)
	for i := n - 1; i >= 0; i-- {
		for l := min(longestSyllable, n-i); l >= 1; l-- {
			if !set[letters[i:i+l]] || i+l < n && best[i+l] == 0 {
				continue
			}
			if c := best[i+l] + 1; best[i] == 0 || c < best[i] {
				best[i], next[i] = c, i+l
			}
		}
	}
	if best[0] == 0 {
		return nil
	}
	out := make([]string, 0, best[0])
	for i := 0; i < n; i = next[i] {
		out = append(out, letters[i:next[i]])
	}
	return out
}
