import type { Document } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'

// Many a compose file is called "some-stack.yml" by people who mean no swarm.
const swarmPath = /(?:^|[./_-])swarm[./_-]|(?:^|\/)(?:docker-)?stack\.ya?ml$/

/** Whether `docker stack deploy` reads it: the file says so, else its path does. */
export function isSwarm({ data, path }: Document<ComposeFile>): boolean {
  const dialect = data[DIALECT]
  if (dialect) return dialect.name === 'swarm'
  return swarmPath.test(path)
}

/** For the examples of rules: the same file, read by `docker stack deploy`. */
export function swarm(file: ComposeFile): ComposeFile {
  return { ...file, [DIALECT]: { name: 'swarm', changes: [] } }
}
