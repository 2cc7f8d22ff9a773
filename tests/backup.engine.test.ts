import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeProject, describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bases, cli, copyExample, example, root } from './testing/example.ts'

// Backups of the reference deployment, by the commands of its README and that of @erlmcp/backup.

const file = 'docker-compose.prod.yml'
const ports = { ERLMCP_PORT: '0', ERLMCP_TLS_PORT: '0', ERLMCP_HEALTH_PORT: '0' }
const guide = readFileSync(join(root, 'packages/backup/README.md'), 'utf8')
const backups = guide

describeEngine('backups of the reference deployment', () => {
  let folder: string
  let project: ReturnType<typeof composeProject>
  let env: Record<string, string>

  const lines = [
    ...readFileSync(join(example, 'README.md'), 'utf8').matchAll(/^npx erlmcp backup .*$/gm),
  ]
  /** A line of a README, as a shell runs it in the folder of the deployment. */
  const shell = (line: string) => {
    const here = line
      .replaceAll('npx erlmcp', `"${process.execPath}" "${cli}"`)
      .replaceAll('erlmcp-prod-', `${project.name}-`)
      .replaceAll('/srv/erlmcp', `"${folder}"`)
    return run(['sh', '-c', here], { cwd: folder, env, timeout: 300_000 })
  }
  const sql = async (text: string) =>
    (await project.exec('postgres', ['psql', '-qAt', '-U', 'erlmcp'], { input: text })).stdout
  const redis = async (...words: string[]) => {
    const script = 'REDISCLI_AUTH=$(cat /run/secrets/redis-password) exec redis-cli "$@"'
    return (await project.exec('redis', ['sh', '-c', script, 'sh', ...words])).stdout
  }
  const all = async () => ({
    rows: await sql('SELECT count(*), md5(string_agg(text, $$,$$ ORDER BY text)) FROM kept'),
    key: await redis('get', 'kept'),
    file: (await project.exec('erlmcp', ['cat', '/var/lib/erlmcp/kept'])).stdout,
  })

  beforeAll(async () => {
    await ensureImages(bases)
    folder = copyExample()
    await must([process.execPath, cli, 'secrets', 'init'], { cwd: folder })
    project = composeProject(folder, { file, env: ports })
    env = { ...ports, COMPOSE_PROJECT_NAME: project.name }
    await project.up({ build: true, wait: true })
    await sql('CREATE TABLE kept AS SELECT md5(n::text) AS text FROM generate_series(1, 5000) n')
    await redis('set', 'kept', 'for long')
    await project.exec('erlmcp', ['sh', '-c', 'echo kept >/var/lib/erlmcp/kept'])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('the README: create, rehearse, destroy the volumes, restore', async () => {
    const before = await all()
    expect(before).toMatchObject({ key: 'for long\n', file: 'kept\n' })
    const [create, rehearse, restore] = lines.map(([line]) => line)
    const created = await shell(create!)
    expect(created).toMatchObject({ code: 0, stderr: '' })
    expect(created.stdout).toMatch(
      /\(encrypted\)\n[\s\S]*postgres: database erlmcp, \d+ tables, \d+ rows/,
    )
    expect(created.stdout).toContain(
      'not included: prometheus-data, metrics are of the last days alone',
    )
    expect(await shell(rehearse!)).toMatchObject({ code: 0, stderr: '' })
    // Not without the key, not with half of it, and not over what is there.
    const verify = 'npx erlmcp backup verify backups/erlmcp-prod-*Z'
    expect(await shell(verify)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is encrypted/),
    })
    expect(await shell(`${verify} --key secrets/backup-key`)).toMatchObject({ code: 0 })
    const unsaid = await shell(restore!.replace(' --yes', ''))
    expect(unsaid).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nothing was changed; to replace the data, add --yes/),
    })
    await project.down()
    await project.up({ wait: true })
    expect(await shell(restore!)).toMatchObject({ code: 0, stderr: '' })
    await project.up({ wait: true })
    expect(await all()).toEqual(before)
  })

  it('a set that was cut ends with 1, and nothing is lost', async () => {
    const before = await all()
    const cut = 'for f in backups/*/*-erlmcp.dump.age; do truncate -s -1 "$f"; done'
    expect(await shell(cut)).toMatchObject({ code: 0 })
    for (const line of lines.slice(1).map(([one]) => one)) {
      expect(await shell(line)).toMatchObject({ code: 1 })
    }
    expect(await all()).toEqual(before)
  })

  it('the block of @erlmcp/backup/run saves, rehearses and restores', async () => {
    const before = await all()
    const index = JSON.stringify(join(root, 'packages/backup/src/run.ts'))
    const block = /^```ts\n(.*?)^```$/ms.exec(backups)![1]!.replace("'@erlmcp/backup/run'", index)
    writeFileSync(
      join(folder, 'block.mts'),
      `${block}
import { listBackups } from ${index}
console.log(await nightly('.'))
const newest = (await listBackups('backups')).at(-1)!
await goBack('.', newest.path)
`,
    )
    const config = join(root, 'tsconfig.json')
    const tsx = join(root, 'packages/cli/node_modules/tsx/dist/loader.mjs')
    const done = await run([process.execPath, '--import', tsx, 'block.mts'], {
      cwd: folder,
      env: { ...env, TSX_TSCONFIG_PATH: config },
      timeout: 300_000,
    })
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/\ntrue\n$/)
    await project.up({ wait: true })
    expect(await all()).toEqual(before)
  })

  it('the line of cron saves, and removes what is old', async () => {
    const [, cron] = /^```cron\n\S+ \S+ \S+ \S+ \S+ (.*)\n```$/m.exec(backups)!
    await shell('touch -d "40 days ago" backups/*Z')
    expect(await shell(cron!)).toMatchObject({ code: 0, stderr: '' })
    expect((await shell('ls -d backups/*Z | wc -l')).stdout).toBe('1\n')
  })
})
