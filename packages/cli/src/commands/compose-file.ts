import { existsSync } from 'node:fs'
import type { Deployment } from '@erlmcp/cluster/run'
import { defined } from '../command-line/options.ts'

export const fileOperand = { label: '[FILE]', max: 1 } as const

// The names that `docker compose` looks for, and the one that a stack has for production.
const usualNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
  'docker-compose.prod.yml',
]

/** The compose file that is named, or the first one of the usual names. */
export function deploymentOf(file: string | undefined, project: string | undefined): Deployment {
  return {
    root: '.',
    file: file ?? usualNames.find((name) => existsSync(name)) ?? usualNames[0]!,
    ...defined({ project }),
  }
}
