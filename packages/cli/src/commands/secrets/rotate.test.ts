import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, put, read, useProject, withDocker } from '../../testing/project.ts'

useProject()

const uid = process.getuid!()
const text = `import { stack } from '@erlmcp/core'
const readers = [${uid}]
const ca = { kind: 'authority', name: 'ca' } as const
const leaf = { kind: 'leaf', authority: 'ca', name: 'web', names: ['localhost'], usages: ['server'] } as const
const secrets = () => [
  { path: 'secrets/cookie', recipe: { kind: 'random', bytes: 32, encoding: 'hex' }, readers },
  { path: 'secrets/ca', recipe: { ...ca, part: 'certificate' }, readers },
  { path: 'secrets/ca.key', recipe: { ...ca, part: 'key' }, readers: [] },
  { path: 'secrets/web-cert', recipe: { ...leaf, part: 'certificate' }, readers },
  { path: 'secrets/web-key', recipe: { ...leaf, part: 'key' }, readers },
] as const
export default stack('shop', [{ documents: () => [], secrets }])
`

beforeEach(() => put('stack.ts', text))

describe('secrets check', () => {
  test('exits 1 before they are created, 0 after, and 1 when a certificate expires soon', () => {
    const before = erlmcp('secrets', 'check')
    expect(before).toMatchObject({ code: 1, out: '' })
    expect(before.err).toContain('secrets/cookie: missing\n  Run: erlmcp secrets init\n')
    erlmcp('secrets', 'init')
    // An engine without a container: no server is there to be asked.
    expect(withDocker('', 'secrets check')).toEqual({
      code: 0,
      err: '',
      out: `valid secrets/ca (3649 days left)
valid secrets/ca.key
valid secrets/cookie
valid secrets/web-cert (824 days left)
valid secrets/web-key
`,
    })
    const late = withDocker('', 'secrets check --within 900d')
    expect(late.code).toBe(1)
    expect(late.err).toBe(
      'secrets/web-cert: expires in 824 days\n  Run: erlmcp secrets rotate secrets/web-cert\n',
    )
    expect(erlmcp('secrets', 'check', '--within', 'soon')).toMatchObject({ code: 2, out: '' })
  })

  test('shows no content, as JSON neither', () => {
    erlmcp('secrets', 'init')
    const { out } = erlmcp('secrets', 'check', '--format=json')
    expect(JSON.parse(out)).toMatchObject({ ok: true })
    expect(out).not.toContain(read('secrets/cookie'))
  })
})

test('cluster certs lists them', () => {
  erlmcp('secrets', 'init')
  const { code, out } = erlmcp('cluster', 'certs')
  expect(code).toBe(0)
  expect(out).toMatch(
    /^secrets\/ca: authority\n {2}serial [0-9a-f]{32}, until \d{4}-\d\d-\d\d, 3649 days left\nsecrets\/web-cert: for localhost, signed by ca\n/,
  )
  expect(JSON.parse(erlmcp('cluster', 'certs', '--format=json').out).certificates).toHaveLength(2)
})

describe('secrets rotate', () => {
  test('gives new contents, shows none, and is ended by --done', () => {
    erlmcp('secrets', 'init')
    const old = read('secrets/cookie')
    const { code, out, err } = erlmcp('secrets', 'rotate', 'cookie', 'web-cert', '--stopped')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(`rotated secrets/cookie (new content)
rotated secrets/web-cert (reissued for the same key)
once every client uses the new content: erlmcp secrets rotate --done
`)
    expect(read('secrets/cookie')).not.toBe(old)
    expect(erlmcp('secrets', 'rotate', '--all', '--stopped')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the previous rotation is not finished'),
    })
    const done = () => erlmcp('secrets', 'rotate', '--done', '--stopped').out
    expect(done()).toBe('deleted the old content\n')
    expect(done()).toBe('no rotation was in progress\n')
  })

  test.each([
    [[], 'expected names or one of --expiring, --all, --done, got nothing'],
    [['cookie', '--all'], 'got several'],
    [['cokie'], 'unknown secret cokie\n  Did you mean cookie?'],
  ])('%j is rejected', (words, message) => {
    const { code, err } = erlmcp('secrets', 'rotate', ...words)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})
