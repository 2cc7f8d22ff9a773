import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService, type Place } from './reading/each-service.ts'
import { resolve } from './reading/resolve.ts'

export const writableRoot: Rule<ComposeFile> = {
  id: 'compose/writable-root',
  kind: 'insecure',
  summary: 'A root file system that can be written',
  why: 'Whoever gets in changes the program that runs.',
  help: 'Say `read_only: true`, with a tmpfs where the program writes.',
  references: ['CIS Docker 5.13'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', read_only: true } } },
  *check({ data }) {
    for (const { name, path } of eachService(data).filter(isWritable)) {
      yield { path, message: `${name} may write its root file system` }
    }
  },
}

function isWritable({ service }: Place): boolean {
  return service.read_only === undefined || resolve(service.read_only) === 'false'
}
