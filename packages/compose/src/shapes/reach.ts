import type { Attachment, Port } from '../document.ts'
import * as engine from '../engine-forms.ts'
import * as form from '../form.ts'
import { fields, number, since, such, text, whole } from '../shape.ts'
import { merged, options } from './scalar.ts'

export const port = fields<Port>(
  {
    name: since('2.25.0', text),
    mode: text,
    host_ip: such(text, { form: form.address }),
    target: such(whole, { form: form.portNumber }),
    published: such(whole, { form: form.hostPorts }),
    protocol: text,
    app_protocol: since('2.25.0', text),
  },
  { target: true },
)

export const attachment = fields<Attachment>({
  aliases: merged,
  interface_name: since('2.36.0', text, '28.1'),
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: merged,
  mac_address: since('2.23.2', such(text, { form: engine.macAddress })),
  driver_opts: since('2.27.1', options),
  priority: number,
  gw_priority: since('2.33.0', number, '28.0'),
})
