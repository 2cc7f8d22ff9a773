import { posix } from 'node:path'
import { type LeftBehind, paint, printable, type StateItem, shellWord } from '@erlmcp/core'
import { severityColours } from './format-diagnostics.ts'

/**
 * Volumes, containers and secrets that the stack no longer has, each with the command that moves or
 * removes it.
 *
 * @param command records that they were handled
 */
export function leftBehindText(
  left: readonly LeftBehind[],
  command: string,
  severity: 'error' | 'warning',
  colour?: boolean,
): string {
  if (left.length === 0) return ''
  const lines = left.map((one) => {
    const [message, hints] = describe(one)
    const { kind, name } = one.item
    const hint = hints.map((line) => `  ${line}\n`).join('')
    const word = paint(`${severity}:`, severityColours[severity], colour)
    return `${word} ${printable(`${kind} ${name} ${message} [core/left-behind]\n${hint}`)}`
  })
  return `${lines.join('')}  Then run ${command}, and commit .erlmcp/manifest.json.\n`
}

type Description = readonly [message: string, hints: readonly string[]]

function describe({ item, successor }: LeftBehind): Description {
  switch (item.kind) {
    case 'volume':
      return describeVolume(item, successor)
    case 'secret':
      return describeSecret(item, successor)
    case 'container':
      return describeContainer(item, successor)
  }
}

function describeVolume({ name }: StateItem, successor: StateItem | undefined): Description {
  const old = shellWord(name)
  if (!successor) {
    return [
      'is no longer in the stack: its data stays on the machine',
      [`Remove it: docker volume rm ${old}. Or keep it, and back it up.`],
    ]
  }
  return [
    `is no longer in the stack: ${successor.name} replaces it, and starts empty`,
    [
      `Move the data: erlmcp volumes move ${old} ${shellWord(successor.name)}`,
      `Or keep the volume: volume('…', { name: '${name}' }), or the old name in the stack.`,
    ],
  ]
}

function describeSecret({ name }: StateItem, successor: StateItem | undefined): Description {
  const old = shellWord(name)
  if (!successor) {
    return ['is no longer in the stack: the file stays', [`Remove it: rm ${old}`]]
  }
  const folder = posix.dirname(successor.name)
  const make = folder === posix.dirname(name) ? '' : `mkdir -p ${shellWord(folder)} && `
  return [
    `is no longer in the stack: \`secrets init\` would create a new ${successor.name}`,
    [`Rename it, to keep its content: ${make}mv ${old} ${shellWord(successor.name)}`],
  ]
}

function describeContainer({ name }: StateItem, successor: StateItem | undefined): Description {
  const [project = '', service = ''] = name.split('/')
  const filter = (label: string, value: string) =>
    shellWord(`label=com.docker.compose.${label}=${value}`)
  const find = `docker ps -aq --filter ${filter('project', project)} --filter ${filter('service', service)}`
  return [
    `is no longer in the stack${successor ? `, which has ${successor.name}` : ''}: a running one keeps its ports`,
    [`Remove it: docker rm -f $(${find})`],
  ]
}
