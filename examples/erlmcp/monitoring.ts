import {
  above,
  alert,
  below,
  dashboard,
  divide,
  metrics,
  otelMetrics,
  panel,
  panelsOf,
  quantile,
  rate,
  sample,
  sum,
  up,
  value,
} from '@erlmcp/compose/services'

/** What the application exports on port 9568: `apps/erlmcp/src/erlmcp_metrics.erl`. */
export const catalogue = metrics({
  erlmcp_requests_total: {
    kind: 'counter',
    labels: ['method', 'outcome'],
    help: 'MCP requests by method and outcome.',
  },
  erlmcp_request_duration_seconds: {
    kind: 'histogram',
    labels: ['method'],
    help: 'Time to answer an MCP request.',
  },
  erlmcp_tool_calls_total: {
    kind: 'counter',
    labels: ['tool', 'outcome'],
    help: 'Tool calls by tool and outcome.',
  },
  erlmcp_store_up: {
    kind: 'gauge',
    labels: ['store'],
    help: 'Whether a configured store can be used.',
  },
  erlmcp_connections: {
    kind: 'gauge',
    labels: ['listener'],
    help: 'Open client connections by listener.',
  },
  erlmcp_spans_total: {
    kind: 'counter',
    labels: ['outcome'],
    help: 'Spans by what became of them.',
  },
  erlmcp_cluster_nodes: { kind: 'gauge', help: 'Connected nodes, this one included.' },
  erlmcp_cluster_size: { kind: 'gauge', help: 'Nodes that the cluster shall have.' },
  erlmcp_build_info: {
    kind: 'gauge',
    labels: ['version', 'otp'],
    help: 'Always 1: what runs here is in the labels.',
  },
  erlang_vm_process_count: { kind: 'gauge', help: 'Processes.' },
  erlang_vm_process_limit: { kind: 'gauge', help: 'Processes at most.' },
  erlang_vm_port_count: { kind: 'gauge', help: 'Ports.' },
  erlang_vm_port_limit: { kind: 'gauge', help: 'Ports at most.' },
  erlang_vm_memory_bytes: {
    kind: 'gauge',
    labels: ['kind'],
    help: 'Allocated memory; the kinds add up to the total.',
  },
  erlang_vm_run_queue_length: { kind: 'gauge', help: 'Processes and ports ready to run.' },
  erlang_vm_reductions_total: { kind: 'counter', help: 'Reductions.' },
  erlang_vm_garbage_collections_total: { kind: 'counter', help: 'Garbage collections.' },
  erlang_vm_uptime_seconds: { kind: 'gauge', help: 'Time since the VM started.' },
})

const requests = catalogue.erlmcp_requests_total
const duration = catalogue.erlmcp_request_duration_seconds
const minute = { perMinute: 60 }
const failing = divide(
  sum(rate(requests, '5m', { outcome: 'error' }), ['job']),
  sum(rate(requests, '5m'), ['job']),
)

const targetDown = alert('TargetDown', {
  when: below(value(up), 1),
  for: '2m',
  severity: 'critical',
  summary: ({ job, instance }) => `${job} (${instance}) does not answer Prometheus`,
  example: { fires: [sample(up, {}, 0)], quiet: [sample(up, {}, 1)] },
})

const storeDown = alert('StoreDown', {
  when: below(value(catalogue.erlmcp_store_up), 1),
  for: '1m',
  severity: 'critical',
  summary: ({ store, instance }) => `${store} cannot be used by ${instance}`,
  example: {
    fires: [sample(catalogue.erlmcp_store_up, { store: 'postgres' }, 0)],
    quiet: [sample(catalogue.erlmcp_store_up, { store: 'postgres' }, 1)],
  },
})

const clusterIncomplete = alert('ClusterIncomplete', {
  when: below(value(catalogue.erlmcp_cluster_nodes), value(catalogue.erlmcp_cluster_size)),
  for: '2m',
  severity: 'critical',
  summary: ({ instance }, nodes) => `${instance} sees only ${nodes} nodes of its cluster`,
  example: {
    fires: [
      sample(catalogue.erlmcp_cluster_nodes, {}, 2),
      sample(catalogue.erlmcp_cluster_size, {}, 3),
    ],
    quiet: [
      sample(catalogue.erlmcp_cluster_nodes, {}, 3),
      sample(catalogue.erlmcp_cluster_size, {}, 3),
    ],
  },
})

const requestsFailing = alert('RequestsFailing', {
  when: above(failing, 0.05),
  for: '5m',
  severity: 'critical',
  summary: ({ job }, share) => `${job} answers with an error; share of its requests: ${share}`,
  example: {
    fires: [
      sample(requests, { method: 'tools/call', outcome: 'ok' }, minute),
      sample(requests, { method: 'tools/call', outcome: 'error' }, { perMinute: 6 }),
    ],
    quiet: [
      sample(requests, { method: 'tools/call', outcome: 'ok' }, minute),
      sample(requests, { method: 'tools/call', outcome: 'error' }, { perMinute: 1 }),
    ],
  },
})

const requestsSlow = alert('RequestsSlow', {
  when: above(quantile(0.95, duration, '5m', ['job', 'method']), 1),
  for: '5m',
  severity: 'warning',
  summary: ({ method }, seconds) => `one of twenty ${method} takes more than ${seconds} seconds`,
  example: {
    fires: [sample(duration, { method: 'tools/call' }, minute, 2.5)],
    quiet: [sample(duration, { method: 'tools/call' }, minute, 0.1)],
  },
})

const processesNearLimit = alert('ProcessesNearLimit', {
  when: above(
    divide(value(catalogue.erlang_vm_process_count), value(catalogue.erlang_vm_process_limit)),
    0.8,
  ),
  for: '5m',
  severity: 'warning',
  summary: ({ instance }, share) => `${instance} has used ${share} of its Erlang processes`,
  example: {
    fires: [
      sample(catalogue.erlang_vm_process_count, {}, 900),
      sample(catalogue.erlang_vm_process_limit, {}, 1000),
    ],
    quiet: [
      sample(catalogue.erlang_vm_process_count, {}, 100),
      sample(catalogue.erlang_vm_process_limit, {}, 1000),
    ],
  },
})

const spansLost = alert('SpansLost', {
  when: above(
    sum(rate(catalogue.erlmcp_spans_total, '5m', { outcome: { not: 'exported' } }), ['job']),
    0,
  ),
  for: '10m',
  severity: 'warning',
  summary: ({ job }, spans) => `${spans} spans a second of ${job} do not reach the collector`,
  example: {
    fires: [sample(catalogue.erlmcp_spans_total, { outcome: 'dropped' }, minute)],
    quiet: [sample(catalogue.erlmcp_spans_total, { outcome: 'exported' }, minute)],
  },
})

const failed = otelMetrics.otelcol_exporter_send_failed_spans_total
const tracesNotSent = alert('TracesNotSent', {
  when: above(sum(rate(failed, '5m'), ['job', 'exporter']), 0),
  for: '5m',
  severity: 'warning',
  summary: ({ job, exporter }) => `${job} cannot send spans on: its exporter ${exporter} fails`,
  example: {
    fires: [sample(failed, { exporter: 'otlp' }, minute)],
    quiet: [sample(failed, { exporter: 'otlp' }, 5)],
  },
})

/** On what the application exports, alone or as the nodes of a cluster. */
export const rules = [
  targetDown,
  storeDown,
  clusterIncomplete,
  requestsFailing,
  requestsSlow,
  processesNearLimit,
  spansLost,
]

/** On what the collector and Jaeger export of themselves. */
export const traceRules = [tracesNotSent]

const { erlmcp_build_info, ...drawn } = catalogue

export const dashboards = [
  dashboard('erlmcp', {
    title: 'erlmcp',
    panels: [
      panel('Targets', { shows: [value(up)], description: '1 is up, 0 is down.' }),
      panel('Failing requests', { shows: [failing], unit: 'percentunit' }),
      panel('Versions', { shows: [sum(value(erlmcp_build_info), ['version', 'otp'])] }),
      ...panelsOf(drawn),
    ],
  }),
  dashboard('traces', {
    title: 'Traces on their way',
    panels: [
      panel('Spans in', {
        shows: [sum(rate(otelMetrics.otelcol_receiver_accepted_spans_total, '5m'), ['job'])],
        unit: 'ops',
      }),
      panel('Spans out', {
        shows: [sum(rate(otelMetrics.otelcol_exporter_sent_spans_total, '5m'), ['job'])],
        unit: 'ops',
      }),
      panel('Memory', {
        shows: [value(otelMetrics.otelcol_process_memory_rss_bytes)],
        unit: 'bytes',
      }),
    ],
  }),
]
