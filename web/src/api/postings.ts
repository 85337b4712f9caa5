import { get } from './client'
import type { Fit, Posting, PostingPage, PostingQuery, Suggestion } from './types'

export const searchPostings = (query: PostingQuery, signal?: AbortSignal): Promise<PostingPage> =>
  get<PostingPage>('/postings', { query, signal })
export const suggest = (q: string, signal?: AbortSignal): Promise<{ items: Suggestion[] }> =>
  get('/postings/suggest', { query: { q }, signal })
export const readPosting = (id: string): Promise<Posting> => get<Posting>('/postings/{id}', { path: { id } })
export const readPostingByCode = (code: string): Promise<Posting> =>
  get<Posting>('/postings/by-code/{code}', { path: { code } })
export const readFit = (id: string): Promise<Fit> => get<Fit>('/postings/{id}/fit', { path: { id } })
