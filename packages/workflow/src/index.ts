export type * from './document.ts'
export { printWorkflow } from './print.ts'
