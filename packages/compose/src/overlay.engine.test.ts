import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { describeEngine } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compose, network, overlay, patch, publish, replace, reset, service } from './index.ts'

const backend = network('backend')
const app = service('app', {
  image: 'app:1.0',
  read_only: false,
  restart: 'no',
  init: false,
  deploy: { resources: { limits: { memory: '4G' } } },
  logging: { driver: 'journald' },
  networks: [backend],
  ports: [publish(8080, 80)],
})
const base = compose('compose.yaml', [app])
const debug = overlay('debug.yaml', base, [
  patch(app, {
    command: ['sleep', 'infinity'],
    security_opt: ['no-new-privileges=true'],
    networks: [backend],
    ports: [publish(8080, 80), publish(9000, 81)],
    mem_limit: '1G',
  }),
  service('mail', { image: 'axllent/mailpit:v1.27' }),
])
const bare = overlay('bare.yaml', debug, [
  patch(app, { ports: replace([publish(7000, 80)]), logging: reset, command: reset }),
  patch('mail', { tty: true }),
])

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-overlay-'))
  for (const { path, text } of synthesize(stack('shop', [base, debug, bare]), { root }).artifacts) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
})
afterAll(() => rmSync(root, { recursive: true }))

const config = (...files: string[]) =>
  JSON.parse(
    execFileSync(
      'docker',
      ['compose', ...files.flatMap((file) => ['-f', file]), 'config', '--format', 'json'],
      { cwd: root, encoding: 'utf8' },
    ),
  )

describeEngine('an overlay, as docker compose reads it', () => {
  test('Compose accepts an overlay, and keeps the keys of its base', () => {
    const { name, services } = config('compose.yaml', 'debug.yaml')
    expect(name).toBe('shop')
    const { read_only, deploy, ...kept } = services.app
    expect(kept).toMatchObject({
      command: ['sleep', 'infinity'],
      restart: 'no',
      init: false,
      logging: { driver: 'journald' },
      security_opt: ['no-new-privileges=true'],
      ports: [{ published: '8080' }, { published: '9000' }],
      mem_limit: String(2 ** 30),
    })
    expect(read_only).toBeUndefined()
    expect(deploy.resources.limits.memory).toBe(String(2 ** 30))
    expect(services.mail).toMatchObject({ read_only: true, restart: 'unless-stopped' })
  })

  test('Compose accepts an overlay of an overlay, with its tags', () => {
    const { services } = config('compose.yaml', 'debug.yaml', 'bare.yaml')
    expect(services.app.ports).toMatchObject([{ published: '7000', host_ip: '127.0.0.1' }])
    expect(services.app.command).toBeNull()
    expect(services.app).not.toHaveProperty('logging')
    expect(services.mail).toMatchObject({ tty: true, restart: 'unless-stopped' })
  })

  test('Compose accepts a patch of every limit and list, for any base and extended service', () => {
    const says = [
      { mem_limit: '4g', pids_limit: 9, cpus: 2 },
      { deploy: { resources: { limits: { memory: '2g' }, reservations: { memory: '1g' } } } },
      { mem_reservation: '300m', scale: 1, security_opt: ['no-new-privileges=true'] },
      { group_add: ['5', '6'], deploy: { replicas: 3 } },
    ] as const
    const whole = says.map((spec, index) => service(`s${index}`, { image: 'a:1', ...spec }))
    const hand = { services: Object.fromEntries(says.map((spec, i) => [`b${i}`, { ...spec }])) }
    writeFileSync(join(root, 'hand.json'), JSON.stringify(hand))
    const first = compose('all.yaml', whole)
    const overlays = says.flatMap((own, i) =>
      says.map((_, j) =>
        overlay(
          `over-${i}-${j}.yaml`,
          first,
          whole.map((one, at) => {
            const other = { extends: { file: 'hand.json', service: `b${j}` } }
            return patch(one, at % 2 === 0 ? { ...own, ...other } : other)
          }),
        ),
      ),
    )
    const { artifacts, diagnostics } = synthesize(stack('shop', [first, ...overlays]), { root })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    for (const { path, text } of artifacts) writeFileSync(join(root, path), text)
    for (const { path } of artifacts.filter((one) => one.path.startsWith('over-'))) {
      expect(Object.keys(config('all.yaml', path).services)).toHaveLength(4)
    }
  })
})
