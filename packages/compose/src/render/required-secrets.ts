import { posix } from 'node:path'
import { type Origin, splitMount, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../schema/author.gen.ts'

const folder = '/run/secrets'

/**
 * @param needed names below `/run/secrets`
 * @throws UserError for a service without secrets that its image needs to start
 */
export function validateRequiredSecrets(
  name: string,
  spec: ServiceValue['spec'],
  needed: readonly string[],
  origin: Origin | undefined,
): void {
  // The service runs another program.
  if (spec.entrypoint !== undefined) return
  const given = [...grantedPaths(spec), ...mountedPaths(spec)]
  const missing = needed.filter((one) => {
    const path = `${folder}/${one}`
    if (one === 'erlang-cookie' && hasVariable(spec, /COOKIE_FILE$/)) return false
    return !given.some((target) => path === target || path.startsWith(`${target}/`))
  })
  if (missing.length === 0) return
  throw new UserError({
    message: `the service ${name} does not start: its image has distribution: 'tls' and lacks the secret${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
    hint: `Make it a node: cluster('${name}', { size: 2, service }) of @erlmcp/cluster gives each node its secrets. Or take distribution: 'local' in erlangImage.`,
    origin,
  })
}

type Spec = ServiceValue['spec']

function grantedPaths({ secrets = [], configs = [] }: Spec): readonly string[] {
  const under = (one: (typeof secrets | typeof configs)[number], root: string) => {
    const target = 'value' in one ? (one.options.target ?? one.value.name) : one.name
    return posix.resolve(root, String(target))
  }
  return [...secrets.map((one) => under(one, folder)), ...configs.map((one) => under(one, '/'))]
}

function mountedPaths({ volumes = [] }: Spec): readonly string[] {
  return volumes.flatMap((one) => {
    const target =
      typeof one === 'string'
        ? splitMount(one)[1]
        : 'target' in one
          ? String(one.target)
          : undefined
    return target?.startsWith('/') ? [posix.normalize(target).replace(/\/$/, '')] : []
  })
}

function hasVariable({ environment, env_file: files }: Spec, pattern: RegExp): boolean {
  if (files !== undefined) return true
  const names = Array.isArray(environment)
    ? environment.map((entry) => String(entry).split('=')[0]!)
    : Object.keys(environment ?? {})
  return names.some((name) => pattern.test(name))
}
