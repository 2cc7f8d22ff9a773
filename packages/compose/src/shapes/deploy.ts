import type {
  Deploy,
  Develop,
  DeviceRequest,
  DiscreteResource,
  GenericResource,
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
import { amount, aSwitch, fields, list, scalar, text } from '../shape.ts'
import { pairs, textOrTexts, texts, words } from './scalar.ts'

const update = fields<UpdateConfig>({
  parallelism: amount,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: amount,
  order: text,
})
const request = {
  capabilities: texts,
  count: amount,
  device_ids: texts,
  driver: text,
  options: pairs,
}
export const devices = list(fields<DeviceRequest>(request))
export const deploy = fields<Deploy>({
  mode: text,
  endpoint_mode: text,
  replicas: scalar,
  labels: pairs,
  rollback_config: update,
  update_config: update,
  resources: fields<Resources>({
    limits: fields<Limits>({ cpus: scalar, memory: scalar, pids: scalar }),
    reservations: fields<Reservations>({
      cpus: scalar,
      memory: scalar,
      generic_resources: list(
        fields<GenericResource>({
          discrete_resource_spec: fields<DiscreteResource>({ kind: text, value: amount }),
        }),
      ),
      devices,
    }),
  }),
  restart_policy: fields<RestartPolicy>({
    condition: text,
    delay: text,
    max_attempts: amount,
    window: text,
  }),
  placement: fields<Placement>({
    constraints: texts,
    preferences: list(fields<PlacementPreference>({ spread: text })),
    max_replicas_per_node: amount,
  }),
})

export const hookKeys = {
  command: words,
  user: text,
  privileged: aSwitch,
  working_dir: text,
  environment: pairs,
}
export const hook = fields<Hook>(hookKeys)

export const preStart = fields<PreStartHook>({ ...hookKeys, image: text, per_replica: aSwitch })

export const develop = fields<Develop>({
  watch: list(
    fields<WatchRule>({
      path: text,
      action: text,
      target: text,
      ignore: textOrTexts,
      include: textOrTexts,
      exec: hook,
      initial_sync: aSwitch,
    }),
  ),
})
