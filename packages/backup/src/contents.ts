import { UserError } from '@erlmcp/core'
import {
  composeArgs,
  type Deployment,
  docker,
  inspectContainers,
  listContainers,
} from '@erlmcp/docker'
import { parse } from 'yaml'
import type { OmittedItem } from './set/manifest.ts'

/** A database server, whose data is dumped instead of copied. */
export interface Server {
  readonly service: string
  /** Id of its container. */
  readonly container: string
  readonly running: boolean
  readonly image: string
  /** As `docker run --user` takes it. */
  readonly user: string
  /** Path of the password file in the container. */
  readonly passwordFile?: string
  /** Volume of its data, as the engine names it. */
  readonly data: string
}

/** A named volume that is copied. */
export interface NamedVolume {
  /** In the compose file. */
  readonly volume: string
  /** On the engine. */
  readonly name: string
}

/** A container of the project. */
export interface ProjectContainer {
  readonly id: string
  readonly name: string
  readonly service: string
  readonly running: boolean
  readonly image: string
  readonly imageId: string
  readonly user: string
}

/** The state of a deployment. */
export interface Contents {
  readonly project: string
  readonly containers: readonly ProjectContainer[]
  readonly postgres: readonly Server[]
  readonly redis: readonly Server[]
  readonly volumes: readonly NamedVolume[]
  readonly omitted: readonly OmittedItem[]
}

interface Mount {
  readonly type: string
  readonly source?: string
  readonly target: string
}

interface Service {
  readonly image?: string
  readonly profiles?: readonly string[]
  readonly command?: readonly string[] | null
  readonly entrypoint?: readonly string[] | null
  readonly environment?: Readonly<Record<string, string | null>>
  readonly secrets?: readonly { readonly source: string; readonly target?: string }[]
  readonly volumes?: readonly Mount[]
}

interface Model {
  readonly name: string
  readonly services?: Readonly<Record<string, Service>>
  readonly volumes?: Readonly<
    Record<string, { readonly name: string; readonly 'x-no-backup'?: unknown }>
  >
}

/**
 * Reads which state a deployment has, under the names that Compose and the engine use. A missing volume
 * is an error: Compose would create an empty one.
 *
 * @throws UserError where a part is missing or cannot be saved
 */
export async function readContents(deployment: Deployment): Promise<Contents> {
  const compose = composeArgs(deployment)
  const words = [...compose, '--profile', '*', 'config']
  const model: Model = parse(await docker(words, { label: `reading ${deployment.file}` }))
  const containers = await listProjectContainers(model.name)
  if (containers.length === 0) {
    throw new UserError({
      message: `no container of the project ${model.name} on this engine`,
      hint: `Start it: docker compose -f ${deployment.file} up --wait. The name of the project is --project, or that of the compose file.`,
      kind: 'environment',
    })
  }
  const known = new Set(
    (await docker(['volume', 'ls', '--quiet'], { label: 'listing the volumes' })).split('\n'),
  )
  const services = Object.entries(model.services ?? {})
  const servers = (dataOf: (service: Service) => Mount | undefined): Server[] =>
    services.flatMap(([name, service]) => {
      const mount = dataOf(service)
      const data = mount && (model.volumes?.[mount.source!]?.name ?? mount.source!)
      if (data === undefined) return []
      const never = !containers.some((one) => one.service === name) && !known.has(data)
      // Its volume is listed as omitted below.
      if (never && service.profiles !== undefined) return []
      return [toServer(name, service, data, containers)]
    })
  const postgres = servers(({ volumes }) => volumes?.find(isPostgresData))
  const redis = servers((one) => (isRedis(one) ? one.volumes?.find(isRedisData) : undefined))
  const dumped = new Set([...postgres, ...redis].map(({ data }) => data))
  const volumes: NamedVolume[] = []
  const omitted: OmittedItem[] = services.flatMap(([name, service]) => unnamedMounts(name, service))
  for (const [volume, { name, 'x-no-backup': reason }] of Object.entries(model.volumes ?? {})) {
    if (dumped.has(name)) validateVolume(volume, name, known)
    else if (reason !== undefined)
      omitted.push({ item: volume, reason: explainRefusal(volume, reason) })
    else if (known.has(name)) volumes.push({ volume, name })
    else if (isOptional(volume, services)) {
      omitted.push({
        item: volume,
        reason: 'missing: its profile was never started',
      })
    } else validateVolume(volume, name, known)
  }
  return { project: model.name, containers, postgres, redis, volumes, omitted }
}

/** The path is part of the contract of the official image. */
const isPostgresData = ({ type, source, target }: Mount): boolean =>
  type === 'volume' && source !== undefined && /^\/var\/lib\/postgresql(\/data)?\/?$/.test(target)

const isRedisData = ({ type, source, target }: Mount): boolean =>
  type === 'volume' && source !== undefined && /^\/data\/?$/.test(target)

function isRedis({ image = '', command, entrypoint }: Service): boolean {
  const words = [...(entrypoint ?? []), ...(command ?? [])]
  // A service without a command runs that of the image.
  return words.length > 0
    ? words.join(' ').includes('redis-server')
    : /(^|\/)redis(:|@|$)/.test(image)
}

function toServer(
  name: string,
  service: Service,
  data: string,
  containers: readonly ProjectContainer[],
): Server {
  const own = containers.filter((one) => one.service === name)
  if (own.length !== 1) {
    throw new UserError({
      message:
        own.length === 0
          ? `the service ${name} has no container`
          : `the service ${name} has ${own.length} containers for one data volume`,
      hint: `Start one: docker compose up --wait ${name}`,
      kind: 'environment',
    })
  }
  const { id, running, image, user } = own[0]!
  const passwordFile = findPasswordFile(service)
  return {
    ...{ service: name, container: id, running, image, user, data },
    ...(passwordFile !== undefined && { passwordFile }),
  }
}

/** The only secret of the service, or the one that its settings name. */
function findPasswordFile({ secrets = [], environment, command }: Service): string | undefined {
  const files = secrets.map(({ source, target = source }) =>
    target.startsWith('/') ? target : `/run/secrets/${target}`,
  )
  const named = environment?.POSTGRES_PASSWORD_FILE
  const words = (command ?? []).join(' ')
  return (
    named ??
    files.find((file) => words.includes(file)) ??
    (files.length === 1 ? files[0] : undefined)
  )
}

function unnamedMounts(name: string, { volumes = [] }: Service): OmittedItem[] {
  return volumes.flatMap(({ type, source, target }) => {
    if (type === 'bind') return [{ item: `${name}:${target}`, reason: 'directory of the host' }]
    const anonymous = type === 'volume' && source === undefined
    return anonymous ? [{ item: `${name}:${target}`, reason: 'unnamed volume' }] : []
  })
}

function explainRefusal(volume: string, reason: unknown): string {
  if (typeof reason === 'string' && reason.trim() !== '') return reason
  throw new UserError({
    message: `x-no-backup of the volume ${volume}: expected a reason`,
    hint: "Write why its data may be lost: volume('cache', { 'x-no-backup': 'downloaded again' }).",
  })
}

/** Whether only services with a profile mount the volume. */
function isOptional(volume: string, services: readonly (readonly [string, Service])[]): boolean {
  return services
    .filter(([, { volumes = [] }]) => volumes.some(({ source }) => source === volume))
    .every(([, { profiles = [] }]) => profiles.length > 0)
}

function validateVolume(volume: string, name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return
  throw new UserError({
    message: `the engine has no volume ${name} (${volume} of the compose file)`,
    hint: 'Check the name of the project: --project, or that of the compose file.',
    kind: 'environment',
  })
}

interface Inspected {
  readonly Id: string
  readonly Name: string
  readonly Image: string
  readonly State: { readonly Running: boolean }
  readonly Config: {
    readonly Image: string
    readonly User: string
    readonly Labels: Readonly<Record<string, string>>
  }
}

async function listProjectContainers(project: string): Promise<readonly ProjectContainer[]> {
  const ids = await listContainers([`label=com.docker.compose.project=${project}`], { all: true })
  const found = await inspectContainers<Inspected>(ids)
  return found
    .filter(({ Config }) => Config.Labels['com.docker.compose.oneoff'] !== 'True')
    .map(({ Id, Name, Image, State, Config }) => ({
      id: Id,
      name: Name.replace(/^\//, ''),
      service: Config.Labels['com.docker.compose.service'] ?? '',
      running: State.Running,
      image: Config.Image,
      imageId: Image,
      user: Config.User,
    }))
}
