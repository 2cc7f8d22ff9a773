import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ComposeProject,
  composeProject,
  describeEngine,
  ensureImages,
  finished,
  must,
} from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackup } from './create-backup.ts'
import type { Definition } from './postgres/definition.ts'
import type { SavedRoles } from './postgres/roles.ts'
import { recoverBackup } from './restore/recover-backup.ts'
import { rehearseBackup } from './restore/rehearse-backup.ts'
import { restoreBackup } from './restore/restore-backup.ts'
import { listBackups } from './set/list-backups.ts'
import type { Manifest, Part } from './set/manifest.ts'
import { verifyBackup } from './set/verify-backup.ts'
import { fill, forget, type Shop, shop } from './testing/deployment.ts'
import { killedAt } from './testing/killed-at.ts'
import { copyOf, forge, rewritten } from './testing/sets.ts'

describeEngine('a backup or restore that goes wrong', () => {
  let at: Shop<ComposeProject>
  let set: string
  let saved: Awaited<ReturnType<Shop['all']>>
  /** What came after the backup, which a restore would replace. */
  let newer: typeof saved
  let roles: string
  afterAll(() => forget(at.directory))

  beforeAll(async () => {
    await ensureImages(['postgres:17-trixie', 'redis:8-trixie'])
    at = await shop({ composeProject, must })
    await at.project.up({ wait: true })
    await fill(at)
    saved = await at.all()
    set = (await createBackup(at.deployment)).path
    await at.sql('DROP TABLE sales.item CASCADE; CREATE TABLE newer AS SELECT 1 AS one;')
    await at.lua("redis.call('del', 'hash') return redis.call('set', 'newer', 1)")
    await at.inFiles('rm -rf deep .hidden; echo newer >newer; chmod 0700 .')
    newer = await at.all()
    roles = await at.sql('SELECT rolname FROM pg_roles ORDER BY 1')
  })

  const nothingLost = async () => {
    expect(await at.all()).toEqual(newer)
    // No command of a set ran, and none of its roles is left.
    expect(await at.project.exec('db', ['test', '!', '-e', '/tmp/ran'])).toMatchObject({ code: 0 })
    expect(await at.sql('SELECT rolname FROM pg_roles ORDER BY 1')).toBe(roles)
    expect(await at.sql("SELECT datname FROM pg_database WHERE datname ~ '^erlmcp_'")).toBe('')
    expect(await at.inFiles('ls -A | grep -c erlmcp-restore || true')).toBe('0\n')
    expect(readdirSync(join(at.directory, '.erlmcp'))).toEqual([])
    expect((await at.project.ps()).map(({ State }) => State)).toEqual(Array(3).fill('running'))
  }

  describe('a set that agrees with itself, and not with what it says', () => {
    const first = ({ postgres: [server], ...rest }: Manifest, change: object): Manifest => ({
      ...rest,
      postgres: [{ ...server!, ...change }],
    })
    const half = (copy: string, file: string) => {
      const content = readFileSync(join(copy, file))
      return content.subarray(0, content.length / 2)
    }
    const database = (manifest: Manifest, change: object): Manifest => {
      const [system, own, ...others] = manifest.postgres[0]!.databases
      return first(manifest, { databases: [system, { ...own, ...change }, ...others] })
    }
    const other = { count: 99, digest: '1' }
    const changed = <Data>(copy: string, part: Part, change: (data: Data) => Data): Part => {
      const data = JSON.parse(readFileSync(join(copy, part.file), 'utf8'))
      return rewritten(copy, part, Buffer.from(JSON.stringify(change(data))))
    }
    const commands = [
      "x'; \\! touch /tmp/ran\n\\! touch /tmp/ran\n",
      "-- '\n\\! touch /tmp/ran\n",
      '/* " */ \\connect postgres\n\\! touch /tmp/ran\n',
      "$$\n\\gexec\n\\copy pg_roles to program 'touch /tmp/ran'\n",
      '\\.\n:{?db} :\'db\' :"db"\n\\o | touch /tmp/ran\n',
      "\\'; COPY pg_roles TO PROGRAM 'touch /tmp/ran'; --",
    ]
    const forgeries: Record<string, [(copy: string, made: Manifest) => Manifest, RegExp]> = {
      'other rows, values, sequences and large objects': [
        (_, made) => {
          const [more, ...others] = [...made.postgres[0]!.databases[1]!.tables].reverse()
          return database(made, {
            tables: [
              { ...more!, rows: more!.rows + 1 },
              ...others.map((one) => ({ ...one, digest: '1' })),
            ],
            sequences: [{ sequence: 'public.down', value: '7' }],
            largeObjects: { count: 22, digest: '1' },
          })
        },
        /sales\.item: expected 4004 rows, got 4003[\s\S]*public\.fast: other values in its 300 rows[\s\S]*public\.down: expected 7, got -229 called[\s\S]*expected 22 large objects, got 21/,
      ],
      'half a dump': [
        (copy, made) => {
          const { dump } = made.postgres[0]!.databases[1]!
          return database(made, { dump: rewritten(copy, dump, half(copy, dump.file)) })
        },
        /pg_restore.*failed/,
      ],
      'roles that are a script of psql': [
        (copy, made) => {
          const roles = Buffer.from('CREATE ROLE fine;\n\\! touch /tmp/ran\nSELECT 1 \\gexec\n')
          return first(made, { roles: rewritten(copy, made.postgres[0]!.roles, roles) })
        },
        /the roles of db: expected JSON/,
      ],
      'roles whose texts are commands of psql': [
        (copy, made) => {
          const roles = changed(copy, made.postgres[0]!.roles, (all: SavedRoles) => ({
            ...all,
            roles: [
              ...all.roles,
              ...commands.map((command, index) => ({
                ...all.roles[0]!,
                name: `${index}${command}`.slice(0, 60),
                password: command,
                comment: command,
                settings: [{ name: 'my.text', value: command }],
              })),
              { ...all.roles[0]!, name: 'intruder', superuser: true, password: 'known' },
            ],
          }))
          const definition = changed(
            copy,
            made.postgres[0]!.databases[1]!.definition,
            (one: Definition) => ({ ...one, comment: commands.join('\n'), owner: 'intruder' }),
          )
          return database(first(made, { roles }), { definition, largeObjects: other })
        },
        /large objects/,
      ],
      'a database whose definition is SQL': [
        (copy, made) => {
          const text = Buffer.from('CREATE DATABASE :"db";\n\\connect postgres\n')
          const definition = rewritten(copy, made.postgres[0]!.databases[1]!.definition, text)
          return database(made, { definition })
        },
        /the definition of shop: expected JSON/,
      ],
      'half of the keys': [
        (copy, made) => {
          const [cache] = made.redis
          const dump = rewritten(copy, cache!.dump, half(copy, cache!.dump.file))
          return { ...made, redis: [{ ...cache!, dump }] }
        },
        /loading the keys of cache failed/,
      ],
      'keys of other values': [
        (_, made) => ({ ...made, redis: [{ ...made.redis[0]!, digest: '0'.repeat(40) }] }),
        /the keys have other values/,
      ],
      'other files': [
        (_, made) => ({ ...made, volumes: [{ ...made.volumes[0]!, digest: '0'.repeat(64) }] }),
        /other files than were saved/,
      ],
    }

    it.each(Object.entries(forgeries))('%s: rehearsal and restore fail', async (_, forgery) => {
      const [change, words] = forgery
      const copy = copyOf(set)
      forge(copy, (made) => change(copy, made))
      const { ok, checks } = await rehearseBackup(copy)
      expect(ok).toBe(false)
      expect(checks.flatMap(({ problems }) => problems).join('\n')).toMatch(words)
      const report = await restoreBackup(at.deployment, copy, { replace: true })
      expect(report).toMatchObject({ status: 'refused' })
      expect('problems' in report && report.problems.join('\n')).toMatch(words)
    })

    it('and nothing was lost', nothingLost)

    const foreign: Record<string, [(made: Manifest) => object, string]> = {
      'of another project': [(made) => ({ ...made, project: 'other' }), '--from other'],
      'of another version': [(made) => ({ ...made, version: 2 }), 'expected version 1, got 2'],
      'of a newer PostgreSQL': [
        (made) => first(made, { version: 990_001 }),
        'expected PostgreSQL 99',
      ],
      'of another program': [() => ({ some: 'JSON' }), 'expected the manifest of a backup'],
    }
    it.each(Object.entries(foreign))('%s: refused', async (_, [change, words]) => {
      const copy = copyOf(set)
      forge(copy, (made) => change(made) as Manifest)
      await expect(restoreBackup(at.deployment, copy, { replace: true })).rejects.toThrow(words)
    })

    it('and nothing was lost again', nothingLost)
  })

  it.each(['reading the volume', 'pg_dump of shop', 'counting', 'copying the keys', 'loading'])(
    'a backup that is killed at "%s" leaves no set, and no container paused',
    async (message) => {
      const child = killedAt(
        'create-backup',
        'createBackup',
        [at.deployment],
        message,
        randomInt(100),
      )
      expect((await finished(child)).code).toBe(null)
      expect(await listBackups(join(at.directory, 'backups'))).toHaveLength(1)
      await expect
        .poll(async () => (await at.project.ps()).map(({ State }) => State), { timeout: 20_000 })
        .toEqual(Array(3).fill('running'))
    },
  )

  it('the next backup removes what they left', async () => {
    const folder = join(at.directory, 'backups')
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).not.toEqual([])
    const { path } = await createBackup(at.deployment)
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).toEqual([])
    expect(await verifyBackup(path)).toMatchObject({ ok: true })
  })

  it.each([
    'restoring shop',
    'stopping the application',
    'swapping the databases',
    'swapping the keys',
    'swapping the volume',
  ])('a restore that is killed at "%s" is rolled back, and no data is lost', async (message) => {
    const options = [at.deployment, set, { replace: true }]
    const child = killedAt(
      'restore/restore-backup',
      'restoreBackup',
      options,
      message,
      randomInt(30),
    )
    expect((await finished(child)).code).toBe(null)
    expect(await recoverBackup(at.deployment)).toBe('rolled back')
    await nothingLost()
  })

  it('a restore that is killed when all is in force is brought to its end', async () => {
    const options = [at.deployment, set, { replace: true }]
    const child = killedAt(
      'restore/restore-backup',
      'restoreBackup',
      options,
      'removing the old data',
      0,
    )
    expect((await finished(child)).code).toBe(null)
    newer = saved
    expect(await recoverBackup(at.deployment)).toBe('completed')
    expect(await recoverBackup(at.deployment)).toBe('nothing')
    await nothingLost()
  })
})
