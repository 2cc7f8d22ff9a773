import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import {
  describeSwarm,
  ensureImages,
  must,
  run,
  type SwarmOfEngines,
  swarmOfEngines,
} from './index.ts'

const image = 'debian:trixie-slim'

/** What a swarm would leave behind: its folder, and processes and control groups that carry its name. */
async function remains(host: string): Promise<string> {
  const folder = dirname(host.replace('unix://', ''))
  const groups = ['find', '/sys/fs/cgroup', '-name', basename(folder)] as const
  const [processes, found] = await Promise.all([must(['ps', '-eo', 'args']), must(groups)])
  const running = processes.stdout.split('\n').filter((line) => line.includes(folder))
  return [...running, found.stdout, existsSync(folder) ? folder : ''].join('\n').trim()
}

describeSwarm('a swarm of engines', () => {
  let swarm: SwarmOfEngines
  const manager = () => swarm.engines[0]!
  beforeAll(async () => {
    await ensureImages([image])
    swarm = await swarmOfEngines(3)
  })

  const nodes = async () => {
    const format = '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'
    const { stdout } = await manager().docker(['node', 'ls', '--format', format])
    return stdout.trim().split('\n').sort()
  }

  it('is three managers', async () => {
    expect((await nodes()).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'engine1 Ready',
      'engine2 Ready',
      'engine3 Ready',
    ])
  })

  it('runs a task on each engine; they reach each other, and are reached from outside', async () => {
    await swarm.load([image])
    await must([
      ...(['docker', '--host', manager().host, 'network', 'create'] as const),
      ...['--driver', 'overlay', '--attachable', 'mesh'],
    ])
    const perl = `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 9,
      ReuseAddr => 1); while (my $c = $s->accept) { print $c "hello from " . $ENV{NAME} . "\\n"; close $c }`
    const created = await manager().docker([
      ...['service', 'create', '--quiet', '--name', 'hello', '--mode', 'global'],
      ...[
        '--network',
        'mesh',
        '--env',
        'NAME={{.Node.Hostname}}',
        '--endpoint-mode',
        'dnsrr',
        '--publish',
        'mode=host,target=80,published=8080',
      ],
      ...['--no-resolve-image', image, 'perl', '-e', perl],
    ])
    expect(created).toMatchObject({ code: 0 })
    for (const { name, address } of swarm.engines) {
      const ask = `exec 3<>/dev/tcp/${address}/8080; cat <&3`
      const { stdout } = await must(swarm.outside(['bash', '-c', ask]))
      expect(stdout).toBe(`hello from ${name}\n`)
    }
    const across = await swarm.engines[2]!.docker([
      ...['run', '--rm', '--network', 'mesh', image, 'getent', 'ahostsv4', 'tasks.hello'],
    ])
    expect(new Set(across.stdout.match(/^[\d.]+/gm)).size).toBe(3)
  })

  it('goes on without one, and takes it back', async () => {
    const [, , lost] = swarm.engines
    await swarm.lose(lost!)
    await expect
      .poll(nodes, { timeout: 60_000 })
      .toContainEqual(expect.stringMatching(/^engine3 Down/))
    await swarm.back(lost!)
    await expect
      .poll(nodes, { timeout: 60_000 })
      .toContainEqual(expect.stringMatching(/^engine3 Ready/))
  })

  it('ends without a trace', async () => {
    const { host } = manager()
    expect(await remains(host)).toContain('dockerd')
    await swarm.end()
    expect(await remains(host)).toBe('')
  })

  it('ends without a trace when its process is killed', async () => {
    const script = fileURLToPath(new URL('../fixtures/abandon-swarm.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const host = await new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => resolve(text.trim()))
    })
    expect((await run(['docker', '--host', host, 'info'])).code).toBe(0)
    child.kill('SIGKILL')
    await expect.poll(() => remains(host), { timeout: 60_000, interval: 200 }).toBe('')
  })
})
