/** What is known of a container that did not come up. */
export interface Symptoms {
  /** `created`, `running`, `exited`, `restarting`, `dead`; empty where there is no container. */
  readonly state: string
  readonly exitCode: number
  readonly outOfMemory: boolean
  /** Why the engine could not start it. */
  readonly error: string
  /** `unhealthy`, `starting`, `healthy`; empty without a healthcheck. */
  readonly health: string
  /** The healthcheck's command. */
  readonly test: string
  /** What the healthcheck printed last. */
  readonly healthOutput: string
  /** The last lines of the log. */
  readonly logs: string
  /** Ports on which it listens; absent where that cannot be found out. */
  readonly listens?: readonly number[]
  /** Bytes; 0 without a limit. */
  readonly memory: number
}

/** Why it probably did not come up, and how to fix it. */
export interface Reason {
  readonly reason: string
  readonly hint: string
}

interface Sign {
  readonly pattern: RegExp
  readonly reason: string
  readonly hint: string
}

const missing = 'Run `erlmcp secrets init` for a secret; otherwise put the file there.'

/** What the engine says of a container that it cannot start; `$1` is a group of the pattern. */
const engineSigns: readonly Sign[] = [
  {
    pattern: /Bind for (\S+) failed: port is already allocated/,
    reason: 'port $1 of the host is taken by another container',
    hint: 'Publish another port, or stop what has it: docker ps --filter publish=PORT.',
  },
  {
    pattern:
      /(?:listen tcp\S* |exposing port TCP |bind host port )(\S+?)(?: ->.*)?:.*address already in use/,
    reason: 'port $1 of the host is taken by another program',
    hint: 'Publish another port, or stop that program: ss -ltnp names it.',
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    reason: '$1 is not there, and is to be mounted',
    hint: missing,
  },
  {
    pattern: /invalid mount config[^\n]*?: ([^\n]*)/,
    reason: 'a mount cannot be made: $1',
    hint: missing,
  },
  {
    pattern: /exec format error/i,
    reason: 'its image is built for another processor',
    hint: 'Build it on this machine, or with `platform` of the service.',
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
    reason: 'the image $1 cannot be found',
    hint: 'Correct its name and tag, log in to its registry, or build it.',
  },
  {
    pattern: /manifest unknown|no such image|not found: manifest|no matching manifest/i,
    reason: 'its image cannot be found for this platform',
    hint: 'Correct its name and tag, or build it.',
  },
  {
    pattern: /no space left on device/i,
    reason: 'the disk is full',
    hint: 'Make room: docker system df.',
  },
  {
    pattern: /user (\S+): no matching entries|unable to find user (\S+)/,
    reason: 'its user is not in the image',
    hint: 'Give `user` as numbers: user: "1000:1000".',
  },
  {
    pattern: /network (\S+) (?:not found|declared as external, but could not be found)/,
    reason: 'the network $1 is not there',
    hint: 'Make it: docker network create NAME.',
  },
]

/** What programs say before they end. */
const logSigns: readonly Sign[] = [
  {
    pattern: /^start: (.+)$/m,
    reason: '$1',
    hint: 'The image says what it lacks: give it that in the stack.',
  },
  {
    pattern:
      /(password authentication failed[^\n]*|WRONGPASS[^\n]*|NOAUTH[^\n]*|Access denied for user[^\n]*|Authentication failed[^\n]*|invalid_password[^\n]*)/i,
    reason: 'it has another password than the server: $1',
    hint: 'A volume keeps the password that it was made with. Put that back into the secret file, or change it in the server: erlmcp secrets check says which.',
  },
  {
    pattern: /database files are incompatible with server|initialized by PostgreSQL version (\d+)/,
    reason: 'its volume is of another version of PostgreSQL',
    hint: 'Run the version that made it, take a backup, and restore that into the new one.',
  },
  {
    pattern: /([^\n]*(?:Read-only file system|EROFS|\berofs\b)[^\n]*)/i,
    reason: 'it writes to a path that is read-only: $1',
    hint: 'Mount a volume or tmpfs there, or set read_only: false.',
  },
  {
    pattern: /([^\n]*(?:eaddrinuse|address already in use)[^\n]*)/i,
    reason: 'a port in the container is taken: $1',
    hint: 'Let the program listen on another port, or free that of the host where it shares its network.',
  },
  {
    pattern:
      /([^\n]*(?:No such file or directory|\benoent\b)[^\n]*\/run\/secrets\/[^\n]*|[^\n]*\/run\/secrets\/[^\n]*(?:No such file|missing|not readable|enoent|Permission denied)[^\n]*)/i,
    reason: 'a secret is missing or not readable: $1',
    hint: 'Give the secret to the service, and run `erlmcp secrets init`.',
  },
  {
    pattern: /([^\n]*(?:Permission denied|\beacces\b|Operation not permitted|\beperm\b)[^\n]*)/i,
    reason: 'it may not do something: $1',
    hint: 'Give `user` the path or the capability that it needs: the line names it.',
  },
  {
    pattern: /([^\n]*(?:No space left on device|\benospc\b)[^\n]*)/i,
    reason: 'a disk or tmpfs is full: $1',
    hint: 'Make room, or a larger tmpfs.',
  },
  {
    pattern:
      /([^\n]*(?:Connection refused|\beconnrefused\b|could not connect to|nxdomain|could not translate host name|no such host|Name or service not known)[^\n]*)/i,
    reason: 'it does not reach what it needs: $1',
    hint: 'Look at what the line names: its name, its network, and whether it runs.',
  },
]

/** The likely reason of a failure, or undefined where nothing is known by its signs. */
export function likelyReason(symptoms: Symptoms): Reason | undefined {
  const { error, logs, state, exitCode, outOfMemory, memory } = symptoms
  if (outOfMemory) {
    return {
      reason: `it was killed for lack of memory${memory > 0 ? `: its limit is ${Math.round(memory / 2 ** 20)}M` : ''}`,
      hint: 'Give it more: deploy.resources.limits.memory.',
    }
  }
  const engine = signIn(engineSigns, error)
  if (engine) return engine
  if (symptoms.health === 'unhealthy' || symptoms.health === 'starting') {
    const health = healthReason(symptoms)
    if (health) return health
  }
  return signIn(engineSigns, logs) ?? signIn(logSigns, logs) ?? exitReason(state, exitCode)
}

function signIn(signs: readonly Sign[], text: string): Reason | undefined {
  for (const { pattern, reason, hint } of signs) {
    const found = pattern.exec(text)
    if (!found) continue
    const [, first = '', second = ''] = found
    return { reason: reason.replace('$1', () => (first || second).trim()), hint }
  }
  return undefined
}

function healthReason({ test, healthOutput, listens, logs, health }: Symptoms): Reason | undefined {
  const password = signIn(logSigns.slice(1, 2), healthOutput)
  if (password) return password
  const port = portOf(test) ?? portOf(healthOutput)
  const refused = /refused|can't connect|couldn't connect|could not connect|failed to connect/i
  if (port !== undefined && listens !== undefined && !listens.includes(port)) {
    const others = listens.length > 0 ? `it listens on ${listens.join(', ')}` : 'it listens on none'
    const why = signIn(logSigns, logs)
    return why && listens.length === 0
      ? why
      : {
          reason: `nothing in it listens on port ${port}, which the healthcheck asks: ${others}`,
          hint: 'Correct the port of the healthcheck, or that of the program.',
        }
  }
  if (
    /executable file not found|not found|no such file/i.test(healthOutput) &&
    !/404/.test(healthOutput)
  ) {
    return {
      reason: `the healthcheck cannot run: ${firstLine(healthOutput)}`,
      hint: 'Take a command that the image has.',
    }
  }
  const status = /(?:HTTP\/\S+ |error: |status(?: code)?:? |returned )([345]\d\d)\b/i.exec(
    healthOutput,
  )
  if (status) {
    return {
      reason: `the healthcheck is answered with ${status[1]}`,
      hint: 'Correct its path, or look in the log for why the program says so.',
    }
  }
  if (/exceeded timeout|timed out|timeout/i.test(healthOutput)) {
    return {
      reason: 'the healthcheck is not answered in time',
      hint: 'Look in the log for what it waits for; `timeout` and `start_period` give it more time.',
    }
  }
  const why = signIn(logSigns, logs)
  if (why) return why
  if (refused.test(healthOutput)) {
    return {
      reason: `the healthcheck finds nothing that answers: ${firstLine(healthOutput)}`,
      hint: 'Correct its port, or look in the log for why the program does not listen.',
    }
  }
  return health === 'starting'
    ? {
        reason: 'it is still starting: its healthcheck has not passed yet',
        hint: 'Give it more time with --wait, or look in the log for what it waits for.',
      }
    : undefined
}

/** The port that a healthcheck asks: of a URL, of `HOST PORT`, or of an option. */
export function portOf(text: string): number | undefined {
  const found =
    /(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0)[: /]+(\d{2,5})\b/.exec(text) ??
    /(?:^|\s)(?:-p|--port)[ =](\d{2,5})\b/.exec(text)
  return found ? Number(found[1]) : undefined
}

function exitReason(state: string, code: number): Reason | undefined {
  if (state === 'created') {
    return {
      reason: 'it was not started, as something that it depends on did not come up',
      hint: 'Fix that first.',
    }
  }
  if (state !== 'exited' && state !== 'restarting' && state !== 'dead') return undefined
  const known: Readonly<Record<number, string>> = {
    0: 'its program ended by itself, and a service has to go on',
    126: 'its command is not executable',
    127: 'its command is not in the image',
    132: 'its program uses instructions that this processor lacks',
    134: 'its program aborted',
    137: 'it was killed (SIGKILL), as the kernel does when memory is short',
    139: 'its program crashed (SIGSEGV)',
    143: 'it was stopped (SIGTERM)',
  }
  return {
    reason: known[code] ?? `its program ended with ${code}`,
    hint: 'The last lines of its log say why.',
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''
