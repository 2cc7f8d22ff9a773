/** What every contestant says: N services as a person would write them, as plain data. */
export function content(count: number): { name: string; services: Record<string, BenchService> } {
  const services: Record<string, BenchService> = {}
  for (let n = 0; n < count; n++) services[`service-${n}`] = benchService(n)
  return { name: 'bench', services }
}

export type BenchService = ReturnType<typeof benchService>

export function benchService(n: number) {
  return {
    image: `example/service-${n}:1.${n}.0` as const,
    command: ['serve', '--port', '8080'],
    environment: { PORT: '8080', LOG_LEVEL: 'info', NAME: `service ${n}` },
    ports: [{ host_ip: '127.0.0.1', published: String(10_000 + n), target: 8080 }],
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
  }
}
