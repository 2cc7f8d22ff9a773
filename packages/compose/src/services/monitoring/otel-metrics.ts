import type { ServiceValue } from '../../schema/author.gen.ts'
import { metrics } from './metrics.ts'
import { type ScrapeTarget, targetOf } from './target.ts'

/**
 * What an OpenTelemetry collector exports of itself, and Jaeger 2 as one: what came in, what went
 * on, and what did not. A counter is there from its first event on.
 *
 * @see https://opentelemetry.io/docs/collector/internal-telemetry/
 * @example
 * sum(rate(otelMetrics.otelcol_receiver_refused_spans_total, '5m'), ['job'])
 */
export const otelMetrics = metrics({
  otelcol_receiver_accepted_spans_total: {
    kind: 'counter',
    labels: ['receiver', 'transport'],
    help: 'Spans that came in.',
  },
  otelcol_receiver_refused_spans_total: {
    kind: 'counter',
    labels: ['receiver', 'transport'],
    help: 'Spans that were sent back: memory was short, or the next step did not take them.',
  },
  otelcol_exporter_sent_spans_total: {
    kind: 'counter',
    labels: ['exporter'],
    help: 'Spans that went on.',
  },
  otelcol_exporter_send_failed_spans_total: {
    kind: 'counter',
    labels: ['exporter'],
    help: 'Spans that could not go on, and are lost.',
  },
  otelcol_process_memory_rss_bytes: { kind: 'gauge', help: 'Resident memory.' },
  otelcol_process_cpu_seconds_total: { kind: 'counter', help: 'Time on a processor.' },
  otelcol_process_uptime_seconds_total: { kind: 'counter', help: 'Time since it started.' },
})

const port = 8888

/** The part `service.telemetry` of a collector's configuration, for `otelTarget`. */
export const otelTelemetry = {
  metrics: {
    level: 'basic',
    readers: [
      {
        pull: {
          exporter: {
            prometheus: {
              host: '0.0.0.0',
              port,
              // Names as Prometheus wants them; the collector leaves out both by default.
              without_type_suffix: false,
              without_units: false,
            },
          },
        },
      },
    ],
  },
}

/** A collector, to be scraped. */
export function otelTarget(of: ServiceValue): ScrapeTarget {
  return targetOf(of.name, [of], port, Object.values(otelMetrics))
}
