export { newest, tagsOf } from './newest.ts'
export { parseAction, parseWorkflow, type Use, usesIn } from './parse.ts'
export { importPins, type Moved, type Repin, type Repinned, updatePins } from './repin.ts'
