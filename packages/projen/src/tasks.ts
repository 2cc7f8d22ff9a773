import { type Document, type Stack, shellWord } from '@erlmcp/core'
import type { Project } from 'projen'
import { erlmcpOf } from './toolchain.ts'

/** A task of a stack: its name and its command. */
interface StackTask {
  readonly name: string
  readonly description: string
  readonly exec: string
}

/** The features of a stack that have tasks. */
export interface Tasked {
  readonly stack: Stack
  /** The operand that names the stack; '' if it is the only one. */
  readonly operand: string
  readonly documents: readonly Document[]
  readonly hasSecrets: boolean
}

/** The tasks for the features of a stack. */
export function tasksOf(project: Project, { stack, operand, documents, hasSecrets }: Tasked) {
  const erlmcp = erlmcpOf(project)
  const named = operand === '' ? '' : ` ${operand}`
  const file = documents.find(isDeployed)?.path
  const tasks: (StackTask | false)[] = [
    {
      name: 'synth:check',
      description: 'Whether the files of the stack are what it makes',
      exec: `${erlmcp} check`,
    },
    file !== undefined && {
      name: 'compose:up',
      description: `Start the services of ${file}`,
      exec: `docker compose --file ${shellWord(file)} up --wait`,
    },
    stack.sources.some((source) => (source as { kind?: unknown }).kind === 'gates') && {
      name: 'gate',
      description: 'Run the quality gates',
      exec: `${erlmcp} gate run${named && ` --stack${named}`}`,
    },
    hasSecrets && {
      name: 'secrets:init',
      description: 'Make the secret files that are missing',
      exec: `${erlmcp} secrets init${named}`,
    },
  ]
  return tasks.filter((task) => task !== false)
}

/** A compose file with a service outside of profiles. */
function isDeployed({ format, data }: Document): boolean {
  if (format.name !== 'compose') return false
  const { services = {} } = data as { services?: Record<string, { profiles?: unknown }> }
  return Object.values(services).some(({ profiles }) => profiles === undefined)
}
