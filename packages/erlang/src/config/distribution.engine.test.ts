import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  build,
  eventually,
  exec,
  hardened,
  once,
  projectOf,
  start,
} from '../../fixtures/erlang-project.ts'

const tag = 'erlang-image-test:tls'
const domain = 'erlang.test'

describeEngine('nodes that speak TLS', () => {
  let folder: string
  const network = `erlang-image-test-${process.pid}`

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
    folder = projectOf({
      distribution: 'tls',
      vmArgs: { '+zdbbl': 32_768, '-kernel': { net_ticktime: 20 } },
    })
    await Promise.all([build(folder, tag), authority('good'), authority('foreign')])
    await leaf('good', 'n1')
    await leaf('good', 'n2')
    await leaf('foreign', 'n3')
    await leaf('good', 'n4')
    await must(['docker', 'network', 'create', '--label', runLabel(), network])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('connect without epmd, and reject nodes of another authority', async () => {
    const cookie = 'c'.repeat(64)
    const n1 = await node('good', 'n1', cookie)
    const n2 = await node('good', 'n2', cookie)
    const n3 = await node('foreign', 'n3', cookie)
    const n4 = await node('good', 'n4', 'd'.repeat(64))
    const ping = async (from: string, to: string) =>
      (await exec(from, 'bin/ctl', 'eval', `net_adm:ping('erlmcp@${to}.${domain}').`)).stdout.trim()
    for (const container of [n1, n2, n3, n4]) {
      await eventually('ping', async () => (await exec(container, 'bin/ctl', 'ping')).code === 0)
    }
    expect(await ping(n1, 'n2')).toBe('pong')
    expect(await exec(n1, 'bin/erlmcp', 'ping')).toMatchObject({ code: 0, stdout: 'pong\n' })
    expect((await exec(n1, 'bin/erlmcp', 'eval', 'node().')).stdout).toBe(`'erlmcp@n1.${domain}'\n`)
    expect((await exec(n2, 'bin/ctl', 'rpc', 'erlang', 'nodes')).stdout).toBe(
      `['erlmcp@n1.${domain}']\n`,
    )
    expect(await ping(n1, 'n3')).toBe('pang')
    expect(await ping(n3, 'n1')).toBe('pang')
    // The right certificate, with another cookie.
    expect(await ping(n4, 'n1')).toBe('pang')

    const { stdout } = await exec(n1, 'cat', '/proc/net/tcp', '/proc/net/tcp6')
    expect(stdout).toMatch(/:238C \S+ 0A /)
    expect(stdout).not.toMatch(/:1111 \S+ 0A /)

    const openssl = `echo | timeout 10 openssl s_client -connect $0:9100 -servername n1 2>&1; true`
    const address = await must([
      ...(['docker', 'inspect', '-f'] as const),
      ...['{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', n1],
    ])
    const wire = await must(['sh', '-c', openssl, address.stdout.trim()])
    expect(wire.stdout).toMatch(/TLSv1\.3/)
    const old = openssl.replace('s_client', 's_client -tls1_2')
    expect((await must(['sh', '-c', old, address.stdout.trim()])).stdout).toMatch(
      /alert protocol version/,
    )
  })

  it('do not start without their secrets and names', async () => {
    const attempt = async (...flags: string[]) => {
      const { code, stderr } = await once(tag, [...hardened, ...flags])
      return `${code} ${stderr.trim()}`
    }
    const cookie = join(folder, 'cookie')
    writeFileSync(cookie, 'c'.repeat(64))
    expect(await attempt()).toMatch(
      /^78 start: there is no cookie at \/run\/secrets\/erlang-cookie: /,
    )
    const withCookie = ['-v', `${cookie}:/run/secrets/erlang-cookie:ro`]
    expect(await attempt(...withCookie, '--hostname', 'short')).toContain('has no domain')
    expect(await attempt(...withCookie, '--hostname', `n1.${domain}`)).toBe(
      '78 start: /run/secrets/dist-ca is missing or not readable for uid 1000',
    )
  })

  async function node(ca: string, name: string, cookie: string) {
    const secrets = join(folder, `secrets-${name}`)
    mkdirSync(secrets)
    writeFileSync(join(secrets, 'erlang-cookie'), `${cookie}\n`)
    for (const [file, from] of [
      ['dist-ca', `${ca}.pem`],
      ['dist-cert', `${name}.pem`],
      ['dist-key', `${name}.key`],
    ] as const) {
      await must(['cp', join(folder, from), join(secrets, file)])
    }
    await must(['chmod', '-R', 'a+rX', secrets])
    const host = `${name}.${domain}`
    const flags = ['--hostname', host, '--network', network, '--network-alias', host]
    return start(tag, ...hardened, ...flags, '-v', `${secrets}:/run/secrets:ro`)
  }

  const openssl = (...argv: string[]) => must(['openssl', ...argv], { cwd: folder })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

  async function authority(name: string) {
    await openssl(
      ...['req', '-x509', ...curve, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', 'keyUsage=critical,keyCertSign'],
    )
  }

  async function leaf(ca: string, name: string) {
    writeFileSync(
      join(folder, `${name}.ext`),
      `subjectAltName=DNS:${name}.${domain}\nextendedKeyUsage=serverAuth,clientAuth\n` +
        'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n',
    )
    await openssl(
      ...['req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`],
    )
    await openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`],
      ...['-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    )
  }
})
