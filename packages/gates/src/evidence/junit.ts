import type { SaxesAttributePlain, SaxesTagPlain } from 'saxes'
import type { EvidenceFile } from '../reading.ts'
import { Unreadable } from './guarded.ts'

/** A test as a JUnit report has it. */
export interface JunitCase {
  readonly suite: string
  readonly name: string
  /** Common Test's group. */
  readonly group: string | undefined
  /** Seconds. */
  readonly time: number
  readonly file: string | undefined
  readonly line: number | undefined
  /** What is in it besides output; none in a test that passed. */
  readonly marks: readonly JunitMark[]
}

export interface JunitMark {
  readonly element: 'failure' | 'error' | 'skipped'
  readonly type: string
  readonly text: string
}

/** A suite, when its end is reached. */
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

// Which elements an element may have. Anything else is no report that this can judge.
const children: Readonly<Record<string, readonly string[]>> = {
  '': ['testsuites', 'testsuite'],
  testsuites: ['testsuite', 'properties'],
  testsuite: ['testcase', 'properties', ...output],
  testcase: [...marks, ...output, 'properties'],
  properties: ['property'],
}

/** Characters that may lie between two tags, but for the output of tests, which is not kept. */
const longestNode = 4_000_000
/** Characters that are kept of what a tool says about a test. */
const longestMark = 65_536
const pieceLength = 65_536

/**
 * Reads a JUnit report as it comes. What is held is one test, whatever the size of the file.
 *
 * @throws Unreadable for what is not well-formed XML, or not a report
 */
export async function readJunit(file: EvidenceFile, events: JunitEvents): Promise<void> {
  // Only a run reads reports: a stack, which makes readers, need not wait for it.
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser({ xmlns: false })
  const way: string[] = []
  let suite: { name: string; attributes: SaxesAttributes } | undefined
  let current: (Omit<JunitCase, 'marks'> & { marks: JunitMark[] }) | undefined
  let text = ''
  let lastTag = 0
  const collect = (piece: string) => {
    if (text.length < longestMark) text += piece.slice(0, longestMark - text.length)
  }

  parser.on('error', (error) => {
    throw new Unreadable(`it is not well-formed XML: ${error.message}`)
  })
  parser.on('doctype', () => {
    throw new Unreadable('it has a document type, and no report has one')
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const parent = way.at(-1) ?? ''
    if (!children[parent]?.includes(name)) {
      throw new Unreadable(`<${name}> ${parent ? `in <${parent}>` : 'is its root'}: not a report`)
    }
    way.push(name)
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
    way.pop()
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
    const inOutput = output.includes(way.at(-1) ?? '')
    if (!inOutput && parser.position - lastTag > longestNode) {
      throw new Unreadable(`more than ${longestNode} characters between two tags`)
    }
  }
  if (parser.position === 0) throw new Unreadable('it is empty')
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
    throw error instanceof TypeError ? new Unreadable('it is not UTF-8') : error
  }
}

function caseOf(suite: string, attributes: SaxesAttributes) {
  const { name, group, file, line } = attributes
  if (!name) throw new Unreadable('a <testcase> has no name')
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

function numberOf(name: string, text: string, shape: RegExp): number {
  if (!shape.test(text)) throw new Unreadable(`${name}="${text.slice(0, 40)}" is no number`)
  return Number(text)
}
