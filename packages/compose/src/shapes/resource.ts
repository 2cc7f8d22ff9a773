import type { Config, Grant, Ipam, IpamPool, Network, Secret, Volume } from '../document.ts'
import { amount, aSwitch, either, fields, list, object, text } from '../shape.ts'
import { options, pairs } from './scalar.ts'

export const grants = list(
  either(text, fields<Grant>({ source: text, target: text, uid: text, gid: text, mode: amount })),
)

const external = either(aSwitch, object)
const labelled = { name: text, labels: pairs, driver: text, driver_opts: options, external }
export const network = {
  ...labelled,
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
} satisfies { readonly [Key in keyof Network]?: object }
export const volume = labelled satisfies { readonly [Key in keyof Volume]?: object }
export const secret = { ...labelled, file: text } satisfies {
  readonly [Key in keyof Secret]?: object
}
export const config = {
  name: text,
  labels: pairs,
  external,
  file: text,
  content: text,
} satisfies { readonly [Key in keyof Config]?: object }
