import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cluster, clusterIn, cutOff, green, killEmulator, until } from './testing/cluster.ts'
import { bases, copyExample } from './testing/example.ts'
import { flowsOf, recordsOf } from './testing/wire.ts'

// Three nodes of the reference deployment, from docker-compose.cluster.yml as it is committed.

describeEngine('the cluster of the reference deployment', () => {
  let folder: string
  let own: Cluster

  beforeAll(async () => {
    await ensureImages([...bases, 'prom/prometheus:v3.13.5'])
    folder = copyExample()
    own = clusterIn(folder)
    expect(await own.erlmcp('secrets', 'init')).toMatchObject({ code: 0, stderr: '' })
    await own.project.build({ services: ['erlmcp-node1'] })
  })
  afterAll(async () => {
    await run(['docker', 'image', 'rm', 'cluster-wire'])
    rmSync(folder, { recursive: true, force: true })
  })

  it('comes up, and is verified within 30 seconds', async () => {
    const { code, stdout, stderr } = await own.cluster('up', '--wait', '30')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^yes {2}erlmcp-node3 sees all 3 nodes$/m)
    expect(stdout).not.toMatch(/^NO/m)
    const begin = Date.now()
    const report = await own.verify()
    expect(report).toMatchObject(green)
    expect(Date.now() - begin).toBeLessThan(30_000)
    for (const check of ['foreign-ca', 'no-certificate', 'cookie', 'plain-tcp', 'epmd']) {
      const asked = report.checks.filter((one) => one.check === check).map(({ node }) => node)
      expect([...new Set(asked)].sort()).toEqual(['erlmcp-node1', 'erlmcp-node2', 'erlmcp-node3'])
    }
    expect(await own.nodes('erlmcp-node1')).toBe(
      "['erlmcp@erlmcp-node2.erlmcp.internal','erlmcp@erlmcp-node3.erlmcp.internal']",
    )
  })

  it('says at its third level of health whether all nodes are there', async () => {
    const levels = ['/opt/erlmcp/bin/health', 'live', 'ready', 'cluster']
    expect(await own.project.exec('erlmcp-node2', levels)).toMatchObject({ code: 0 })
  })

  it('is one job of a Prometheus, and each node an instance of it that sees all three', async () => {
    await own.project.up({ wait: true, services: ['cluster-prometheus'] })
    const answers = async () => {
      const at = await own.project.port('cluster-prometheus', 9090)
      const query = encodeURIComponent('erlmcp_cluster_nodes{job="erlmcp"}')
      const response = await fetch(`http://${at}/api/v1/query?query=${query}`)
      type Answer = { metric: { instance: string }; value: [number, string] }
      const { data } = (await response.json()) as { data: { result: Answer[] } }
      return Object.fromEntries(data.result.map(({ metric, value }) => [metric.instance, value[1]]))
    }
    await expect.poll(answers, { timeout: 60_000, interval: 1000 }).toEqual({
      'erlmcp-node1:9568': '3',
      'erlmcp-node2:9568': '3',
      'erlmcp-node3:9568': '3',
    })
  })

  it('has nothing but TLS on the wire', async () => {
    await must(['docker', 'build', '--quiet', '--target', 'tools', '-t', 'cluster-wire', '.'], {
      cwd: folder,
      timeout: 600_000,
    })
    const capture = await captured(await own.id('erlmcp-node1'), async () => {
      const secret = 'correct-horse-battery-staple'
      await own.evaluate('erlmcp-node1', '[erlang:disconnect_node(Node) || Node <- nodes()].')
      expect(await own.verify()).toMatchObject(green)
      const sent = `[erpc:call(Node, erlang, byte_size, [<<"${secret}">>]) || Node <- nodes()].`
      expect(await own.evaluate('erlmcp-node1', sent)).toBe(`[${secret.length},${secret.length}]`)
    })
    expect(capture.includes('correct-horse')).toBe(false)
    expect(capture.includes('erlmcp@erlmcp-node2')).toBe(false)
    const flows = flowsOf(capture).filter(({ bytes }) => bytes.length > 0)
    // What verify sends in plain TCP to see it turned away is the one exception.
    const plain = flows.filter(({ bytes }) => bytes.includes('Nverify') || bytes[2] === 0x4e)
    const others = flows.filter((flow) => !plain.includes(flow))
    const kinds = new Set(others.flatMap((flow) => recordsOf(flow)))
    expect(plain.length).toBeLessThanOrEqual(2)
    // Handshakes (22) and application data (23) were seen, so the capture was of the nodes.
    expect([...kinds]).toEqual(expect.arrayContaining([22, 23]))
    expect(others.length).toBeGreaterThan(4)
  })

  it('takes a node back whose emulator was killed', async () => {
    await killEmulator(own, 'erlmcp-node2')
    expect(await own.verify('--wait', '60')).toMatchObject(green)
  })

  it('takes a node back that was cut off for a minute', async () => {
    await cutOff(own, 'erlmcp-node3', async () => {
      await until(async () => !(await own.nodes('erlmcp-node1')).includes('node3'))
      const report = await own.verify('--wait', '0')
      expect(report.code).toBe(1)
      expect(report.wrong.map(({ message }) => message)).toContain(
        'erlmcp-node1 does not see erlmcp@erlmcp-node3.erlmcp.internal',
      )
    })
    expect(await own.verify('--wait', '60')).toMatchObject(green)
  })

  it('fails verification when a node is stopped', async () => {
    await own.project.stop('erlmcp-node2')
    const report = await own.verify('--wait', '0')
    expect(report).toMatchObject({ code: 1, ok: false })
    expect(report.wrong.map(({ message }) => message)).toContain('erlmcp-node2 is exited')
  })

  it('fails verification when its nodes accept every peer', async () => {
    const strict = readFileSync(join(folder, 'config/ssl_dist.conf'), 'utf8')
    const weak = strict
      .replaceAll('verify_peer', 'verify_none')
      .replace(/(fail_if_no_peer_cert,\s*)true/, '$1false')
    expect(weak).not.toBe(strict)
    writeFileSync(join(folder, 'weak.conf'), weak, { mode: 0o644 })
    const compose = readFileSync(join(folder, 'docker-compose.cluster.yml'), 'utf8')
    const mounted = compose.replaceAll(
      /(hostname: erlmcp-node\d\..*\n)/g,
      '$1    volumes: ["./weak.conf:/opt/erlmcp/etc/ssl_dist.conf:ro"]\n',
    )
    writeFileSync(join(folder, 'weak.yml'), mounted)
    expect(await own.cluster('up', '--file', 'weak.yml', '--format=json')).toMatchObject({
      code: 1,
    })
    const report = await own.verify()
    expect(new Set(report.wrong.map(({ check }) => check))).toEqual(
      new Set(['foreign-ca', 'no-certificate']),
    )
  })

  it('goes down, and then nothing is there to verify', async () => {
    expect(await own.cluster('down', '--volumes')).toMatchObject({ code: 0 })
    expect(await own.project.ps()).toEqual([])
    const report = await own.verify('--wait', '0')
    expect(report.code).toBe(1)
    expect(report.wrong.map(({ message }) => message)).toEqual([
      'erlmcp-node1 has no container',
      'erlmcp-node2 has no container',
      'erlmcp-node3 has no container',
    ])
  })
})

/** What passes the distribution port of a container meanwhile. */
async function captured(container: string, work: () => Promise<void>): Promise<Buffer> {
  const name = `cluster-wire-${process.pid}`
  const tcpdump = ['-i', 'any', '-y', 'LINUX_SLL', '-U', '-s', '0', '-w', '-', 'tcp port 9100']
  const child = spawn('docker', [
    ...['run', '--rm', '--name', name, '--network', `container:${container}`],
    ...['--user', '0', '--cap-add', 'NET_RAW', '--cap-add', 'NET_ADMIN'],
    ...['--entrypoint', 'tcpdump', 'cluster-wire', ...tcpdump],
  ])
  const parts: Buffer[] = []
  let printed = ''
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stderr.on('data', (text) => {
    printed += text
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  try {
    await until(async () => printed.includes('listening on'))
    await work()
  } finally {
    await run(['docker', 'stop', '--signal', 'INT', name])
    await ended
  }
  return Buffer.concat(parts)
}
