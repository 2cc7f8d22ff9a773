export type { Workflow } from './document.ts'
