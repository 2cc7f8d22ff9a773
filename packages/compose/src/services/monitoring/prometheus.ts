import {
  type Document,
  ORIGIN,
  originOf,
  type Source,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { userOfImage } from '../../images/user-of-image.ts'
import type { ServiceValue, VolumeValue } from '../../schema/author.gen.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { mount } from '../../values/mount.ts'
import { service } from '../../values/service.ts'
import { volume } from '../../values/volume.ts'
import { openKeys, withExtras } from '../extras.ts'
import type { Alert } from './alert.ts'
import type { AlertmanagerService } from './alertmanager.ts'
import { health, type MonitoringOptions, validateExtras, validateSharedNetwork } from './common.ts'
import { prometheusFiles } from './prometheus-files.ts'
import { type PromDuration, secondsOf } from './promql.ts'
import { type ScrapeTarget, scrapedValidator } from './target.ts'

export interface PrometheusOptions extends MonitoringOptions {
  /** An image with the contract of the official one. Default: `prom/prometheus:v3.13.5`. */
  readonly image?: ImageWithFixedTagOrDigest
  /** What it scrapes, every 15 seconds, apart from itself and its Alertmanager. */
  readonly targets: readonly ScrapeTarget[]
  /** What it evaluates every 15 seconds. */
  readonly rules?: readonly Alert[]
  /** The receiver of alerts. Default: none; alerts are on the page of Prometheus. */
  readonly alertmanager?: AlertmanagerService
  /** How long samples are kept. Default: `15d`. */
  readonly retention?: PromDuration
  /** How much disk samples may take; the oldest go first. Default: `8GB`. */
  readonly retentionSize?: `${number}${'MB' | 'GB' | 'TB'}`
}

/** A Prometheus. It is a service, and has what others need to use it. */
export interface PrometheusService extends ServiceValue {
  /** Where containers of its networks ask it: `http://prometheus:9090`. */
  readonly url: string
  readonly targets: readonly ScrapeTarget[]
  /** The volume with all samples. */
  readonly data: VolumeValue
  /**
   * `alerts.test.yml` beside the rules, for `promtool test rules`: each rule's example, as one test
   * in which it fires and one in which it does not. Put it into the stack to have the file.
   */
  readonly tests: Source
}

const { anyList, kind, object, string, union } = schema

const optionsSchema = object<PrometheusOptions>(
  {
    ...openKeys,
    image: union(string, kind('interpolation')),
    targets: anyList,
    rules: anyList,
    alertmanager: kind('service'),
    retention: string,
    retentionSize: string,
  },
  { required: ['targets'] },
)

/**
 * A Prometheus for the containers of its networks, on port 9090, behind the profile `monitoring`.
 *
 * It has no authentication: every client that reaches the port can read every sample. So nothing is published, or on
 * loopback; its administration (`--web.enable-admin-api`, `--web.enable-lifecycle`) stays off. After
 * a change of its files, restart it.
 *
 * @param name of the service, and the host name that others ask
 * @throws UserError when a rule asks for a metric that no target exports, two rules or jobs have one
 *   name, or a target is in none of its networks
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 * @example
 * const watch = prometheus('prometheus', {
 *   targets: [target(app, 9568, shop)],
 *   rules: [storeDown],
 *   alertmanager: alerts,
 *   networks: [monitoring],
 * })
 */
export function prometheus(name: string, options: PrometheusOptions): PrometheusService {
  const origin = originOf(prometheus)
  validateOptions(`prometheus ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'prom/prometheus:v3.13.5'
  const { rules = [], alertmanager, retention = '15d', retentionSize = '8GB' } = options
  secondsOf(retention, origin)
  if (!/^[1-9]\d*(?:MB|GB|TB)$/.test(retentionSize)) {
    throw new UserError({
      message: `retentionSize: expected a size such as '8GB', got ${JSON.stringify(retentionSize)}`,
      hint: "Write a whole number above 0 and a unit: '512MB', '8GB', '1TB'.",
      origin,
    })
  }
  validateExtras('Prometheus', options, origin)
  const own: ScrapeTarget = { ...itself, job: name }
  const targets = [...options.targets, own, ...(alertmanager ? [alertmanager.target] : [])]
  const validateScraped = scrapedValidator(targets)
  for (const rule of rules) {
    validateScraped(rule.when.metrics, `the alert ${rule.name}`, rule[ORIGIN] ?? origin)
  }
  validateUnique('alert', rules, origin)
  validateUnique(
    'scrape target',
    targets.map(({ job }) => ({ name: job })),
    origin,
  )
  const files = prometheusFiles(name, targets, rules, alertmanager?.target.addresses, origin)
  const data = volume(`${name}-data`, { 'x-no-backup': 'metrics are of the last days alone' })
  const spec = {
    profiles: ['monitoring'],
    user: userOfImage(image, 'prom/prometheus'),
    command: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--web.config.file=/etc/prometheus/web.yml',
      '--storage.tsdb.path=/prometheus',
      `--storage.tsdb.retention.time=${retention}`,
      `--storage.tsdb.retention.size=${retentionSize}`,
    ],
    configs: [
      mounted(`${name}-config`, files.configuration, 'prometheus.yml'),
      mounted(`${name}-alerts`, files.rules, 'alerts.yml'),
      mounted(`${name}-web`, files.web, 'web.yml'),
    ],
    volumes: [mount(data, '/prometheus')],
    healthcheck: health(['promtool', 'check', 'healthy', '--url=http://127.0.0.1:9090']),
    stop_grace_period: '1m',
  } as const
  const made = service(name, {
    ...withExtras(spec, options, 9090),
    image,
  })
  for (const scraped of targets.flatMap(({ services }) => services)) {
    validateSharedNetwork(made, scraped, origin)
  }
  const tests: Source = Object.freeze({ documents: () => [files.tests] })
  return Object.freeze({
    ...made,
    url: `http://${name}:9090`,
    targets: Object.freeze(targets),
    data,
    tests,
  })
}

const itself: Omit<ScrapeTarget, 'job'> = {
  kind: 'target',
  addresses: ['localhost:9090'],
  path: '/metrics',
  metrics: [],
  services: [],
}

function mounted(name: string, document: Document, file: string) {
  return attach(config(name, { document }), { target: `/etc/prometheus/${file}` })
}

function validateUnique(
  kind: string,
  all: readonly { readonly name: string }[],
  origin: ReturnType<typeof originOf>,
): void {
  const names = all.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new UserError({
    message: `two ${kind}s have the name ${twice}`,
    hint: 'Rename one of them: they cannot be distinguished.',
    origin,
  })
}
