import { fitToBase } from './fit-to-base.ts'
import { merge } from './load.ts'
import { mergeFiles, mergeServices } from './merge.ts'

merge.provide({ mergeFiles, mergeServices, fitToBase })

export { fitToBase, merge, mergeFiles, mergeServices }
