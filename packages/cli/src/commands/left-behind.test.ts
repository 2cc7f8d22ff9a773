import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, read, useProject } from '../testing/project.ts'

useProject()

const compose = fileURLToPath(new URL('../../../compose', import.meta.url))

beforeEach(() => {
  mkdirSync(join(folder, 'node_modules/@erlmcp'), { recursive: true })
  symlinkSync(compose, join(folder, 'node_modules/@erlmcp/compose'))
})

const shop = ({ name = 'shop', db = 'postgres', app = 'web', more = '' } = {}) => {
  put(
    'stack.ts',
    `import { stack } from '@erlmcp/core'
import { compose, service, healthy, mount, volume } from '@erlmcp/compose'
import { postgres } from '@erlmcp/compose/services'
const db = postgres('${db}', { database: 'shop' })
const app = service('${app}', {
  image: 'app:1.0',
  user: '1000:1000',
  depends_on: [healthy(db)],
  secrets: [db.password],
  ${more}
})
export default stack('${name}', [compose('compose.yaml', [app])], { mute: ['*'] })
`,
  )
}

describe('what a stack leaves behind on a machine', () => {
  test('a renamed database: volume, secret and container are named, with the way to move them', () => {
    shop()
    expect(erlmcp('synth').code).toBe(0)
    expect(erlmcp('check').code).toBe(0)
    shop({ db: 'pg' })
    // Before and after any number of synths, until it is acknowledged.
    for (const command of ['check', 'synth', 'check', 'synth', 'check']) {
      const { code, err } = erlmcp(command)
      expect(code).toBe(command === 'check' ? 1 : 0)
      expect(err).toContain('erlmcp volumes move shop_postgres-data shop_pg-data')
      expect(err).toContain('mv secrets/postgres-password secrets/pg-password')
      expect(err).toContain('container shop/postgres is no longer in the stack, which has shop/pg')
      expect(err).toContain('label=com.docker.compose.service=postgres')
      expect(err).toContain('erlmcp synth --acknowledge')
    }
    expect(erlmcp('synth', '--acknowledge')).toMatchObject({ code: 0, err: '' })
    expect(erlmcp('check')).toMatchObject({ code: 0, err: '' })
    expect(read('.erlmcp/manifest.json')).not.toContain('shop_postgres-data')
  })

  test('the old name again is the other way out', () => {
    shop()
    erlmcp('synth')
    shop({ db: 'pg' })
    erlmcp('synth')
    shop()
    erlmcp('synth')
    const { err } = erlmcp('check')
    // What was tried out meanwhile may be on a machine, too.
    expect(err).toContain('volume shop_pg-data is no longer in the stack')
    expect(err).not.toContain('volume shop_postgres-data is no longer')
  })

  test('a removed service and volume', () => {
    shop({ more: "volumes: [mount(volume('uploads'), '/var/lib/app')]," })
    erlmcp('synth')
    shop()
    const { code, err } = erlmcp('check')
    expect(code).toBe(1)
    expect(err).toContain('volume shop_uploads is no longer in the stack: its data stays')
    expect(err).toContain('docker volume rm shop_uploads')
  })

  test('a renamed service, which holds its port', () => {
    shop()
    erlmcp('synth')
    shop({ app: 'site' })
    const { err } = erlmcp('check')
    expect(err).toContain('container shop/web is no longer in the stack, which has shop/site')
    expect(err).not.toContain('volume')
  })

  test('another project name is another set of volumes', () => {
    shop()
    erlmcp('synth')
    shop({ name: 'store' })
    const { err } = erlmcp('check')
    expect(err).toContain('erlmcp volumes move shop_postgres-data store_postgres-data')
    expect(err).not.toContain('secret ')
  })

  test('nothing, where the name of the volume stays by its own key or it is made again', () => {
    const data = (spec: string) => ({ more: `volumes: [mount(volume(${spec}), '/data')],` })
    shop(data("'data', { name: 'shop-data' }"))
    erlmcp('synth')
    shop(data("'files', { name: 'shop-data' }"))
    erlmcp('synth')
    expect(erlmcp('check')).toMatchObject({ code: 0, err: '' })
    shop(data("'cache', { name: 'shop-data', 'x-no-backup': 'made again' }"))
    expect(erlmcp('check').err).toContain('volume shop-data')
    shop(data("'data', { external: true }"))
    expect(erlmcp('check').err).toContain('volume shop-data')
  })

  test('is data for programs', () => {
    shop()
    erlmcp('synth')
    shop({ db: 'pg' })
    expect(JSON.parse(erlmcp('check', '--format=json').out)).toMatchObject({
      ok: false,
      left: expect.arrayContaining([
        {
          item: { kind: 'volume', name: 'shop_postgres-data', role: expect.any(String) },
          successor: { kind: 'volume', name: 'shop_pg-data', role: expect.any(String) },
        },
      ]),
    })
  })
})
