import type { Document, Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'

// Many a compose file is called "some-stack.yml" by people who mean no swarm.
const swarmPath = /(?:^|[./_-])swarm[./_-]|(?:^|\/)(?:docker-)?stack\.ya?ml$/

/** Whether `docker stack deploy` reads it: the file says so, else its path does. */
export function isSwarm({ data, path }: Document<ComposeFile>): boolean {
  const dialect = data[DIALECT]
  if (dialect) return dialect.name === 'swarm'
  return swarmPath.test(path)
}

/** For a rule that judges only stack files. */
export function onSwarm(
  check: Rule<ComposeFile>['check'],
): Pick<Rule<ComposeFile>, 'appliesTo' | 'check'> {
  return {
    appliesTo: ['swarm'],
    check: (document, context) => (isSwarm(document) ? check(document, context) : []),
  }
}

/** Whether its author wrote a `stack.ts`, in whose words the hints are; a file is in its own. */
export function isTypeScript({ [DIALECT]: dialect }: ComposeFile): boolean {
  return dialect !== undefined && dialect.language !== 'file'
}

/** Whether what became of a key of a service is among the changes that were noted in the file. */
export function isNoted(data: ComposeFile, service: string, key: string): boolean {
  const changes = data[DIALECT]?.changes ?? []
  return changes.some(({ path }) => path[1] === service && path[2] === key)
}

/** For the examples of rules: the same file, read by `docker stack deploy`. */
export function swarm(file: ComposeFile): ComposeFile {
  return { ...file, [DIALECT]: { name: 'swarm', changes: [] } }
}
