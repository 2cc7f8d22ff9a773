export { ComposeFile, Dockerfile, Workflow } from './components.ts'
export { ErlmcpStack } from './erlmcp-stack.ts'
export type { ErlmcpStackOptions } from './options.ts'
