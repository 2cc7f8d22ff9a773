import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * A `docker` of sh for one test, before the real one on the PATH.
 *
 * @param answers cases of its words, as `"ps "*) echo abc ;;`
 * @param more other commands, by name
 */
export function dockerSays(answers: string, more: Readonly<Record<string, string>> = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-docker-'))
  const commands = { docker: `case "$*" in\n${answers}\nesac`, ...more }
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const path = process.env.PATH
  process.env.PATH = `${folder}:${path}`
  onTestFinished(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  })
}

/** Answers of an engine with this one container, in which `docker exec` runs on the host. */
export function container(
  mounts: readonly object[],
  env: readonly string[],
  more: object = {},
  running = true,
): string {
  const one = {
    ...{ Id: 'c1', Name: '/shop-db-1', State: { Running: running }, Mounts: mounts },
    Config: { Env: env, ...more },
  }
  return `"ps "*) echo c1 ;;
"inspect "*) cat <<'END'
${JSON.stringify([one])}
END
;;
"exec "*) shift 3; exec "$@" ;;`
}
