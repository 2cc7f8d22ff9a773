import { createHash } from 'node:crypto'
import type { ReceiptFacts } from '../receipt/index.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

/** The facts of a gate run, different for each `n`. */
export function someFacts(n: number, more: Partial<ReceiptFacts> = {}): ReceiptFacts {
  const gates = ['compile', 'eunit', 'ct', 'dialyzer'] as const
  const gate = gates[n % gates.length]!
  return {
    project: 'erlmcp',
    gate,
    service: `erlmcp-${gate}`,
    command: ['rebar3', gate, `--n=${n}`],
    verdict: n % 5 === 4 ? 'failed' : 'passed',
    exit: n % 5 === 4 ? 1 : 0,
    ending: 'exited',
    image: { reference: 'erlmcp:3.0.0', kind: 'image-id', digest: `sha256:${hash('image')}` },
    git: { commit: hash(`commit ${n}`).slice(0, 40), dirty: true, difference: hash(`diff ${n}`) },
    output: { sha256: hash(`output ${n}`), bytes: 100 + n },
    evidence: [{ path: '_build/test/reports/é.xml', sha256: hash(`evidence ${n}`), bytes: n }],
    started: new Date(1_790_000_000_000 + n * 60_000).toISOString(),
    ended: new Date(1_790_000_030_000 + n * 60_000).toISOString(),
    engine: '28.5.2',
    otp: '28.3.1',
    machine: { name: 'ci', os: 'linux', arch: 'x64', cpus: 2 },
    ...more,
  }
}
