import { get, post } from './client'
import type { Dashboard, Fact, FactList, FactOpened, IndicatorList, IndicatorRegion, RegionMap, UnhelpedPerson } from './types-dashboard'

export interface FactQuery {
  year?: number
  month?: number
  region?: string
  all?: boolean
  cursor?: string
  limit?: number
}

export const readDashboard = (year: number): Promise<Dashboard> => get<Dashboard>('/dashboard', { query: { year } })
export const listIndicators = (year: number, region = ''): Promise<IndicatorList> =>
  get<IndicatorList>('/indicators', { query: { year, region } })
export const listRegionsOf = (key: string, year: number, parent = ''): Promise<{ items: IndicatorRegion[] }> =>
  get('/indicators/{key}/regions', { path: { key }, query: { year, parent } })
export const listFacts = (key: string, query: FactQuery): Promise<FactList> =>
  get<FactList>('/indicators/{key}/facts', { path: { key }, query })
export const listUnhelped = (year: number, region = ''): Promise<{ items: UnhelpedPerson[] }> =>
  get('/indicators/3/unhelped', { query: { year, region } })
export const readFact = (id: string): Promise<FactOpened> => get<FactOpened>('/facts/{id}', { path: { id } })
export const reverseFact = (id: string, reason: string, key: string): Promise<Fact> =>
  post<Fact>('/facts/{id}/reverse', { path: { id }, body: { reason }, key })
export const readRegionMap = (): Promise<RegionMap> => get<RegionMap>('/regions/map')
