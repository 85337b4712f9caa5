import type { Picture } from '@/lib/pictogram'

/** Trade pictures on a 48 grid: soft shapes below, the line drawing above. */
export const PICTURE_PATHS: Record<Picture, { soft: string; line: string }> = {
  load: {
    soft: 'M8 14h18v16H8z',
    line: 'M8 14h18v16H8zM14 14v6h6v-6M4 40h28a3 3 0 0 0 3-3V9h7M12 40a3.500 3.500 0 1 0 0 .01M26 40a3.500 3.500 0 1 0 0 .01M6 33.500h29',
  },
  pack: {
    soft: 'M24 24 41 15v18L24 43z',
    line: 'M24 5 41 15v18L24 43 7 33V15L24 5ZM7 15l17 9 17-9M24 24v19M15.500 10l17 9.500v6',
  },
  sew: {
    soft: 'M6 36h36v6H6z',
    line: 'M6 36h36v6H6zM10 36V20h20v8h6V14a4 4 0 0 0-4-4H10a4 4 0 0 0-4 4v2a4 4 0 0 0 4 4M33 28v8M15 10V6M12 6h6M36 19h5',
  },
  knit: {
    soft: 'M24 24m-15 0a15 15 0 1 0 30 0a15 15 0 1 0-30 0',
    line: 'M24 9a15 15 0 1 1 0 30 15 15 0 0 1 0-30ZM13 15c8 2 17 8 20 21M10 23c7 1 14 6 16 15.500M19.500 10.500C27 14 34 20 37 30M29 10c4 2 7.500 5 9 9M39 39l4 4',
  },
  factory: {
    soft: 'M6 24l11-7v7l11-7v7l11-7v24H6z',
    line: 'M6 41V24l11-7v7l11-7v7l3-2 1-14h7l1 14V41H6ZM13 32h4M22 32h4M31 32h4',
  },
  clean: {
    soft: 'M15 27h18l3 15H12z',
    line: 'M24 5v22M15 27h18l3 15H12l3-15ZM19 34l-1 8M24 34v8M29 34l1 8M38 10v6M35 13h6M8 15v4M6 17h4',
  },
  cook: {
    soft: 'M7 22h30v8a11 11 0 0 1-11 11h-8A11 11 0 0 1 7 30z',
    line: 'M7 22h30v8a11 11 0 0 1-11 11h-8A11 11 0 0 1 7 30v-8ZM4 22h40M15 15c0-4 3-4 3-8M22 15c0-4 3-4 3-8M29 15c0-4 3-4 3-8',
  },
  care: {
    soft: 'M24 41S9 32 9 21.500A7.500 7.500 0 0 1 24 18a7.500 7.500 0 0 1 15 3.500C39 32 24 41 24 41Z',
    line: 'M24 41S9 32 9 21.500A7.500 7.500 0 0 1 24 18a7.500 7.500 0 0 1 15 3.500C39 32 24 41 24 41ZM24 24v9M19.500 28.500h9M17 8a3 3 0 1 0 0 .01M31 8a3 3 0 1 0 0 .01',
  },
  build: {
    soft: 'M6 27h16v7H6zM26 27h16v7H26zM14 34h20v7H14zM14 20h20v7H14z',
    line: 'M6 27h16v7H6zM26 27h16v7H26zM14 34h20v7H14zM14 20h20v7H14zM24 5l9 9H19l5-9M24 14v6',
  },
  fix: {
    soft: 'M30 7a10 10 0 1 0 8 16z',
    line: 'M38 10l-6 6-4-1-1-4 6-6a10 10 0 0 0-12 13L7 32a5 5 0 0 0 7 7l14-14a10 10 0 0 0 12-12l-2-3ZM30 31l9 9M34 27l8 8',
  },
  drive: {
    soft: 'M4 14h24v19H4z',
    line: 'M4 14h24v19H4zM28 20h8l7 7v6H28M13 37a3.800 3.800 0 1 0 0 .01M35 37a3.800 3.800 0 1 0 0 .01M34 20v7h9',
  },
  shop: {
    soft: 'M8 20h32v21H8z',
    line: 'M8 20v21h32V20M6 8h36l2 9a5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0l2-9ZM19 41V29h10v12',
  },
  farm: {
    soft: 'M6 36c8-6 28-6 36 0v6H6z',
    line: 'M6 36c8-6 28-6 36 0M24 32V14M24 20c-7 1-11-3-11-10 7 0 11 3 11 10ZM24 16c0-6 3-10 10-10 0 7-4 10-10 10ZM24 28c6 0 10-2 11-8-6-1-10 2-11 8ZM6 42h36',
  },
}
