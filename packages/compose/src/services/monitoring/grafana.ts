import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  schema,
  UserError,
  validateOptions,
  yamlFormat,
} from '@erlmcp/core'
import { userOfImage } from '../../images/user-of-image.ts'
import type { SecretValue, ServiceValue, VolumeValue } from '../../schema/author.gen.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import { healthy } from '../../values/dependency.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { mount } from '../../values/mount.ts'
import { secret } from '../../values/secret.ts'
import { service } from '../../values/service.ts'
import { volume } from '../../values/volume.ts'
import { type CommonOptions, commonKeys, withExtras } from '../extras.ts'
import { health, validateExtras, validateSharedNetwork } from './common.ts'
import { type Dashboard, dashboardFile } from './dashboard.ts'
import type { JaegerService } from './jaeger.ts'
import type { PrometheusService } from './prometheus.ts'
import { scrapedValidator } from './target.ts'

export interface GrafanaOptions extends CommonOptions {
  /** An image with the contract of the official one. Default: `grafana/grafana:12.3.0`. */
  readonly image?: ImageWithFixedTagOrDigest
  /** Where the numbers are: the default data source. */
  readonly prometheus: PrometheusService
  /** Where the traces are. Default: no data source for them. */
  readonly jaeger?: JaegerService
  readonly dashboards: readonly Dashboard[]
}

/** A Grafana. It is a service. */
export interface GrafanaService extends ServiceValue {
  /** Of the user `admin`, at the first start. */
  readonly password: SecretValue
  /** The volume with users and preferences. */
  readonly data: VolumeValue
}

const { anyList, kind, object, string, union } = schema

const optionsSchema = object<GrafanaOptions>(
  {
    ...commonKeys,
    image: union(string, kind('interpolation')),
    prometheus: kind('service'),
    jaeger: kind('service'),
    dashboards: anyList,
  },
  { required: ['prometheus', 'dashboards'] },
)

/**
 * A Grafana on port 3000, behind the profile `monitoring`, with its data sources and dashboards
 * provisioned: they come from the stack, and the browser cannot change them.
 *
 * Every page needs a login. It makes no outgoing requests: no analytics, updates, news, gravatars,
 * or plugins from elsewhere. It keeps the administrator's password in its data: to change it later,
 * `grafana cli admin reset-admin-password` and the secret's file belong together.
 *
 * @param name of the service
 * @throws UserError when a dashboard shows a metric that its Prometheus does not scrape, or what it
 *   draws on is in none of its networks
 * @see https://grafana.com/docs/grafana/latest/administration/provisioning/
 * @example
 * const graphs = grafana('grafana', {
 *   prometheus: watch,
 *   dashboards: [dashboard('shop', { title: 'Shop', panels: panelsOf(shop) })],
 *   networks: [monitoring, network('monitoring-edge')],
 *   publish: 3000,
 * })
 */
export function grafana(name: string, options: GrafanaOptions): GrafanaService {
  const origin = originOf(grafana)
  validateOptions(`grafana ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'grafana/grafana:12.3.0'
  const { prometheus, jaeger, dashboards } = options
  validateExtras('Grafana', options, origin)
  for (const { name: uid } of sourcesOf(options)) validateUid(uid, origin)
  validateDashboards(dashboards, prometheus, origin)
  const password = options.password ?? secret(`${name}-password`)
  const data = volume(`${name}-data`)
  const folder = `docker/${name}`
  const sources = yaml(`${folder}/datasources.yml`, datasources(prometheus, jaeger))
  const provider = yaml(`${folder}/dashboards.yml`, providers)
  const spec = {
    profiles: ['monitoring'],
    user: userOfImage(image, 'grafana/grafana'),
    environment: environment(password),
    secrets: [password],
    configs: [
      file(`${name}-datasources`, sources, '/etc/grafana/provisioning/datasources/stack.yml'),
      file(`${name}-dashboards`, provider, '/etc/grafana/provisioning/dashboards/stack.yml'),
      ...dashboards.map((one) =>
        file(
          `${name}-dashboard-${one.uid}`,
          dashboardFile(folder, one, prometheus.name),
          `${dashboardFolder}/${one.uid}.json`,
        ),
      ),
    ],
    depends_on: [healthy(prometheus)],
    volumes: [mount(data, '/var/lib/grafana')],
    healthcheck: health(['wget', '-q', '--spider', 'http://127.0.0.1:3000/api/health']),
  } as const
  const made = service(name, {
    ...withExtras(spec, options, 3000),
    image,
  })
  for (const source of sourcesOf(options)) {
    validateSharedNetwork(made, source, origin)
  }
  return Object.freeze({ ...made, password, data })
}

function sourcesOf({ prometheus, jaeger }: GrafanaOptions): readonly ServiceValue[] {
  return jaeger ? [prometheus, jaeger] : [prometheus]
}

// Grafana does not start with another one.
function validateUid(uid: string, origin: Origin): void {
  if (/^[a-zA-Z0-9_-]{1,40}$/.test(uid)) return
  throw new UserError({
    message: `${uid} is not a valid uid of a Grafana data source`,
    hint: 'Name the service with up to 40 letters, digits, dashes and underscores.',
    origin,
  })
}

const dashboardFolder = '/etc/grafana/dashboards'

const yaml = (path: string, data: unknown): Document => ({ path, format: yamlFormat, data })

function file(name: string, document: Document, target: string) {
  return attach(config(name, { document }), { target })
}

function environment(password: SecretValue) {
  return {
    // Two underscores: with one, Grafana takes the path for a setting it does not know, and the
    // password stays `admin`.
    GF_SECURITY_ADMIN_PASSWORD__FILE: `/run/secrets/${password.name}`,
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
    GF_SNAPSHOTS_EXTERNAL_ENABLED: 'false',
  }
}

function datasources(prometheus: PrometheusService, jaeger: JaegerService | undefined): unknown {
  const common = { access: 'proxy', editable: false }
  return {
    apiVersion: 1,
    // One that was taken out of the stack goes here too.
    prune: true,
    datasources: [
      {
        name: 'Prometheus',
        uid: prometheus.name,
        type: 'prometheus',
        url: prometheus.url,
        isDefault: true,
        ...common,
        jsonData: { httpMethod: 'POST', timeInterval: '15s' },
      },
      ...(jaeger
        ? [{ name: 'Jaeger', uid: jaeger.name, type: 'jaeger', url: jaeger.url, ...common }]
        : []),
    ],
  }
}

const providers = {
  apiVersion: 1,
  providers: [
    {
      name: 'stack',
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: dashboardFolder },
    },
  ],
}

function validateDashboards(
  dashboards: readonly Dashboard[],
  { targets }: PrometheusService,
  origin: Origin,
): void {
  const uids = dashboards.map(({ uid }) => uid)
  const twice = uids.find((uid, index) => uids.indexOf(uid) !== index)
  if (twice !== undefined) {
    throw new UserError({
      message: `two dashboards have the uid ${twice}`,
      hint: 'Give one of them another uid: Grafana shows only one of the two.',
      origin,
    })
  }
  const validateScraped = scrapedValidator(targets)
  for (const one of dashboards.flatMap(({ panels }) => panels)) {
    const asked = one.shows.flatMap((shown) => shown.metrics)
    validateScraped(asked, `the panel ${one.title}`, one[ORIGIN] ?? origin)
  }
}
