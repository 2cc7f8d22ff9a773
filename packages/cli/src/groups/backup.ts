import type { Command, Operands, Option } from '../command.ts'
import { json } from './options.ts'

const deployment: readonly Option[] = [
  { name: 'file', value: 'FILE', hint: 'its compose file. Default: docker-compose.prod.yml' },
  { name: 'project', value: 'NAME', hint: "compose project. Default: the file's own" },
  { name: 'out', value: 'DIR', hint: 'folder of the compose file. Default: this one' },
]

const to: Option = { name: 'to', value: 'DIR', hint: 'folder of the sets. Default: backups' }

const key: Option = {
  name: 'key',
  value: 'FILE',
  hint: 'file with the key of an encrypted set. Default: it is not encrypted',
}

const tools: Option = {
  name: 'tools',
  value: 'IMAGE',
  hint: 'an image with GNU tar. Default: one of the deployment',
}

const nothing: Operands = { takes: 'nothing', words: '' }
const set: Operands = { takes: 'one', words: 'SET' }

/** Backups, and proofs of them. */
export const backup: readonly Command[] = [
  {
    words: ['backup', 'create'],
    summary: 'save the databases and volumes of a deployment that runs, all or nothing',
    operands: nothing,
    options: [
      ...deployment,
      to,
      key,
      { name: 'live', hint: 'let containers write to a volume while it is read' },
      tools,
      json,
    ],
    run: async (...given) => (await import('../commands/backup.ts')).backupCreate(...given),
  },
  {
    words: ['backup', 'list'],
    summary: 'list the sets in a folder',
    operands: nothing,
    options: [to, json],
    run: async (...given) => (await import('../commands/backup.ts')).backupList(...given),
  },
  {
    words: ['backup', 'verify'],
    summary: 'read all of a set, and say no when it is cut or changed',
    operands: set,
    options: [key, json],
    run: async (...given) => (await import('../commands/backup.ts')).backupVerify(...given),
  },
  {
    words: ['backup', 'rehearse'],
    summary: 'restore a set into containers of its own, compare every row, key and file',
    operands: set,
    options: [key, json],
    run: async (...given) => (await import('../commands/backup.ts')).backupRehearse(...given),
  },
  {
    words: ['backup', 'restore'],
    summary: 'give a deployment that runs the data of a set',
    operands: set,
    options: [
      ...deployment,
      key,
      { name: 'yes', hint: 'replace the data that is there' },
      { name: 'from', value: 'NAME', hint: 'take the set of another project' },
      tools,
      json,
    ],
    run: async (...given) => (await import('../commands/backup.ts')).backupRestore(...given),
  },
  {
    words: ['backup', 'recover'],
    summary: 'take a restore back that was killed, or bring it to its end',
    operands: nothing,
    options: [...deployment, tools, json],
    run: async (...given) => (await import('../commands/backup.ts')).backupRecover(...given),
  },
]
