/** Facts of a container that did not come up. */
export interface Symptoms {
  /** `created`, `running`, `exited`, `restarting`, `dead`; empty where there is no container. */
  readonly state: string
  readonly exitCode: number
  readonly outOfMemory: boolean
  /** Error of the engine at its start. */
  readonly error: string
  /** `unhealthy`, `starting`, `healthy`; empty without a healthcheck. */
  readonly health: string
  /** The healthcheck's command. */
  readonly test: string
  /** Last output of the healthcheck. */
  readonly healthOutput: string
  /** The last lines of the log. */
  readonly logs: string
  /** Ports on which it listens; absent where unknown. */
  readonly listens?: readonly number[]
  /** Bytes; 0 without a limit. */
  readonly memory: number
}

/** The likely cause of a failure, and how to fix it. */
export interface LikelyCause {
  readonly reason: string
  readonly hint: string
}

interface Sign {
  readonly pattern: RegExp
  readonly reason: string
  readonly hint: string
}

const missing = 'Run `erlmcp secrets init` for a secret; create any other file.'

/** Errors of the engine; `$1` is a group of the pattern. */
const engineSigns: readonly Sign[] = [
  {
    pattern: /Bind for (\S+) failed: port is already allocated/,
    reason: 'port $1 of the host is used by another container',
    hint: 'Publish another port, or stop the container: docker ps --filter publish=PORT',
  },
  {
    pattern:
      /(?:listen tcp\S* |exposing port TCP |bind host port )(\S+?)(?: ->.*)?:.*address already in use/,
    reason: 'port $1 of the host is used by another process',
    hint: 'Publish another port, or stop the process: ss -ltnp',
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    reason: 'the mount source $1 does not exist',
    hint: missing,
  },
  {
    pattern: /invalid mount config[^\n]*?: ([^\n]*)/,
    reason: 'invalid mount: $1',
    hint: missing,
  },
  {
    pattern: /exec format error/i,
    reason: 'its image is built for another platform',
    hint: 'Build it on this machine, or set `platform` of the service.',
  },
  {
    pattern:
      /exec: "([^"]+)": (?:executable file not found|stat [^\n]*no such file|permission denied)/,
    reason: '$1 is not in the image, or not executable',
    hint: 'Correct `command`, `entrypoint` or the healthcheck of the service.',
  },
  {
    pattern:
      /(?:pull access denied for|manifest for|No such image:|failed to resolve reference|unable to find image|failed to do request: Head) ['"]?([^\s'",]+)/i,
    reason: 'image not found: $1',
    hint: 'Correct its name and tag, log in to its registry, or build it.',
  },
  {
    pattern: /manifest unknown|no such image|not found: manifest|no matching manifest/i,
    reason: 'its image does not exist for this platform',
    hint: 'Correct its name and tag, or build it.',
  },
  {
    pattern: /no space left on device/i,
    reason: 'the disk is full',
    hint: 'Free space: docker system df',
  },
  {
    pattern: /user (\S+): no matching entries|unable to find user (\S+)/,
    reason: 'its user is not in the image',
    hint: 'Give `user` as numbers: user: "1000:1000".',
  },
  {
    pattern: /network (\S+) (?:not found|declared as external, but could not be found)/,
    reason: 'network not found: $1',
    hint: 'Create it: docker network create NAME',
  },
]

/** Messages of programs before they exit. */
const logSigns: readonly Sign[] = [
  {
    pattern: /^start: (.+)$/m,
    reason: '$1',
    hint: 'Add to the stack what the image lacks.',
  },
  {
    pattern:
      /(password authentication failed[^\n]*|WRONGPASS[^\n]*|NOAUTH[^\n]*|Access denied for user[^\n]*|Authentication failed[^\n]*|invalid_password[^\n]*)/i,
    reason: 'the server has another password: $1',
    hint: 'A volume stores the password of its creation. Put it back into the secret file, or change it in the server: erlmcp secrets check',
  },
  {
    pattern: /database files are incompatible with server|initialized by PostgreSQL version (\d+)/,
    reason: 'its volume belongs to another version of PostgreSQL',
    hint: 'Run the old version, create a backup, and restore it into the new one.',
  },
  {
    pattern: /([^\n]*(?:Read-only file system|EROFS|\berofs\b)[^\n]*)/i,
    reason: 'it writes to a read-only path: $1',
    hint: 'Mount a volume or tmpfs there, or set `read_only: false`.',
  },
  {
    pattern: /([^\n]*(?:eaddrinuse|address already in use)[^\n]*)/i,
    reason: 'a port in the container is in use: $1',
    hint: 'Choose another port, or free that of the host where the container uses its network.',
  },
  {
    pattern:
      /([^\n]*(?:No such file or directory|\benoent\b)[^\n]*\/run\/secrets\/[^\n]*|[^\n]*\/run\/secrets\/[^\n]*(?:No such file|missing|not readable|enoent|Permission denied)[^\n]*)/i,
    reason: 'a secret is missing or unreadable: $1',
    hint: 'Add the secret to the service, and run `erlmcp secrets init`.',
  },
  {
    pattern: /([^\n]*(?:Permission denied|\beacces\b|Operation not permitted|\beperm\b)[^\n]*)/i,
    reason: 'permission denied: $1',
    hint: 'Give the user of the service access to the path, or the capability.',
  },
  {
    pattern: /([^\n]*(?:No space left on device|\benospc\b)[^\n]*)/i,
    reason: 'a disk or tmpfs is full: $1',
    hint: 'Free space, or enlarge the tmpfs.',
  },
  {
    pattern:
      /([^\n]*(?:Connection refused|\beconnrefused\b|could not connect to|nxdomain|could not translate host name|no such host|Name or service not known)[^\n]*)/i,
    reason: 'it cannot connect: $1',
    hint: 'Check name and network of the target, and whether it is running.',
  },
]

/** Finds the likely cause of a failure; `undefined` where no sign is known. */
export function findLikelyCause(symptoms: Symptoms): LikelyCause | undefined {
  const { error, logs, state, exitCode, outOfMemory, memory } = symptoms
  if (outOfMemory) {
    return {
      reason: `out of memory${memory > 0 ? `: the limit is ${Math.round(memory / 2 ** 20)}M` : ''}`,
      hint: 'Increase `deploy.resources.limits.memory`.',
    }
  }
  const engine = matchSign(engineSigns, error)
  if (engine) return engine
  if (symptoms.health === 'unhealthy' || symptoms.health === 'starting') {
    const health = findHealthCause(symptoms)
    if (health) return health
  }
  return matchSign(engineSigns, logs) ?? matchSign(logSigns, logs) ?? findExitCause(state, exitCode)
}

function matchSign(signs: readonly Sign[], text: string): LikelyCause | undefined {
  for (const { pattern, reason, hint } of signs) {
    const found = pattern.exec(text)
    if (!found) continue
    const [, first = '', second = ''] = found
    return { reason: reason.replace('$1', () => (first || second).trim()), hint }
  }
  return undefined
}

function findHealthCause({
  test,
  healthOutput,
  listens,
  logs,
  health,
}: Symptoms): LikelyCause | undefined {
  const password = matchSign(logSigns.slice(1, 2), healthOutput)
  if (password) return password
  const port = findPort(test) ?? findPort(healthOutput)
  const refused = /refused|can't connect|couldn't connect|could not connect|failed to connect/i
  if (port !== undefined && listens !== undefined && !listens.includes(port)) {
    const others =
      listens.length > 0 ? `it listens on ${listens.join(', ')}` : 'it listens on no port'
    const why = matchSign(logSigns, logs)
    return why && listens.length === 0
      ? why
      : {
          reason: `the healthcheck uses port ${port}, but ${others}`,
          hint: 'Correct the port of the healthcheck or of the program.',
        }
  }
  if (
    /executable file not found|not found|no such file/i.test(healthOutput) &&
    !/404/.test(healthOutput)
  ) {
    return {
      reason: `the healthcheck cannot run: ${firstLine(healthOutput)}`,
      hint: 'Use a command that the image has.',
    }
  }
  const status = /(?:HTTP\/\S+ |error: |status(?: code)?:? |returned )([345]\d\d)\b/i.exec(
    healthOutput,
  )
  if (status) {
    return {
      reason: `the healthcheck got status ${status[1]}`,
      hint: 'Correct its path, or check the log of the program.',
    }
  }
  if (/exceeded timeout|timed out|timeout/i.test(healthOutput)) {
    return {
      reason: 'the healthcheck timed out',
      hint: 'Check the log; increase `timeout` or `start_period`.',
    }
  }
  const why = matchSign(logSigns, logs)
  if (why) return why
  if (refused.test(healthOutput)) {
    return {
      reason: `the healthcheck cannot connect: ${firstLine(healthOutput)}`,
      hint: 'Correct its port, or check the log of the program.',
    }
  }
  return health === 'starting'
    ? {
        reason: 'still starting: its healthcheck has not passed yet',
        hint: 'Give it more time with --wait, or check the log.',
      }
    : undefined
}

/** Finds the port of a healthcheck: in a URL, in `HOST PORT`, or in an option. */
export function findPort(text: string): number | undefined {
  const found =
    /(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0)[: /]+(\d{2,5})\b/.exec(text) ??
    /(?:^|\s)(?:-p|--port)[ =](\d{2,5})\b/.exec(text)
  return found ? Number(found[1]) : undefined
}

function findExitCause(state: string, code: number): LikelyCause | undefined {
  if (state === 'created') {
    return {
      reason: 'not started: a dependency did not come up',
      hint: 'Fix the dependency first.',
    }
  }
  if (state !== 'exited' && state !== 'restarting' && state !== 'dead') return undefined
  const known: Readonly<Record<number, string>> = {
    0: 'its program exited',
    126: 'its command is not executable',
    127: 'its command does not exist in the image',
    132: 'its program uses instructions that this CPU lacks',
    134: 'its program aborted',
    137: 'it was killed (SIGKILL), possibly for lack of memory',
    139: 'its program crashed (SIGSEGV)',
    143: 'it was stopped (SIGTERM)',
  }
  return {
    reason: known[code] ?? `its program exited with ${code}`,
    hint: 'Check the last lines of its log.',
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''
