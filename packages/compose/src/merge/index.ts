import { baseOf, withDefaultsOfNeither, withExtended } from './extends.ts'
import { fitToBase } from './fit-to-base.ts'
import { merge } from './load.ts'
import { mergeServices } from './merge.ts'

merge.provide({ baseOf, fitToBase, mergeServices, withDefaultsOfNeither, withExtended })

export { baseOf, fitToBase, merge, mergeServices, withDefaultsOfNeither, withExtended }
