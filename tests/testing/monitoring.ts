import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { otelMetrics } from '@erlmcp/compose/services'
import { run } from '@erlmcp/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { catalogue, rules, traceRules } from '../../examples/erlmcp/monitoring.ts'
import { describeMonitoringFiles } from './monitoring-files.ts'
import { describeTraces, traceOf, type Watched } from './traces.ts'

const services = ['prometheus', 'alertmanager', 'otel-collector', 'jaeger']

/** The profile `monitoring` of the reference deployment, beside the application that runs. */
export function describeMonitoring(watched: () => Watched): void {
  describe('its monitoring files, to the programs that read them', () => {
    describeMonitoringFiles(() => watched().folder)
  })
  describe('watched', () => {
    beforeAll(() => watched().project.up({ wait: true, services }))
    describeMetrics(watched)
    describeTraces(watched)
    describeIsolation(watched)
  })
}

function describeMetrics(watched: () => Watched): void {
  const ask = async <Data>(path: string): Promise<Data> => {
    const at = await watched().project.port('prometheus', 9090)
    const response = await fetch(`http://${at}/api/v1/${path}`)
    return ((await response.json()) as { data: Data }).data
  }
  const query = async (expression: string) =>
    (await ask<{ result: unknown[] }>(`query?query=${encodeURIComponent(expression)}`)).result

  it('is scraped, as is everything that runs beside it', async () => {
    const health = async () => {
      const { activeTargets } = await ask<{
        activeTargets: { labels: { job: string }; health: string }[]
      }>('targets')
      return Object.fromEntries(activeTargets.map(({ labels, health }) => [labels.job, health]))
    }
    await expect.poll(health, { timeout: 60_000, interval: 1000 }).toEqual({
      erlmcp: 'up',
      prometheus: 'up',
      alertmanager: 'up',
      'otel-collector': 'up',
      jaeger: 'up',
    })
  })

  const labelsOf = async (name: string, type: string, job: string) => {
    const series = type === 'histogram' ? `${name}_count` : name
    const match = encodeURIComponent(`${series}{job="${job}"}`)
    const labels = await ask<string[]>(`labels?match[]=${match}`)
    return labels.filter((label) => label !== '__name__').sort()
  }
  type Metadata = Record<string, { type: string; help: string }[]>

  it('exports what the catalogue says: names, kinds, labels and help', async () => {
    const { mcp } = watched()
    const id = await mcp.session()
    await mcp.call(id, 'echo', { text: 'hello' })
    await mcp.send({ id: 5, method: 'no/such' }, id)
    const exported = async () => {
      const known = await ask<Metadata>('metadata')
      const found = Object.keys(known).filter((name) => /^erl(mcp|ang_vm)_/.test(name))
      const rows = found.map(async (name) => {
        const { type, help } = known[name]![0]!
        return [name, { type, help, labels: await labelsOf(name, type, 'erlmcp') }] as const
      })
      return Object.fromEntries(await Promise.all(rows))
    }
    const declared = Object.values(catalogue).map(({ name, type, help, labels }) => {
      return [name, { type, help, labels: [...labels].sort() }] as const
    })
    await expect
      .poll(exported, { timeout: 60_000, interval: 2000 })
      .toEqual(Object.fromEntries(declared))
  })

  it.each(['otel-collector', 'jaeger'])('%s exports what its catalogue says', async (job) => {
    const { mcp } = watched()
    await mcp.session()
    const missing = async () => {
      const known = await ask<Metadata>('metadata')
      const rows = Object.values(otelMetrics).map(async ({ name, type, labels }) => {
        const own = await labelsOf(name, type, job)
        const has = labels.every((label) => own.includes(label))
        return has && known[name]?.[0]?.type === type ? [] : [name]
      })
      return (await Promise.all(rows)).flat()
    }
    // A counter of failures is there from the first failure on.
    const failures = otelMetrics.otelcol_exporter_send_failed_spans_total.name
    const others = async () => (await missing()).filter((name) => name !== failures)
    await expect.poll(others, { timeout: 60_000, interval: 2000 }).toEqual([])
  })

  it.each(['erlmcp', 'traces'])('has an answer for every line of %s.json', async (uid) => {
    const { folder, mcp } = watched()
    const id = await mcp.session()
    const file = join(folder, `docker/grafana/${uid}.json`)
    const { panels } = JSON.parse(readFileSync(file, 'utf8')) as {
      panels: { title: string; targets: { expr: string }[] }[]
    }
    const lines = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    expect(lines.length).toBeGreaterThanOrEqual(panels.length)
    const unanswered = async () => {
      await mcp.call(id, 'echo', { text: 'hello' })
      await mcp.send({ id: 6, method: 'no/such' }, id)
      const answers = await Promise.all(lines.map(query))
      return lines.filter((_, index) => answers[index]!.length === 0)
    }
    await expect.poll(unanswered, { timeout: 90_000, interval: 3000 }).toEqual([])
  })

  it('evaluates every rule, and knows whom to tell', async () => {
    const health = async () => {
      type Groups = { groups: { rules: { name: string; health: string }[] }[] }
      const { groups } = await ask<Groups>('rules')
      return Object.fromEntries(
        groups.flatMap((group) => group.rules.map((rule) => [rule.name, rule.health])),
      )
    }
    await expect
      .poll(health, { timeout: 60_000, interval: 1000 })
      .toEqual(Object.fromEntries([...rules, ...traceRules].map(({ name }) => [name, 'ok'])))
    const managers = await ask<{ activeAlertmanagers: unknown[] }>('alertmanagers')
    expect(managers.activeAlertmanagers).toHaveLength(1)
  })

  it('loses nothing but traces with its collector, and that is noticed', async () => {
    const { project, mcp } = watched()
    await project.stop('otel-collector')
    const id = await mcp.session()
    const noticed = async () => {
      expect(await mcp.call(id, 'echo', { text: 'still here' })).toMatchObject({ isError: false })
      const gone = await query('ALERTS{alertname="TargetDown",job="otel-collector"}')
      const lost = await query('increase(erlmcp_spans_total{outcome="lost"}[5m]) > 0')
      return { gone: gone.length, lost: lost.length }
    }
    await expect.poll(noticed, { timeout: 150_000, interval: 2000 }).toEqual({ gone: 1, lost: 1 })
    const health = await fetch(`http://${await project.port('erlmcp', 9090)}/health/ready`)
    expect(health.status).toBe(200)
    await project.up({ wait: true, services: ['otel-collector'] })
    const trace = traceOf(watched)
    await mcp.call(id, 'echo', { text: 'back' }, trace.header)
    await expect.poll(trace.names, { timeout: 60_000, interval: 1000 }).toContain('tools/call')
  })
}

function describeIsolation(watched: () => Watched): void {
  it('is published on loopback or not at all', async () => {
    type Ports = Record<string, { HostIp: string }[] | null>
    for (const service of services) {
      const { NetworkSettings } = await watched().project.inspect(service)
      const { Ports } = NetworkSettings as { Ports: Ports }
      const published = Object.values(Ports).flatMap((hosts) => hosts ?? [])
      const expected = service === 'otel-collector' ? [] : ['127.0.0.1']
      expect([...new Set(published.map(({ HostIp }) => HostIp))], service).toEqual(expected)
    }
  })

  it('meets in a network without a way out, as an unprivileged user', async () => {
    const { project } = watched()
    const { stdout } = await run([
      ...(['docker', 'network', 'inspect', '-f', '{{.Internal}}'] as const),
      `${project.name}_monitoring`,
    ])
    expect(stdout).toBe('true\n')
    for (const service of services) {
      const { Config, HostConfig } = await project.inspect(service)
      expect(Config.User, service).toMatch(/^[1-9]/)
      expect(HostConfig, service).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] })
    }
  })
}
