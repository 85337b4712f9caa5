/** The picture groups of trades a seeker can point at. */
export const PICTURES = [
  'load', 'pack', 'sew', 'knit', 'factory', 'clean', 'cook', 'care', 'build', 'fix', 'drive', 'shop', 'farm',
] as const
export type Picture = (typeof PICTURES)[number]

/** Order matters: the first that names the trade wins (装车 is loading, not driving). */
const WORDS: [Picture, RegExp][] = [
  ['load', /装卸|搬运|搬家|押货|跟车|上料|下料|卸货|装车/],
  ['pack', /分拣|打包|包装|理货员|仓|贴标|盘点/],
  ['sew', /缝|裁|皮革|皮衣|毛皮|烫|剪线|钉扣|检针|袜|服装检验|手工/],
  ['knit', /经编|挡车|整经|穿纱|穿经|验布|卷布|印染|绣花|织|染色|家纺/],
  ['fix', /电工|焊|维修|钳工|机修|数控|冲压|打磨|开锁|疏通|清洗工|水电/],
  ['drive', /骑手|快递员|司机|代驾|叉车|农机/],
  ['farm', /采摘|插秧|收割|榨菜|花卉|养蚕|养殖|农|种植/],
  ['clean', /保洁|清洁|绿化|园艺|垃圾|开荒/],
  ['care', /保姆|月嫂|育儿|养老|护理|陪护|护工|托管|接送|家政/],
  ['cook', /餐|洗碗|切配|厨|面点|服务员|食品/],
  ['build', /砌|抹灰|贴砖|混凝土|钢筋|木工|油漆|架子|防水|拆除|小工|门窗|地板|挖掘|起重|建筑|装修/],
  ['shop', /收银|促销|会展|搭建|活动|保安|秩序|直播|模特|摄影|录入|问卷|营业|导购/],
]

/** The picture of a trade by its Chinese name; the factory when nothing else fits. */
export function pictureOf(tradeName: string): Picture {
  return WORDS.find(([, words]) => words.test(tradeName))?.[0] ?? 'factory'
}

/** The words a picture searches for; the search expands them by its own synonyms. */
export const PICTURE_QUERY: Record<Picture, string> = {
  load: '搬运',
  pack: '打包 分拣',
  sew: '缝纫',
  knit: '经编',
  factory: '普工',
  clean: '保洁',
  cook: '餐厅',
  care: '护理',
  build: '工地',
  fix: '维修',
  drive: '司机',
  shop: '活动',
  farm: '采摘',
}
