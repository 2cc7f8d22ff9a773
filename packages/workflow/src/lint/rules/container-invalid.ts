import type { Path, Rule } from '@erlmcp/core'
import { containersOf, jobsOf, listOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

type Container = Readonly<Record<string, unknown>>

/** Options that GitHub sets itself and rejects (jobs.<job_id>.container.options). */
const reserved = /(?:^|\s)(--network|--net|--entrypoint)(?=[\s=]|$)/

function* findFaults({ options, ports }: Container): Iterable<readonly [Path, string]> {
  const [, option] = reserved.exec(String(options ?? '')) ?? []
  if (option !== undefined) {
    yield [['options'], `invalid option ${option}: GitHub sets it`]
  }
  for (const [index, port] of listOf(ports).entries()) {
    if (port.includes('${{') || isPort(port)) continue
    const path = ['ports', ...(Array.isArray(ports) ? [index] : [])]
    yield [path, `invalid port ${JSON.stringify(port)}: expected 1 to 65535, as in '8080:80'`]
  }
}

/** `80`, `8080:80`, `127.0.0.1:8080:80`, each also as a range and with a protocol. */
function isPort(text: string): boolean {
  const [, host, inside] = /^(?:(.*):)?([\d-]+)(?:\/(?:tcp|udp|sctp))?$/i.exec(text) ?? []
  const outside = host?.replace(/^.*:/, '') ?? ''
  return isRange(inside, 1) && (!/^[\d-]+$/.test(outside) || isRange(outside, 0))
}

function isRange(text: string | undefined, least: number): boolean {
  if (text === undefined || !/^\d+(?:-\d+)?$/.test(text)) return false
  return text.split('-').every((one) => Number(one) >= least && Number(one) <= 65_535)
}

export const containerInvalid: Rule<WorkflowFile> = {
  id: 'workflow/container-invalid',
  kind: 'breaks',
  summary: 'Container that cannot start',
  why: 'The job fails before its first step.',
  hint: 'Containers of a job share a network: a service is reachable by its name.',
  references: ['Workflow syntax, jobs.<job_id>.container.options'],
  bad: withJob({ container: { image: 'erlang:28', options: '--network host' } }),
  good: withJob({ container: { image: 'erlang:28', options: '--cpus 1', ports: ['8080:80'] } }),
  *check({ data }) {
    for (const { job, path } of jobsOf(data)) {
      for (const [at, container] of containersOf(job)) {
        for (const [key, message] of findFaults(container)) {
          const hint =
            key[0] === 'ports' ? 'Write the port of the container, or HOST:CONTAINER.' : undefined
          yield { path: [...path, ...at, ...key], message, ...(hint !== undefined && { hint }) }
        }
      }
    }
  },
}
