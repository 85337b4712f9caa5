import { get } from './client'
import type { Meta, Region } from './types'

export const readMeta = (): Promise<Meta> => get<Meta>('/meta')
export const readRegions = (): Promise<{ items: Region[] }> => get('/regions')
