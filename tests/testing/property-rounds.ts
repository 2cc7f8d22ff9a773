import fc from 'fast-check'
import { rounds } from '../../packages/testkit/src/rounds.ts'

// Of each property that does not say how many.
fc.configureGlobal({ numRuns: rounds(100) })
