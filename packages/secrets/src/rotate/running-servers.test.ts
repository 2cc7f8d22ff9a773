import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fakeContainer, fakeDocker, finished, startCommand } from '@erlmcp/testkit'
import { describe, expect, test } from 'vitest'
import { checkSecrets } from '../check/check-secrets.ts'
import { initSecrets } from '../init-secrets.ts'
import { program } from '../testing/program.ts'
import { isRoot, project, random, reader } from '../testing/secrets.ts'
import { finishRotation, rotateSecrets } from './rotate-secrets.ts'

const password = random('secrets/password', [reader])

async function created(secrets = [password]) {
  const root = realpathSync(project())
  expect((await initSecrets(root, secrets)).ok).toBe(true)
  const file = join(root, 'secrets/password')
  const read = () => readFileSync(file, 'utf8')
  const rotate = (stopped: boolean) =>
    rotateSecrets(root, secrets, { which: ['password'], stopped })
  return { root, file, read, rotate }
}
const mount = (Source: string, Destination = '/run/secrets/password') => ({
  ...{ Type: 'bind', Source, Destination },
})
const data = { Type: 'volume', Source: '/volumes/data', Destination: '/data' }

describe('an engine that this user may not access', () => {
  const denied =
    'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1'

  test.each([true, false])(
    'rotates nothing, with --stopped: %s, and does not advise it',
    async (stopped) => {
      const { read, rotate } = await created()
      const old = read()
      fakeDocker(`*) ${denied} ;;`)
      const refusal = rotate(stopped)
      await expect(refusal).rejects.toMatchObject({
        summary: 'this user may not access the Docker engine',
        hint: expect.not.stringContaining('--stopped'),
        kind: 'environment',
      })
      expect(read()).toBe(old)
    },
  )

  test('does not end a rotation either: Redis would accept the old password for ever', async () => {
    const { root, rotate } = await created()
    fakeDocker('*) exit 0 ;;')
    await rotate(true)
    fakeDocker(`*) ${denied} ;;`)
    await expect(finishRotation(root, [password], { stopped: true })).rejects.toThrow(
      'may not access',
    )
    expect(existsSync(join(root, 'secrets/.erlmcp-rotation'))).toBe(true)
  })
})

test('--stopped is refused while a container runs that reads the secret', async () => {
  const { file, read, rotate } = await created()
  const old = read()
  fakeDocker(fakeContainer([mount(file)], ['A=b']))
  await expect(rotate(true)).rejects.toThrow('shop-db-1 is running and reads secrets/password')
  expect(read()).toBe(old)
})

test('--stopped is refused where a stopped PostgreSQL keeps the password in its volume', async () => {
  const { file, read, rotate } = await created()
  const old = read()
  const env = ['POSTGRES_PASSWORD_FILE=/run/secrets/password']
  fakeDocker(fakeContainer([mount(file), data], env, {}, false))
  await expect(rotate(true)).rejects.toThrow('shop-db-1 stores the password of secrets/password in')
  await expect(rotate(false)).rejects.toThrow('is not running')
  expect(read()).toBe(old)
})

describe('a database that erlmcp cannot tell a password', () => {
  test.each([
    ['MYSQL_ROOT_PASSWORD_FILE', 'MySQL'],
    ['MARIADB_PASSWORD_FILE', 'MariaDB'],
    ['MONGO_INITDB_ROOT_PASSWORD_FILE', 'MongoDB'],
    ['GF_SECURITY_ADMIN_PASSWORD__FILE', 'Grafana'],
  ])('of %s goes on with the old one, so the file keeps it', async (variable, name) => {
    const { file, read, rotate } = await created()
    const old = read()
    fakeDocker(fakeContainer([mount(file), data], [`${variable}=/run/secrets/password`]))
    for (const stopped of [true, false]) {
      await expect(rotate(stopped)).rejects.toThrow(`${name} in shop-db-1 stores the password`)
    }
    expect(read()).toBe(old)
  })

  test('without a volume reads it again at its start', async () => {
    const { file, read, rotate } = await created()
    const old = read()
    fakeDocker(
      fakeContainer([mount(file)], ['GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/password']),
    )
    expect(await rotate(false)).toMatchObject({ rotated: [{ readers: ['shop-db-1'] }] })
    expect(read()).not.toBe(old)
  })
})

describe('`secrets check` tries the password', () => {
  // It knows the role of the official image, and refuses all others.
  const psql = (role: string) =>
    `[ "$PGUSER" = "${role}" ] && [ "$PGPASSWORD" = "$RIGHT" ] && exit 0
echo "FATAL:  password authentication failed for user \\"$PGUSER\\"" >&2; exit 2`
  const env = 'POSTGRES_PASSWORD_FILE=/run/secrets/password'
  const tried = async (root: string, right: string) => {
    process.env.RIGHT = right
    const { secrets, asked } = await checkSecrets(root, [password])
    expect(asked).toBe(true)
    return secrets[0]
  }

  test('at a PostgreSQL that was started without POSTGRES_USER, as its owner', async () => {
    const { root, file, read } = await created()
    fakeDocker(fakeContainer([mount(file)], [env]), { psql: psql('postgres') })
    expect(await tried(root, read())).toMatchObject({ status: 'valid', tried: true })
    expect(await tried(root, 'another')).toMatchObject({
      status: 'problem',
      message: 'PostgreSQL in shop-db-1 rejects it: the server has another password',
      hint: expect.stringContaining('erlmcp secrets rotate secrets/password'),
    })
  })

  test('at one that sees the whole folder of the secrets', async () => {
    const { root } = await created()
    const folder = mount(join(root, 'secrets'), '/run/secrets')
    fakeDocker(fakeContainer([folder], [env]), { psql: psql('postgres') })
    expect(await tried(root, 'another')).toMatchObject({ status: 'problem' })
  })

  test.each(['redis-server', 'valkey-server'])('at %s', async (server) => {
    const { root, file, read } = await created()
    const command = { Cmd: ['sh', '-c', `${server} --requirepass $(cat /run/secrets/password)`] }
    const cli = '[ "$REDISCLI_AUTH" = "$RIGHT" ] && echo PONG || echo "WRONGPASS invalid"'
    fakeDocker(fakeContainer([mount(file)], [], command), { 'redis-cli': cli })
    expect(await tried(root, read())).toMatchObject({ status: 'valid' })
    expect(await tried(root, 'another')).toMatchObject({
      message: expect.stringMatching(/^Redis in/),
    })
  })

  test('not where it does not answer, and says so where no engine does', async () => {
    const { root, file, read } = await created()
    fakeDocker(fakeContainer([mount(file)], [env]), {
      psql: 'echo "could not connect" >&2; exit 2',
    })
    expect(await tried(root, read())).toEqual({ path: 'secrets/password', status: 'valid' })
    fakeDocker('*) echo "Cannot connect to the Docker daemon at unix:///x" >&2; exit 1 ;;')
    expect(await checkSecrets(root, [password])).toMatchObject({ ok: true, asked: false })
  })
})

describe('keys of before', () => {
  const key = { ...random('secrets/password', []), atRest: true }

  test.skipIf(!isRoot)('that this user may not read are not replaced', async () => {
    const { root } = await created([key])
    const previous = join(root, 'secrets/password.previous')
    writeFileSync(previous, 'kept\n', { mode: 0o400 })
    chmodSync(root, 0o755)
    const turn = `const all = ${JSON.stringify([key])}
      await rotateSecrets(${JSON.stringify(root)}, all, { which: ['password'], stopped: true })
        .catch((error) => console.log(error.summary))`
    for (const path of ['secrets', 'secrets/password']) chownSync(join(root, path), 1000, 1000)
    const { stdout } = await finished(startCommand(program(turn, 1000)))
    expect(stdout).toContain('password.previous, the previous contents, may not be read')
    expect(readFileSync(previous, 'utf8')).toBe('kept\n')
  })
})

test.each<[string, (file: string) => void, string]>([
  ['a huge file', (file) => truncateSync(file, 3e9), 'expected at most 16 MB, got 3000 MB'],
  ['a link', (file) => replace(file, () => symlinkSync('/dev/zero', file)), 'a symbolic link'],
  ['a pipe', (file) => replace(file, () => spawnSync('mkfifo', [file])), 'pipe or socket'],
  ['a folder', (file) => replace(file, () => mkdirSync(file)), 'got a directory'],
])('a secret that is %s is named, and nothing hangs', async (_, make, words) => {
  const { file, rotate } = await created()
  make(file)
  await expect(rotate(true)).rejects.toThrow(words)
})

function replace(file: string, make: () => void): void {
  rmSync(file)
  make()
}
