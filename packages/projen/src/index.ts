export { ErlmcpStack, type ErlmcpStackOptions } from './erlmcp-stack.ts'
