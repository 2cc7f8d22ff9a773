import type { Attachment, Port } from '../document.ts'
import { amount, fields, scalar, text } from '../shape.ts'
import { options, texts } from './scalar.ts'

export const port = fields<Port>({
  name: text,
  mode: text,
  host_ip: text,
  target: scalar,
  published: scalar,
  protocol: text,
  app_protocol: text,
})

export const attachment = fields<Attachment>({
  aliases: texts,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  driver_opts: options,
  priority: amount,
  gw_priority: amount,
})
