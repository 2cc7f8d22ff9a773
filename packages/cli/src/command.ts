import type { Output } from './run.ts'

/** What a person wrote after the name of the command. */
export interface Arguments {
  /** The stack's file, where one was named. */
  readonly stack?: string
  /** Everything that is no option. */
  readonly operands: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

export interface Option {
  readonly name: string
  /** What stands for the value in the help; without it the option is a switch. */
  readonly value?: string
  /** The only values that it takes. */
  readonly choices?: readonly string[]
  readonly help: string
}

/** What stands after the options. */
export interface Operands {
  /** A `command` begins at the first operand and goes on to the end of the line. */
  readonly takes: 'nothing' | 'one' | 'any' | 'command'
  /** How the help shows them, such as `[PATH…]`. */
  readonly words: string
}

export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  /** Default: the file of a stack, or none. */
  readonly operands?: Operands
  readonly options: readonly Option[]
  run(given: Arguments, output: Output): Promise<number>
}

const out: Option = {
  name: 'out',
  value: 'DIR',
  help: 'folder of the files. Default: that of the stack',
}
const json: Option = { name: 'json', help: 'one JSON document for programs' }
const format: Option = {
  name: 'format',
  value: 'FORMAT',
  choices: ['human', 'json', 'sarif', 'github'],
  help: 'how findings are written. Default: human',
}

const stackFile: Option = {
  name: 'stack',
  value: 'FILE',
  help: 'file of the stack. Default: stack.ts',
}

const within: Option = {
  name: 'within',
  value: 'DAYS',
  help: 'how long certificates have to last at least, such as 14d. Default: 30d',
}

const clusterOptions: readonly Option[] = [
  { name: 'name', value: 'NAME', help: 'which cluster, where the stack has more than one' },
  { name: 'file', value: 'FILE', help: 'its compose file. Default: docker-compose.cluster.yml' },
  { name: 'project', value: 'NAME', help: "compose project. Default: the file's own" },
  out,
]
const wait: Option = {
  name: 'wait',
  value: 'SECONDS',
  help: 'how long nodes may take to find each other. Default: 30',
}

/** Each loads its code when it runs: `--help` waits for nothing. */
export const commands: readonly Command[] = [
  {
    words: ['synth'],
    summary: 'write the files of the stack',
    options: [
      out,
      { name: 'force', help: 'overwrite files that are not ours, or were edited' },
      format,
      json,
    ],
    run: async (...given) => (await import('./commands/synth.ts')).synth(...given),
  },
  {
    words: ['check'],
    summary: 'say no when files differ from the stack, or it has errors',
    options: [out, format, json],
    run: async (...given) => (await import('./commands/check.ts')).check(...given),
  },
  {
    words: ['diff'],
    summary: 'show what synth would change',
    options: [out, json],
    run: async (...given) => (await import('./commands/diff.ts')).diff(...given),
  },
  {
    words: ['secrets', 'init'],
    summary: 'make the secret files that are missing',
    options: [out, json],
    run: async (...given) => (await import('./commands/secrets-init.ts')).secretsInit(...given),
  },
  {
    words: ['secrets', 'check'],
    summary: 'say no when a secret is missing, open, weak, or a certificate is wrong or ends soon',
    options: [within, out, json],
    run: async (...given) => (await import('./commands/secrets-check.ts')).secretsCheck(...given),
  },
  {
    words: ['secrets', 'rotate'],
    summary: 'give secrets a new content, and tell it to PostgreSQL and Redis that run',
    operands: { takes: 'any', words: '[NAME…]' },
    options: [
      stackFile,
      { name: 'expiring', help: 'the certificates that end soon' },
      { name: 'all', help: 'all but authorities, which change by their name alone' },
      within,
      { name: 'done', help: 'end a rotation: the old passwords are refused and forgotten' },
      { name: 'stopped', help: 'no container that reads them runs anywhere: ask no engine' },
      out,
      json,
    ],
    run: async (...given) => (await import('./commands/secrets-rotate.ts')).secretsRotate(...given),
  },
  {
    words: ['cluster', 'certs'],
    summary: 'list authorities and certificates: names, serial, how long they last',
    options: [out, json],
    run: async (...given) => (await import('./commands/cluster-certs.ts')).clusterCerts(...given),
  },
  {
    words: ['cluster', 'up'],
    summary: 'build and start a cluster, and verify it',
    options: [...clusterOptions, wait, json],
    run: async (...given) => (await import('./commands/cluster.ts')).clusterUp(...given),
  },
  {
    words: ['cluster', 'verify'],
    summary: 'say whether the running nodes see each other, and refuse strangers',
    options: [...clusterOptions, wait, json],
    run: async (...given) => (await import('./commands/cluster.ts')).clusterVerify(...given),
  },
  {
    words: ['cluster', 'down'],
    summary: 'stop and remove a cluster; its data stays',
    options: [...clusterOptions, { name: 'volumes', help: 'remove its data, too' }],
    run: async (...given) => (await import('./commands/cluster.ts')).clusterDown(...given),
  },
  {
    words: ['pins', 'update'],
    summary: 'take the newest versions of the actions that workflows use into the lock',
    options: [out, json],
    run: async (...given) => (await import('./commands/pins.ts')).pinsUpdate(...given),
  },
  {
    words: ['pins', 'import'],
    summary: 'take what Dependabot wrote into the workflows into the lock',
    options: [out, json],
    run: async (...given) => (await import('./commands/pins.ts')).pinsImport(...given),
  },
  {
    words: ['gate', 'run'],
    summary: 'run quality gates in containers, and judge what they leave behind',
    operands: { takes: 'any', words: '[NAME…]' },
    options: [
      stackFile,
      { name: 'base', value: 'REVISION', help: 'what benchmarks are compared with' },
      { name: 'parallel', value: 'N', help: 'how many at once. Default: the CPUs of the engine' },
      { name: 'reuse', help: 'build on green evidence of the same sources that is here already' },
      { name: 'key', value: 'FILE', help: 'private key (Ed25519, PEM) that signs the receipts' },
      { name: 'cache', value: 'DIR', help: 'folder that PLTs and packages come from and go to' },
      json,
    ],
    run: async (...given) => (await import('./commands/gate-run.ts')).gateRun(...given),
  },
  {
    words: ['gate', 'list'],
    summary: 'show the gates, and what each runs',
    options: [json],
    run: async (...given) => (await import('./commands/gate-list.ts')).gateList(...given),
  },
  {
    words: ['rewrite'],
    summary: 'print the Docker form of a command, or say that it is forbidden',
    operands: { takes: 'command', words: 'COMMAND…' },
    options: [json],
    run: async (...given) => (await import('./commands/rewrite.ts')).rewriteCommand(...given),
  },
  {
    words: ['run'],
    summary: 'run the Docker form of a command',
    operands: { takes: 'command', words: 'COMMAND…' },
    options: [],
    run: async (...given) => (await import('./commands/run.ts')).runCommand(...given),
  },
  {
    words: ['bench', 'record'],
    summary: 'record the counts of the last bench gate as its baseline',
    operands: { takes: 'nothing', words: '' },
    options: [{ name: 'samples', value: 'FILE', help: 'default: what the last gate run left' }],
    run: async (...given) => (await import('./commands/bench-record.ts')).benchRecord(...given),
  },
  {
    words: ['guard', 'install'],
    summary: 'refuse host execution: shims for PATH, and git hooks that scan for it',
    operands: { takes: 'nothing', words: '' },
    options: [{ name: 'envrc', help: 'put the shims on PATH in the .envrc of direnv' }],
    run: async (...given) => (await import('./commands/guard.ts')).guardInstall(...given),
  },
  {
    words: ['guard', 'uninstall'],
    summary: 'take the shims and hooks away again',
    operands: { takes: 'nothing', words: '' },
    options: [],
    run: async (...given) => (await import('./commands/guard.ts')).guardUninstall(...given),
  },
  {
    words: ['guard', 'scan'],
    summary: 'find host execution in workflows, Makefiles and scripts',
    operands: { takes: 'any', words: '[PATH…]' },
    options: [format, json],
    run: async (...given) => (await import('./commands/guard.ts')).guardScan(...given),
  },
  {
    words: ['receipt', 'verify'],
    summary: 'say whether all receipts are those that were written',
    operands: { takes: 'nothing', words: '' },
    options: [
      { name: 'key', value: 'FILE', help: 'public key (PEM) that must have signed all of them' },
      { name: 'head', value: 'HASH', help: 'a hash kept elsewhere, which must be in the chain' },
      json,
    ],
    run: async (...given) => (await import('./commands/receipt.ts')).receiptVerify(...given),
  },
  {
    words: ['receipt', 'list'],
    summary: 'list the receipts, oldest first',
    operands: { takes: 'nothing', words: '' },
    options: [json],
    run: async (...given) => (await import('./commands/receipt.ts')).receiptList(...given),
  },
  {
    words: ['receipt', 'show'],
    summary: 'print one receipt',
    operands: { takes: 'one', words: 'NUMBER' },
    options: [],
    run: async (...given) => (await import('./commands/receipt.ts')).receiptShow(...given),
  },
]

function usage({ words, options, operands }: Command): string {
  const shown = options.map(({ name, value }) => `[--${name}${value ? ` ${value}` : ''}]`)
  const most = ['erlmcp', ...words]
  if (operands?.takes === 'command') return [...most, ...shown, '--', operands.words].join(' ')
  return [...most, operands?.words ?? '[stack.ts]', ...shown].filter(Boolean).join(' ')
}

export function overview(): string {
  const width = Math.max(...commands.map(({ words }) => words.join(' ').length))
  const list = commands.map(
    ({ words, summary }) => `  ${words.join(' ').padEnd(width)}  ${summary}\n`,
  )
  return `usage: erlmcp COMMAND [stack.ts] [OPTIONS]

${list.join('')}
erlmcp COMMAND --help says more. Without a file it takes stack.ts, stack.mts, stack.js or stack.mjs.
Exit codes: 0 yes, 1 the answer is no, 2 bad usage or input, 3 something needed is not
there, 70 a bug of erlmcp.
`
}

export function helpOf(command: Command): string {
  const rows = command.options.map(({ name, value, choices, help }) => {
    const left = `--${name}${value ? ` ${value}` : ''}`
    return `  ${left.padEnd(16)}  ${help}${choices ? ` (${choices.join(', ')})` : ''}\n`
  })
  return `${command.summary}\n\nusage: ${usage(command)}\n\n${rows.join('')}`
}
