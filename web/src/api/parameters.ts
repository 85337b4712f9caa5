import { get, post } from './client'
import type { Parameter, ParameterForm } from './types-admin'

export const listParameters = (confirmed?: 'true' | 'false'): Promise<{ items: Parameter[] }> =>
  get('/admin/parameters', { query: { confirmed } })
export const setParameter = (body: ParameterForm, key: string): Promise<Parameter> =>
  post<Parameter>('/admin/parameters', { body, key })
