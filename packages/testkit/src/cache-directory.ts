import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder that outlives test runs: what stand-in images are built from, and the engine of `.ci/engine`. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'erlmcp-testkit')
}
