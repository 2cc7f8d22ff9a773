export { type Output, run } from './run.ts'
