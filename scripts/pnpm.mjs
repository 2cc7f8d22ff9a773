import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url)))

// turbo asks its makers' servers and draws; neither belongs in a build that must be repeatable.
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_UI: 'false' }

/**
 * Runs pnpm, in the version of package.json, also where none is installed. Through npx, so that
 * its folder is on PATH and turbo finds the same pnpm.
 *
 * @returns the exit code
 */
export function pnpm(...args) {
  const child = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  })
  if (child.error) throw child.error
  return child.status ?? 1
}

/** Like {@link pnpm}, and ends this process when it fails. */
export function mustPnpm(...args) {
  const code = pnpm(...args)
  if (code !== 0) process.exit(code)
}
