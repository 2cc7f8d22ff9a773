import { isIP } from 'node:net'
import { type Origin, protocols, UserError } from '@erlmcp/core'
import type { Port } from '../document.ts'
import { variableHint } from './typescript-of.ts'

const pattern =
  /^(?:(?<host>\[[^\]]+\]|\d+\.\d+\.\d+\.\d+):)?(?:(?<published>[\d-]*):)?(?<target>[\d-]+)(?:\/(?<protocol>[a-z]+))?$/

/**
 * Parses the short form of a port; a range of the container becomes one port each.
 *
 * @throws UserError for an invalid port, or two ranges of different lengths
 */
export function parsePort(text: string | number, origin: Origin | undefined): Port[] {
  const fields = pattern.exec(String(text))?.groups
  if (!fields) throw portError(text, 'is not a port', origin)
  const { published, protocol } = fields
  const host = fields.host?.replace(/^\[|\]$/g, '')
  if (host !== undefined && isIP(host) === 0)
    throw portError(text, 'has an invalid IP address', origin)
  if (protocol !== undefined && !protocols.has(protocol)) {
    throw portError(text, 'has an unknown protocol: expected tcp, udp or sctp', origin)
  }
  const targets = range(fields.target!, text, origin)
  const from = published ? range(published, text, origin) : []
  if (targets.length > 1 && from.length > 0 && from.length !== targets.length) {
    throw portError(text, 'has ranges of different lengths', origin)
  }
  return targets.map((target, index) => ({
    target,
    ...(published && { published: targets.length > 1 ? from[index]! : single(published) }),
    ...(host && { host_ip: host }),
    ...(protocol && { protocol }),
  }))
}

function single(published: string): string | number {
  return published.includes('-') ? published : Number(published)
}

function range(text: string, whole: string | number, origin: Origin | undefined): number[] {
  const [first, last = first] = text.split('-').map(Number)
  const valid = first! >= 1 && last! <= 65535 && first! <= last! && /^\d+(-\d+)?$/.test(text)
  if (!valid) throw portError(whole, 'is not a port between 1 and 65535', origin)
  return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index)
}

function portError(text: string | number, wrong: string, origin: Origin | undefined): UserError {
  return new UserError({
    message: `${JSON.stringify(text)} ${wrong}`,
    hint: variableHint(text, true) ?? "Write '8080:80', '127.0.0.1:8080:80' or publish(8080, 80).",
    origin,
  })
}
