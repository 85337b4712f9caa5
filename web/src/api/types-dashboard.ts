// The dashboard's shapes, taken from the generated contract.
import type { components } from './schema'

type S = components['schemas']
export type Dashboard = S['Dashboard']
export type DashboardTown = S['DashboardTown']
export type Indicator = S['Indicator']
export type IndicatorList = S['IndicatorList']
export type IndicatorRegion = S['IndicatorRegion']
export type Fact = S['Fact']
export type FactOpened = S['FactOpened']
export type FactList = S['FactList']
export type UnhelpedPerson = S['UnhelpedPerson']
export type Report = S['Report']
export type ReportForm = S['NewReportBodyBody']

/** The towns as drawn outlines (示意), GeoJSON. */
export interface RegionMap {
  type: 'FeatureCollection'
  features: { type: 'Feature'; properties: { code: string; name: string; cp?: [number, number] }; geometry: unknown }[]
}
