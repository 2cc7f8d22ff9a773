import { backend, controlPort, printHaproxy, variableOf, weightLines } from './haproxy-config.ts'
import type { LiveFile, ProxyCommand, ProxyControl, ServerState } from './proxy.ts'
import { type Route, weightsIn } from './route.ts'

/** `live.cfg`: variables that are set before those of the stack, which then are not. */
export function haproxyLive(route: Route): LiveFile {
  const names = route.to.map(({ service }) => service.name)
  return {
    name: 'live.cfg',
    print(weights) {
      const whose = names.map((name, at) => `# ${variableOf(at)} is ${name}.\n`).join('')
      return `# Written by erlmcp traffic.\n${whose}${printHaproxy([[['global'], ...weightLines('setenv', route, weights)]])}`
    },
    read(text) {
      const set = new Map(
        [...text.matchAll(/^\s*setenv (\S+) (\d+)$/gm)].map(([, name, weight]) => [name, weight]),
      )
      return weightsIn(
        names.map((name, at) => [name, Number(set.get(variableOf(at)) ?? Number.NaN)]),
        names,
      )
    },
  }
}

// The image has no client of HTTP or of sockets but its shell's own.
const open = (host: string, port: number) => `exec 3<>/dev/tcp/${host}/${port}`

/** Ends with 0 when the answer to a GET is 200. */
export function bashGet(host: string, port: number, path: string): readonly string[] {
  const script = `${open('"$1"', port)} && printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' "$2" >&3
read -r -t 5 status <&3
case $status in 'HTTP/1.'?' 200 '*) ;; *) echo "\${status:-no answer}"; exit 1 ;; esac`
  return ['bash', '-c', script, 'bash', host, path]
}

/** Through its runtime API, on loopback inside of the container. */
export function haproxyControl(route: Route): ProxyControl {
  const { port, path } = route.ready
  return {
    ask: command(`show stat ${backend} -1 -1`),
    states: (answer) => states(answer, route),
    take(weights) {
      // The greater first, so that there is a server at each moment.
      const sorted = Object.entries(weights).sort(([, one], [, other]) => other - one)
      return command(
        sorted.map(([name, weight]) => `set server ${backend}/${name} weight ${weight}`).join('; '),
      )
    },
    ready: (server) => ({ argv: bashGet(server, port, path) }),
  }
}

function command(line: string): ProxyCommand {
  const script = `${open('127.0.0.1', controlPort)} && cat >&3 && cat <&3`
  return { argv: ['bash', '-c', script], input: `${line}\n` }
}

/** From CSV, whose first columns hold no comma. */
function states(answer: string, { to }: Route): readonly ServerState[] {
  const [header = '', ...rows] = answer.trim().split('\n')
  const columns = header.replace(/^# /, '').split(',')
  const table = rows.map((row) => {
    const cells = row.split(',')
    return (column: string) => cells[columns.indexOf(column)] ?? ''
  })
  return to.map(({ service: { name } }) => {
    const cell = table.find((one) => one('pxname') === backend && one('svname') === name)
    return {
      server: name,
      weight: Number(cell?.('weight') || 0),
      up: /^UP\b/.test(cell?.('status') ?? ''),
      requests: Number(cell?.('scur') || 0),
    }
  })
}
