import type { Config, Grant, Ipam, IpamPool, Model, Network, Secret, Volume } from '../document.ts'
import { amount, aSwitch, either, fields, type Known, list, object, text } from '../shape.ts'
import { options, pairs } from './scalar.ts'

export const grants = list(
  either(text, fields<Grant>({ source: text, target: text, uid: text, gid: text, mode: amount })),
)

const external = either(aSwitch, object)
const common = { name: text, labels: pairs, external }
const driven = { ...common, driver: text, driver_opts: options }

export const network = {
  ...driven,
  ipam: fields<Ipam>({
    driver: text,
    config: list(
      fields<IpamPool>({ subnet: text, ip_range: text, gateway: text, aux_addresses: options }),
    ),
    options,
  }),
  internal: aSwitch,
  enable_ipv4: aSwitch,
  enable_ipv6: aSwitch,
  attachable: aSwitch,
} satisfies Known<Network>

export const volume = driven satisfies Known<Volume>

export const secret = {
  ...driven,
  environment: text,
  file: text,
  template_driver: text,
} satisfies Known<Secret>

export const config = {
  ...common,
  content: text,
  environment: text,
  file: text,
  template_driver: text,
} satisfies Known<Config>

export const model = {
  name: text,
  model: text,
  context_size: amount,
  runtime_flags: list(text),
} satisfies Known<Model>
