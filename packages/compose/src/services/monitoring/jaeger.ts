import { originOf, schema, UserError, validateOptions, yamlFormat } from '@erlmcp/core'
import { userOfImage } from '../../images/user-of-image.ts'
import type { ServiceValue } from '../../schema/author.gen.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { service } from '../../values/service.ts'
import { openKeys, withExtras } from '../extras.ts'
import { health, type MonitoringOptions, validateExtras } from './common.ts'
import { otelTarget, otelTelemetry } from './otel-metrics.ts'
import type { ScrapeTarget } from './target.ts'

export interface JaegerOptions extends MonitoringOptions {
  /** An image with the contract of the official one of Jaeger 2. Default: `jaegertracing/jaeger:2.13.0`. */
  readonly image?: ImageWithFixedTagOrDigest
  /** How many traces it keeps, in memory; the oldest go first. Default: 10000. */
  readonly maxTraces?: number
}

/** A Jaeger. It is a service, and has what others need to use it. */
export interface JaegerService extends ServiceValue {
  /** Where containers of its networks ask it: `http://jaeger:16686`. */
  readonly url: string
  /** Where they send traces, OTLP over gRPC: `jaeger:4317`. */
  readonly otlp: string
  /** What it exports of itself, `otelMetrics`, for Prometheus. */
  readonly target: ScrapeTarget
}

const { kind, number, object, string, union } = schema

const optionsSchema = object<JaegerOptions>({
  ...openKeys,
  image: union(string, kind('interpolation')),
  maxTraces: number,
})

/**
 * A Jaeger 2 for the containers of its networks, behind the profile `monitoring`: traces come in on
 * port 4317, OTLP over gRPC, and are seen on port 16686.
 *
 * Traces are in memory: a restart loses them. It has no authentication: every client that reaches the port can read.
 *
 * @param name of the service, and the host name that others send to
 * @throws UserError when `maxTraces` is invalid
 * @see https://www.jaegertracing.io/docs/latest/deployment/configuration/
 * @example
 * const traces = jaeger('jaeger', { networks: [monitoring] })
 */
export function jaeger(name: string, options: JaegerOptions = {}): JaegerService {
  const origin = originOf(jaeger)
  validateOptions(`jaeger ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'jaegertracing/jaeger:2.13.0'
  const { maxTraces = 10_000 } = options
  validateExtras('Jaeger', options, origin)
  if (!Number.isSafeInteger(maxTraces) || maxTraces < 1) {
    throw new UserError({
      message: `maxTraces: expected a number above 0, got ${maxTraces}`,
      hint: 'Give a whole number above 0: maxTraces: 10000.',
      origin,
    })
  }
  const document = {
    path: `docker/${name}/config.yml`,
    format: yamlFormat,
    data: configuration(maxTraces),
  }
  const spec = {
    profiles: ['monitoring'],
    user: userOfImage(image, 'jaegertracing/jaeger'),
    command: ['--config=/etc/jaeger/config.yml'],
    configs: [attach(config(`${name}-config`, { document }), { target: '/etc/jaeger/config.yml' })],
    healthcheck: health(['wget', '-q', '--spider', 'http://127.0.0.1:16686/']),
  } as const
  const made = service(name, {
    ...withExtras(spec, options, 16_686),
    image,
  })
  return Object.freeze({
    ...made,
    url: `http://${name}:16686`,
    otlp: `${name}:4317`,
    target: otelTarget(made),
  })
}

/** Jaeger 2 is an OpenTelemetry collector with a store and a page. */
function configuration(maxTraces: number): unknown {
  return {
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: maxTraces } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: '0.0.0.0:16686' },
        // Its own gRPC interface, which is unused.
        grpc: { endpoint: '127.0.0.1:16685' },
      },
    },
    receivers: { otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['batch'],
          exporters: ['jaeger_storage_exporter'],
        },
      },
      telemetry: otelTelemetry,
    },
  }
}
