package worktext

import (
	"strings"
	"sync"
)

// outsidePlaces are places that are not ours and are asked for by name: the
// cities and counties of Zhejiang (statistical codes of 2023) and the cities
// people come from or go to. A posting that names one has it in its text.
const outsidePlaces = `
杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 上城 拱墅 西湖 滨江 萧山 余杭 富阳 临安 临平 钱塘 桐庐 淳安
建德 海曙 江北 北仑 镇海 鄞州 奉化 象山 宁海 余姚 慈溪 鹿城 龙湾 瓯海 洞头 永嘉 平阳 苍南 文成 泰顺 瑞安 乐清 龙港
南湖 秀洲 嘉善 海盐 平湖 桐乡 吴兴 南浔 德清 长兴 安吉 越城 柯桥 上虞 新昌 诸暨 嵊州 婺城 金东 武义 浦江 磐安 兰溪
义乌 东阳 永康 柯城 衢江 常山 开化 龙游 江山 定海 普陀 岱山 嵊泗 椒江 黄岩 路桥 三门 天台 仙居 温岭 临海 玉环 莲都
青田 缙云 遂昌 松阳 云和 庆元 景宁畲族 龙泉 上海 苏州 南京 无锡 常州 昆山 吴江 太仓 常熟 张家港 南通 北京 天津 广州
深圳 东莞 佛山 珠海 中山 惠州 茂名 武汉 成都 重庆 西安 长沙 郑州 合肥 芜湖 青岛 济南 南昌 贵阳 昆明 福州 厦门 沈阳
大连 太原 石家庄 哈尔滨 长春 南宁 海口 兰州 江苏 安徽 江西`

var outside = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for n := range strings.FieldsSeq(outsidePlaces) {
		m[n] = true
	}
	return m
})

// readOutside takes names of places elsewhere out of left: "桐乡 会计". They are
// asked for in the text, and let go first where nothing names them.
func (p *parser) readOutside(left []rune) {
	for i := 0; i+2 <= len(left); i++ {
		for n := min(3, len(left)-i); n >= 2; n-- {
			name := string(left[i : i+n])
			if !outside()[name] || i+n < len(left) && strings.ContainsRune("路街桥巷弄", left[i+n]) {
				continue
			}
			to := i + n
			if to < len(left) && strings.ContainsRune("市区县", left[to]) {
				to++
			}
			if p.room() {
				p.q.Outside = addNew(p.q.Outside, name)
				p.chip(ChipRegion, name, string(left[i:to]))
			}
			blank(left, i, to)
			i = to - 1
			break
		}
	}
}

// buildOutside asks for the places elsewhere; Match has them, Near does not.
func (p *parser) buildOutside() {
	for _, name := range p.q.Outside {
		p.q.elsewhere = append(p.q.elsewhere, Clause{Label: name, Any: []Term{literal(name)}})
	}
}
