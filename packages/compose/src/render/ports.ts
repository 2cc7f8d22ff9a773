import type { Port } from '../document.ts'
import type { ServiceSpec } from '../schema/author.gen.ts'
import { type Interpolation, isInterpolation } from '../values/interpolation.ts'
import { longPorts } from './long-ports.ts'
import type { RenderContext } from './render-context.ts'

/** Published ports in the long form; on loopback for Compose, unless they have an address. */
export function renderPorts(
  written: NonNullable<ServiceSpec['ports']>,
  usage: RenderContext,
  dialect: 'compose' | 'swarm',
): (string | Port)[] {
  return written.flatMap((one): string | Port | Port[] => {
    if (isInterpolation(one))
      return usage.render(dialect === 'compose' ? onLoopback(one) : one) as string
    const ports = typeof one === 'object' ? [longPort(one, usage)] : longPorts(one)
    // A rule reports a text that is not a port.
    if (ports === undefined) return usage.render(String(one)) as string
    // A swarm publishes on every node, and rejects an address.
    if (dialect === 'swarm') return ports
    return ports.map((port) => ({ host_ip: '127.0.0.1', ...port }))
  })
}

/** A short port with variables, on loopback where it has a port of the host and no address. */
function onLoopback(port: Interpolation): Interpolation {
  const text = port.parts.map((part) => (typeof part === 'string' ? part : '0')).join('')
  if (text.split(':').length !== 2) return port
  return { ...port, parts: ['127.0.0.1:', ...port.parts] }
}

/** A port in the long form, with numbers instead of text, which the docker CLI rejects. */
function longPort(one: object, usage: RenderContext): Port {
  const port = usage.renderFields(one)
  port.target = numeric(port.target)
  if (port.published !== undefined) port.published = numeric(port.published)
  return port as unknown as Port
}

function numeric(port: unknown): unknown {
  return typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port
}
