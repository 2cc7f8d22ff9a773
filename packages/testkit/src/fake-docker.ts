import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * Puts a `docker` written in sh on the PATH, before the real one, until the test ends.
 *
 * @param cases of its arguments, such as `"ps "*) echo abc ;;`
 * @param commands other commands, by name
 * @returns the folder of the scripts, which is `${0%/*}` in them
 */
export function fakeDocker(cases: string, commands: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-docker-'))
  const scripts = { docker: `case "$*" in\n${cases}\nesac`, ...commands }
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const path = process.env.PATH
  process.env.PATH = `${folder}:${path}`
  onTestFinished(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** Cases of an engine with one container, in which `docker exec` runs on the host. */
export function fakeContainer(
  mounts: readonly object[],
  env: readonly string[],
  config: object = {},
  isRunning = true,
): string {
  const container = {
    ...{ Id: 'c1', Name: '/shop-db-1', State: { Running: isRunning }, Mounts: mounts },
    Config: { Env: env, ...config },
  }
  return `"ps "*) echo c1 ;;
"inspect "*) cat <<'END'
${JSON.stringify([container])}
END
;;
"exec "*) shift 3; exec "$@" ;;`
}
