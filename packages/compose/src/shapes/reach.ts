import type { Attachment, Port } from '../document.ts'
import * as form from '../form.ts'
import { fields, number, such, text, whole } from '../shape.ts'
import { merged, options } from './scalar.ts'

export const port = fields<Port>(
  {
    name: text,
    mode: text,
    host_ip: such(text, { form: form.address }),
    target: such(whole, { form: form.portNumber }),
    published: such(whole, { form: form.hostPorts }),
    protocol: text,
    app_protocol: text,
  },
  { target: true },
)

export const attachment = fields<Attachment>({
  aliases: merged,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: merged,
  mac_address: text,
  driver_opts: options,
  priority: number,
  gw_priority: number,
})
