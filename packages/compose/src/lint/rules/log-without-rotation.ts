import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../../model/each-service.ts'

export const logWithoutRotation: Rule<ComposeFile> = {
  id: 'compose/log-without-rotation',
  kind: 'wasteful',
  summary: 'Log without rotation',
  why: 'The default log driver keeps every line until the disk is full.',
  hint: "Write `logging: { driver: 'local' }`, or `logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } }`.",
  fileHint: 'Use the driver `local`, or set `max-size` and `max-file`.',
  references: ['Docker "JSON File logging driver"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: {
    services: {
      app: {
        image: 'app:1',
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of eachService(data).filter(isEndless)) {
      yield {
        path: service.logging ? [...path, 'logging'] : path,
        message: `the log of ${name} is not rotated`,
      }
    }
  },
}

function isEndless({ service }: Place): boolean {
  const { driver = 'json-file', options } = service.logging ?? {}
  return driver === 'json-file' && options?.['max-size'] === undefined
}
