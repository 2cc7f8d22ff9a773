import type { BuiltImage } from '@erlmcp/core'
import type { Limits, Service } from './document.ts'
import type { ServiceSpec } from './service.ts'

/** Limits of a service that says none. */
export const defaultLimits: Limits = { cpus: '1', memory: '512M', pids: 512 }
const plainDeploy: Service['deploy'] = { resources: { limits: defaultLimits } }
const plainTmpfs = ['/tmp:size=64m,mode=1777']

const always: Service = {
  init: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges=true'],
  stop_grace_period: '30s',
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
}

/**
 * Adds to a new node what the service does not say otherwise. A key that is written is wholly the
 * writer's, but for limits, where each of the three stands for itself.
 *
 * @param job whether another service waits for it to complete, so that it must not be restarted
 */
export function addDefaults(
  node: Record<string, unknown>,
  spec: ServiceSpec,
  image: BuiltImage | undefined,
  job: boolean,
): void {
  // What a provider makes is no container.
  if (spec.provider) return
  for (const key in always) node[key] ??= always[key as keyof Service]
  if (isInteractive(node as Service)) node.stop_signal ??= 'SIGHUP'
  if (image) node.user ??= image.user
  node.read_only ??= true
  if (!spec.deploy?.restart_policy) node.restart ??= job ? 'no' : 'unless-stopped'
  if (spec.tmpfs === undefined && spec.read_only !== false) {
    const tmpfs = memoryFolders(node as Service, image)
    if (tmpfs.length > 0) node.tmpfs = tmpfs
    const { state } = image ?? {}
    if (state && tmpfs.some((one) => one.startsWith(`${state}:`))) undecided(tmpfs, state)
  }
  node.deploy = withLimits(node as Service)
}

// They ignore SIGTERM at a terminal, and end when it hangs up.
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'fish', 'erl', 'iex'])

/** Whether a service is a shell at a terminal, which `docker compose down` would wait 30 s for. */
function isInteractive({ tty, stdin_open: open, command }: Service): boolean {
  if (tty !== true || open !== true || command === undefined || command === null) return false
  const [program = '', ...more] = typeof command === 'string' ? command.split(/\s+/) : command
  return shells.has(program.split('/').at(-1)!) && !more.includes('-c')
}

function withLimits(node: Service): Service['deploy'] {
  const { deploy, cpus, mem_limit: memory, pids_limit: pids } = node
  const elsewhere = cpus ?? memory ?? pids
  if (deploy === undefined && elsewhere === undefined) return plainDeploy
  // Compose refuses limits that differ between here and there, and one that is only there differs.
  const there: Limits = {
    ...(cpus !== undefined && { cpus: String(cpus) }),
    ...(memory !== undefined && { memory: String(memory) }),
    ...(pids !== undefined && { pids }),
  }
  const own = { ...defaultLimits, ...there, ...deploy?.resources?.limits }
  return { ...deploy, resources: { ...deploy?.resources, limits: own } }
}

// Nothing in the file tells a tmpfs that its author chose from one that is there by default.
const stateInMemory = new WeakMap<object, string>()

/** Marks a tmpfs as the default for a folder of state. */
export function undecided(tmpfs: readonly string[], state: string): readonly string[] {
  stateInMemory.set(tmpfs, state)
  return tmpfs
}

/** The folder of an image's state that is in memory because nobody said where it belongs. */
export function undecidedState({ tmpfs }: Service): string | undefined {
  return typeof tmpfs === 'object' && tmpfs !== null ? stateInMemory.get(tmpfs) : undefined
}

/** `/tmp` and what the image must write to, unless something is mounted there. */
function memoryFolders(node: Service, image: BuiltImage | undefined): readonly string[] {
  if (!image && !node.volumes) return plainTmpfs
  const mounted = new Set(
    (node.volumes ?? []).map((mount) =>
      typeof mount === 'string' ? (mount.split(':')[1] ?? mount) : mount.target,
    ),
  )
  const [uid, gid] = (image?.user ?? '').split(':')
  const owned = /^\d+$/.test(uid ?? '') ? `,uid=${uid},gid=${gid ?? uid}` : ''
  const folders = [...new Set(['/tmp', ...(image?.writable ?? [])])]
  return folders
    .filter((folder) => !mounted.has(folder))
    .map((folder) => (folder === '/tmp' ? plainTmpfs[0]! : `${folder}:size=64m,mode=0700${owned}`))
}
