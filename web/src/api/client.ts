import createClient, { type Middleware } from 'openapi-fetch'
import { offlineProblem, Problem } from './problem'

export const BASE = '/api/v1'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a call may carry. `key` is the Idempotency-Key, `version` the If-Match of an edit. */
export interface CallOptions {
  path?: Record<string, string>
  query?: object
  body?: unknown
  key?: string
  version?: number
  signal?: AbortSignal
}

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('X-Linggong', '1')
    request.headers.set('Accept-Language', document.documentElement.lang || 'zh-CN')
    return request
  },
}

const client = createClient<Record<string, Record<string, never>>>({
  baseUrl: BASE,
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
})
client.use(headers)

let signedOut: (() => void) | null = null

/** Called when the server no longer knows the session (expired, revoked) of a page that had one. */
export function onSignedOut(tell: () => void): void {
  signedOut = tell
}

type Raw = (
  method: string,
  path: string,
  init: unknown,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>

/** Leaves out what is not set, so a filter that is off is not in the address. */
function present(query: object | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== '' && v !== false),
  )
}

/** One call to the server: the answer, or a thrown Problem. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const extra: Record<string, string> = {}
  if (options.key) extra['Idempotency-Key'] = options.key
  if (options.version !== undefined) extra['If-Match'] = `"${options.version}"`
  let answer: Awaited<ReturnType<Raw>>
  try {
    answer = await (client.request as unknown as Raw)(method.toLowerCase(), path, {
      params: { path: options.path ?? {}, query: present(options.query) },
      body: options.body,
      headers: extra,
      signal: options.signal,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw offlineProblem()
  }
  if (answer.response.ok) return answer.data as T
  if (answer.response.status === 401 && !path.startsWith('/session')) signedOut?.()
  throw problemOf(answer.error, answer.response)
}

function problemOf(error: unknown, response: Response): Problem {
  if (error && typeof error === 'object') return new Problem({ status: response.status, ...error })
  return new Problem({ status: response.status, code: `http_${response.status}`, detail: response.statusText })
}

export const get = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('GET', path, options)
export const post = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('POST', path, options)
export const put = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('PUT', path, options)
export const patch = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('PATCH', path, options)
export const del = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('DELETE', path, options)
