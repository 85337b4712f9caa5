import { get, post } from './client'
import type { Page } from './types'
import type { Placement, PlacementMove, Proposal, WelfareCandidate, WelfarePost, WelfarePostForm } from './types-desk'

export interface PlacementQuery {
  status?: string
  post_id?: string
  person_id?: string
  cursor?: string
  limit?: number
}

export const listPosts = (query: { status?: string; cursor?: string; limit?: number }): Promise<Page<WelfarePost>> =>
  get<Page<WelfarePost>>('/welfare/posts', { query })
export const readPost = (id: string): Promise<WelfarePost> => get<WelfarePost>('/welfare/posts/{id}', { path: { id } })
export const applyPost = (body: WelfarePostForm, key: string): Promise<WelfarePost> =>
  post<WelfarePost>('/welfare/posts', { body, key })
export const movePost = (id: string, act: string, reason: string, key: string): Promise<WelfarePost> =>
  post<WelfarePost>(`/welfare/posts/{id}/${act}`, { path: { id }, body: reason ? { reason } : {}, key })
export const listEligible = (id: string): Promise<{ items: WelfareCandidate[] }> =>
  get('/welfare/posts/{id}/eligible', { path: { id } })
export const listPlacements = (query: PlacementQuery): Promise<Page<Placement>> =>
  get<Page<Placement>>('/welfare/placements', { query })
export const readPlacement = (id: string): Promise<Placement> => get<Placement>('/welfare/placements/{id}', { path: { id } })
export const proposePlacement = (body: Proposal, key: string): Promise<Placement> =>
  post<Placement>('/welfare/placements', { body, key })
export const movePlacement = (id: string, act: string, body: PlacementMove, key: string): Promise<Placement> =>
  post<Placement>(`/welfare/placements/{id}/${act}`, { path: { id }, body, key })
export const recordMonth = (id: string, month: string, days: number, key: string): Promise<Placement> =>
  post<Placement>('/welfare/placements/{id}/months', { path: { id }, body: { month, days }, key })
