import { get } from './client'
import type { Board, Page, Station } from './types'

export const listStations = (): Promise<Page<Station>> => get<Page<Station>>('/stations')
export const readBoard = (id: string): Promise<Board> => get<Board>('/stations/{id}/board', { path: { id } })
