import { originOf, schema, validateOptions, yamlFormat } from '@erlmcp/core'
import { userOfImage } from '../../images/user-of-image.ts'
import type { SecretValue, ServiceValue, VolumeValue } from '../../schema/author.gen.ts'
import { attach } from '../../values/attach.ts'
import { config } from '../../values/config.ts'
import type { ImageWithFixedTagOrDigest } from '../../values/literal.ts'
import { mount } from '../../values/mount.ts'
import { service } from '../../values/service.ts'
import { volume } from '../../values/volume.ts'
import { openKeys, withExtras } from '../extras.ts'
import { health, type MonitoringOptions, validateExtras } from './common.ts'
import { type ScrapeTarget, targetOf } from './target.ts'

export interface AlertmanagerOptions extends MonitoringOptions {
  /** An image with the contract of the official one. Default: `prom/alertmanager:v0.34.2`. */
  readonly image?: ImageWithFixedTagOrDigest
  /**
   * A secret with the URL that is called for each group of alerts, such as that of a chat. It needs
   * a network with a way there. Default: alerts are only on the page of Alertmanager.
   */
  readonly webhook?: SecretValue
}

/** An Alertmanager. It is a service, and what Prometheus tells of alerts. */
export interface AlertmanagerService extends ServiceValue {
  readonly target: ScrapeTarget
  /** The volume with silences, and what was notified. */
  readonly data: VolumeValue
}

const { kind, object, string, union } = schema

const optionsSchema = object<AlertmanagerOptions>({
  ...openKeys,
  image: union(string, kind('interpolation')),
  webhook: kind('secret'),
})

/**
 * An Alertmanager for the Prometheus in its networks, on port 9093, behind the profile
 * `monitoring`. It is alone: no gossip with others, and no port for it.
 *
 * Alerts of one name are one notification, which is repeated after four hours.
 *
 * @param name of the service, and the host name that Prometheus tells
 * @see https://prometheus.io/docs/alerting/latest/configuration/
 * @example
 * const alerts = alertmanager('alertmanager', { networks: [monitoring] })
 */
export function alertmanager(name: string, options: AlertmanagerOptions = {}): AlertmanagerService {
  const origin = originOf(alertmanager)
  validateOptions(`alertmanager ${name}`, options, optionsSchema, origin)
  const image = options.image ?? 'prom/alertmanager:v0.34.2'
  validateExtras('Alertmanager', options, origin)
  const { webhook } = options
  const data = volume(`${name}-data`)
  const document = {
    path: `docker/${name}/alertmanager.yml`,
    format: yamlFormat,
    data: configuration(webhook),
  }
  const spec = {
    profiles: ['monitoring'],
    user: userOfImage(image, 'prom/alertmanager'),
    command: [
      '--config.file=/etc/alertmanager/alertmanager.yml',
      '--storage.path=/alertmanager',
      '--cluster.listen-address=',
    ],
    configs: [
      attach(config(`${name}-config`, { document }), {
        target: '/etc/alertmanager/alertmanager.yml',
      }),
    ],
    ...(webhook && { secrets: [webhook] }),
    volumes: [mount(data, '/alertmanager')],
    // Prints nothing but the ids of silences, if there are any.
    healthcheck: health([
      ...['amtool', '--alertmanager.url=http://127.0.0.1:9093'],
      ...['silence', 'query', '--quiet'],
    ]),
  } as const
  const made = service(name, {
    ...withExtras(spec, options, 9093),
    image,
  })
  return Object.freeze({ ...made, target: targetOf(name, [made], 9093, []), data })
}

function configuration(webhook: SecretValue | undefined): unknown {
  const hook = webhook && {
    webhook_configs: [{ url_file: `/run/secrets/${webhook.name}`, send_resolved: true }],
  }
  return {
    route: {
      receiver: 'default',
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
    },
    receivers: [{ name: 'default', ...hook }],
  }
}
