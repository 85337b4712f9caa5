import type { RegionMap } from '@/api/types-dashboard'

/** A town's outline on the page, and where its name fits best. */
export interface Shape {
  code: string
  name: string
  path: string
  x: number
  y: number
}

type Ring = [number, number][]
type Point = { x: number; y: number }

const LABEL_ASPECT = 1.6 // a name over a number is wider than tall
const GRID = 36

/** The outlines fitted into `width`; the height follows from the land. */
export function project(map: RegionMap, width: number, pad = 6): { shapes: Shape[]; height: number } {
  const rings = map.features.map((f) => (f.geometry as { coordinates: Ring[] }).coordinates[0])
  const all = rings.flat()
  if (!all.length) return { shapes: [], height: 0 }
  const lon = all.map((p) => p[0])
  const lat = all.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...lon), Math.max(...lon), Math.min(...lat), Math.max(...lat)]
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180) // a degree east is shorter than one north
  const k = (width - 2 * pad) / ((east - west) * narrow)
  const at = ([x, y]: [number, number]): Point => ({ x: pad + (x - west) * narrow * k, y: pad + (north - y) * k })
  const shapes = map.features.map((f, n) => {
    const ring = rings[n].map(at)
    const path = `M${ring.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L')}Z`
    return { code: f.properties.code, name: f.properties.name, path, ...roomiest(ring) }
  })
  return { shapes, height: (north - south) * k + 2 * pad }
}

/** The inner point farthest from every edge, with width counted less than height: a label sits well there. */
export function roomiest(ring: Point[]): Point {
  const xs = ring.map((p) => p.x)
  const ys = ring.map((p) => p.y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  let best = { x: (left + right) / 2, y: (top + bottom) / 2, room: -1 }
  for (let i = 1; i < GRID; i++) {
    for (let j = 1; j < GRID; j++) {
      const p = { x: left + ((right - left) * i) / GRID, y: top + ((bottom - top) * j) / GRID }
      if (!inside(p, ring)) continue
      const room = clearance(p, ring)
      if (room > best.room) best = { ...p, room }
    }
  }
  return { x: best.x, y: best.y }
}

function inside(p: Point, ring: Point[]): boolean {
  let odd = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i]
    const b = ring[j]
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) odd = !odd
  }
  return odd
}

function clearance(p: Point, ring: Point[]): number {
  let least = Infinity
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]
    const b = ring[(i + 1) % ring.length]
    const [dx, dy] = [(b.x - a.x) / LABEL_ASPECT, b.y - a.y]
    const [px, py] = [(p.x - a.x) / LABEL_ASPECT, p.y - a.y]
    const along = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy || 1)))
    least = Math.min(least, Math.hypot(px - along * dx, py - along * dy))
  }
  return least
}
