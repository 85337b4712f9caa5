import { get, post, put } from './client'
import type { Page } from './types'
import type { Recognition, RecognitionForm, RecognitionMove } from './types-desk'

export interface RecognitionQuery {
  status?: string
  village?: string
  person_id?: string
  cursor?: string
  limit?: number
}

export const listRecognitions = (query: RecognitionQuery): Promise<Page<Recognition>> =>
  get<Page<Recognition>>('/recognitions', { query })
export const readRecognition = (id: string): Promise<Recognition> => get<Recognition>('/recognitions/{id}', { path: { id } })
export const applyRecognition = (body: RecognitionForm, key: string): Promise<Recognition> =>
  post<Recognition>('/recognitions', { body, key })
export const amendRecognition = (id: string, body: RecognitionForm, version: number, key: string): Promise<Recognition> =>
  put<Recognition>('/recognitions/{id}', { path: { id }, body, version, key })
export const moveRecognition = (id: string, move: string, body: RecognitionMove, key: string): Promise<Recognition> =>
  post<Recognition>(`/recognitions/{id}/${move}`, { path: { id }, body, key })
