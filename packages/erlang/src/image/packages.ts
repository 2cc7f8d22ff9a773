import { formatValue, UserError } from '@erlmcp/core'
import { comment, mount, type Run, run } from '@erlmcp/dockerfile'
import type { Flavour } from './bases.ts'

/** The tools of the debug image. */
export const debugTools: Readonly<Record<Flavour, readonly string[]>> = {
  debian: [
    ...['ca-certificates', 'curl', 'git', 'iproute2', 'less', 'lsof', 'make', 'procps', 'strace'],
    ...['tcpdump', 'vim-tiny'],
  ],
  alpine: [
    ...['bash', 'ca-certificates', 'curl', 'git', 'iproute2', 'less', 'lsof', 'make', 'procps'],
    ...['strace', 'tcpdump', 'vim'],
  ],
}

/** The health script's HTTP client, where the base has none: 1 MB in place of curl's 10. */
export const httpClient: Readonly<Record<Flavour, readonly string[]>> = {
  debian: ['busybox'],
  alpine: [],
}

/**
 * Installs packages. Downloads stay in a cache mount and logs are removed: neither belongs into a
 * layer, and logs make two builds differ.
 */
export function install(
  flavour: Flavour,
  packages: readonly string[],
  versions: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Run {
  const names = [...new Set(packages)].sort()
  const pinned = names.map((name) => {
    const version = versions[name]
    if (version === undefined) return name
    if (/^[A-Za-z0-9.+:~_-]+$/.test(version)) return `${name}=${version}`
    throw new UserError({
      message: `packages.versions.${name}: expected a version of a package, got ${formatValue(version)}`,
      hint: `Copy it from ${flavour === 'debian' ? '`apt-cache policy`' : '`apk policy`'}.`,
    })
  })
  const list = pinned.map((one) => `  ${one}`).join(' \\\n')
  const lines = flavour === 'debian' ? apt(list) : apk(list)
  const step = run(['set -eu', ...lines, ...more].join('\n'), { mounts: caches[flavour] })
  const free = names.some((name) => versions[name] === undefined)
  const rule = flavour === 'debian' ? 'DL3008' : 'DL3018'
  return free ? comment(`hadolint ignore=${rule}`, step) : step
}

function apt(list: string): string[] {
  return [
    // The base empties the cache after every install, which would empty the cache mount.
    'rm -f /etc/apt/apt.conf.d/docker-clean',
    'apt-get update',
    `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\\n${list}`,
    'rm -rf /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache',
  ]
}

function apk(list: string): string[] {
  return [`apk add --update-cache \\\n${list}`, 'rm -f /var/log/apk.log']
}

const caches = {
  debian: [
    mount.cache('/var/cache/apt', { sharing: 'locked' }),
    mount.cache('/var/lib/apt/lists', { sharing: 'locked' }),
  ],
  alpine: [mount.cache('/var/cache/apk', { sharing: 'locked' })],
}

/** @throws UserError for the version of a package that no stage installs, such as a misspelt one */
export function validateVersions(
  versions: Readonly<Record<string, string>>,
  installed: readonly string[],
): void {
  for (const name of Object.keys(versions)) {
    if (installed.includes(name)) continue
    throw new UserError({
      message: `packages.versions: no stage installs ${name}`,
      hint: `Use one of ${[...new Set(installed)].sort().join(', ')}.`,
    })
  }
}
