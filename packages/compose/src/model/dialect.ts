import type { Document, Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../document.ts'

// `some-stack.yml` alone does not mean a swarm.
const swarmPath = /(?:^|[./_-])swarm[./_-]|(?:^|\/)(?:docker-)?stack\.ya?ml$/

/** Whether `docker stack deploy` reads it: by its dialect, else by its path. */
export function isSwarm({ data, path }: Document<ComposeFile>): boolean {
  const dialect = data[DIALECT]
  if (dialect) return dialect.name === 'swarm'
  return swarmPath.test(path)
}

/** For a rule that applies only to stack files. */
export function onSwarm(
  check: Rule<ComposeFile>['check'],
): Pick<Rule<ComposeFile>, 'appliesTo' | 'check'> {
  return {
    appliesTo: ['swarm'],
    check: (document, context) => (isSwarm(document) ? check(document, context) : []),
  }
}

/** Whether it was written in TypeScript, so that hints are in TypeScript, too. */
export function isTypeScript({ [DIALECT]: dialect }: ComposeFile): boolean {
  return dialect !== undefined && dialect.language !== 'file'
}

/** Whether the file records a change to a key of a service. */
export function isNoted(data: ComposeFile, service: string, key: string): boolean {
  const changes = data[DIALECT]?.changes ?? []
  return changes.some(({ path }) => path[1] === service && path[2] === key)
}

/** For the examples of rules: the same file, read by `docker stack deploy`. */
export function swarm(file: ComposeFile): ComposeFile {
  return { ...file, [DIALECT]: { name: 'swarm', changes: [] } }
}
