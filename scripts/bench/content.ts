/**
 * The content of every contestant: N carefully written services, as plain data. No
 * rule has anything to say about them; `'diagnostics'` leaves the digest of each image out, which is
 * one diagnostic a service.
 */
export type Variant = 'clean' | 'diagnostics'

export function content(count: number, variant: Variant) {
  const services: Record<string, ReturnType<typeof benchService<'backend'>>> = {}
  const networks: 'backend'[] = ['backend']
  for (let n = 0; n < count; n++) services[`service-${n}`] = benchService(n, variant, networks)
  return { name: 'bench', services, networks: { backend: { driver: 'bridge' } } }
}

/** One service; its networks are names to the others and values to erlmcp. */
export function benchService<Network>(n: number, variant: Variant, networks: readonly Network[]) {
  const tag = `example/service-${n}:1.${n}.0` as const
  const digest = n.toString(16).padStart(64, '0')
  return {
    image: variant === 'clean' ? (`${tag}@sha256:${digest}` as const) : tag,
    command: ['serve', '--port', '8080'],
    environment: { PORT: '8080', LOG_LEVEL: 'info', NAME: `service ${n}` },
    ports: [{ host_ip: '127.0.0.1', published: String(10_000 + n), target: 8080 }],
    networks,
    user: '1000:1000',
    restart: 'unless-stopped' as const,
    init: true,
    read_only: true,
    cap_drop: ['ALL' as const],
    security_opt: ['no-new-privileges=true' as const],
    stop_grace_period: '30s' as const,
    healthcheck: {
      test: ['CMD', 'health'] as ['CMD', string],
      interval: '15s' as const,
      timeout: '5s' as const,
      retries: 3,
    },
    deploy: { resources: { limits: { cpus: '1.0' as const, memory: '512M' as const, pids: 256 } } },
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    tmpfs: ['/tmp:size=64m,mode=1777'],
  }
}
