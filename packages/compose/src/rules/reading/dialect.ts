import type { Document } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'

const stackName = /(?:^|[./_-])(?:swarm|stack)[._-]/

/** Whether `docker stack deploy` reads it: the file says so, else its name does. */
export function isSwarm({ data, path }: Document<ComposeFile>): boolean {
  const dialect = data[DIALECT]
  if (dialect) return dialect.name === 'swarm'
  return stackName.test(path.slice(path.lastIndexOf('/') + 1))
}

/** For the examples of rules: the same file, read by `docker stack deploy`. */
export function swarm(file: ComposeFile): ComposeFile {
  return { ...file, [DIALECT]: { name: 'swarm', changes: [] } }
}
