import { UserError } from '@erlmcp/core'
import {
  composeArgs,
  type Deployment,
  docker,
  inspectContainers,
  listContainers,
} from '@erlmcp/docker'
import { parse } from 'yaml'
import type { OmittedItem } from './manifest.ts'

/** A server whose data is dumped and not copied. */
export interface Server {
  readonly service: string
  /** Id of its container. */
  readonly container: string
  readonly running: boolean
  readonly image: string
  /** As `docker run --user` takes it. */
  readonly user: string
  /** Where the container reads its password. */
  readonly passwordFile?: string
  /** The volume of its data, by its name on the engine. */
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

/** What a deployment has to keep. */
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
 * What a compose file has to keep, under the names that Compose and the engine give: nothing is
 * guessed, and a volume that is not there is an error rather than a new, empty one.
 *
 * @throws UserError when something is not there, or cannot be backed up
 */
export async function contentsOf(deployment: Deployment): Promise<Contents> {
  const compose = composeArgs(deployment)
  const words = [...compose, '--profile', '*', 'config']
  const model: Model = parse(await docker(words, { label: `reading ${deployment.file}` }))
  const containers = await containersOf(model.name)
  if (containers.length === 0) {
    throw new UserError({
      message: `nothing of the project ${model.name} is on this engine`,
      hint: `Start it: docker compose -f ${deployment.file} up --wait. Its name is in --project, or in the compose file.`,
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
      // Its volume is told as left out below.
      if (never && service.profiles !== undefined) return []
      return [serverOf(name, service, data, containers)]
    })
  const postgres = servers(({ volumes }) => volumes?.find(isPostgresData))
  const redis = servers((one) => (isRedis(one) ? one.volumes?.find(isRedisData) : undefined))
  const dumped = new Set([...postgres, ...redis].map(({ data }) => data))
  const volumes: NamedVolume[] = []
  const omitted: OmittedItem[] = services.flatMap(([name, service]) => unnamed(name, service))
  for (const [volume, { name, 'x-no-backup': reason }] of Object.entries(model.volumes ?? {})) {
    if (dumped.has(name)) refuseMissing(volume, name, known)
    else if (reason !== undefined) omitted.push({ item: volume, reason: reasonOf(volume, reason) })
    else if (known.has(name)) volumes.push({ volume, name })
    else if (isOptional(volume, services)) {
      omitted.push({
        item: volume,
        reason: 'it is not there: what is behind a profile was never started',
      })
    } else refuseMissing(volume, name, known)
  }
  return { project: model.name, containers, postgres, redis, volumes, omitted }
}

/** The place is part of the contract of the official image. */
const isPostgresData = ({ type, source, target }: Mount): boolean =>
  type === 'volume' && source !== undefined && /^\/var\/lib\/postgresql(\/data)?\/?$/.test(target)

const isRedisData = ({ type, source, target }: Mount): boolean =>
  type === 'volume' && source !== undefined && /^\/data\/?$/.test(target)

function isRedis({ image = '', command, entrypoint }: Service): boolean {
  const words = [...(entrypoint ?? []), ...(command ?? [])]
  // Without words of its own it does what the image does.
  return words.length > 0
    ? words.join(' ').includes('redis-server')
    : /(^|\/)redis(:|@|$)/.test(image)
}

function serverOf(
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
          : `the service ${name} has ${own.length} containers, and one volume of data`,
      hint: `Start it with \`docker compose up --wait ${name}\`, as one container.`,
      kind: 'environment',
    })
  }
  const { id, running, image, user } = own[0]!
  const passwordFile = passwordFileOf(service)
  return {
    ...{ service: name, container: id, running, image, user, data },
    ...(passwordFile !== undefined && { passwordFile }),
  }
}

/** The one secret of the service, or of several the one that its settings name. */
function passwordFileOf({ secrets = [], environment, command }: Service): string | undefined {
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

function unnamed(name: string, { volumes = [] }: Service): OmittedItem[] {
  return volumes.flatMap(({ type, source, target }) => {
    if (type === 'bind')
      return [{ item: `${name}:${target}`, reason: 'it is a folder of the host' }]
    const anonymous = type === 'volume' && source === undefined
    return anonymous ? [{ item: `${name}:${target}`, reason: 'its volume has no name' }] : []
  })
}

function reasonOf(volume: string, reason: unknown): string {
  if (typeof reason === 'string' && reason.trim() !== '') return reason
  throw new UserError({
    message: `the volume ${volume} has an x-no-backup that is no reason`,
    hint: "Say why it may get lost: volume('cache', { 'x-no-backup': 'it is fetched again' }).",
  })
}

/** All that mount it start with a profile alone. */
function isOptional(volume: string, services: readonly (readonly [string, Service])[]): boolean {
  return services
    .filter(([, { volumes = [] }]) => volumes.some(({ source }) => source === volume))
    .every(([, { profiles = [] }]) => profiles.length > 0)
}

function refuseMissing(volume: string, name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return
  throw new UserError({
    message: `the engine has no volume ${name}, which is ${volume} of the compose file`,
    hint: 'Has this project run here? Its name is in --project, or in the compose file.',
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

async function containersOf(project: string): Promise<readonly ProjectContainer[]> {
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
