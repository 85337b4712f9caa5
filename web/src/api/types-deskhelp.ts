// Shapes of recognition and welfare posts beside those of types-desk.ts, taken from the generated contract.
import type { components } from './schema'

type S = components['schemas']
export type RecognitionFinding = S['RecognitionFinding']
export type RecognitionFacts = S['RecognitionFacts']
export type RecognitionStep = S['RecognitionStep']
export type RecognitionCategory = 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6'
export type WelfareBlocker = S['WelfareCandidate']['blockers'][number]
