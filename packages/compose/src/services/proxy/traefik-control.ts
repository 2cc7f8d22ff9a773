import { printYaml } from '@erlmcp/core'
import type { LiveFile, ProxyControl, ServerState } from './proxy.ts'
import { type Route, weightsIn } from './route.ts'
import { api, initial, live, weighted } from './traefik-files.ts'

/** `live.yml`: a router above that of the stack. */
export function traefikLive({ to }: Route): LiveFile {
  const names = to.map(({ service }) => service.name)
  return {
    name: 'live.yml',
    print: (weights) =>
      printYaml(weighted('live', live, 2, weights), ['Written by erlmcp traffic.']),
    read(text) {
      const entries = [...text.matchAll(/^\s*- name: (\S+)\n\s*weight: (\d+)$/gm)].map(
        ([, name, weight]) => [name!.replace(/^'(.*)'$/, '$1'), Number(weight)] as const,
      )
      return weightsIn(entries, names)
    },
  }
}

interface ApiService {
  readonly name: string
  readonly status: string
  readonly usedBy?: readonly string[]
  readonly serverStatus?: Readonly<Record<string, string>>
  readonly weighted?: { readonly services: readonly { name: string; weight?: number }[] }
}

/** Through its API, with the tools of BusyBox that are in the image. */
export function traefikControl(route: Route): ProxyControl {
  const { port, path } = route.ready
  return {
    ask: { argv: ['wget', '-qO-', '-T', '5', `${api}/services?per_page=1000`] },
    states: (answer) => states(JSON.parse(answer), route),
    take: () => ({ signal: 'HUP' }),
    ready: (server) => ({
      argv: ['wget', '-qO', '/dev/null', '-T', '5', `http://${server}:${port}${path}`],
    }),
  }
}

function states(services: readonly ApiService[], { to }: Route): readonly ServerState[] {
  const named = (name: string) => services.find((one) => one.name === `${name}@file`)
  const used = [named(live), named(initial)].find(
    (one) => one?.status === 'enabled' && (one.usedBy ?? []).length > 0,
  )
  return to.map(({ service: { name } }) => ({
    server: name,
    weight: used?.weighted?.services.find((one) => one.name === name)?.weight ?? 0,
    up: Object.values(named(name)?.serverStatus ?? {}).includes('UP'),
  }))
}
