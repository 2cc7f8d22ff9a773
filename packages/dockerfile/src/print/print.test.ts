import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arg,
  cmd,
  comment,
  copy,
  type Dockerfile,
  env,
  heredoc,
  type Instruction,
  inline,
  label,
  mount,
  onbuild,
  print,
  ref,
  run,
  stage,
  stopsignal,
  template,
  user,
  volume,
  workdir,
} from '../index.ts'
import { expand, type Line, read } from './reader.test.ts'

function fileOf(instructions: readonly Instruction[], more: Partial<Dockerfile> = {}): Dockerfile {
  return { args: [], stages: [stage('app', 'scratch', instructions)], ...more }
}

/** What another reader sees of the only instruction. */
function readBack(instruction: Instruction, mark: '\\' | '`' = '\\'): Line {
  const text = print(fileOf([instruction], { directives: { escape: mark } }), ['a header'])
  const lines = read(text)
  expect(lines.map((line) => line.keyword)).toEqual(['FROM', instruction.instruction])
  return lines[1]!
}

// Strings of what has a meaning somewhere in a Dockerfile, a shell, JSON or CSV.
const hostile = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.stringMatching(/^[\\"'`$#<>{}[\]()=,;:&|!*?~%+\-\t aEOF1@/.]{0,24}$/),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a\\',
      '\\',
      '\\\\',
      '# no comment',
      '<<EOF',
      '<<"EOF" x',
      '$HOME',
      '${HOME:-x}',
      '--from=x',
      '["a"]',
      ' padded ',
      '`',
      'a b',
      '\u0085',
      'é',
      '',
    ),
  },
)
const line = hostile.filter((text) => !/[\n\r\0]|\p{Surrogate}/u.test(text))
const anyText = fc
  .array(fc.oneof(line, fc.constantFrom('EOF', 'EOF2', '', '\\', '#!/bin/sh')), { maxLength: 6 })
  .map((lines) => lines.join('\n'))
const escapes = fc.constantFrom('\\' as const, '`' as const)

describe('what is printed is read back as it was given', () => {
  test('values of ENV, LABEL and ARG', () => {
    fc.assert(
      fc.property(line, line, escapes, (a, b, mark) => {
        for (const make of [env, label]) {
          const { words } = readBack(make({ A: a, B: b }), mark)
          expect(words.map((word) => expand(word, {}, mark))).toEqual([`A=${a}`, `B=${b}`])
        }
        const { words } = readBack(arg('A', a), mark)
        expect(words.map((word) => expand(word, {}, mark))).toEqual([`A=${a}`])
      }),
    )
  })

  test('names of LABEL', () => {
    const names = line.filter((name) => name !== '' && !name.includes('='))
    fc.assert(
      fc.property(names, line, (name, value) => {
        const { words } = readBack(label({ [name]: value }))
        expect(words.map((word) => expand(word, {}, '\\'))).toEqual([`${name}=${value}`])
      }),
    )
  })

  test('the one argument of USER, WORKDIR and STOPSIGNAL', () => {
    fc.assert(
      fc.property(line, escapes, (text, mark) => {
        for (const node of [user(text), workdir(`/${text}`), stopsignal(template`${text}`)]) {
          const want = node.instruction === 'WORKDIR' ? `/${text}` : text
          expect(expand(readBack(node, mark).rest, {}, mark)).toBe(want)
        }
      }),
    )
  })

  test('paths of COPY and VOLUME', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 3 }),
        line,
        escapes,
        (from, to, mark) => {
          const { list, heredocs } = readBack(copy(from, to), mark)
          expect(list.map((word) => expand(word, {}, mark))).toEqual([...from, to])
          expect(heredocs).toEqual([])
          const paths = readBack(volume(...from.map((path) => template`${path}`)), mark).list
          expect(paths.map((word) => expand(word, {}, mark))).toEqual(from)
        },
      ),
    )
  })

  test('flags', () => {
    const ascii = line.filter((text) => /^[\t\x20-\x7e]*$/.test(text))
    fc.assert(
      fc.property(ascii, ascii, escapes, (chown, exclude, mark) => {
        const { flags } = readBack(copy(['a'], '/b', { chown, exclude: [exclude] }), mark)
        const [first, second] = flags
        expect(expand(first!, {}, mark)).toBe(`--chown=${chown}`)
        expect(second).toBe(`--exclude=${exclude}`)
      }),
    )
  })

  test('options of mounts', () => {
    const ascii = line.filter((text) => /^[\t\x20-\x7e]*$/.test(text))
    fc.assert(
      fc.property(ascii, ascii, escapes, (id, target, mark) => {
        const node = run('true', { mounts: [mount.cache(target, { id, sharing: 'locked' })] })
        const { flags, rest } = readBack(node, mark)
        expect(rest).toBe('true')
        const fields = splitCsv(flags[0]!.slice('--mount='.length))
        expect(fields.map((field) => expand(field, {}, mark))).toEqual([
          'type=cache',
          `id=${id}`,
          `target=${target}`,
          'sharing=locked',
        ])
      }),
    )
  })

  test('the text of RUN, on one line or as a heredoc', () => {
    const texts = anyText.filter((text) => text.trim() !== '' && !/\\$/.test(text.trim()))
    fc.assert(
      fc.property(texts, escapes, fc.boolean(), (text, mark, mounted) => {
        const mounts = mounted ? [mount.tmpfs('/tmp')] : []
        for (const node of [run(text, { mounts }), onbuild(run(text, { mounts }))]) {
          const [from, line] = read(print(fileOf([node], { directives: { escape: mark } }), []))
          expect(from!.keyword).toBe('FROM')
          const { rest, heredocs, json } = line!
          expect(json).toBe(false)
          const body = heredocs.length === 0 ? rest : heredocs[0]!.content.slice(0, -1)
          expect(body).toBe(text.trim())
        }
      }),
    )
  })

  test('words of the exec form', () => {
    const words = fc.array(fc.oneof(line, anyText), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(words, (argv) => {
        for (const node of [run(argv), cmd(argv)]) {
          const { list, json } = readBack(node)
          expect(json).toBe(true)
          expect(list).toEqual(argv)
        }
      }),
    )
  })

  test('files in heredocs, literal and with variables', () => {
    fc.assert(
      fc.property(anyText, anyText, escapes, (text, replaced, mark) => {
        const dynamic = template`${replaced}${ref('V')}${replaced}`
        const node = copy([inline(text), inline(dynamic)], '/etc/')
        const [first, second] = readBack(node, mark).heredocs
        expect(first!.expand).toBe(false)
        expect(first!.content.replace(/\n$/, '')).toBe(text.replace(/\n$/, ''))
        expect(second!.expand).toBe(true)
        const whole = `${replaced}$$${replaced}`
        const value = expand(second!.content, { V: '$$' }, '\\', { quotes: false })
        expect(value.replace(/\n$/, '')).toBe(whole.replace(/\n$/, ''))
      }),
    )
  })

  test('variables, with text around them and in their defaults', () => {
    fc.assert(
      fc.property(line, line, line, escapes, (before, fallback, after, mark) => {
        const value = template`${before}${ref('V', { default: template`${fallback}${ref('W')}` })}${after}`
        const [word] = readBack(env({ A: value }), mark).words
        expect(expand(word!, { V: '"set"', W: '$' }, mark)).toBe(`A=${before}"set"${after}`)
        expect(expand(word!, { W: '$' }, mark)).toBe(`A=${before}${fallback}$${after}`)
      }),
    )
  })

  test('a comment stays a comment', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, header) => {
        const node = comment(text, run('true'))
        const lines = read(print(fileOf([node], { directives: {} }), header.split('\n')))
        expect(lines.map(({ keyword, rest }) => [keyword, rest])).toEqual([
          ['FROM', 'scratch AS app'],
          ['RUN', 'true'],
        ])
      }),
    )
  })
})

function splitCsv(text: string): string[] {
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )
}

test('a header that looks like a directive stays a comment', () => {
  const text = print(fileOf([]), ['syntax=evil'])
  expect(text).toBe('#\n# syntax=evil\n#\n\nFROM scratch AS app\n')
})

test('directives come first, the description of an ARG follows its name', () => {
  const file = fileOf(
    [
      run(heredoc`
      set -eu
      make
    `),
    ],
    {
      directives: { syntax: 'docker/dockerfile:1', check: { skip: ['UndefinedVar'], error: true } },
      args: [comment('release of Erlang/OTP', arg('OTP', '28'))],
    },
  )
  expect(print(file, ['Made.'])).toBe(`# syntax=docker/dockerfile:1
# check=skip=UndefinedVar;error=true

# Made.
#

# OTP release of Erlang/OTP
ARG OTP=28

FROM scratch AS app
RUN <<EOF
set -eu
make
EOF
`)
})

test('flags that only newer frontends know', () => {
  const file = fileOf([
    copy(['apps/*/src'], './', { parents: true, link: false }),
    run('nvidia-smi', { devices: [{ name: 'nvidia.com/gpu=all', required: true }] }),
    run('mount -t tmpfs none /mnt', { security: 'insecure', network: 'none' }),
  ])
  expect(print(file, [])).toBe(`FROM scratch AS app
COPY --link=false --parents apps/*/src ./
RUN --device=name=nvidia.com/gpu=all,required \\
    nvidia-smi
RUN --network=none \\
    --security=insecure \\
    mount -t tmpfs none /mnt
`)
})
