import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { parse, parseFragment } from 'parse5'
import { SaxesParser } from 'saxes'
import { expect, test } from 'vitest'
import { hostileRun } from '../testing/run.ts'
import { annotations } from './annotations.ts'
import { htmlReport } from './html/page.ts'
import { jsonReport } from './json.ts'
import { junitXml } from './junit-xml.ts'
import { sarif } from './sarif.ts'
import { stepSummary } from './step-summary.ts'
import { terminalSummary } from './terminal.ts'

// Text with a meaning in one of the formats, and any other text.
const piece = fc.constantFrom(
  ...[
    '<script>alert(1)</script>',
    '</pre>',
    '<!--',
    '-->',
    ']]>',
    '<![CDATA[',
    '&lt;',
    '&#x1b;',
    '"',
    "'",
  ],
  ...[
    '|',
    '`',
    '```\n',
    '**',
    '](',
    '[x](javascript:1)',
    '![x](y)',
    '\n\n# h',
    '\n- ',
    '\n',
    '\r',
    '\t',
    '    ',
  ],
  ...[
    '::error::',
    '##[error]',
    '%0A',
    ',',
    ':',
    '@user',
    '#1',
    'https://x.example',
    'www.x.example',
    'a@x.example',
    '\\',
  ],
  ...[
    '\x00',
    '\x07',
    '\x1b[2J',
    '\x1b]0;t\x07',
    '\x9b31m',
    '\x7f',
    '\u202e',
    '\u2066',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '\ud800',
    '\udc00',
    '\uffff',
    '\ufffe',
    '{0}',
    '${{ x }}',
    '<details>',
    '</details>',
    '<td>',
    '--',
  ],
)
const hostile = fc
  .array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 6 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((pieces) => `x${pieces.join('')}x`)

const holds = (check: (text: string) => void, numRuns = rounds(300)) =>
  fc.assert(
    fc.property(hostile, (text) => {
      check(text)
    }),
    { numRuns },
  )

// Control characters, invisible characters, and changes of direction.
const controls = /[^\P{C}\n\t]|[\u2028\u2029]/u

test('terminal: no control sequence but colours', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about these
  const own = /\x1b\[\d+m/g
  holds((text) => {
    for (const columns of [40, 120]) {
      const shown = terminalSummary(hostileRun(text), { color: true, columns })
      expect(shown.replace(own, '')).not.toMatch(controls)
      // Workflow commands in the log of a GitHub job.
      const plain = terminalSummary(hostileRun(text), { color: false, columns })
      expect(plain).not.toMatch(/^\s*::|##\[/m)
    }
  })
})

/** The elements and attributes of a document, without their texts. */
function structureOfXml(xml: string): string[] {
  const found: string[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    found.push(`${name} ${Object.keys(attributes)}`)
  })
  parser.on('closetag', ({ name }) => {
    found.push(`/${name}`)
  })
  parser.write(xml).close()
  return found
}

test('JUnit XML: well-formed with the same elements', () => {
  const plain = structureOfXml(junitXml(hostileRun('x')))
  holds((text) => expect(structureOfXml(junitXml(hostileRun(text)))).toEqual(plain))
})

type Node = { nodeName: string; childNodes?: Node[]; attrs?: { name: string; value: string }[] }

function structureOf(root: Node): string[] {
  const found: string[] = []
  const visit = (node: Node) => {
    if (node.nodeName === '#text') return
    found.push(`${node.nodeName} ${(node.attrs ?? []).map(({ name }) => name)}`)
    node.childNodes?.forEach(visit)
    found.push('/')
  }
  visit(root)
  return found
}

const structureOfHtml = (html: string) => structureOf(parseFragment(html) as Node)

const rendered = (markdown: string) =>
  micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })

test('step summary: the same elements for any text', () => {
  const plain = structureOfHtml(rendered(stepSummary(hostileRun('x'))))
  expect(plain.filter((tag) => tag.startsWith('table'))).toHaveLength(3)
  holds((text) => {
    const markdown = stepSummary(hostileRun(text))
    expect(markdown).not.toMatch(controls)
    expect(structureOfHtml(rendered(markdown))).toEqual(plain)
  }, 100)
})

test('HTML: the same elements and attributes for any text', () => {
  const structure = (text: string) => structureOf(parse(htmlReport(hostileRun(text))) as Node)
  const plain = structure('x')
  expect(plain.join()).not.toContain('script')
  holds((text) => {
    expect(htmlReport(hostileRun(text))).not.toMatch(controls)
    expect(structure(text)).toEqual(plain)
  }, 60)
})

test('annotations: one command each, with the same properties', () => {
  holds((text) => {
    const lines = annotations(hostileRun(text))
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line).not.toMatch(/[\n\r]/)
      const [, properties] = /^::error ([^:]*)::/.exec(line)!
      const names = properties!.split(',').map((one) => one.split('=')[0])
      expect([['file', 'line', 'col', 'title'], ['title']]).toContainEqual(names)
    }
  })
})

test('SARIF: URIs are valid, and no text is a link', () => {
  holds((text) => {
    const log = JSON.stringify(sarif(hostileRun(text)))
    for (const [, message] of log.matchAll(/"text":"([^"]*)"/g)) expect(message).not.toContain('](')
    for (const [, uri] of log.matchAll(/"uri":"([^"]*)"/g)) expect(uri).toMatch(/^[\w.~%!'()*/-]+$/)
  })
})

test('JSON: any text is unchanged', () => {
  holds((text) => {
    const report = JSON.parse(jsonReport(hostileRun(text)))
    expect(report.gates[0].diagnostics[0].message).toBe(text)
  })
})
