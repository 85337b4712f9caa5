import { get, post, put } from './client'
import type { Fit, Posting, PostingPage, PostingQuery, SearchChip, Suggestion } from './types'
import type { Candidate, OwnPosting, PostingCheck, PostingDraft, PostingMove } from './types-employer'

export const searchPostings = (query: PostingQuery, signal?: AbortSignal): Promise<PostingPage> =>
  get<PostingPage>('/postings', { query, signal })
export const suggest = (q: string, signal?: AbortSignal): Promise<{ items: Suggestion[] }> =>
  get('/postings/suggest', { query: { q }, signal })
export const readPosting = (id: string): Promise<Posting> => get<Posting>('/postings/{id}', { path: { id } })
export const readPostingByCode = (code: string): Promise<Posting> =>
  get<Posting>('/postings/by-code/{code}', { path: { code } })
export const readFit = (id: string): Promise<Fit> => get<Fit>('/postings/{id}/fit', { path: { id } })

/** Judges terms while they are typed; writes nothing. */
export const checkPosting = (draft: PostingDraft, signal?: AbortSignal): Promise<PostingCheck> =>
  post<PostingCheck>('/postings/check', { body: draft, signal })
export const createPosting = (draft: PostingDraft, key: string): Promise<OwnPosting> => post<OwnPosting>('/postings', { body: draft, key })
export const changePosting = (id: string, draft: PostingDraft, version: number, key: string): Promise<OwnPosting> =>
  put<OwnPosting>('/postings/{id}', { path: { id }, body: draft, version, key })
export const readOwnPosting = (id: string): Promise<OwnPosting> => get<OwnPosting>('/postings/{id}', { path: { id } })
/** Publishes a draft, or hands it to a reviewer where a rule asks for human eyes. */
export const publishPosting = (id: string, key: string): Promise<OwnPosting> => post<OwnPosting>('/postings/{id}/publish', { path: { id }, key })
export const pausePosting = (id: string, reason: string, key: string): Promise<OwnPosting> =>
  post<OwnPosting>('/postings/{id}/pause', { path: { id }, body: { reason }, key })
export const closePosting = (id: string, reason: string, key: string): Promise<OwnPosting> =>
  post<OwnPosting>('/postings/{id}/close', { path: { id }, body: { reason }, key })
/** A draft of the same terms with its first shift on a day. */
export const copyPosting = (id: string, date: string, key: string): Promise<OwnPosting> =>
  post<OwnPosting>('/postings/{id}/copy', { path: { id }, body: { date }, key })
/** Of the candidates, with words, those who do this or can then (焊工 周末). */
export const listCandidates = (id: string, shiftId: string, words = ''): Promise<{ items: Candidate[]; chips: SearchChip[]; degraded: boolean }> =>
  get('/postings/{id}/candidates', { path: { id }, query: { shift_id: shiftId, words } })
export const listPostingMoves = (id: string): Promise<{ items: PostingMove[] }> => get('/postings/{id}/history', { path: { id } })
