import { UserError } from '@erlmcp/core'
import { comment, mount, type Run, run } from '@erlmcp/dockerfile'
import type { Flavour } from './bases.ts'

/** What the debug image has to look into a container with. */
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
 * Installs packages. What the package manager downloads stays in a cache mount and what it logs is
 * removed: neither has a place in a layer, and the logs would make two builds differ.
 */
export function install(
  flavour: Flavour,
  packages: readonly string[],
  versions: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Run {
  const names = [...new Set(packages)].sort()
  const pinned = names.map((name) => {
    checkPackage(name)
    const version = versions[name]
    if (version === undefined) return name
    if (/^[A-Za-z0-9.+:~_-]+$/.test(version)) return `${name}=${version}`
    throw new UserError({
      message: `${JSON.stringify(version)} is not a version of the package ${name}`,
      hint: `Write it as ${flavour === 'debian' ? '`apt-cache policy`' : '`apk policy`'} shows it.`,
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

/** @throws UserError for versions of packages that nothing installs: a misspelt name, most likely */
export function checkVersions(
  versions: Readonly<Record<string, string>>,
  installed: readonly string[],
): void {
  for (const name of Object.keys(versions)) {
    if (installed.includes(name)) continue
    throw new UserError({
      message: `packages.versions has a version of ${name}, which no stage installs`,
      hint: `Installed are ${[...new Set(installed)].sort().join(', ')}.`,
    })
  }
}

// Debian policy 5.6.1, and what Alpine's packages are called.
function checkPackage(name: string): void {
  if (/^[a-z0-9][a-z0-9+._-]*$/.test(name)) return
  throw new UserError({
    message: `${JSON.stringify(name)} cannot be the name of a package`,
    hint: 'Use lower-case letters, digits and +.-_; versions go into packages.versions.',
  })
}
