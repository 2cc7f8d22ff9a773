import type { Command } from '../command.ts'
import { format, json } from './options.ts'

/** Docker-only execution, and the receipts of what ran. */
export const constitution: readonly Command[] = [
  {
    words: ['rewrite'],
    summary: 'print the Docker form of a command, or say that it is forbidden',
    operands: { takes: 'command', words: 'COMMAND…' },
    options: [json],
    run: async (...given) => (await import('../commands/rewrite.ts')).rewriteCommand(...given),
  },
  {
    words: ['run'],
    summary: 'run the Docker form of a command',
    operands: { takes: 'command', words: 'COMMAND…' },
    options: [],
    run: async (...given) => (await import('../commands/run.ts')).runCommand(...given),
  },
  {
    words: ['guard', 'install'],
    summary: 'refuse host execution: shims for PATH, and git hooks that scan for it',
    operands: { takes: 'nothing', words: '' },
    options: [{ name: 'envrc', hint: 'put the shims on PATH in the .envrc of direnv' }],
    run: async (...given) => (await import('../commands/guard.ts')).guardInstall(...given),
  },
  {
    words: ['guard', 'uninstall'],
    summary: 'take the shims and hooks away again',
    operands: { takes: 'nothing', words: '' },
    options: [],
    run: async (...given) => (await import('../commands/guard.ts')).guardUninstall(...given),
  },
  {
    words: ['guard', 'scan'],
    summary: 'find host execution in workflows, Makefiles and scripts',
    operands: { takes: 'any', words: '[PATH…]' },
    options: [format, json],
    run: async (...given) => (await import('../commands/guard.ts')).guardScan(...given),
  },
  {
    words: ['receipt', 'verify'],
    summary: 'say whether all receipts are those that were written',
    operands: { takes: 'nothing', words: '' },
    options: [
      { name: 'key', value: 'FILE', hint: 'public key (PEM) that must have signed all of them' },
      { name: 'head', value: 'HASH', hint: 'a hash kept elsewhere, which must be in the chain' },
      json,
    ],
    run: async (...given) => (await import('../commands/receipt.ts')).receiptVerify(...given),
  },
  {
    words: ['receipt', 'list'],
    summary: 'list the receipts, oldest first',
    operands: { takes: 'nothing', words: '' },
    options: [json],
    run: async (...given) => (await import('../commands/receipt.ts')).receiptList(...given),
  },
  {
    words: ['receipt', 'show'],
    summary: 'print one receipt',
    operands: { takes: 'one', words: 'NUMBER' },
    options: [],
    run: async (...given) => (await import('../commands/receipt.ts')).receiptShow(...given),
  },
]
