import { posix } from 'node:path'
import type { LeftBehind, StateItem } from '@erlmcp/core'
import { shellWord } from '@erlmcp/core'
import { paint, severityColours } from './colour.ts'
import { printable } from './printable.ts'

/**
 * What became of volumes, containers and secrets whose name the stack no longer has, and the
 * command that takes each along.
 *
 * @param command that says they are dealt with
 */
export function leftBehindText(
  left: readonly LeftBehind[],
  command: string,
  severity: 'error' | 'warning',
  colour?: boolean,
): string {
  if (left.length === 0) return ''
  const lines = left.map((one) => {
    const [message, hint] = inWords(one)
    const { kind, name } = one.item
    const help2 = hint.map((line) => `  ${line}\n`).join('')
    const word = paint(`${severity}:`, severityColours[severity], colour)
    return `${word} ${printable(`${kind} ${name} ${message} [core/left-behind]\n${help2}`)}`
  })
  return `${lines.join('')}  Once that is done: ${command}, and commit .erlmcp/manifest.json.\n`
}

type Words = readonly [message: string, hint: readonly string[]]

function inWords({ item, successor }: LeftBehind): Words {
  switch (item.kind) {
    case 'volume':
      return volumeWords(item, successor)
    case 'secret':
      return secretWords(item, successor)
    case 'container':
      return containerWords(item, successor)
  }
}

function volumeWords({ name }: StateItem, successor: StateItem | undefined): Words {
  const old = shellWord(name)
  if (!successor) {
    return [
      'is not in the stack any more: its data stays on the machine',
      [`Remove it: docker volume rm ${old}. Or keep it, and back it up.`],
    ]
  }
  return [
    `is not in the stack any more: ${successor.name} takes its place, and begins empty`,
    [
      `Move the data: erlmcp volumes move ${old} ${shellWord(successor.name)}`,
      `Or keep the volume: volume('…', { name: '${name}' }), or the old name in the stack.`,
    ],
  ]
}

function secretWords({ name }: StateItem, successor: StateItem | undefined): Words {
  const old = shellWord(name)
  if (!successor) {
    return ['is not in the stack any more: the file stays', [`Remove it: rm ${old}`]]
  }
  const folder = posix.dirname(successor.name)
  const make = folder === posix.dirname(name) ? '' : `mkdir -p ${shellWord(folder)} && `
  return [
    `is not in the stack any more: \`secrets init\` would make ${successor.name} anew`,
    [`Rename it, for what was made with it: ${make}mv ${old} ${shellWord(successor.name)}`],
  ]
}

function containerWords({ name }: StateItem, successor: StateItem | undefined): Words {
  const [project = '', service = ''] = name.split('/')
  const filter = (label: string, value: string) =>
    shellWord(`label=com.docker.compose.${label}=${value}`)
  const find = `docker ps -aq --filter ${filter('project', project)} --filter ${filter('service', service)}`
  return [
    `is not in the stack any more${successor ? `, where ${successor.name} is` : ''}: one that runs goes on, and holds its ports`,
    [`Remove it: docker rm -f $(${find})`],
  ]
}
