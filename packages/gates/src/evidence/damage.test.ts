import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidence, fixture } from '../testing/evidence.ts'
import { commonTest } from './common-test.ts'
import { compilerOutput } from './compiler-output.ts'
import { cover } from './cover.ts'
import { dialyzer } from './dialyzer.ts'
import type { Reader, Report } from './report.ts'
import { surefire } from './surefire.ts'
import { xref } from './xref.ts'

interface Sample {
  readonly name: string
  readonly reader: Reader
  readonly path: string
  readonly content: Buffer
  readonly output: Buffer
}

const samples: readonly Sample[] = [
  {
    name: 'EUnit',
    reader: surefire('r'),
    path: 'r/TEST-a.xml',
    content: fixture('eunit/green.xml'),
    output: fixture('eunit/green.txt'),
  },
  {
    name: 'Common Test',
    reader: commonTest('l'),
    path: 'l/junit_report.xml',
    content: fixture('ct/green.xml'),
    output: fixture('ct/green.txt'),
  },
  {
    name: 'cover',
    reader: cover('c', { threshold: 0.6 }),
    path: 'c/eunit.coverdata',
    content: fixture('cover/eunit.coverdata'),
    output: fixture('cover/output.txt'),
  },
]

/** What a report says as a whole. */
const meaning = ({ counts, coverage }: Report) => [counts, coverage?.covered, coverage?.lines]

const read = (sample: Sample, content: Uint8Array, chunk?: number) =>
  sample.reader.read(evidence({ [sample.path]: content }, sample.output, chunk))

describe.each(samples)('$name', (sample) => {
  test('passes unchanged', async () => {
    const { diagnostics } = await read(sample, sample.content)
    expect(diagnostics).toEqual([])
  })

  test('gives the same report in any chunks', async () => {
    const whole = await read(sample, sample.content)
    for (const chunk of [1, 2, 3, 7, 64]) {
      expect(await read(sample, sample.content, chunk)).toEqual(whole)
    }
  })

  test('truncated anywhere, it fails or gives the same report', async () => {
    const whole = meaning(await read(sample, sample.content))
    for (let length = 0; length < sample.content.length; length += 1) {
      const report = await read(sample, sample.content.subarray(0, length))
      if (report.diagnostics.length === 0) expect(meaning(report)).toEqual(whole)
    }
  })

  test('damaged anywhere, it fails or gives the same report, and never throws', async () => {
    const whole = meaning(await read(sample, sample.content))
    const place = fc.nat(sample.content.length - 1)
    const damage = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = Buffer.from(sample.content)
        for (const [at, byte] of changes) damaged[at] = byte
        const report = await read(sample, damaged)
        if (report.diagnostics.length === 0) expect(meaning(report)).toEqual(whole)
      }),
      { numRuns: rounds(1500) },
    )
  })
})

const path = 'x/a.xml'
const readers = [
  surefire('x/a.xml'),
  commonTest('x/a.xml'),
  cover('x/a.xml', { threshold: 0.1 }),
  dialyzer('x/a.xml'),
  xref(),
  compilerOutput(),
]

test.each(readers)(
  '$name: whatever it reads, it never throws, and rubbish is never green',
  async (reader) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1 }),
        fc.uint8Array(),
        async (content, output) => {
          const { diagnostics } = await reader.read(evidence({ [path]: content }, output))
          const blank = /^\s*$/.test(Buffer.from(content).toString())
          if (reader.name !== 'dialyzer' || !blank) expect(diagnostics).not.toEqual([])
        },
      ),
      { numRuns: rounds(400) },
    )
  },
)

test.each(readers)('$name: evidence that breaks while it is read is unreadable', async (reader) => {
  const broken = {
    path,
    // biome-ignore lint/correctness/useYield: it breaks before its first piece
    *chunks(): Iterable<Uint8Array> {
      throw new Error('connection lost')
    },
  }
  const { diagnostics } = await reader.read({ files: [broken], output: broken, root: '/workspace' })
  expect(diagnostics).toMatchObject([
    { kind: 'report-invalid', message: expect.stringContaining('connection lost') },
  ])
})
