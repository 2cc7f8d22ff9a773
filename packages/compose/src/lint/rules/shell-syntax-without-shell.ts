import type { Rule, Violation } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { isSwarm, isTypeScript } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'
import { isShell, words } from '../../model/words.ts'
import { readCommand } from '../../schema/command-line.ts'
import { command } from '../../schema/formats.ts'
import { valuesWith } from '../../schema/sections.ts'

export const shellSyntaxWithoutShell: Rule<ComposeFile> = {
  id: 'compose/shell-syntax-without-shell',
  kind: 'breaks',
  summary: 'Shell syntax in a command without a shell',
  why: 'The program receives `$(cat file)` literally: the password is then that very text.',
  hint: "Write `command: ['sh', '-c', 'exec program \"$(cat /run/secrets/name)\"']`, or let the program read the file.",
  fileHint:
    "Write `['sh', '-c', 'exec program \"$$(cat file)\"']`, or let the program read the file.",
  references: ['Compose spec, command'],
  appliesTo: ['entrypoint', 'command', 'post_start', 'pre_start', 'pre_stop', 'develop'],
  bad: {
    services: {
      redis: { image: 'redis:8', command: 'redis-server --requirepass $(cat /run/secrets/redis)' },
    },
  },
  good: {
    services: { redis: { image: 'redis:8', command: ['redis-server', '/run/redis/redis.conf'] } },
  },
  *check(document) {
    const { data } = document
    const isText = eachService(data).some(({ service }) => hasCommandText(service))
    if (isText && !isSwarm(document)) yield* cutCommands(data)
    for (const { name, service, path } of eachService(data)) {
      const entrypoint = words(service.entrypoint)
      for (const key of ['entrypoint', 'command'] as const) {
        const argv = words(service[key])
        if (!argv.some((word) => word.includes('$(') || word.includes('`'))) continue
        if (isShell(argv) || isShell(entrypoint)) continue
        yield {
          path: [...path, key],
          message: `${name} has shell syntax in its ${key}, which runs without a shell`,
        }
      }
    }
  },
}

/** Whether a command of a service may be a text: most are lists of words. */
function hasCommandText({ command, entrypoint, ...service }: Service): boolean {
  if (typeof command === 'string' || typeof entrypoint === 'string') return true
  return hooks.some((key) => service[key] !== undefined)
}

const hooks = ['post_start', 'pre_start', 'pre_stop', 'develop'] as const

/** Commands as text, of which Compose drops everything after a shell operator. */
function* cutCommands(data: ComposeFile): Iterable<Violation> {
  for (const { path, value, schema } of valuesWith(data, 'format')) {
    if (schema.format !== command || typeof value !== 'string') continue
    const { operator } = readCommand(resolve(value))
    if (operator === undefined) continue
    const [, name, ...keys] = path
    const message = `${keys.join('.')} of ${name} ends before ${operator}: it runs without a shell, and Compose drops the rest`
    // A handwritten file may lose as little as `2>&1`.
    const severity = isTypeScript(data) ? 'error' : 'warning'
    yield { path, message, hint: cutHelp, severity }
  }
}

const cutHelp = "Write `command: ['sh', '-c', 'first && exec second']`, or quote the operator."
