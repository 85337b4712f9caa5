package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"linggong/internal/day"
)

var (
	surnames = strings.Fields("王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 郭 何 高 林 郑 沈 钱 陆 金 姚 顾 曹 许 蒋 章 祝 俞 潘 范 方 邵 严 费 戴 褚")
	male     = strings.Fields("建国 建明 国强 志明 海根 金根 阿根 水根 关林 永林 明华 建华 卫东 伟民 志刚 小龙 浩 杰 鹏 峰 磊 勇 军 建平 云飞 林生 利忠 雪明 炳荣 月根")
	female   = strings.Fields("秀英 桂英 玉珍 凤英 阿娥 月娥 美娟 红英 丽华 小红 雪珍 金花 爱珍 彩英 芬 燕 敏 静 琴 霞 萍 建芬 利娟 林妹 海燕 春梅 惠芬 阿珍 云珍 玉凤")
	brands   = strings.Fields("宏达 恒丰 锦绣 海潮 钱塘 双山 东山 紫微 盐官 金龙 华盛 瑞祥 天运 顺达 兴隆 新潮 富邦 嘉业 万丰 荣泰 协成 祥瑞 正元 永盛 同心 大成 德昌 明珠 星河 百合")
)

// idNumber builds a formally valid resident ID number of 海宁 for nobody.
func idNumber(r *rand.Rand, birth day.Date, man bool) string {
	seq := r.IntN(499) * 2
	if man {
		seq++
	}
	s := fmt.Sprintf("330481%04d%02d%02d%03d", birth.Year(), birth.Month(), birth.Day(), seq)
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return s + string("10X98765432"[sum%11])
}

// newIDNumber draws one nobody in the city has: three thousand people drawn at
// random would share one every other day.
func (c *city) newIDNumber(birth day.Date, man bool) string {
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	for {
		if id := idNumber(c.rnd, birth, man); !c.ids[id] {
			c.ids[id] = true
			return id
		}
	}
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode builds a formally valid code for no firm; kind is 1 for an
// enterprise, 2 for a sole trader.
func creditCode(kind int, n int) string {
	s := fmt.Sprintf("9%d330481MAD%06d", kind, n)
	weights := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(creditAlphabet, s[i]) * w
	}
	return s + string(creditAlphabet[(31-sum%31)%31])
}

// job is one kind of casual work as employers here post it.
type job struct {
	trade, title, text string
	low, high          int // yuan an hour
	from, to           int // minutes of the day
	season             map[int]int
	older, raw         bool
	kinds              string // of firms that post it
}

// evening is what is still to be done on the day itself.
var evening = job{trade: "sorter", title: "晚班分拣打包", text: "傍晚到场，按单拣货、装箱贴单，教一遍就会，管一餐饭。", low: 25, high: 31, from: 1110, to: 1290, raw: true, older: true}

var jobs = []job{
	{trade: "loader", title: "装卸工", text: "仓库、园区装卸纸箱和布卷，两人一组，有叉车配合。", low: 26, high: 33, from: 420, to: 660, raw: true, kinds: "物流 经编 家纺"},
	{trade: "sorter", title: "快递分拣员", text: "按格口分拣包裹，扫码上架，站立作业，教一遍就会。", low: 25, high: 32, from: 1080, to: 1320, season: map[int]int{11: 3, 12: 2, 6: 2}, raw: true, kinds: "物流"},
	{trade: "packer", title: "打包贴单工", text: "电商仓库打包、贴面单、封箱，坐站结合。", low: 24, high: 29, from: 480, to: 720, season: map[int]int{11: 3, 12: 2}, older: true, raw: true, kinds: "物流 家纺 皮革"},
	{trade: "knitting", title: "经编挡车帮工", text: "协助挡车工看台、处理断纱、落布，车间有空调。", low: 27, high: 34, from: 480, to: 720, season: map[int]int{9: 2, 10: 2}, kinds: "经编"},
	{trade: "clothinspector", title: "验布工", text: "灯下验布、做记号、填检验单，眼神好就行。", low: 25, high: 30, from: 480, to: 720, older: true, kinds: "经编 家纺"},
	{trade: "hometextile", title: "窗帘缝制工", text: "平车缝窗帘、拷边、装钩，布料和机器都在现场。", low: 28, high: 38, from: 480, to: 720, season: map[int]int{3: 2, 9: 2}, kinds: "家纺"},
	{trade: "sewing", title: "平车工", text: "服装车间缝制，赶一批秋冬订单。", low: 28, high: 38, from: 480, to: 720, season: map[int]int{8: 2, 9: 2, 10: 2, 11: 2}, kinds: "皮革 家纺"},
	{trade: "threadtrimmer", title: "剪线头工", text: "坐着剪线头、检查成衣，手工活，按小时算。", low: 23, high: 26, from: 480, to: 720, older: true, raw: true, season: map[int]int{9: 2, 10: 2, 11: 2}, kinds: "皮革 家纺"},
	{trade: "cleaner", title: "商场保洁员", text: "商场公共区域清扫、垃圾清运，工具齐全。", low: 23, high: 27, from: 420, to: 660, older: true, raw: true, kinds: "物业 商场"},
	{trade: "homecleaner", title: "钟点保洁", text: "家庭日常打扫，擦窗、厨房、卫生间。", low: 30, high: 40, from: 540, to: 720, older: true, kinds: "家政 家庭"},
	{trade: "gardener", title: "绿化养护工", text: "小区和河边修剪、除草、浇水。", low: 24, high: 29, from: 390, to: 630, older: true, raw: true, season: map[int]int{4: 2, 5: 2, 6: 2}, kinds: "物业"},
	{trade: "waiter", title: "餐厅服务员", text: "传菜、收台、点单，管一餐饭。", low: 24, high: 28, from: 630, to: 840, kinds: "餐饮"},
	{trade: "dishwasher", title: "后厨洗碗工", text: "洗碗、收拾后厨，有洗碗机，管一餐饭。", low: 24, high: 28, from: 630, to: 840, older: true, raw: true, kinds: "餐饮"},
	{trade: "kitchenhand", title: "切配帮工", text: "洗菜、切配、打下手，管一餐饭。", low: 25, high: 30, from: 540, to: 780, kinds: "餐饮"},
	{trade: "usher", title: "观潮引导员", text: "盐官观潮点引导游客、维持通道畅通，站立工作，发马甲。", low: 25, high: 30, from: 600, to: 840, older: true, raw: true, season: map[int]int{9: 3, 10: 3}, kinds: "景区"},
	{trade: "picker", title: "葡萄采摘工", text: "大棚里采葡萄、装箱，清早干活，管早饭。", low: 24, high: 28, from: 330, to: 570, older: true, raw: true, season: map[int]int{6: 3, 7: 3, 8: 2}, kinds: "农场"},
	{trade: "pickling", title: "榨菜剥菜工", text: "坐着剥菜、削皮，计时结算，戴手套。", low: 23, high: 26, from: 420, to: 660, older: true, raw: true, season: map[int]int{4: 4, 5: 4}, kinds: "农场 食品"},
	{trade: "solar", title: "光伏车间上料普工", text: "上料、目检、下料，流水线，教一天就会。", low: 25, high: 30, from: 480, to: 720, raw: true, kinds: "制造"},
}
