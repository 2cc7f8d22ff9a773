import type {
  Deploy,
  Develop,
  DeviceRequest,
  DiscreteResource,
  GenericResource,
  Gpu,
  Hook,
  Limits,
  Placement,
  PlacementPreference,
  PreStartHook,
  Reservations,
  Resources,
  RestartPolicy,
  UpdateConfig,
  WatchRule,
} from '../document.ts'
import * as form from '../form.ts'
import { amount, boolean, fields, list, oneOf, since, such, text, whole } from '../shape.ts'
import {
  aSwitch,
  count,
  distinct,
  distinctPairs,
  duration,
  fraction,
  hookEnvironment,
  pairs,
  textOrTexts,
  words,
} from './scalar.ts'

const update = fields<UpdateConfig>({
  parallelism: count,
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: such(amount, { form: form.ratio }),
  order: oneOf('start-first', 'stop-first'),
})
const request = {
  capabilities: distinct,
  count: such(whole, { form: form.deviceCount }),
  device_ids: distinct,
  driver: text,
  options: distinctPairs,
}
export const devices = list(fields<DeviceRequest>(request, { capabilities: true }))
export const gpus = list(fields<Gpu>(request))
const memory = such(text, { form: form.size })
export const deploy = fields<Deploy>({
  mode: text,
  endpoint_mode: text,
  replicas: count,
  labels: pairs,
  rollback_config: update,
  update_config: update,
  resources: fields<Resources>({
    limits: fields<Limits>({
      cpus: fraction,
      memory,
      pids: such(whole, { form: form.processes }),
    }),
    reservations: fields<Reservations>({
      cpus: fraction,
      memory,
      generic_resources: list(
        fields<GenericResource>({
          discrete_resource_spec: fields<DiscreteResource>({ kind: text, value: count }),
        }),
      ),
      devices,
    }),
  }),
  restart_policy: fields<RestartPolicy>({
    condition: text,
    delay: duration,
    max_attempts: count,
    window: duration,
  }),
  placement: fields<Placement>({
    constraints: list(such(text, { form: form.constraint })),
    preferences: list(fields<PlacementPreference>({ spread: text })),
    max_replicas_per_node: count,
  }),
})

export const hookKeys = {
  command: words,
  user: text,
  privileged: aSwitch,
  working_dir: text,
  environment: hookEnvironment,
}
export const hook = fields<Hook>(hookKeys, { command: true })

export const preStart = fields<PreStartHook>({ ...hookKeys, image: text, per_replica: aSwitch })

export const develop = fields<Develop>({
  watch: list(
    fields<WatchRule>(
      {
        path: such(text, { form: form.filled }),
        action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
        target: text,
        ignore: textOrTexts,
        include: since('2.34.0', textOrTexts),
        exec: since('2.32.0', hook),
        initial_sync: since('2.39.4', boolean),
      },
      { path: true, action: true },
    ),
  ),
})
