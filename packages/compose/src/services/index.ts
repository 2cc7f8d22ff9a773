export type { ServiceExtras } from './extras.ts'
export {
  type Alert,
  type AlertExample,
  type AlertOptions,
  alert,
  type Course,
  type Sample,
  sample,
} from './monitoring/alert.ts'
export {
  type AlertmanagerOptions,
  type AlertmanagerService,
  alertmanager,
} from './monitoring/alertmanager.ts'
export type { MonitoringOptions } from './monitoring/common.ts'
export {
  type Dashboard,
  dashboard,
  type Panel,
  type PanelOptions,
  panel,
  panelsOf,
  type Unit,
} from './monitoring/dashboard.ts'
export { type GrafanaOptions, type GrafanaService, grafana } from './monitoring/grafana.ts'
export { type JaegerOptions, type JaegerService, jaeger } from './monitoring/jaeger.ts'
export {
  type AnyCatalogue,
  type Catalogue,
  type Metric,
  type MetricKind,
  type MetricSpec,
  metrics,
  type ScrapeLabel,
  up,
} from './monitoring/metrics.ts'
export {
  type OtelCollectorOptions,
  type OtelCollectorService,
  otelCollector,
} from './monitoring/otel-collector.ts'
export { otelMetrics } from './monitoring/otel-metrics.ts'
export {
  type PrometheusOptions,
  type PrometheusService,
  prometheus,
} from './monitoring/prometheus.ts'
export {
  above,
  absent,
  below,
  divide,
  type Expression,
  increase,
  max,
  min,
  type PromDuration,
  quantile,
  rate,
  sum,
  value,
  type Where,
} from './monitoring/promql.ts'
export { type ScrapeTarget, target, targets } from './monitoring/target.ts'
export { type InitFile, type PostgresOptions, type PostgresService, postgres } from './postgres.ts'
export { type HaproxyOptions, haproxy } from './proxy/haproxy.ts'
export type {
  LiveFile,
  ProxyCommand,
  ProxyControl,
  ProxyOptions,
  ProxyService,
  ServerState,
} from './proxy/proxy.ts'
export {
  type Readiness,
  type Route,
  type RouteOptions,
  type RouteServer,
  route,
  type Weights,
} from './proxy/route.ts'
export { type TraefikOptions, traefik } from './proxy/traefik.ts'
export { type EvictionPolicy, type RedisOptions, type RedisService, redis } from './redis.ts'
