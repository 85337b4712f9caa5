import { get } from './client'
import type { DeskToday } from './types-desk'

export const readDesk = (): Promise<DeskToday> => get<DeskToday>('/desk/today')
