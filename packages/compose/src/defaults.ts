import type { BuiltImage } from '@erlmcp/core'
import type { Limits, Service } from './document.ts'
import type { ServiceSpec } from './service.ts'

const limits: Limits = { cpus: '1', memory: '512M', pids: 512 }

const always: Service = {
  init: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges=true'],
  stop_grace_period: '30s',
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
}

/**
 * What a service gets that does not say otherwise. A key that is written is wholly the writer's,
 * but for limits, where each of the three stands for itself.
 *
 * @param job whether another service waits for it to complete, so that it must not be restarted
 */
export function withDefaults(
  node: Service,
  spec: ServiceSpec,
  image: BuiltImage | undefined,
  job: boolean,
): Service {
  const out: Record<string, unknown> = { ...always, restart: job ? 'no' : 'unless-stopped' }
  if (image) out.user = image.user
  if (spec.read_only === undefined) out.read_only = true
  if (spec.deploy?.restart_policy) delete out.restart
  if (spec.tmpfs === undefined && spec.read_only !== false) {
    const tmpfs = memoryFolders(node, image)
    if (tmpfs.length > 0) out.tmpfs = tmpfs
  }
  Object.assign(out, node)
  // What a provider makes is no container.
  if (spec.provider) return node
  out.deploy = withLimits(node, spec)
  return out
}

function withLimits(node: Service, spec: ServiceSpec): Service['deploy'] {
  const said = node.deploy?.resources?.limits
  const own: Record<string, unknown> = { ...limits, ...said }
  // Compose refuses a limit that is said in two places.
  if (spec.cpus !== undefined && said?.cpus === undefined) delete own.cpus
  if (spec.mem_limit !== undefined && said?.memory === undefined) delete own.memory
  if (spec.pids_limit !== undefined && said?.pids === undefined) delete own.pids
  if (Object.keys(own).length === 0) return node.deploy ?? null
  return { ...node.deploy, resources: { ...node.deploy?.resources, limits: own } }
}

/** `/tmp` and what the image must write to, unless something is mounted there. */
function memoryFolders(node: Service, image: BuiltImage | undefined): string[] {
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
    .map((folder) =>
      folder === '/tmp' ? '/tmp:size=64m,mode=1777' : `${folder}:size=64m,mode=0700${owned}`,
    )
}
