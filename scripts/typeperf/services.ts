/**
 * One object of a service, as text, different for each number: what is typed twice, by a bare
 * interface and by ours.
 */
export function serviceLiteral(number: number): string {
  return `{
  image: 'registry.example/team/app-${number}:1.${number}.0',
  command: ['bin/app', 'foreground', '--shard', '${number}'],
  environment: { SHARD: '${number}', LEVEL: 'info', PORT: ${8000 + number} },
  networks: [backend],
  ports: ['127.0.0.1:${10000 + number}:8080'],
  volumes: ['./data/${number}:/var/lib/app'],
  labels: { 'com.example.team': 'core' },
  healthcheck: {
    test: ['CMD', 'bin/health'],
    interval: '${1 + (number % 50)}s',
    timeout: '5s',
    retries: 3,
    start_period: '1m30s',
  },
  mem_limit: '${64 + number}M',
  restart: 'unless-stopped',
  stop_grace_period: '45s',
  cap_add: ['NET_BIND_SERVICE'],
  deploy: { replicas: 2, resources: { limits: { cpus: 0.5, pids: 256 } } },
}`
}

/** The declarations of the bare interface: just the keys of the object, each of one plain type. */
export const bareDeclarations = `
interface Bare {
  image?: string
  command?: string[]
  environment?: { [key: string]: string | number }
  networks?: Network[]
  ports?: string[]
  volumes?: string[]
  labels?: { [key: string]: string }
  healthcheck?: {
    test?: string[]
    interval?: string
    timeout?: string
    retries?: number
    start_period?: string
  }
  mem_limit?: string
  restart?: string
  stop_grace_period?: string
  cap_add?: string[]
  deploy?: { replicas?: number; resources?: { limits?: { cpus?: number; pids?: number } } }
}
interface Network { name: string }
export declare function service(name: string, spec: Bare): { name: string; spec: Bare }
export declare function network(name: string): Network
`

/**
 * A module of that many services. Both kinds are the same text but for the module that they import
 * from, so that nothing but the types differs; both hold the package.
 */
export function moduleText(kind: 'bare' | 'ours', services: number): string {
  const from = kind === 'bare' ? 'bare' : '@erlmcp/compose'
  const head = `import '@erlmcp/compose'
import { network, service } from '${from}'
const backend = network('backend')
`
  const body = Array.from(
    { length: services },
    (_, number) =>
      `export const s${number} = service('app-${number}', ${serviceLiteral(number)})\n`,
  )
  return head + body.join('')
}
