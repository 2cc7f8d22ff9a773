import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ORIGIN, originOf, stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPathError } from './file/directory.ts'
import { initSecrets } from './init-secrets.ts'
import {
  isRoot,
  me,
  mode,
  problem,
  project,
  random,
  reader,
  status,
  tls,
} from './testing/secrets.ts'

describe('a secret that is missing', () => {
  test('is made: as many random bytes as asked for, in their alphabet, no line end', async () => {
    const root = project()
    const report = await initSecrets(root, [
      random('secrets/erlang-cookie', [reader]),
      {
        path: 'secrets/password',
        recipe: { kind: 'random', bytes: 24, encoding: 'base64url' },
        readers: [reader],
      },
    ])
    expect(report).toEqual({
      ok: true,
      closed: [],
      secrets: [
        { path: 'secrets/erlang-cookie', status: 'created', access: `0400, user ${reader}` },
        { path: 'secrets/password', status: 'created', access: `0400, user ${reader}` },
      ],
    })
    expect(readFileSync(join(root, 'secrets/erlang-cookie'), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
    expect(readFileSync(join(root, 'secrets/password'), 'utf8')).toMatch(/^[\w-]{32}$/)
    expect(readdirSync(join(root, 'secrets')).sort()).toEqual(['erlang-cookie', 'password'])
  })

  test('lies in a directory that only its owner enters, also one that was checked out', async () => {
    const root = project()
    mkdirSync(join(root, 'secrets'), { mode: 0o755 })
    writeFileSync(join(root, 'secrets/.gitignore'), '*\n')
    const report = await initSecrets(root, [random('secrets/a'), random('deploy/secrets/b')])
    expect(report.closed).toEqual(['secrets'])
    expect(mode(join(root, 'secrets'))).toBe('700')
    expect(mode(join(root, 'deploy/secrets'))).toBe('700')
  })

  test('is readable for each of several readers', async () => {
    const root = project()
    // The same path from two files of the stack.
    const report = await initSecrets(root, [
      random('secrets/a', [999]),
      random('secrets/a', [1000]),
    ])
    expect(report.secrets).toHaveLength(1)
    expect(report.secrets[0]).toMatchObject({
      access: '0444 in a closed directory, users 999, 1000',
    })
    expect(mode(join(root, 'secrets/a'))).toBe('444')
    expect(mode(join(root, 'secrets'))).toBe('700')
  })

  test('belongs to the user alone when no container reads it', async () => {
    const root = project()
    await initSecrets(root, tls)
    expect(mode(join(root, 'secrets/tls-ca-key'))).toBe('400')
    expect(statSync(join(root, 'secrets/tls-ca-key')).uid).toBe(me)
  })

  test('leaves no trace of a run that was killed, but spares one that is still at it', async () => {
    const root = project()
    await initSecrets(root, [random('secrets/a')])
    const left = join(root, 'secrets/.erlmcp-0123456789abcdef.unfinished')
    const recent = join(root, 'secrets/.erlmcp-fedcba9876543210.unfinished')
    for (const path of [left, recent]) writeFileSync(path, 'half')
    utimesSync(left, new Date(), Date.now() / 1000 - 61)
    await initSecrets(root, [random('secrets/a')])
    expect([existsSync(left), existsSync(recent)]).toEqual([false, true])
  })
})

describe('a secret that exists', () => {
  test('is kept, whatever it holds', async () => {
    const root = project()
    const secrets = [
      random('secrets/a', [reader]),
      ...tls.map((s) => ({ ...s, readers: [reader] })),
    ]
    await initSecrets(root, secrets)
    const files = secrets.map(({ path }) => join(root, path))
    const before = files.map((file) => [readFileSync(file, 'utf8'), statSync(file).ino])
    const again = await initSecrets(root, secrets)
    expect(new Set(Object.values(status(again)))).toEqual(new Set(['kept']))
    expect(files.map((file) => [readFileSync(file, 'utf8'), statSync(file).ino])).toEqual(before)
  })

  const put = (root: string, content: string, mode: number) => {
    mkdirSync(join(root, 'secrets'), { mode: 0o700 })
    writeFileSync(join(root, 'secrets/a'), content)
    chmodSync(join(root, 'secrets/a'), mode)
  }

  test.each([0o666, 0o644, 0o440, 0o500 | 0o011])(
    'and is open to more (%o) is a problem',
    async (bits) => {
      const root = project()
      put(root, 'own', bits)
      expect(await problem(root, [random('secrets/a', [me])])).toMatchObject({
        message: `its mode 0${bits.toString(8)} allows more than user ${me} needs`,
        hint: `Run: sudo chown ${me} secrets/a && sudo chmod 400 secrets/a`,
      })
      expect(mode(join(root, 'secrets/a'))).toBe(bits.toString(8))
      expect(readFileSync(join(root, 'secrets/a'), 'utf8')).toBe('own')
    },
  )

  test('and its reader cannot read is a problem: the usual 0600 of a user', async () => {
    const root = project()
    put(root, 'own', 0o600)
    expect(await problem(root, [random('secrets/a', [me + 7])])).toMatchObject({
      message: `user ${me + 7} in the container cannot read it (mode 0600, owner ${me})`,
    })
  })

  test('and is wide because its readers need it is kept', async () => {
    const root = project()
    put(root, 'own', 0o444)
    const report = await initSecrets(root, [random('secrets/a', [me + 7])])
    expect(status(report)).toEqual({ 'secrets/a': 'kept' })
  })

  test.each(['', '\n', ' \t\n'])('and is empty (%j) is a problem', async (content) => {
    const root = project()
    put(root, content, 0o400)
    expect(await problem(root, [random('secrets/a', [me])])).toMatchObject({
      message: 'file is empty',
    })
  })

  test.runIf(isRoot)('and belongs to another is a problem', async () => {
    const root = project()
    put(root, 'own', 0o400)
    chownSync(join(root, 'secrets/a'), 70, 70)
    expect(await problem(root, [random('secrets/a', [999])])).toMatchObject({
      message: 'user 999 in the container cannot read it (mode 0400, owner 70)',
      hint: 'Run: sudo chown 999 secrets/a && sudo chmod 400 secrets/a',
    })
  })
})

describe('what is in the way', () => {
  test('a link is neither followed nor replaced', async () => {
    const root = project()
    const elsewhere = join(project(), 'elsewhere')
    mkdirSync(join(root, 'secrets'))
    symlinkSync(elsewhere, join(root, 'secrets/a'))
    expect(await problem(root, [random('secrets/a')])).toMatchObject({
      message: 'expected a regular file, got a symbolic link',
      hint: 'Remove secrets/a and run again.',
    })
    expect(existsSync(elsewhere)).toBe(false)
  })

  test('a directory that Docker made', async () => {
    const root = project()
    mkdirSync(join(root, 'secrets/a'), { recursive: true })
    expect(await problem(root, [random('secrets/a')])).toMatchObject({
      message: 'expected a regular file, got a directory',
      hint: expect.stringContaining('Docker creates a directory'),
    })
  })

  test.each(['secrets', 'deploy/secrets/deep'])('a link or file on the way, at %s', async (at) => {
    const root = project()
    const elsewhere = project()
    chmodSync(elsewhere, 0o755)
    mkdirSync(join(root, at, '..'), { recursive: true })
    symlinkSync(elsewhere, join(root, at))
    expect(await problem(root, [random(`${at}/a`)])).toMatchObject({
      message: `${at} is a symbolic link, not a directory`,
    })
    expect([readdirSync(elsewhere), mode(elsewhere)]).toEqual([[], '755'])
    rmSync(join(root, at))
    writeFileSync(join(root, at), '')
    expect(await problem(root, [random(`${at}/a`)])).toMatchObject({
      message: `${at} is a file, not a directory`,
    })
  })

  test.each([
    ['../a', 'leaves its directory'],
    ['secrets/../../a', 'leaves its directory'],
    ['/etc/a', 'is not relative'],
    ['C:/a', 'is not relative'],
    ['a', 'is directly in the project directory'],
    ['secrets//a', 'empty part'],
    ['./secrets/a', 'dot'],
    ['secrets/', 'empty part'],
    ['secrets/a\n\u001b[31mred', 'control character'],
    ['secrets\\a', 'backslash'],
    [`secrets/${'a'.repeat(256)}`, '255 bytes'],
  ])('the path %j', async (path, message) => {
    const root = project()
    expect(await problem(root, [random(path)])).toMatchObject({
      message: expect.stringContaining(message),
    })
    expect(readdirSync(root)).toEqual([])
  })

  test('a path that is accepted leads to a file below the project, whatever is in it', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      'secrets',
      '...',
      'ü',
      '-rf',
      '$(x)',
      'a b',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join('/')
        if (findPathError(path) !== undefined) return
        expect(join('/project', path)).toBe(`/project/${path}`)
        expect(join('/project', path, '..')).not.toBe('/project')
      }),
    )
  })

  test('the others are created, and the error names the line in the stack', async () => {
    const root = project()
    const wrong = () => ({ ...random('../out'), [ORIGIN]: originOf(wrong) })
    const report = await initSecrets(root, [wrong(), random('secrets/a')])
    expect(status(report)).toEqual({ '../out': 'problem', 'secrets/a': 'created' })
    expect(report.secrets[0]).toMatchObject({ location: { file: import.meta.filename } })
  })

  test('no such project', async () => {
    await expect(initSecrets(join(project(), 'none'), [])).rejects.toThrow('expected a directory')
  })
})

describe('a folder with files of the user', () => {
  const beside = (root: string, name: string) => {
    mkdirSync(join(root, 'src'), { mode: 0o755 })
    chmodSync(join(root, 'src'), 0o755)
    writeFileSync(join(root, 'src', name), 'x')
  }
  test.each(['main.erl', 'sys.config', 'index.ts', 'Dockerfile', 'compose.yaml'])(
    'is not closed, nor is a secret made beside its %s',
    async (name) => {
      const root = project()
      beside(root, name)
      const { message, hint } = await problem(root, [random('src/password')])
      expect(message).toContain(`src/${name}`)
      expect(hint).toContain('secrets/password')
      expect(mode(join(root, 'src'))).toBe('755')
      expect(readdirSync(join(root, 'src'))).toEqual([name])
      const source = { documents: () => [], secrets: () => [random('src/password')] }
      expect(() => synthesize(stack('shop', [source]), { root })).toThrow(`beside src/${name}`)
    },
  )

  test('may be closed by the user, and a README is not a secret', async () => {
    const root = project()
    beside(root, 'main.erl')
    chmodSync(join(root, 'src'), 0o700)
    expect((await initSecrets(root, [random('src/password')])).ok).toBe(true)
    // Nor what the operator brings.
    for (const name of ['README.md', '.gitkeep', 'registry-token', 'token.txt', 'own.pem']) {
      const other = project()
      beside(other, name)
      expect((await initSecrets(other, [random('src/password')])).ok).toBe(true)
      expect(mode(join(other, 'src'))).toBe('700')
    }
  })
})
