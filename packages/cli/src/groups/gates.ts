import type { Command } from '../command.ts'
import { json, out, stackFile } from './options.ts'

/** Quality gates, and the baseline of their benchmarks. */
export const gates: readonly Command[] = [
  {
    words: ['gate', 'run'],
    summary: 'run quality gates in containers, and judge what they leave behind',
    operands: { takes: 'any', words: '[NAME…]' },
    options: [
      stackFile,
      out,
      { name: 'base', value: 'REVISION', hint: 'what benchmarks are compared with' },
      { name: 'parallel', value: 'N', hint: 'how many at once. Default: the CPUs of the engine' },
      { name: 'reuse', hint: 'build on green evidence of the same sources that is here already' },
      { name: 'key', value: 'FILE', hint: 'private key (Ed25519, PEM) that signs the receipts' },
      { name: 'set', value: 'SET', hint: 'one set of gates, such as otp27. Default: all of them' },
      { name: 'no-build', hint: 'run in the image that is here, such as a loaded one' },
      { name: 'cache', value: 'DIR', hint: 'folder that PLTs and packages come from and go to' },
      json,
    ],
    run: async (...given) => (await import('../commands/gate-run.ts')).gateRun(...given),
  },
  {
    words: ['gate', 'list'],
    summary: 'show the gates, and what each runs',
    options: [json],
    run: async (...given) => (await import('../commands/gate-list.ts')).gateList(...given),
  },
  {
    words: ['bench', 'record'],
    summary: 'record the counts of the last bench gate as its baseline',
    operands: { takes: 'nothing', words: '' },
    options: [
      { name: 'samples', value: 'FILE', hint: 'default: what the last gate run left' },
      { name: 'set', value: 'SET', hint: 'set of gates, where there are several' },
    ],
    run: async (...given) => (await import('../commands/bench-record.ts')).benchRecord(...given),
  },
]
