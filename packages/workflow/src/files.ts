export { latestVersion, listTags } from './actions/latest-version.ts'
export {
  importPins,
  type MovedTag,
  type PinChange,
  type PinUpdate,
  updatePins,
} from './actions/update-pins.ts'
export { parseAction, parseWorkflow, type Use, usesIn } from './parse/document.ts'
