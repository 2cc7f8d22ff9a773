import { originOf, schema, validateOptions, yamlFormat } from '@erlmcp/core'
import { userOfImage } from '../../images/user-of-image.ts'
import type { ServiceValue } from '../../schema/author.gen.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { service } from '../../values/service.ts'
import { openKeys, withExtras } from '../extras.ts'
import { type MonitoringOptions, validateExtras, validateSharedNetwork } from './common.ts'
import type { JaegerService } from './jaeger.ts'
import { otelTarget, otelTelemetry } from './otel-metrics.ts'
import type { ScrapeTarget } from './target.ts'

export interface OtelCollectorOptions extends MonitoringOptions {
  /**
   * An image with the contract of the official one. Default:
   * `otel/opentelemetry-collector:0.165.0`, the distribution without contributed parts.
   */
  readonly image?: ImageWithFixedTagOrDigest
  /** Where traces go. */
  readonly traces: JaegerService
}

/** An OpenTelemetry collector. It is a service, and has what others need to use it. */
export interface OtelCollectorService extends ServiceValue {
  /** Where containers of its networks send to, OTLP over gRPC: `http://otel-collector:4317`. */
  readonly endpoint: string
  /** The same over HTTP: `http://otel-collector:4318`, what `OTEL_EXPORTER_OTLP_ENDPOINT` names. */
  readonly httpEndpoint: string
  /** What it exports of itself, `otelMetrics`, for Prometheus. */
  readonly target: ScrapeTarget
}

const { kind, object, string, union } = schema

const optionsSchema = object<OtelCollectorOptions>(
  {
    ...openKeys,
    image: union(string, kind('interpolation')),
    traces: kind('service'),
  },
  { required: ['traces'] },
)

/**
 * An OpenTelemetry collector for the containers of its networks, behind the profile `monitoring`:
 * OTLP comes in over gRPC (port 4317) and HTTP (4318), and traces go to Jaeger in batches. When its
 * memory is nearly full it refuses rather than dies.
 *
 * Its image holds nothing that a healthcheck could run. Prometheus says whether it is up: give it
 * `target` among the targets.
 *
 * @param name of the service, and the host name that others send to
 * @throws UserError when it does not share a network with the Jaeger
 * @see https://opentelemetry.io/docs/collector/configuration/
 * @example
 * const collector = otelCollector('otel-collector', { traces, networks: [monitoring] })
 */
export function otelCollector(name: string, options: OtelCollectorOptions): OtelCollectorService {
  const origin = originOf(otelCollector)
  validateOptions(`otelCollector ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'otel/opentelemetry-collector:0.165.0'
  const { traces } = options
  validateExtras('the collector', options, origin)
  const document = {
    path: `docker/${name}/config.yml`,
    format: yamlFormat,
    data: configuration(traces),
  }
  const spec = {
    profiles: ['monitoring'],
    user: userOfImage(image, 'otel/opentelemetry-collector'),
    command: ['--config=/etc/otelcol/config.yaml'],
    configs: [
      attach(config(`${name}-config`, { document }), { target: '/etc/otelcol/config.yaml' }),
    ],
  } as const
  const made = service(name, {
    ...withExtras(spec, options, 4317),
    image,
  })
  validateSharedNetwork(made, traces, origin)
  return Object.freeze({
    ...made,
    endpoint: `http://${name}:4317`,
    httpEndpoint: `http://${name}:4318`,
    target: otelTarget(made),
  })
}

function configuration({ otlp }: JaegerService): unknown {
  return {
    receivers: {
      otlp: {
        protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } },
      },
    },
    processors: {
      // Of the container's limit, which it knows.
      memory_limiter: { check_interval: '1s', limit_percentage: 75, spike_limit_percentage: 20 },
      batch: {},
    },
    exporters: {
      // The network between the two is internal to the host. Newer collectors call it otlp_grpc and
      // warn; older ones know this name alone.
      otlp: { endpoint: otlp, tls: { insecure: true } },
    },
    service: {
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'batch'],
          exporters: ['otlp'],
        },
      },
      telemetry: otelTelemetry,
    },
  }
}
