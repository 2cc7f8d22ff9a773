import { type Document, type Origin, yamlFormat } from '@erlmcp/core'
import type { Alert, Sample } from './alert.ts'
import { quoted, secondsOf } from './promql.ts'
import type { ScrapeTarget } from './target.ts'

const yaml = (path: string, data: unknown): Document => ({ path, format: yamlFormat, data })

/** What a Prometheus of this name reads, and the proof of its rules. */
export interface PrometheusFiles {
  readonly configuration: Document
  readonly rules: Document
  readonly web: Document
  readonly tests: Document
}

/** The files of a Prometheus, in its own words. */
export function prometheusFiles(
  name: string,
  targets: readonly ScrapeTarget[],
  rules: readonly Alert[],
  alertmanagers: readonly string[] | undefined,
  origin: Origin,
): PrometheusFiles {
  const folder = `docker/${name}`
  return {
    configuration: yaml(`${folder}/prometheus.yml`, configuration(targets, alertmanagers)),
    rules: yaml(`${folder}/alerts.yml`, {
      groups: rules.length === 0 ? [] : [{ name: 'alerts', rules: rules.map(ruleData) }],
    }),
    web: yaml(`${folder}/web.yml`, webData),
    tests: yaml(`${folder}/alerts.test.yml`, testData(rules, origin)),
  }
}

function configuration(
  targets: readonly ScrapeTarget[],
  alertmanagers: readonly string[] | undefined,
): unknown {
  return {
    global: {
      scrape_interval: '15s',
      scrape_timeout: '10s',
      evaluation_interval: '15s',
      // A target that goes wrong must not fill the disk or the memory of all.
      body_size_limit: '16MB',
      sample_limit: 50_000,
    },
    rule_files: ['/etc/prometheus/alerts.yml'],
    ...(alertmanagers && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    }),
    scrape_configs: targets.map(({ job, addresses, path }) => ({
      job_name: job,
      ...(path !== '/metrics' && { metrics_path: path }),
      static_configs: [{ targets: addresses }],
    })),
  }
}

// Other pages must not frame the interface. It has no users: who reaches the port may read.
const webData = {
  http_server_config: {
    headers: {
      'Content-Security-Policy': "frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'deny',
    },
  },
}

function ruleData({ name, when, for: wait, severity, summary }: Alert): unknown {
  return {
    alert: name,
    expr: when.text,
    ...(wait !== undefined && { for: wait }),
    labels: { severity },
    annotations: { summary },
  }
}

/** Two unit tests of promtool for each rule: it fires, and where all is well it does not. */
function testData(rules: readonly Alert[], origin: Origin): unknown {
  return {
    rule_files: ['alerts.yml'],
    evaluation_interval: '1m',
    tests: rules.flatMap((rule) => {
      const wait = rule.for === undefined ? 0 : secondsOf(rule.for, origin)
      // Long enough for a window of a rate too.
      const minutes = Math.ceil(wait / 60) + 15
      const time = `${minutes}m`
      const name = `alertname=${quoted(rule.name)}`
      return [
        {
          name: `${rule.name} fires`,
          interval: '1m',
          input_series: inputs(rule.example.fires, minutes),
          promql_expr_test: [
            {
              expr: `count(ALERTS{${name}, alertstate="firing"}) > bool 0`,
              eval_time: time,
              exp_samples: [{ labels: '{}', value: 1 }],
            },
          ],
        },
        {
          name: `${rule.name} is quiet`,
          interval: '1m',
          input_series: inputs(rule.example.quiet, minutes),
          promql_expr_test: [{ expr: `ALERTS{${name}}`, eval_time: time, exp_samples: [] }],
        },
      ]
    }),
  }
}

function inputs(samples: readonly Sample[], minutes: number): unknown {
  return samples.flatMap(({ series }) =>
    series.map((one) => ({
      series: one.series,
      // promtool: start, growth for each interval, how many more.
      values: `${one.start}+${one.growth}x${minutes}`,
    })),
  )
}
