import { type BuiltImage, isTagged, ORIGIN, type StackContext } from '@erlmcp/core'
import { addDefaults } from '../defaults/add-defaults.ts'
import type { Attachment, Build, Dependency, Grant, ModelUse, Service } from '../document.ts'
import { merge } from '../merge/load.ts'
import type { PatchValue } from '../merge/patch.ts'
import { isReset, untagged } from '../merge/tag.ts'
import type { Attached, MountValue, ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { isBuiltImage } from '../values/built-image.ts'
import { env, type Interpolation, isInterpolation } from '../values/interpolation.ts'
import { validateReference } from '../values/reference.ts'
import { validateEmulatorLimits } from './emulator-limits.ts'
import { extendedValue, inheritedSpec } from './inherited-spec.ts'
import { fromFile, generatedDocument, renderMount } from './mount.ts'
import { renderPorts } from './ports.ts'
import { isDependency, isService } from './referenced-services.ts'
import { type RenderContext, retagged, withOrigin } from './render-context.ts'
import { validateRequiredSecrets } from './required-secrets.ts'
import { userOf } from './service-user.ts'

/** What a file is rendered for. */
export interface RenderTarget {
  readonly dialect: 'compose' | 'swarm'
  /** Services that another one waits for to complete. */
  readonly jobs: ReadonlySet<ServiceValue>
  /** The name that a stack file is deployed under. */
  readonly stack?: string
  /** Reads a file of the project, such as one that a service extends. */
  readonly read?: StackContext['read']
}

/** A service as it is in the file. `usage` collects what it uses. */
export function renderService(
  value: ServiceValue,
  usage: RenderContext,
  target: RenderTarget,
): Service {
  usage.consumer = `service ${value.name}`
  const node = renderWithBase(value, usage, target)
  const spec = inheritedSpec(value)
  const image = isBuiltImage(spec.build) ? spec.build : undefined
  if (image?.requiredSecrets) {
    validateRequiredSecrets(value.name, spec, image.requiredSecrets, value[ORIGIN])
  }
  if (image?.emulator) validateEmulatorLimits(value.name, spec, image.emulator, value[ORIGIN])
  const addTo = (joined: Record<string, unknown>, all: ServiceSpec) =>
    addDefaults(joined, all, image, target.jobs.has(value))
  const base = node.extends && merge().baseOf(node, {}, usage.root, value[ORIGIN], target)
  if (base) {
    const { fitToBase, withDefaultsOfNeither } = merge()
    const own = base === 'unknown' ? node : fitToBase(node, {}, base)
    return withOrigin(withDefaultsOfNeither(own, base, spec, addTo), value[ORIGIN])
  }
  addTo(node as Record<string, unknown>, spec)
  return withOrigin(node, value[ORIGIN])
}

/** The written keys of a patch, without defaults. */
export function renderPatch(
  value: PatchValue,
  usage: RenderContext,
  target: RenderTarget,
): Service {
  usage.consumer = `service ${value.name}`
  return withOrigin(renderWritten(value, usage, target), value[ORIGIN])
}

/** The written keys of a service, merged with those of the value that it extends. */
function renderWithBase(value: ServiceValue, usage: RenderContext, target: RenderTarget): Service {
  const node = renderWritten(value, usage, target)
  const base = extendedValue(value)
  return base ? merge().mergeServices(renderWithBase(base, usage, target), node) : node
}

function renderWritten(
  value: ServiceValue | PatchValue,
  usage: RenderContext,
  target: RenderTarget,
): Service {
  const { spec } = value
  const node = usage.renderFields(spec, special)
  for (const key in spec) {
    const written: unknown = spec[key as keyof ServiceSpec]
    if (written === undefined || !special.has(key)) continue
    if (key === 'extends' && isService(written)) {
      delete node.extends
      continue
    }
    const render = (one: unknown) => renderers[key as Special](one as never, usage, value, target)
    if (!isTagged(written)) node[key] = render(written)
    else node[key] = retagged(written, isReset(written) ? null : render(written.value))
  }
  if (target.dialect === 'swarm') addConfigs(node, spec as ServiceSpec, usage)
  const build = untagged(spec.build)
  // The image of a build needs no tag.
  if (typeof spec.image === 'string' && (!build || /\s|^$/.test(spec.image))) {
    validateReference(spec.image, value[ORIGIN])
  }
  if (isBuiltImage(build)) node.image ??= build.image
  return node as Service
}

type Special =
  | 'build'
  | 'configs'
  | 'credential_spec'
  | 'depends_on'
  | 'extends'
  | 'ipc'
  | 'links'
  | 'models'
  | 'network_mode'
  | 'networks'
  | 'pid'
  | 'ports'
  | 'secrets'
  | 'volumes'
  | 'volumes_from'

type Written<Key extends Special> = NonNullable<ServiceSpec[Key]>

type Renderers = {
  readonly [Key in Special]: (
    written: Written<Key>,
    usage: RenderContext,
    service: ServiceValue | PatchValue,
    target: RenderTarget,
  ) => Service[Key]
}

const renderers: Renderers = {
  build: renderBuild,
  configs: (written, usage, service, target) =>
    written.map((one) => grant(one, usage, service, target)),
  credential_spec: (written, usage) => {
    const { config, ...rest } = written
    return { ...usage.renderFields(rest), ...(config && { config: usage.register(config) }) }
  },
  depends_on: (written, usage) => {
    const out: Record<string, Dependency> = {}
    for (const one of written) {
      if (isDependency(one)) {
        // `renderFields` keeps the keys and loses their types.
        const options = usage.renderFields(one.options) as unknown as Dependency
        out[one.service.name] = withOrigin(options, one[ORIGIN])
      } else
        out[one.name] = {
          condition: one.job ? 'service_completed_successfully' : 'service_started',
        }
    }
    return out
  },
  // A base that is a value is merged, and the key removed.
  extends: (written, usage) =>
    usage.render(isService(written) ? written.name : written) as Service['extends'],
  ipc: namespace,
  links: (written, usage) =>
    written.map((one) =>
      isService(one) ? one.name : `${one.service.name}:${usage.render(one.alias)}`,
    ),
  models: (written, usage) => listOrMap<ModelUse>(written, usage),
  network_mode: namespace,
  networks: (written, usage) => listOrMap<Attachment>(written, usage),
  pid: namespace,
  ports: (written, usage, _, { dialect }) => renderPorts(written, usage, dialect),
  secrets: (written, usage, service, target) =>
    written.map((one) => grant(one, usage, service, target)),
  volumes: (written, usage, _, { dialect }) => {
    const mounted = dialect === 'swarm' ? written.filter((one) => !generatedDocument(one)) : written
    return mounted.map((one) => renderMount(one, usage))
  },
  volumes_from: (written, usage) =>
    written.map((one) => {
      if (typeof one === 'string' || isInterpolation(one)) return usage.render(one) as string
      return isService(one) ? one.name : `${one.service.name}:${usage.render(one.mode)}`
    }),
}

/**
 * In a swarm, a generated file is a config, which every node gets: a bind mount would look for it on
 * the node that a task runs on.
 */
function addConfigs(
  node: Record<string, unknown>,
  { volumes = [] }: ServiceSpec,
  usage: RenderContext,
): void {
  const grants = volumes.flatMap((one): Grant[] => {
    const document = generatedDocument(one)
    if (!document) return []
    const { target } = one as MountValue
    const name = document.path.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[.-]+/, '')
    const config = {
      kind: 'config' as const,
      name,
      spec: { document },
      [ORIGIN]: (one as MountValue)[ORIGIN],
    }
    const mode = document.mode === undefined ? undefined : document.mode & 0o555
    return [
      {
        source: usage.register(config),
        target: usage.render(target) as string,
        ...(mode !== undefined && { mode }),
      },
    ]
  })
  if (grants.length === 0) return
  node.configs = [...((node.configs as Grant[] | undefined) ?? []), ...grants]
  if ((node.volumes as unknown[]).length === 0) delete node.volumes
}

const special: ReadonlySet<string> = new Set(Object.keys(renderers))

function renderBuild(
  written: Written<'build'>,
  usage: RenderContext,
  service: ServiceValue | PatchValue,
  target: RenderTarget,
): string | Build {
  if (typeof written === 'string') return usage.render(written) as string
  // A swarm does not build, so the variables of a build are not declared.
  if (isBuiltImage(written)) return renderBuiltImage(written, usage, target.dialect === 'compose')
  const { secrets, ...rest } = written
  const build = usage.renderFields(rest) as Build
  if (!secrets) return build
  const compose: RenderTarget = { dialect: 'compose', jobs: new Set() }
  return { ...build, secrets: secrets.map((one) => grant(one, usage, service, compose)) }
}

/** How Compose builds an image that another document describes. */
function renderBuiltImage(
  { build }: BuiltImage,
  usage: RenderContext,
  withArguments: boolean,
): Build {
  const folder = fromFile(build.context, usage.root)
  const args = Object.entries(withArguments ? (build.args ?? {}) : {}).map(
    ([name, value]) =>
      [name, typeof value === 'string' ? value : env(name, value.default, value)] as const,
  )
  return usage.renderFields({
    context: folder === './' ? '.' : folder,
    dockerfile: build.dockerfile,
    target: build.target,
    ...(args.length > 0 && { args: Object.fromEntries(args) }),
  }) as Build
}

/** `network_mode`, `pid`, `ipc`: the namespace of another service, or a mode of the engine. */
function namespace(written: string | Interpolation | ServiceValue, usage: RenderContext): string {
  return isService(written) ? `service:${written.name}` : (usage.render(written) as string)
}

type Usable = Parameters<RenderContext['register']>[0]

function isAttachment<Value extends Usable>(
  one: Value | Attached<string, Value, object>,
): one is Attached<string, Value, object> {
  return 'value' in one
}

/** A list of names, or a map where at least one of them has options. */
function listOrMap<Options extends object>(
  written: readonly (Usable | Attached<string, Usable, object>)[],
  usage: RenderContext,
): string[] | Record<string, Options> {
  if (!written.some(isAttachment)) return written.map((one) => usage.register(one as Usable))
  const out: Record<string, Options> = {}
  for (const one of written) {
    if (isAttachment(one)) {
      const options = usage.renderFields(one.options) as Options
      out[usage.register(one.value)] = withOrigin(options, one[ORIGIN])
    } else out[usage.register(one)] = {} as Options
  }
  return out
}

/** A grant of a secret or config; in a swarm with its reader as owner, which Compose ignores. */
function grant(
  one: Usable | Attached<string, Usable, object>,
  usage: RenderContext,
  service: ServiceValue | PatchValue,
  target: RenderTarget,
): string | Grant {
  const value = isAttachment(one) ? one.value : one
  const name = usage.register(value)
  const [uid, gid] = userOf(service)
  const owner =
    target.dialect === 'swarm' && value.kind === 'secret' && uid !== undefined
      ? { uid, ...(gid !== undefined && { gid }), mode: 0o400 }
      : undefined
  if (!isAttachment(one)) return owner ? { source: name, ...owner } : name
  return withOrigin({ source: name, ...owner, ...usage.renderFields(one.options) }, one[ORIGIN])
}
