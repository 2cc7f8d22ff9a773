import { parse } from 'parse5'
import { describe, expect, test } from 'vitest'
import { failedRun, passedRun } from '../../testing/run.ts'
import { readableTest } from '../run.ts'
import { distribution } from './distribution.ts'
import { markup } from './markup.ts'
import { htmlReport } from './page.ts'

type Node = { nodeName: string; childNodes?: Node[]; attrs?: { name: string; value: string }[] }

function elementsOf(html: string): Node[] {
  const visit = (node: Node): Node[] => [node, ...(node.childNodes ?? []).flatMap(visit)]
  return visit(parse(html) as Node).filter(({ nodeName }) => !nodeName.startsWith('#'))
}

const attribute = (node: Node, name: string) => node.attrs?.find((one) => one.name === name)?.value

test('text is escaped, also in attributes', () => {
  expect(
    markup`<p title="${'" onload="x'}">${['<b>', markup`<i>${1}</i>`, undefined, false]}</p>`,
  ).toEqual({
    html: '<p title="&quot; onload=&quot;x">&lt;b&gt;<i>1</i></p>',
  })
})

describe.each([
  ['passed', passedRun],
  ['failed', failedRun],
  ['empty', { ...passedRun, gates: [] }],
])('a %s run', (_, run) => {
  const html = htmlReport(run)
  const elements = elementsOf(html)

  test('is self-contained, and its policy allows nothing else', () => {
    const names = new Set(elements.map(({ nodeName }) => nodeName))
    for (const name of ['script', 'img', 'iframe', 'object', 'form']) {
      expect(names).not.toContain(name)
    }
    const addresses = elements.flatMap((one) => [attribute(one, 'src'), attribute(one, 'href')])
    for (const address of addresses) expect(address ?? '#').toMatch(/^(#|data:,$)/)
    expect(html).not.toMatch(/url\(|@import/)
    const policy = elements.find((one) => attribute(one, 'http-equiv'))!
    expect(attribute(policy, 'content')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  })

  test('every link has a target, and ids are unique', () => {
    const ids = elements.flatMap((one) => attribute(one, 'id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const links = elements.filter(({ nodeName }) => nodeName === 'a')
    for (const link of links) expect(ids).toContain(attribute(link, 'href')!.slice(1))
    expect(links).toHaveLength(run.gates.length)
  })

  test('pictures have a label, or text beside them', () => {
    const hidden = (html.match(/aria-hidden="true"[^>]*><svg/g) ?? []).length
    const pictures = elements.filter(({ nodeName }) => nodeName === 'svg')
    const labelled = pictures.filter((one) => attribute(one, 'aria-label'))
    expect(labelled.length + hidden).toBe(pictures.length)
  })
})

test('a failed run shows diagnostics, benchmarks and skipped gates', () => {
  const html = htmlReport(failedRun)
  expect(html).toContain('<title>✗ erlmcp: 4 of 7 gates failed, 1 was skipped</title>')
  expect(html).toContain('apps/erlmcp/test/erlmcp_http_tests.erl:48')
  expect(html).toContain('skipped: eunit did not pass')
  expect(html).toContain('<dd>+28.4 %</dd>')
  expect(html).toContain('2 min 11 s one after the other')
  expect(html.indexOf('erlmcp_sup')).toBeLessThan(html.indexOf('erlmcp_config'))
})

describe('details', () => {
  const bench = failedRun.gates.at(-1)!
  const pageOf = (
    change: Partial<(typeof failedRun.gates)[number]>,
    run: Partial<typeof failedRun> = {},
  ) => htmlReport({ ...failedRun, ...run, gates: [{ ...bench, comparisons: [], ...change }] })

  test('measurements without a baseline are one line', () => {
    const [one] = bench.comparisons.filter(({ verdict }) => verdict === 'no-baseline')
    const comparisons = Array.from({ length: 81 }, (_, at) => ({
      ...one!,
      benchmark: `b${at % 27}`,
    }))
    const html = pageOf({ comparisons })
    expect(html.match(/no baseline</g)).toHaveLength(1)
    expect(html).toContain('81 measurements of 27 benchmarks: there is no baseline of this machine')
    expect(html).not.toContain('<article class="card"><div class="top">')
  })

  test('uncovered lines have file and range', () => {
    const module = { module: 'shop', file: 'src/shop.erl', covered: 2, lines: 7 }
    const coverage = { covered: 2, lines: 7, modules: [{ ...module, missed: [3, 4, 5, 9, 11] }] }
    expect(pageOf({ coverage })).toContain('<code>src/shop.erl:3–5, 9, 11</code>')
  })

  test('headings have no repetition', () => {
    const coverage = { covered: 1, lines: 1, modules: [] }
    const titles = (name: string) =>
      [...pageOf({ name, coverage, comparisons: bench.comparisons }).matchAll(/<h2>(.*?)<\/h2>/g)]
        .map(([, title]) => title!.replace(/<[^>]*>/g, ''))
        .filter((title) => /Coverage|Benchmarks/.test(title))
    expect(titles('coverage')).toEqual(['Coverage', 'Benchmarks of coverage'])
    expect(titles('otp27/bench')).toEqual(['Coverage of otp27/bench', 'Benchmarks of otp27'])
  })

  test('digests are short, as in docker', () => {
    const html = pageOf({}, { image: `shop:1@sha256:${'ab'.repeat(32)}` })
    expect(html).toContain('<code>shop:1@sha256:abababababab</code>')
  })

  test.each([
    ['-parse_test_/0-fun-3- (an empty body)', 'parse_test_: an empty body'],
    ['-parse_test_/0-fun-0-', 'parse_test_ #1'],
    ['-all_test_/0-lc$^0/1-2-', 'all_test_ #3'],
    ['add_test', 'add_test'],
    ['-odd', '-odd'],
  ])('the test %s is %s', (name, shown) => expect(readableTest(name)).toBe(shown))
})

test('equal samples are a line', () => {
  expect(distribution([3, 3, 3])).toEqual({ median: 3, density: [] })
  expect(distribution([7])).toEqual({ median: 7, density: [] })
  const bench = failedRun.gates.at(-1)!
  const odd = { ...bench.comparisons[0]!, base: [], head: [Number.NaN, Number.POSITIVE_INFINITY] }
  const html = htmlReport({ ...failedRun, gates: [{ ...bench, comparisons: [odd] }] })
  expect(html).not.toMatch(/NaN|Infinity/)
})

test('the density is highest where most samples are', () => {
  const { median, density } = distribution([1, 2, 2, 2, 2, 3, 9])
  expect(median).toBe(2)
  const highest = density.reduce((a, b) => (b.height > a.height ? b : a))
  expect(highest.at).toBeGreaterThan(1.5)
  expect(highest.at).toBeLessThan(2.5)
  expect(highest.height).toBe(1)
})

test('a page with a hundred thousand samples and thousands of tests opens', () => {
  const bench = failedRun.gates.at(-1)!
  const many = Array.from({ length: 100_000 }, (_, at) => at)
  const module = (at: number) => ({ module: `m${at}`, covered: at % 10, lines: 10 })
  const result = {
    ...bench,
    comparisons: [{ ...bench.comparisons[0]!, base: many, head: many }],
    coverage: {
      covered: 1,
      lines: 2,
      modules: Array.from({ length: 3_000 }, (_, at) => module(at)),
    },
    tests: Array.from({ length: 20_000 }, (_, at) => ({
      ...failedRun.gates[1]!.tests[5]!,
      name: `case_${at}`,
    })),
  }
  expect(htmlReport({ ...failedRun, gates: [result] }).length).toBeLessThan(2_500_000)
})
