import type { Command, Option } from '../command.ts'
import { json, out, stackFile } from './options.ts'

const which: readonly Option[] = [
  stackFile,
  { name: 'name', value: 'NAME', hint: 'which one, where the stack has more than one' },
  {
    name: 'file',
    value: 'FILE',
    hint: 'its compose file. Default: docker-compose.bluegreen.yml or docker-compose.canary.yml',
  },
  { name: 'project', value: 'NAME', hint: "compose project. Default: the file's own" },
]

const shift: readonly Option[] = [
  {
    name: 'wait',
    value: 'SECONDS',
    hint: 'how long a version may take to get ready. Default: 60',
  },
  { name: 'stop', hint: 'stop the version that gets no requests any more' },
  {
    name: 'grace',
    value: 'SECONDS',
    hint: 'how long its last requests may take before it is stopped. Default: 10',
  },
]

/** Versions behind a proxy, and who of them gets the requests. */
export const traffic: readonly Command[] = [
  {
    words: ['traffic', 'show'],
    summary: 'say which versions get how many of the requests, and whether they can',
    options: [...which, out, json],
    run: async (...given) => (await import('../commands/traffic.ts')).trafficShow(...given),
  },
  {
    words: ['traffic', 'switch'],
    summary: 'give all requests to a colour, once it is ready; --back: to the other one',
    operands: { takes: 'any', words: '[blue|green]' },
    options: [
      { name: 'back', hint: 'to the colour that gets none now' },
      ...shift,
      ...which,
      out,
      json,
    ],
    run: async (...given) => (await import('../commands/traffic.ts')).trafficSwitch(...given),
  },
  {
    words: ['traffic', 'weight'],
    summary: 'give the canary a share of the requests, in percent; 0 is the way back',
    operands: { takes: 'any', words: 'PERCENT' },
    options: [...shift, ...which, out, json],
    run: async (...given) => (await import('../commands/traffic.ts')).trafficWeight(...given),
  },
]
