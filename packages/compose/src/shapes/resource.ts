import type { Config, Grant, Ipam, IpamPool, Model, Network, Secret, Volume } from '../document.ts'
import * as engine from '../engine-forms.ts'
import * as form from '../form.ts'
import {
  either,
  fields,
  type Known,
  list,
  map,
  number,
  since,
  such,
  text,
  whole,
} from '../shape.ts'
import { aSwitch, distinctPairs, mode, options, pairs } from './scalar.ts'

export const grants = list(
  either(text, fields<Grant>({ source: text, target: text, uid: text, gid: text, mode })),
)

const external = either(aSwitch, fields<{ readonly name?: string }>({ name: text }))
const common = { name: text, labels: distinctPairs, external }
const driven = { ...common, driver: text, driver_opts: options }

export const network = {
  ...driven,
  labels: pairs,
  ipam: fields<Ipam>({
    driver: text,
    config: list(
      fields<IpamPool>({
        subnet: such(text, { form: form.subnet }),
        ip_range: text,
        gateway: text,
        aux_addresses: map(text),
      }),
    ),
    options: map(text),
  }),
  internal: aSwitch,
  enable_ipv4: since('2.33.0', aSwitch, '28.0'),
  enable_ipv6: aSwitch,
  attachable: aSwitch,
} satisfies Known<Network>

export const volume = {
  ...driven,
  name: such(text, { form: engine.volumeName }),
} satisfies Known<Volume>

export const secret = {
  ...driven,
  driver_opts: map(whole),
  environment: such(text, { form: form.variableName }),
  file: text,
  template_driver: text,
} satisfies Known<Secret>

export const config = {
  ...common,
  content: since('2.23.1', text),
  environment: such(text, { form: form.variableName }),
  file: text,
  template_driver: text,
} satisfies Known<Config>

export const model = {
  name: text,
  model: text,
  context_size: such(number, { form: form.integer }),
  runtime_flags: list(text),
} satisfies Known<Model>
