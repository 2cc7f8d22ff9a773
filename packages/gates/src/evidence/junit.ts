import type { SaxesAttributePlain, SaxesTagPlain } from 'saxes'
import type { EvidenceFile } from './report.ts'
import { ReportParseError } from './report-errors.ts'

/** A test of a JUnit report. */
export interface JunitCase {
  readonly suite: string
  readonly name: string
  /** Common Test's group. */
  readonly group: string | undefined
  /** Seconds. */
  readonly time: number
  readonly file: string | undefined
  readonly line: number | undefined
  /** Empty for a test that passed. */
  readonly marks: readonly JunitMark[]
}

export interface JunitMark {
  readonly element: 'failure' | 'error' | 'skipped'
  readonly type: string
  readonly text: string
}

/** A suite, at its end. */
export interface JunitSuite {
  readonly name: string
  readonly counters: Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>>
}

export interface JunitEvents {
  onCase(one: JunitCase): void
  onSuite(one: JunitSuite): void
}

const marks = ['failure', 'error', 'skipped']
const output = ['system-out', 'system-err']

// Elements by parent. A document with any other element is not a report.
const children: Readonly<Record<string, readonly string[]>> = {
  '': ['testsuites', 'testsuite'],
  testsuites: ['testsuite', 'properties'],
  testsuite: ['testcase', 'properties', ...output],
  testcase: [...marks, ...output, 'properties'],
  properties: ['property'],
}

/** Characters between two tags, except in the output of tests, which is not kept. */
const maxNode = 4_000_000
/** Characters kept of a failure. */
const maxMark = 65_536
const pieceLength = 65_536

/**
 * Reads a JUnit report as it comes. What is held is one test, whatever the size of the file.
 *
 * @throws Unreadable for what is not well-formed XML, or not a report
 */
export async function readJunit(file: EvidenceFile, events: JunitEvents): Promise<void> {
  // Imported here, so that a stack, which only creates readers, does not load it.
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser({ xmlns: false })
  const open: string[] = []
  let suite: { name: string; attributes: SaxesAttributes } | undefined
  let current: (Omit<JunitCase, 'marks'> & { marks: JunitMark[] }) | undefined
  let text = ''
  let lastTag = 0
  const collect = (piece: string) => {
    if (text.length < maxMark) text += piece.slice(0, maxMark - text.length)
  }

  parser.on('error', (error) => {
    throw new ReportParseError(`malformed XML: ${error.message}`)
  })
  parser.on('doctype', () => {
    throw new ReportParseError('unexpected document type')
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const parent = open.at(-1) ?? ''
    if (!children[parent]?.includes(name)) {
      throw new ReportParseError(
        `unexpected <${name}> ${parent ? `in <${parent}>` : 'as root'}: not a JUnit report`,
      )
    }
    open.push(name)
    lastTag = parser.position
    if (name === 'testsuite') suite = { name: attributes.name ?? '', attributes }
    if (name === 'testcase') current = caseOf(suite!.name, attributes)
    if (marks.includes(name)) {
      text = ''
      parser.on('text', collect)
      parser.on('cdata', collect)
    }
  })
  parser.on('closetag', ({ name, attributes }: SaxesTagPlain) => {
    open.pop()
    lastTag = parser.position
    if (marks.includes(name)) {
      parser.off('text')
      parser.off('cdata')
      const element = name as JunitMark['element']
      current!.marks.push({ element, type: attributes.type ?? '', text: text.trim() })
    }
    if (name === 'testcase') events.onCase(current!)
    if (name === 'testsuite') {
      events.onSuite({ name: suite!.name, counters: countersOf(suite!.attributes) })
    }
  })

  for await (const piece of decoded(file)) {
    parser.write(piece)
    const inOutput = output.includes(open.at(-1) ?? '')
    if (!inOutput && parser.position - lastTag > maxNode) {
      throw new ReportParseError(`more than ${maxNode} characters between two tags`)
    }
  }
  if (parser.position === 0) throw new ReportParseError('empty file')
  parser.close()
}

type SaxesAttributes = Record<string, SaxesAttributePlain['value']>

async function* decoded(file: EvidenceFile): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of file.chunks()) {
      for (let at = 0; at < chunk.length; at += pieceLength) {
        yield decoder.decode(chunk.subarray(at, at + pieceLength), { stream: true })
      }
    }
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? new ReportParseError('invalid UTF-8') : error
  }
}

function caseOf(suite: string, attributes: SaxesAttributes) {
  const { name, group, file, line } = attributes
  if (!name) throw new ReportParseError('<testcase> without a name')
  return {
    suite,
    name,
    group: group || undefined,
    time: numberOf('time', attributes.time ?? '0', /^\d{1,12}(\.\d{1,12})?$/),
    file: file || undefined,
    line: line === undefined ? undefined : numberOf('line', line, /^\d{1,9}$/),
    marks: [],
  }
}

function countersOf(attributes: SaxesAttributes): JunitSuite['counters'] {
  const counter = (name: string) => numberOf(name, attributes[name] ?? '', /^\d{1,9}$/)
  return {
    tests: counter('tests'),
    failures: counter('failures'),
    errors: counter('errors'),
    skipped: counter('skipped'),
  }
}

function numberOf(name: string, text: string, format: RegExp): number {
  if (!format.test(text))
    throw new ReportParseError(`${name}="${text.slice(0, 40)}" is not a number`)
  return Number(text)
}
