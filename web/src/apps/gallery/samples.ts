import { Problem } from '@/api/problem'
import type { Pay } from '@/api/types'
import type { FindingLike, Step } from '@/ui'

/** Made-up values for the gallery, with deliberately long Chinese among them. */
export const pays: Pay[] = [
  { amount_fen: 2600, unit: 'hour', settlement: 'daily' },
  { amount_fen: 18050, unit: 'day', hour_fen: 2256, settlement: 'on_completion' },
  { amount_fen: 35, unit: 'piece', hour_fen: 2400, settlement: 'weekly' },
  { amount_fen: 520000, unit: 'month', hour_fen: 2988, settlement: 'monthly' },
]

export const findings: FindingLike[] = [
  {
    code: 'below_minimum', severity: 'block', message: '折合每小时 21.5 元，低于海宁市最低小时工资 23 元。',
    rule: 'R-PT-05', source: '劳动合同法第七十二条；嘉兴市政府 2026 年 2 月 9 日公布', remedy: '把工价提高到每小时 23 元以上，或缩短工时。',
  },
  { code: 'review', severity: 'hold', message: '涉及高处作业，需要驿站人工审核。', rule: 'R-POST-09', source: '平台审核规则' },
  { code: 'no_insurance', severity: 'warn', message: '没有写保险。装卸搬运容易受伤，建议购买意外险。', remedy: '选择“有意外险”。' },
]

export const steps: Step[] = [
  { key: 'a', label: '申请', state: 'done', note: '11月3日 本人' },
  { key: 'b', label: '数据比对', state: 'done', note: '11月4日' },
  { key: 'c', label: '镇街审核', state: 'now', note: '许村镇，还剩 2 个工作日' },
  { key: 'd', label: '公示', state: 'next' },
  { key: 'e', label: '市级认定', state: 'next' },
]

export const refused = new Problem({
  status: 422, code: 'overlap', detail: '这个人当天 07:00–17:00 已经确认了另一份工作，时间有重叠。',
  rule: 'R-ENG-02', source: '一人不得同时确认两份工作', remedy: '换一个班次，或请本人先撤回原来的报名。', request_id: 'b7e21c',
})
export const offline = new Problem({ status: 0, code: 'offline', detail: '暂时连不上服务，请检查网络后再试。', remedy: '稍等片刻再试。' })
