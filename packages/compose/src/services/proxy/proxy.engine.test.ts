import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { initSecrets } from '@erlmcp/secrets/run'
import { composeProject, describeEngine, ensureImages, must, runLabel } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authority, compose, network, service } from '../../index.ts'
import { haproxy, route, traefik } from '../index.ts'
import { printHaproxy } from './haproxy-config.ts'

const images = ['traefik:v3.7.15', 'haproxy:3.0', 'debian:trixie-slim']

/** What a server answers, or why it does not; each time on a new connection. */
function answer(url: string, options: RequestOptions): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { ...options, agent: false, timeout: 10_000 }, (response) => {
      response.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
      response.once('end', () => resolve(''))
    })
    request.on('error', ({ message }) => resolve(message))
  })
}

describeEngine('proxies', () => {
  const folders: string[] = []
  beforeAll(() => ensureImages(images))
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it('HAProxy reads each word as it was written', async () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    const special = fc.stringMatching(/^[ \t'"\\#$%{}()`;=é-]{1,20}$/)
    const words = fc
      .sample(fc.oneof(word, special), { numRuns: 400, seed: 7 })
      .filter((text) => !/[\0\r\n]/.test(text))
    const config = printHaproxy([
      [
        ['global'],
        ['stats', 'socket', 'ipv4@127.0.0.1:9999', 'level', 'admin'],
        ...words.map((text, at) => ['setenv', `ODD_${at}`, text]),
      ],
      [
        ['defaults'],
        ['timeout', 'client', '1s'],
        ['timeout', 'connect', '1s'],
        ['timeout', 'server', '1s'],
      ],
      [
        ['frontend', 'none'],
        ['bind', '127.0.0.1:8404'],
      ],
    ])
    const ask = `haproxy -db -f /tmp/odd.cfg & until exec 3<>/dev/tcp/127.0.0.1/9999; do sleep 0.1; done 2>/dev/null
printf 'show env\\n' >&3; cat <&3; kill $!`
    const { stdout } = await must(
      [
        ...(['docker', 'run', '--rm', '-i', '--label', runLabel(), '--network', 'none'] as const),
        ...['--entrypoint', 'bash', 'haproxy:3.0', '-c', `cat >/tmp/odd.cfg; ${ask}`],
      ],
      { input: config, timeout: 60_000 },
    )
    const read = words.map((_, at) => new RegExp(`^ODD_${at}=(.*)$`, 'm').exec(stdout)?.[1])
    expect(read).toEqual(words)
  })

  describe.each([
    ['traefik', traefik],
    ['haproxy', haproxy],
  ] as const)('%s', (name, proxy) => {
    const edge = network('edge')
    const tls = authority('tls')
    const web = tls.issue('web', { names: ['localhost', '127.0.0.1'] })
    // A server of a line, whose port of readiness is that of its requests.
    const server = (of: string) =>
      service(of, {
        image: 'traefik:v3.7.15',
        entrypoint: [
          ...[
            'sh',
            '-c',
            'mkdir /tmp/w && cd /tmp/w && echo "$0" >index.html && exec busybox httpd -f -p 8000',
          ],
          of,
        ],
        networks: [edge],
      })
    const servers = [server('one'), server('two')] as const
    const way = route('shop', {
      to: [
        { service: servers[0], weight: 3 },
        { service: servers[1], weight: 1 },
      ],
      port: 8000,
      ready: { path: '/index.html', port: 8000 },
    })

    it('speaks HTTPS with the certificate of the stack, and shares requests by fixed weights', async () => {
      const root = mkdtempSync(join(tmpdir(), 'erlmcp-proxy-'))
      folders.push(root)
      chmodSync(root, 0o755)
      const value = proxy(name, { route: way, tls: web, networks: [edge], publish: 0 })
      const file = compose('compose.yaml', [value, ...servers])
      const { artifacts, secrets } = synthesize(stack('shop', [tls, file]))
      for (const { path, text } of artifacts) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      expect(await initSecrets(root, secrets)).toMatchObject({ ok: true })
      const project = composeProject(root)
      await project.up({ wait: true })
      const address = await project.port(name, value.port)
      const ca = readFileSync(join(root, 'secrets/tls-ca'), 'utf8')
      const get = () => answer(`https://${address}/index.html`, { ca })
      await expect.poll(get, { timeout: 30_000 }).toMatch(/one|two/)
      const answers: string[] = []
      for (let count = 0; count < 40; count += 1) answers.push(await get())
      expect(answers.filter((one) => one === 'one')).toHaveLength(30)
      expect(answers.filter((one) => one === 'two')).toHaveLength(10)
      const log = (await project.logs(name)).split('\n')
      const worried = log.filter((line) => /\b(ERR|ALERT|WRN|WARNING)\b/.test(line))
      // Traefik says to everybody that it could refuse some paths that are correct.
      expect(worried.filter((line) => !line.includes('some encoded characters'))).toEqual([])
      const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const
      const old = { ca, ...versions, ciphers: 'DEFAULT@SECLEVEL=0' }
      expect(await answer(`https://${address}/`, old)).toContain('alert protocol version')
      await project.down()
    })
  })
})
