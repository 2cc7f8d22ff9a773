import { spawnSync } from 'node:child_process'

/** An engine that answers, with the plugins that tests use. */
export interface Engine {
  readonly version: string
  readonly compose: string
}

export type EngineSearch =
  | { readonly found: true; readonly engine: Engine }
  | { readonly found: false; readonly reason: string }

let search: EngineSearch | undefined

/**
 * The Docker engine that the `docker` command reaches, or the reason why none responds.
 * Asked once per process. It is synchronous because vitest has to know while it collects tests.
 */
export function findEngine(): EngineSearch {
  search ??= lookForEngine()
  return search
}

/** Whether a missing engine is a failure: `ERLMCP_ENGINE=required`. */
export function engineRequired(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.ERLMCP_ENGINE === 'required'
}

function lookForEngine(): EngineSearch {
  const version = ask(['version', '--format', '{{.Server.Version}}'])
  if (!version.ok) return { found: false, reason: version.text }
  const compose = ask(['compose', 'version', '--short'])
  if (!compose.ok) return { found: false, reason: `docker compose: ${compose.text}` }
  return { found: true, engine: { version: version.text, compose: compose.text } }
}

function ask(argv: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const { status, stdout, stderr, error } = spawnSync('docker', argv, {
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (error) return { ok: false, text: whyNot(error) }
  const text = (status === 0 ? stdout : stderr).trim()
  return { ok: status === 0, text: text.split('\n').at(-1) || `docker ended with ${status}` }
}

function whyNot(error: Error): string {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'no docker command on PATH'
  if (code === 'ETIMEDOUT') return 'docker does not answer within 20 s'
  return error.message
}
