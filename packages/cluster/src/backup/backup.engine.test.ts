import { describeEngine, ensureImages, must } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  allKeys,
  forget,
  keysOfAllKinds,
  oddDatabase,
  oddFiles,
  rowsOfAllKinds,
  rowsOfOddDatabase,
  shop,
} from '../testing/backup.ts'
import { createBackup } from './create.ts'
import { rehearseBackup } from './rehearse.ts'
import { restoreBackup } from './restore.ts'
import { verifyBackup } from './verify.ts'

describeEngine('a deployment with rows, keys and files of all kinds', () => {
  let at: Awaited<ReturnType<typeof shop>>
  let deployment: { root: string; file: string; project: string }
  afterAll(() => forget(at.directory))

  const sql = async (text: string, database = 'shop') => {
    const psql = ['psql', '--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', '-U', 'shop']
    const words = ['env', `PGDATABASE=${database}`, ...psql]
    const { code, stdout, stderr } = await at.project.exec('db', words, { input: text })
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  const lua = async (script: string) => {
    const command = 'REDISCLI_AUTH=$(cat /run/secrets/cache-password) redis-cli --eval /dev/stdin'
    const { stdout } = await at.project.exec('cache', ['sh', '-c', command], { input: script })
    return stdout.trim()
  }
  const inFiles = async (script: string) => {
    const words = ['run', '--rm', '--interactive', '--network', 'none', '--user', '0:0', '--volume']
    const volume = `${at.project.name}_files:/volume`
    const { stdout } = await must([
      'docker',
      ...words,
      volume,
      '--workdir',
      '/volume',
      '--entrypoint',
      'sh',
      'redis:8-trixie',
      '-c',
      script,
    ])
    return stdout
  }
  /** All of it, as tools tell that are none of ours. */
  const all = async () => ({
    rows: (
      await at.project.exec('db', [
        'pg_dumpall',
        '-U',
        'shop',
        '--no-role-passwords',
        '--quote-all-identifiers',
      ])
    ).stdout.replaceAll(/^\\(un)?restrict .*$/gm, ''),
    keys: await lua(allKeys),
    files: await inFiles(
      `stat -c '%a %u:%g' .; find . -mindepth 1 -printf '%P %y %m %U:%G %s %n %l %T@\\0' | sort -z | tr '\\0' '|'; find . -type f -print0 | sort -z | xargs -0 sha256sum`,
    ),
  })

  beforeAll(async () => {
    await ensureImages(['postgres:17-trixie', 'redis:8-trixie'])
    at = await shop()
    deployment = { root: at.directory, file: 'compose.yaml', project: at.project.name }
    await at.project.up({ wait: true })
    await sql(rowsOfAllKinds)
    await sql(rowsOfOddDatabase, oddDatabase)
    expect(await lua(keysOfAllKinds)).toBe('done')
    await inFiles(oddFiles)
  })

  it('comes back after its volumes were destroyed: every row, key and file', async () => {
    const before = await all()
    console.log(before.keys, before.files.length, before.rows.length)
    let t = Date.now()
    const progress = (m: string) => process.stderr.write(`${Date.now() - t} ${m}\n`)
    const taken = await createBackup(deployment, { progress })
    console.log(JSON.stringify(taken.manifest, null, 1).slice(0, 6000), taken.paused)
    t = Date.now()
    expect(await verifyBackup(taken.path)).toMatchObject({ ok: true, problems: [] })
    console.log('verify', Date.now() - t)
    t = Date.now()
    console.log(JSON.stringify(await rehearseBackup(taken.path, { progress }), null, 1))
    console.log('rehearse', Date.now() - t)
    await at.project.down()
    await at.project.up({ wait: true })
    t = Date.now()
    expect(await restoreBackup(deployment, taken.path, { progress })).toEqual({
      status: 'restored',
      replaced: [],
    })
    console.log('restore', Date.now() - t)
    const after = await all()
    expect(after.keys).toEqual(before.keys)
    expect(after.files).toEqual(before.files)
    expect(after.rows).toEqual(before.rows)
  })
})
