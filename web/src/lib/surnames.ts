/** Common surnames with their pinyin, the frequent ones of Haining first; the kiosk offers them to point at. */
const TABLE =
  '沈shen 朱zhu 张zhang 王wang 陈chen 徐xu 周zhou 许xu 金jin 吴wu 马ma 李li 陆lu 顾gu 钱qian 杨yang 蒋jiang 姚yao 曹cao 俞yu ' +
  '孙sun 刘liu 黄huang 高gao 胡hu 郭guo 何he 林lin 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 韩han 冯feng 邓deng 曾zeng 彭peng 吕lv ' +
  '苏su 卢lu 蔡cai 贾jia 丁ding 魏wei 薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan ' +
  '方fang 石shi 谭tan 廖liao 邹zou 熊xiong 陶tao 孟meng 秦qin 江jiang 尹yin 黎li 史shi 龙long 段duan 雷lei 侯hou 邵shao 白bai 毛mao ' +
  '万wan 龚gong 武wu 乔qiao 贺he 赖lai 文wen 施shi 洪hong 严yan 祝zhu 虞yu 倪ni 费fei 褚chu 郁yu 查zha 濮pu 董dong 袁yuan ' +
  '于yu 程cheng 赵zhao 傅fu 康kang 邱qiu 柳liu 章zhang 包bao 盛sheng 殷yin 骆luo 莫mo 凌ling 牛niu 樊fan 葛ge 岑cen 翁weng 欧阳ouyang'

export interface Surname {
  han: string
  pinyin: string
}

export const SURNAMES: Surname[] = TABLE.split(' ').map((entry) => {
  const [, han, pinyin] = /^([\u4e00-\u9fff]+)([a-z]+)$/.exec(entry)!
  return { han, pinyin }
})

/** Surnames for typed letters: prefix of the pinyin, in order of frequency. */
export function surnamesFor(letters: string): Surname[] {
  const typed = letters.toLowerCase()
  return SURNAMES.filter((s) => s.pinyin.startsWith(typed) || s.han.startsWith(letters))
}
