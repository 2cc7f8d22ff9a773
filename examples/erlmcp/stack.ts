import { backupKey } from '@erlmcp/backup'
import { cluster } from '@erlmcp/cluster'
import {
  authority,
  compose,
  env,
  healthy,
  mount,
  network,
  override,
  publish,
  secret,
  service,
  swarm,
  volume,
} from '@erlmcp/compose'
import {
  alertmanager,
  grafana,
  jaeger,
  otelCollector,
  postgres,
  prometheus,
  redis,
  target,
  targets,
} from '@erlmcp/compose/services'
import { stack } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { driftWorkflow, erlangGates, gates, gatesWorkflow, releaseWorkflow } from '@erlmcp/gates'
import { dependabot } from '@erlmcp/workflow'
import { catalogue, dashboards, rules, traceRules } from './monitoring.ts'
import { replicas } from './swarm.ts'
import { inMemory, patterns } from './traffic.ts'

// One image, four targets: runtime, debug, tools and builder.
const image = erlangImage({
  release: 'erlmcp',
  version: '3.0.0',
  otp: '28.3.1',
  ports: [8080, 8443, 9090, 9568],
  labels: {
    description: 'A Model Context Protocol server in Erlang/OTP',
    licenses: 'Apache-2.0',
  },
  // Nodes speak to each other over TLS 1.3 with certificates on both sides.
  distribution: 'tls',
  // A peer that is cut off is noticed after 15 to 25 seconds; the default is 45 to 75.
  vmArgs: { '+P': 262144, '+Q': 65536, '-kernel': { net_ticktime: 20 } },
})

// The edge is the only way in; the backend and monitoring have no way out.
const edge = network('edge')
const backend = network('backend', { internal: true })
const monitoring = network('monitoring', { internal: true })

const cookie = secret('erlang-cookie')
const sessionKey = secret('session-key')
const tls = authority('tls')
// Who has a certificate of this one is a node.
const dist = authority('dist')
const isolatedContext = dist.issue('dist', {
  names: [...['erlmcp', 'erlmcp-blue', 'erlmcp-green'], ...['erlmcp-stable', 'erlmcp-canary']].map(
    (host) => `${host}.erlmcp.internal`,
  ),
  usages: ['server', 'client'],
})
const web = tls.issue('tls', { names: ['localhost', 'erlmcp', '127.0.0.1'] })

const db = postgres('postgres', { database: 'erlmcp', networks: [backend] })
const cache = redis('redis', { maxMemory: '256M', policy: 'allkeys-lru', networks: [backend] })

const stores = {
  ERLMCP_POSTGRES_HOST: db.name,
  ERLMCP_POSTGRES_USER: db.user,
  ERLMCP_POSTGRES_DATABASE: db.database,
  ERLMCP_POSTGRES_PASSWORD_FILE: `/run/secrets/${db.password.name}`,
  ERLMCP_REDIS_HOST: cache.name,
  ERLMCP_REDIS_PASSWORD_FILE: `/run/secrets/${cache.password.name}`,
}

const logLevel = env('ERLMCP_LOG_LEVEL', 'info', {
  description: 'debug, info, notice, warning or error',
})

const environment = {
  ...stores,
  ERLMCP_LOG_LEVEL: logLevel,
  ERLMCP_SESSION_KEY_FILE: `/run/secrets/${sessionKey.name}`,
  ERLMCP_TLS_CERT_FILE: `/run/secrets/${web.certificate.name}`,
  ERLMCP_TLS_KEY_FILE: `/run/secrets/${web.key.name}`,
  ERLMCP_TLS_CA_FILE: `/run/secrets/${tls.certificate.name}`,
}

const app = service('erlmcp', {
  build: image.runtime,
  hostname: 'erlmcp.erlmcp.internal',
  depends_on: [healthy(db), healthy(cache)],
  networks: [edge, backend, monitoring],
  ports: [
    publish(env('ERLMCP_PORT', 8080, { description: 'MCP over HTTP' }), 8080),
    publish(env('ERLMCP_TLS_PORT', 8443, { description: 'MCP over HTTPS' }), 8443),
    publish(env('ERLMCP_HEALTH_PORT', 9090, { description: 'Health checks' }), 9090),
  ],
  environment,
  secrets: [
    cookie,
    dist.certificate,
    isolatedContext.certificate,
    isolatedContext.key,
    sessionKey,
    db.password,
    cache.password,
    web.certificate,
    web.key,
    tls.certificate,
  ],
  volumes: [
    mount(volume('erlmcp-data'), '/var/lib/erlmcp'),
    mount(volume('erlmcp-logs'), '/var/log/erlmcp'),
  ],
  healthcheck: {
    test: ['CMD', '/opt/erlmcp/bin/health'],
    interval: '15s',
    timeout: '10s',
    retries: 3,
    start_period: '45s',
    start_interval: '1s',
  },
  deploy: { resources: { limits: { cpus: '2.0', memory: '1G', pids: 1024 } } },
})

// Behind the profile monitoring. Dashboards also have a network for their port on loopback.
const watching = network('monitoring-edge')
const seen = [monitoring, watching]
const traces = jaeger('jaeger', {
  networks: seen,
  publish: env('JAEGER_PORT', 16686, { description: 'Jaeger' }),
})
const collector = otelCollector('otel-collector', { traces, networks: [monitoring] })
const alerts = alertmanager('alertmanager', {
  networks: seen,
  publish: env('ALERTMANAGER_PORT', 9093, { description: 'Alertmanager' }),
})
// Without the profile its traces are dropped, and it works as well.
const traced = override(app, {
  environment: { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpEndpoint },
})
const watch = prometheus('prometheus', {
  targets: [target(app, 9568, catalogue), collector.target, traces.target],
  rules: [...rules, ...traceRules],
  alertmanager: alerts,
  networks: seen,
  publish: env('PROMETHEUS_PORT', 9091, { description: 'Prometheus' }),
})
const graphs = grafana('grafana', {
  prometheus: watch,
  jaeger: traces,
  dashboards,
  networks: seen,
  publish: env('GRAFANA_PORT', 3000, { description: 'Grafana' }),
})

// A shell with erl and rebar3 on the sources; what it builds stays in volumes.
const madeAgain = { 'x-no-backup': 'rebar3 makes it again' }
const devProfile = { profiles: ['dev'] }
const devDb = override(db, devProfile)
const devCache = override(cache, devProfile)
const dev = service('erlmcp-dev', {
  ...devProfile,
  build: image.debug,
  depends_on: [healthy(devDb), healthy(devCache)],
  networks: [edge, backend],
  ports: [publish(env('ERLMCP_DEV_PORT', 8081, { description: 'MCP of the dev shell' }), 8080)],
  environment: {
    ...stores,
    ERLMCP_LOG_LEVEL: 'debug',
    REBAR_BASE_DIR: '/home/erlmcp/build',
  },
  secrets: [db.password, cache.password],
  volumes: [
    mount('.', '/workspace'),
    mount(volume('erlmcp-build-cache', madeAgain), '/home/erlmcp/build'),
    mount(volume('hex-cache', madeAgain), '/home/erlmcp/.cache/rebar3'),
    mount(volume('erlmcp-dialyzer-plt', madeAgain), '/home/erlmcp/plt'),
  ],
  working_dir: '/workspace',
  command: ['bash'],
  stdin_open: true,
  tty: true,
  deploy: { resources: { limits: { cpus: '2.0', memory: '4G', pids: 2048 } } },
})

// Behind the profile gates; `npx erlmcp gate run` runs them.
const quality = gates(
  Object.values(
    erlangGates({
      coverage: 0.8,
      // Compared with --base; a machine that has no baseline says so, and goes on.
      bench: { noBaseline: 'accept' },
      cluster: { suite: 'apps/erlmcp/test/erlmcp_cluster_SUITE' },
    }),
  ),
  { image: image.tools, sources: ['apps', 'rebar.config', 'rebar.lock'] },
)

// Three replicas that are one cluster, behind a load balancer on every node.
const replicated = replicas({ app, db, cache, edge, authority: dist, cookie })

// Three nodes that see each other, with the first of them published.
const nodes = cluster('erlmcp', {
  size: 3,
  // A node alone has one volume to itself; these keep what they know in PostgreSQL.
  service: override(app, { ports: undefined, volumes: undefined, tmpfs: inMemory }),
  authority: dist,
  cookie,
  each: ({ index }) => (index === 1 ? { ports: app.spec.ports } : {}),
})

// Two versions beside each other, behind a proxy.
const { colours, trial } = patterns(app, edge)

// The nodes are one job, and each is an instance of it.
const nodesWatch = prometheus('cluster-prometheus', {
  targets: [targets('erlmcp', nodes.services, 9568, catalogue)],
  rules,
  networks: seen,
  publish: env('PROMETHEUS_PORT', 9091, { description: 'Prometheus' }),
})

const sources = [
  image,
  tls,
  nodes,
  colours,
  trial,
  quality,
  gatesWorkflow(quality),
  driftWorkflow(),
  releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/erlmcp' }),
  dependabot(),
  backupKey(),
  compose('docker-compose.yml', [dev, ...quality.services]),
  compose('docker-compose.prod.yml', [traced, watch, alerts, graphs, collector, traces]),
  watch.tests,
  compose('docker-compose.cluster.yml', [...nodes.services, nodesWatch]),
  compose('docker-compose.bluegreen.yml', [...colours.services]),
  compose('docker-compose.canary.yml', [...trial.services]),
  replicated.cluster,
  swarm('docker-compose.swarm.yml', replicated.services),
]

// GitHub's files stay here: the example is a repository of its own.
export default stack('erlmcp', sources, { repository: '.' })
