import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  describeSwarm,
  ensureImages,
  must,
  run,
  runLabel,
  type SwarmEngine,
  type SwarmOfEngines,
  swarmOfEngines,
} from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCounting } from './testing/counting.ts'
import { bases, cli, copyExample, stores } from './testing/example.ts'

// The reference deployment on a swarm of three engines, from docker-compose.swarm.yml as it is committed.

const balancer = 'haproxy:3.0'
const built = `erlmcp-swarm-test-${process.pid}`
const [first, second, broken] = [1, 2, 3].map((n) => `${built}:${n}`) as [string, string, string]

describeSwarm('the reference deployment on a swarm', () => {
  let folder: string
  let swarm: SwarmOfEngines
  const manager = () => swarm.engines[0]!

  const erlmcp = (image: string, ...argv: string[]) =>
    run([process.execPath, cli, ...argv], {
      cwd: folder,
      env: { DOCKER_HOST: manager().host, ERLMCP_IMAGE: image },
      timeout: 400_000,
    })
  const deploy = (image: string) => erlmcp(image, 'swarm', 'deploy', '--wait', '240')
  const docker = async (...argv: string[]) => (await manager().docker(argv)).stdout.trim()

  /** What every task of the application says on the engines that are there. */
  async function evaluated(code: string, engines = swarm.engines): Promise<readonly string[]> {
    const asked = engines.map(async (engine) => {
      const { stdout } = await engine.docker(['ps', '-q', '-f', 'name=erlmcp_erlmcp'])
      const ids = stdout.split('\n').filter(Boolean)
      return Promise.all(ids.map((id) => evaluate(engine, id, code)))
    })
    return (await Promise.all(asked)).flat()
  }
  async function evaluate(engine: SwarmEngine, id: string, code: string): Promise<string> {
    const done = await engine.docker(['exec', id, '/opt/erlmcp/bin/ctl', 'eval', code])
    return done.stdout.trim() || done.stderr.trim()
  }
  const seen = (engines = swarm.engines) => evaluated('length(nodes()).', engines)
  const images = async () => {
    const format = '{{.Image}} {{.DesiredState}} {{.CurrentState}}'
    const printed = await docker('service', 'ps', 'erlmcp_erlmcp', '--format', format)
    const lines = printed.split('\n').filter((line) => / Running Running/.test(line))
    return lines.map((line) => line.split(' ')[0])
  }
  const secrets = async () => (await docker('secret', 'ls', '--format', '{{.Name}}')).split('\n')
  const count = (counter: string, engines = swarm.engines) => {
    const origins = engines.map(({ address }) => `http://${address}:8080`)
    return startCounting(swarm.outside, 60, counter, origins)
  }

  beforeAll(async () => {
    await ensureImages([...bases, balancer])
    folder = copyExample()
    faster(join(folder, 'docker-compose.swarm.yml'))
    await buildImages(folder)
    swarm = await swarmOfEngines(3)
    await swarm.load([first, balancer])
    await swarm.load(stores, [manager()])
    expect(await erlmcp(first, 'secrets', 'init')).toMatchObject({ code: 0, stderr: '' })
  })
  afterAll(async () => {
    await run(['docker', 'image', 'rm', '--force', first, second, broken])
    rmSync(folder, { recursive: true, force: true })
  })

  it('is deployed to nodes that have its images alone', async () => {
    const refused = await deploy(first)
    expect(refused.code).toBe(3)
    // No node is the one that keeps the data yet.
    expect(refused.stderr).toMatch(
      /no node matches node\.labels\.data == true of (?:postgres|redis)/,
    )
    await docker('node', 'update', '--label-add', 'data=true', 'engine1')
    const { code, stdout, stderr } = await deploy(first)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`yes  erlmcp_erlmcp: 3 of 3 run (${first})`)
    expect(stdout).toContain('yes  erlmcp_haproxy: 3 of 3 run')
  })

  it('is one cluster over the overlay, of nodes with names of their own', async () => {
    await expect.poll(seen, { timeout: 60_000, interval: 500 }).toEqual(['2', '2', '2'])
    const names = await evaluated('node().')
    expect(new Set(names).size).toBe(3)
    for (const name of names) {
      expect(name).toMatch(/^'erlmcp@[123]-[a-z0-9]{25}\.erlmcp\.internal'$/)
    }
    const [{ Endpoint }] = JSON.parse(await docker('service', 'inspect', 'erlmcp_erlmcp'))
    expect(Endpoint.Ports).toBeUndefined()
    // The network of the cluster, not another one that the tasks share.
    const host = 'lists:last(string:split(atom_to_list(N), "@"))'
    const peers = await evaluated(
      `[inet:ntoa(element(2, inet:getaddr(${host}, inet))) || N <- nodes()].`,
    )
    const subnet = await docker(
      ...['network', 'inspect', 'erlmcp_erlmcp-cluster', '-f', '{{(index .IPAM.Config 0).Subnet}}'],
    )
    const prefix = subnet.split('.').slice(0, 3).join('.')
    for (const one of peers) {
      expect([...one.matchAll(/\d+\.\d+\.\d+/g)].flat()).toEqual([prefix, prefix])
    }
  })

  it('shows a certificate for all hosts of its domain, and for no other', async () => {
    const connect = (host: string) =>
      `begin {ok, Address} = inet:getaddr(lists:last(string:split(atom_to_list(hd(nodes())), "@")), inet),
        Client = proplists:get_value(client, ssl_dist_sup:consult("/opt/erlmcp/etc/ssl_dist.conf")),
        case ssl:connect(Address, 9100, [{server_name_indication, "${host}"}, {log_level, none} | Client], 5000) of
          {ok, Socket} -> ssl:close(Socket), accepted;
          {error, {tls_alert, {Why, _}}} -> Why
        end end.`
    expect(new Set(await evaluated(connect('any-task.erlmcp.internal')))).toEqual(
      new Set(['accepted']),
    )
    for (const host of ['any-task.other.internal', 'a.b.erlmcp.internal', 'erlmcp.internal']) {
      expect(new Set(await evaluated(connect(host))), host).toEqual(new Set(['bad_certificate']))
    }
  })

  it('rejects an image that only one node has', async () => {
    await swarm.load([second], [manager()])
    const { code, stderr } = await deploy(second)
    expect(code).toBe(3)
    expect(stderr).toMatch(new RegExp(`${second}, for erlmcp: not on engine[23], engine[23]`))
    expect(await images()).toEqual([first, first, first])
    await swarm.load([second], swarm.engines.slice(1))
  })

  it('updates under load without a failed request, and with a secret that changed', async () => {
    appendFileSync(join(folder, 'secrets/tls-ca'), '\n')
    const client = await count('update')
    const done = await deploy(second)
    const report = await client.stop()
    expect({ code: done.code, stderr: done.code === 0 ? '' : done.stderr }).toMatchObject({
      code: 0,
    })
    expect(report.failures).toEqual([])
    expect(report.rate).toBeGreaterThanOrEqual(50)
    expect(report.highest).toBe(report.sent)
    expect(await images()).toEqual([second, second, second])
    await expect.poll(seen, { timeout: 60_000, interval: 500 }).toEqual(['2', '2', '2'])
    // The one before stays for a rollback.
    const versions = (await secrets()).filter((name) => name.startsWith('erlmcp_tls-ca.'))
    expect(versions).toHaveLength(2)
  })

  it('rolls back on request', async () => {
    const { code, stdout } = await erlmcp(second, 'swarm', 'rollback', 'erlmcp', '--wait', '240')
    expect(code).toBe(0)
    expect(stdout).toContain(`yes  erlmcp_erlmcp: 3 of 3 run`)
    expect(await images()).toEqual([first, first, first])
  })

  it('rolls back a failed update by itself, and exits 1 with the reason', async () => {
    await swarm.load([broken])
    const client = await count('broken')
    const { code, stdout, stderr } = await deploy(broken)
    const report = await client.stop()
    expect(code).toBe(1)
    expect(stdout).toMatch(/^NO {3}erlmcp_erlmcp: 3 of 3 run, was rolled back/m)
    expect(stderr).toMatch(/erlmcp_erlmcp\.[123] on engine[123]: .*non-zero exit \(3\)/)
    expect(stderr).toContain('out of luck')
    expect(await images()).toEqual([first, first, first])
    expect(report.failures).toEqual([])
    expect(report.highest).toBe(report.sent)
    const status = await erlmcp(first, 'swarm', 'status', '--format=json')
    expect(status.code).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({ ok: true, stack: 'erlmcp' })
  })

  it('heals when an engine is lost', async () => {
    // One that runs a replica; the first has the data, and one copy of it.
    const run = await Promise.all(swarm.engines.map((engine) => seen([engine])))
    const lost = swarm.engines.find((_, at) => at > 0 && run[at]!.length > 0)
    const rest = swarm.engines.filter((engine) => engine !== lost)
    const before = await evaluated('node().', [lost!])
    expect(before.length).toBeGreaterThan(0)
    await swarm.lose(lost!)
    await expect
      .poll(() => seen(rest), { timeout: 120_000, interval: 1000 })
      .toEqual(['2', '2', '2'])
    const after = await evaluated('node().', rest)
    expect(after.filter((name) => before.includes(name))).toEqual([])
    const client = await count('lost', rest)
    await new Promise((resolve) => setTimeout(resolve, 5000))
    expect((await client.stop()).failures).toEqual([])
    await swarm.back(lost!)
    const nodes = async () => docker('node', 'ls', '--format', '{{.Hostname}} {{.Status}}')
    await expect.poll(nodes, { timeout: 60_000 }).toContain(`${lost!.name} Ready`)
    // Of one slot there were two for a moment, and the one that is over does not come back.
    await expect.poll(() => seen(), { timeout: 60_000, interval: 1000 }).toEqual(['2', '2', '2'])
  })

  it('removes versions of secrets that nothing uses', async () => {
    const { code, stdout } = await deploy(first)
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/removed erlmcp_erlang-cookie/)
    expect((await deploy(first)).code).toBe(0)
    const versions = (await secrets()).filter((name) => name.startsWith('erlmcp_tls-ca.'))
    expect(versions).toHaveLength(1)
  })
})

/** The same deployment with less time between its checks: what it waits for is what a test waits for. */
function faster(path: string): void {
  let text = readFileSync(path, 'utf8')
  for (const [slow, fast] of [
    [/interval: 1\d+s/g, 'interval: 2s'],
    [/timeout: (?:5|10)s/g, 'timeout: 3s'],
    [/monitor: \d+s/g, 'monitor: 15s'],
    [/delay: 10s/g, 'delay: 1s'],
  ] as const) {
    expect(text).toMatch(slow)
    text = text.replace(slow, fast)
  }
  writeFileSync(path, text)
}

/** The application, another version of it, and one that ends as soon as it runs. */
async function buildImages(folder: string): Promise<void> {
  const label = ['--label', runLabel()]
  await must(['docker', 'build', '--quiet', ...label, '--target', 'runtime', '-t', first, folder], {
    timeout: 900_000,
  })
  const onTop = (tag: string, line: string) =>
    must(['docker', 'build', '--quiet', ...label, '-t', tag, '-'], {
      input: `FROM ${first}\n${line}\n`,
    })
  await onTop(second, 'ENV VERSION=2')
  await onTop(broken, 'ENTRYPOINT ["sh", "-c", "echo out of luck >&2; sleep 1; exit 3"]')
}
