import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cluster, clusterIn, cutOff, green, killEmulator, until } from './testing/cluster.ts'
import { bases, copyExample } from './testing/example.ts'
import { type Ask, during } from './testing/load.ts'
import { answered, mcpClient } from './testing/mcp.ts'
import { trusting } from './testing/tls.ts'

// Five nodes, and new certificates, passwords and a new cookie while they work.

const names = ['erlmcp-node1', 'erlmcp-node2', 'erlmcp-node3', 'erlmcp-node4', 'erlmcp-node5']

describeEngine('five nodes of the reference deployment', () => {
  let folder: string
  let own: Cluster

  beforeAll(async () => {
    await ensureImages(bases)
    folder = copyExample()
    const stack = join(folder, 'stack.ts')
    const three = readFileSync(stack, 'utf8')
    writeFileSync(stack, three.replace('size: 3', 'size: 5'))
    own = clusterIn(folder)
    for (const command of [['synth'], ['secrets', 'init']]) {
      expect(await own.erlmcp(...command)).toMatchObject({ code: 0, stderr: '' })
    }
    await own.project.build({ services: ['erlmcp-node1'] })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Clients of both stores, and one over TLS with a connection for each request. */
  async function clients() {
    const [http, https] = await Promise.all(
      [8080, 8443].map((port) => own.project.port('erlmcp-node1', port)),
    )
    const { fetch, certificates } = trusting(() =>
      readFileSync(join(folder, 'secrets/tls-ca'), 'utf8'),
    )
    const mcp = mcpClient(() => `http://${http}`)
    const overTls = mcpClient(() => `https://${https}`, fetch)
    const session = await mcp.session()
    const asks: readonly Ask[] = [
      async () => answered(await mcp.call(session, 'note_list', {})),
      async () => answered(await mcp.call(session, 'counter_increment', { name: 'load' })),
      () => overTls.request(session, 'ping'),
    ]
    return { ask: (at: number) => asks[at % asks.length]!(at), certificates }
  }
  const serial = async (node: string) =>
    own.evaluate(
      node,
      `{ok, Pem} = file:read_file("/run/secrets/dist-cert"),
       [{_, Der, _} | _] = public_key:pem_decode(Pem),
       element(3, element(2, public_key:pkix_decode_cert(Der, plain))).`.replaceAll('\n', ' '),
    )

  it('come up, and are verified within 30 seconds', async () => {
    const { code, stdout, stderr } = await own.cluster('up', '--wait', '30')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of names) expect(stdout).toContain(`${name} sees all 5 nodes`)
  })

  it('take back one that was killed, and one that was cut off for a minute', async () => {
    await killEmulator(own, 'erlmcp-node4')
    expect(await own.verify('--wait', '60')).toMatchObject(green)
    await cutOff(own, 'erlmcp-node5', async () => {
      await until(async () => !(await own.nodes('erlmcp-node1')).includes('node5'))
    })
    expect(await own.verify('--wait', '60')).toMatchObject(green)
  })

  it('lose no request while certificates and passwords change', async () => {
    const { ask, certificates } = await clients()
    const before = await serial('erlmcp-node3')
    const { failures, sent } = await during(60, ask, async () => {
      const all = [...names.map((name) => `${name}-cert`), 'tls-cert']
      expect(await own.erlmcp('secrets', 'rotate', ...all)).toMatchObject({ code: 0 })
      // What Erlang does by itself within two minutes.
      for (const name of names) await own.evaluate(name, 'ssl:clear_pem_cache().')
      await sleep(1000)
      const passwords = ['redis-password', 'postgres-password']
      const rotated = await own.erlmcp('secrets', 'rotate', ...passwords)
      expect(rotated).toMatchObject({ code: 0 })
      expect(rotated.stdout).toMatch(/updated .*postgres/)
      expect(rotated.stdout).toMatch(/updated .*redis/)
      await sleep(1000)
      expect(await own.erlmcp('secrets', 'rotate', '--done')).toMatchObject({ code: 0 })
      await sleep(1000)
    })
    expect(failures).toEqual([])
    expect(sent).toBeGreaterThan(200)
    // The old one of the server, and the new.
    expect(certificates.size).toBe(2)
    expect(await serial('erlmcp-node3')).not.toBe(before)
    // Connections that were there go on; new ones are made with the new certificates.
    await own.evaluate('erlmcp-node1', '[erlang:disconnect_node(Node) || Node <- nodes()].')
    expect(await own.verify('--wait', '60')).toMatchObject(green)
    // Who starts now has the new passwords.
    await own.project.restart('erlmcp-node2')
    expect(
      await own.project.exec('erlmcp-node2', ['/opt/erlmcp/bin/health', 'ready']),
    ).toMatchObject({ code: 0 })
  })

  it('have a new cookie only together', async () => {
    const { ask } = await clients()
    const { failures } = await during(60, ask, async () => {
      expect(await own.erlmcp('secrets', 'rotate', 'erlang-cookie')).toMatchObject({ code: 0 })
      const ctl = (name: string) => own.project.exec(name, ['/opt/erlmcp/bin/ctl', 'cookie'])
      expect(await ctl('erlmcp-node3')).toMatchObject({ code: 0, stdout: '', stderr: '' })
      expect((await own.nodes('erlmcp-node3')).split(',')).toHaveLength(4)
      // It has the new one, the others the old: once it is cut off, it stays so.
      await own.evaluate('erlmcp-node3', '[erlang:disconnect_node(Node) || Node <- nodes()].')
      expect((await own.verify('--wait', '5')).code).toBe(1)
      expect(await own.nodes('erlmcp-node3')).toBe('[]')
      for (const name of names) expect(await ctl(name)).toMatchObject({ code: 0 })
      expect(await own.verify('--wait', '60')).toMatchObject(green)
    })
    expect(failures).toEqual([])
    // Who starts now has it, too.
    await own.project.restart('erlmcp-node4')
    expect(await own.verify('--wait', '60')).toMatchObject(green)
  })
})
