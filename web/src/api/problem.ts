/** A field's own trouble inside a problem. */
export interface FieldProblem {
  name: string
  code?: string
  message: string
}

interface ProblemBody {
  status?: number
  title?: string
  detail?: string
  code?: string
  rule?: string
  source?: string
  remedy?: string
  errors?: FieldProblem[]
  request_id?: string
}

/** A refusal or failure as the server words it (RFC 9457), or code "offline" when it could not be reached. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly rule: string
  readonly source: string
  readonly remedy: string
  readonly errors: FieldProblem[]
  readonly requestId: string
  /** The whole document, for members of one problem kind only (alternatives, findings, …). */
  readonly body: Record<string, unknown>

  constructor(body: ProblemBody & Record<string, unknown>) {
    super(body.detail || body.title || body.code || 'problem')
    this.name = 'Problem'
    this.status = body.status ?? 0
    this.code = body.code ?? 'unknown'
    this.title = body.title ?? ''
    this.detail = body.detail || body.title || ''
    this.rule = body.rule ?? ''
    this.source = body.source ?? ''
    this.remedy = body.remedy ?? ''
    this.errors = body.errors ?? []
    this.requestId = body.request_id ?? ''
    this.body = body
  }

  /** Nothing was heard from the server; the same act may be tried again with the same key. */
  get offline(): boolean {
    return this.code === 'offline'
  }

  /** The message for one field, or "". */
  field(name: string): string {
    return this.errors.find((e) => e.name === name)?.message ?? ''
  }
}

function english(): boolean {
  return typeof document !== 'undefined' && document.documentElement.lang === 'en'
}

/** The problem of an answer that never came. */
export function offlineProblem(): Problem {
  return new Problem({
    status: 0,
    code: 'offline',
    title: english() ? 'No connection' : '网络不通',
    detail: english() ? 'The service cannot be reached right now.' : '暂时连不上服务，请检查网络后再试。',
    remedy: english() ? 'Try again in a moment.' : '稍等片刻再试；也可到驿站窗口由工作人员代办。',
  })
}

/** Any thrown value as a problem a page can show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TypeError || (error instanceof DOMException && error.name === 'AbortError')) return offlineProblem()
  console.error(error)
  return new Problem({
    status: 0,
    code: 'page_error',
    detail: english() ? 'This page met an unexpected error.' : '页面遇到意外错误，请重试。',
  })
}
