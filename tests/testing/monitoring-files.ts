import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, runLabel } from '@erlmcp/testkit'
import { afterAll, expect, it } from 'vitest'

const prometheusImage = 'prom/prometheus:v3.13.5'
const alertmanagerImage = 'prom/alertmanager:v0.34.2'
const collectorImage = 'otel/opentelemetry-collector:0.165.0'
const jaegerImage = 'jaegertracing/jaeger:2.13.0'

/** What the profile `monitoring` runs here. Of Grafana there is no stand-in. */
export const monitoringImages = [prometheusImage, alertmanagerImage, collectorImage, jaegerImage]

/** Each file of the profile, judged by the program that reads it, as it is and with an error. */
export function describeMonitoringFiles(folder: () => string): void {
  const copies: string[] = []
  afterAll(() => {
    for (const copy of copies) rmSync(copy, { recursive: true })
  })

  /** Runs a program on a file of `docker/`, or on a copy in which something is replaced. */
  const judge = async (
    image: string,
    path: string,
    argv: readonly string[],
    [from, to]: readonly [string, string] = ['', ''],
  ) => {
    const copy = mkdtempSync(join(tmpdir(), 'erlmcp-judged-'))
    copies.push(copy)
    chmodSync(copy, 0o755)
    cpSync(join(folder(), 'docker'), copy, { recursive: true })
    const text = readFileSync(join(copy, path), 'utf8')
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
    writeFileSync(join(copy, path), text.replace(from, to))
    const [entrypoint, ...rest] = argv
    const done = await run([
      ...(['docker', 'run', '--rm', '--network', 'none', '--label', runLabel()] as const),
      ...['--volume', `${copy}:/files:ro`, '--volume', `${copy}/prometheus:/etc/prometheus:ro`],
      ...['--entrypoint', entrypoint!, image, ...rest],
    ])
    return { code: done.code, printed: done.stdout + done.stderr }
  }

  const readers = [
    [
      'prometheus/prometheus.yml',
      prometheusImage,
      [
        'promtool',
        'check',
        'config',
        '--lint=all',
        '--lint-fatal',
        '/files/prometheus/prometheus.yml',
      ],
      ['scrape_interval', 'scrape_intervall'],
    ],
    [
      'prometheus/alerts.yml',
      prometheusImage,
      ['promtool', 'check', 'rules', '--lint=all', '--lint-fatal', '/files/prometheus/alerts.yml'],
      ['rate(', 'rat('],
    ],
    [
      'prometheus/web.yml',
      prometheusImage,
      ['promtool', 'check', 'web-config', '/files/prometheus/web.yml'],
      ['headers', 'header'],
    ],
    [
      'prometheus/alerts.test.yml',
      prometheusImage,
      ['promtool', 'test', 'rules', '/files/prometheus/alerts.test.yml'],
      // The store is not down in the example, and the rule does not fire.
      ["values: '0+0x16'", "values: '1+0x16'"],
    ],
    [
      'alertmanager/alertmanager.yml',
      alertmanagerImage,
      ['amtool', 'check-config', '/files/alertmanager/alertmanager.yml'],
      ['receiver: default', 'receiver: unknown'],
    ],
    [
      'otel-collector/config.yml',
      collectorImage,
      ['/otelcol', 'validate', '--config=/files/otel-collector/config.yml'],
      ['limit_percentage', 'limit_percent'],
    ],
    [
      'jaeger/config.yml',
      jaegerImage,
      ['/cmd/jaeger/jaeger-linux', 'validate', '--config=/files/jaeger/config.yml'],
      ['max_traces', 'most_traces'],
    ],
  ] as const

  it.each(readers)(
    '%s is accepted, and rejected with an error in it',
    async (path, image, argv, wrong) => {
      expect(await judge(image, path, argv)).toMatchObject({ code: 0 })
      const invalid = await judge(image, path, argv, wrong)
      expect(invalid.code, invalid.printed).not.toBe(0)
    },
  )
}
