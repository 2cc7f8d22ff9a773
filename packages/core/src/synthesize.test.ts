import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Document, RuleContext } from './document.ts'
import { check, isolatedContext, severityOf } from './lint/check.ts'
import { compareDiagnostics, type Diagnostic } from './lint/diagnostic.ts'
import { ORIGIN, originOf } from './origin.ts'
import { textFile, textFormat } from './print/text.ts'
import { yamlFormat } from './print/yaml.ts'
import type { SecretFile } from './secret/secret.ts'
import { isStack, stack } from './stack.ts'
import { synthesize } from './synthesize.ts'
import { brittle, glass, type House, houses } from './testing/brittle.ts'
import { emptyFolder } from './testing/tree.ts'

function of(documents: Document[], secrets: SecretFile[] = [], root?: string) {
  const source = { documents: () => documents, secrets: () => secrets }
  return synthesize(stack('test', [source]), root === undefined ? {} : { root })
}

describe('documents', () => {
  test('become artifacts in the order of their paths, with a header that names the source', () => {
    const source = { documents: () => [textFile('b', '1'), textFile('a', '2', { comment: '#' })] }
    const { artifacts } = synthesize(stack('test', [source]), { source: 'stack.mts' })
    expect(artifacts.map(({ path, text, mode }) => [path, text, mode])).toEqual([
      [
        'a',
        '# Made by erlmcp from stack.mts. Do not edit:\n# change that file and run `npx erlmcp synth`.\n2\n',
        0o644,
      ],
      ['b', '1\n', 0o644],
    ])
  })

  test('that cannot be printed are said with the file, the key and the line', () => {
    function house(parts: object) {
      return { parts, [ORIGIN]: originOf(house) }
    }
    const document = { path: 'house.yaml', format: yamlFormat, data: house({ since: new Date(0) }) }
    expect(() => of([document])).toThrow(
      /synthesize\.test\.ts:\d+:\d+: house\.yaml: parts\.since: a Date cannot be printed/,
    )
  })

  test('know the stack that they are made for', () => {
    const source = { documents: ({ stack }: { stack: string }) => [textFile('name', stack)] }
    expect(synthesize(stack('shop', [source])).artifacts[0]!.text).toBe('shop\n')
  })

  test('a source name cannot leave the comment it is printed in', () => {
    const source = { documents: () => [textFile('a', 'x', { comment: '#' })] }
    const { artifacts } = synthesize(stack('test', [source]), { source: 'a\nRUN evil.ts' })
    expect(artifacts[0]!.text).not.toMatch(/^RUN/m)
  })

  test('of one path are merged where the format can', () => {
    const { artifacts } = of([
      brittle('house', { parts: { door: 'wood' } }),
      brittle('./house', { parts: { roof: 'straw' } }),
    ])
    expect(artifacts.map(({ path }) => path)).toEqual(['house'])
    expect(artifacts[0]!.text).toContain('door: wood\nroof: straw\n')
  })

  test('of one path that are equal are one, and that differ are a mistake', () => {
    expect(of([textFile('a', '1'), textFile('a', '1')]).artifacts).toHaveLength(1)
    expect(() => of([textFile('a', '1'), textFile('a', '2')])).toThrow(
      'two different files want the path a',
    )
    expect(() => of([textFile('a', '1'), textFile('a', '1', { mode: 0o755 })])).toThrow(
      'two different',
    )
    expect(() => of([textFile('a', '1'), brittle('a', { parts: {} })])).toThrow('two different')
  })

  test.each(['../a', '/a', 'a/../..', 'C:\\a', '..\\a', ''])(
    'outside of the project are refused: %j',
    (path) => {
      expect(() => of([textFile(path, '')])).toThrow('is not inside the project')
    },
  )

  test('that collide on some machines are refused on all', () => {
    expect(() => of([textFile('a', ''), textFile('A', '')])).toThrow('cannot both be there')
  })
})

describe('secrets', () => {
  const cookie = (readers: number[], bytes = 32): SecretFile => ({
    path: 'secrets/cookie',
    recipe: { kind: 'random', bytes, encoding: 'hex' },
    readers,
  })

  test('of one file are one, read by everybody who reads it', () => {
    const { secrets } = of([], [cookie([1000, 5]), cookie([70, 5])])
    expect(secrets).toMatchObject([{ path: 'secrets/cookie', readers: [5, 70, 1000] }])
  })

  test('of one file that are made in different ways are a mistake', () => {
    expect(() => of([], [cookie([1]), cookie([1], 16)])).toThrow('made in different ways')
  })

  test('do not share their file with a document', () => {
    const both = () => of([textFile('secrets/cookie', 'mine')], [cookie([1])])
    expect(both).toThrow('two files want the path secrets/cookie')
  })

  test('do not close the project or the folder of other files', () => {
    const at = (path: string) => () =>
      of([textFile('config/app/x', '')], [{ ...cookie([1]), path }])
    expect(at('cookie')).toThrow('would lie in the folder of the project itself')
    expect(at('config/cookie')).toThrow('would lie beside config/app/x')
    expect(at('config/secrets/cookie')).not.toThrow()
    const ignored = textFile('secrets/.gitignore', '*')
    expect(() => of([ignored], [cookie([1])])).not.toThrow()
  })

  test.each([
    ['src/cookie', 'src/app.erl', true],
    ['config/cookie', 'config/prod', true],
    ['src/secrets/cookie', 'src/secrets/store.erl', true],
    ['docker/cookie', 'docker/Dockerfile', true],
    ['secrets/cookie', 'secrets/old-password', false],
    ['secrets/cookie', 'secrets/README.md', false],
    ['private/cookie', 'private/.gitkeep', false],
  ])('%s beside %s of the project is refused: %s', (path, beside, isRefused) => {
    const root = emptyFolder()
    mkdirSync(join(root, dirname(beside)), { recursive: true })
    if (beside === 'config/prod') mkdirSync(join(root, beside))
    else writeFileSync(join(root, beside), '')
    const source = { documents: () => [], secrets: () => [{ ...cookie([1]), path }] }
    const created = () => synthesize(stack('shop', [source]), { root })
    if (isRefused) expect(created).toThrow(`the secret ${path} would lie beside ${beside}`)
    else expect(created).not.toThrow()
    // A folder that is ignored as a whole was given to secrets before.
    writeFileSync(join(root, dirname(path), '.gitignore'), '*\n!.gitignore\n')
    expect(created).not.toThrow()
  })

  test('outside of the project are refused', () => {
    expect(() => of([], [{ ...cookie([1]), path: '/run/secrets/cookie' }])).toThrow('not inside')
  })
})

describe('a rule', () => {
  test('finds at the line that made the node, or else names the printed file', () => {
    function house(parts: Record<string, string>) {
      return { parts, [ORIGIN]: originOf(house) }
    }
    const [found] = check(brittle('house', house({ door: 'glass' })))
    expect(found).toMatchObject({
      rule: 'brittle/glass',
      severity: 'error',
      message: 'the door is of glass',
      hint: 'Use wood.',
      file: import.meta.filename,
      document: 'house',
      path: ['parts', 'door'],
    })
    const [bare] = check(brittle('house', glass.bad))
    expect(bare).toMatchObject({ file: 'house' })
    expect(bare).not.toHaveProperty('line')
  })

  test('sees nothing where a path cannot lead, and does not fall over it', () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'file'), '')
    symlinkSync('loop', join(root, 'loop'))
    const kinds: unknown[] = []
    const rule = {
      ...glass,
      check(_: unknown, { exists }: RuleContext) {
        for (const path of ['file/x', 'loop/x', 'x'.repeat(5000), 'x\0y']) kinds.push(exists(path))
        return []
      },
    }
    const format = { ...textFormat, rules: [rule as never] }
    of([{ ...textFile('a', ''), format } as Document], [], root)
    expect(kinds).toEqual(['none', 'none', 'none', 'none'])
  })

  test('that applies to features skips the documents without them', () => {
    const format = {
      ...houses,
      rules: [{ ...glass, appliesTo: ['door', 'window'] }],
      features: ({ data }: Document<House>) => new Set(Object.keys(data.parts)),
    }
    const house = (parts: House['parts']) => ({ ...brittle('house', { parts }), format })
    expect(of([house({ door: 'wood', roof: 'glass' })]).diagnostics).toHaveLength(1)
    expect(of([house({ roof: 'glass' })]).diagnostics).toEqual([])
    // Without `features` or `appliesTo` a rule judges every document.
    expect(of([brittle('house', { parts: { roof: 'glass' } })]).diagnostics).toHaveLength(1)
    const always = { ...format, rules: [glass] }
    const roof = brittle('house', { parts: { roof: 'glass' } })
    expect(of([{ ...roof, format: always }]).diagnostics).toHaveLength(1)
  })

  test('asks a parsed document for its places', () => {
    const place = { file: 'house', line: 3, column: 7 }
    expect(check({ ...brittle('house', glass.bad), locate: () => place })).toMatchObject([place])
  })

  test.each([
    ['invalid', 'error'],
    ['breaks', 'error'],
    ['insecure', 'warning'],
    ['wasteful', 'warning'],
    ['deprecated', 'warning'],
  ] as const)('of kind %s has severity %s, unless it says otherwise', (kind, severity) => {
    const rule = { ...glass, kind } as Parameters<typeof severityOf>[0]
    expect(severityOf(rule)).toBe(severity)
    expect(severityOf({ ...rule, severity: 'note' })).toBe('note')
  })

  test('sees the files of the stack, the secrets and the project', () => {
    const seen: RuleContext[] = []
    const rule = {
      ...glass,
      check(_: unknown, around: RuleContext) {
        seen.push(around)
        return []
      },
    }
    const format = { ...textFormat, rules: [rule as never] }
    const root = emptyFolder()
    writeFileSync(join(root, 'there'), '')
    mkdirSync(join(root, 'folder'))
    const secret = {
      path: 'secrets/a',
      recipe: { kind: 'random', bytes: 8, encoding: 'hex' },
      readers: [],
    } as const
    of([{ ...textFile('made/deep/file', ''), format } as Document], [secret], root)
    const [around] = seen
    const kinds = ['made/deep/file', './made/deep', 'made/', 'there', 'folder', 'nowhere', '.'].map(
      around!.exists,
    )
    expect(kinds).toEqual([
      'file',
      'directory',
      'directory',
      'file',
      'directory',
      'none',
      'directory',
    ])
    expect([around!.isSecret('./secrets/a'), around!.isSecret('there')]).toEqual([true, false])
    expect(isolatedContext(textFile('a', '')).exists('there')).toBeUndefined()
  })
})

test('diagnostics are shown errors first, then by place, then by rule', () => {
  const diagnostic = (
    severity: Diagnostic['severity'],
    file: string,
    line?: number,
    rule = 'a/a',
  ): Diagnostic => ({
    rule,
    kind: 'breaks',
    severity,
    message: '',
    file,
    hint: '',
    document: '',
    path: [],
    ...(line !== undefined && { line }),
  })
  const right = [
    diagnostic('error', 'a'),
    diagnostic('error', 'a', 2, 'a/a'),
    diagnostic('error', 'a', 2, 'a/b'),
    diagnostic('error', 'a', 10),
    diagnostic('error', 'b', 1),
    diagnostic('warning', 'a', 1),
    diagnostic('note', 'a', 1),
  ]
  expect([...right].reverse().sort(compareDiagnostics)).toEqual(right)
})

describe('a text file', () => {
  const header = ['Made by us']
  test.each([
    ['without a comment mark has no header', { text: 'a' }, 'a\n'],
    ['has its header first', { text: 'a\n', comment: '%%' }, '%% Made by us\na\n'],
    [
      'a script keeps its first line',
      { text: '#!/bin/sh\na\n', comment: '#' },
      '#!/bin/sh\n# Made by us\na\n',
    ],
    ['that is empty stays empty', { text: '' }, ''],
  ] as const)('%s', (_name, file, text) => {
    expect(textFormat.print(file, header)).toBe(text)
  })
})

describe('a stack', () => {
  test.each(['Shop', '-a', 'a b', ''])('of the name %j is refused', (name) => {
    expect(() => stack(name, [])).toThrow(/cannot name a Compose project/)
  })

  test('is known by what it is, also when another copy of the package made it', () => {
    expect(isStack(JSON.parse(JSON.stringify(stack('a', []))))).toBe(true)
    expect([undefined, null, 7, {}, 'stack'].some(isStack)).toBe(false)
  })
})
