import type { Entry } from '../../../packages/compose/src/schema/define.ts'
import type { Docs } from './read-docs.ts'
import { Types } from './types.ts'

/** Renders what authors write for some objects of the table, and the values in place of names. */
export function renderAuthorTypes(roots: readonly Entry[], docs: Docs): string {
  const types = new AuthorTypes(docs)
  for (const root of roots) types.textOf(root)
  const text = `${values}\n${types.render()}`
  const used = Object.entries(imports).map(([path, names]) => {
    const isUsed = (name: string) => new RegExp(`\\b${name}\\b`).test(text)
    return `import type { ${names.filter(isUsed).join(', ')} } from '${path}'\n`
  })
  return `${used.join('')}\n${text}\n`
}

/** The documentation that an author reads: a sentence after `@here` is for authors alone. */
export function authorDocs(docs: Docs): Docs {
  return mapDocs(docs, (doc, here) => {
    if (here === undefined) return doc
    const file = here.startsWith('Default:') ? withoutDefault(doc) : doc
    return `${file} ${here}`.trim()
  })
}

const withoutDefault = (doc: string): string =>
  doc.replace(/\s*Default: .*?\.(?=\s|$)/s, '').replace(' (default)', '')

/** The documentation of the file. */
export const fileDocs = (docs: Docs): Docs => mapDocs(docs, (doc) => doc)

function mapDocs(docs: Docs, map: (doc: string, here: string | undefined) => string): Docs {
  return new Map(
    [...docs].map(([name, text]) => {
      const [doc = '', here] = text.split(/\s*@here\s+/)
      return [name, map(doc, here)]
    }),
  )
}

class AuthorTypes extends Types {
  override textOf(entry: Entry): string {
    const { type, schema } = entry.author ?? {}
    // The objects within a type that the table names are declared, too.
    const derived = schema ? this.textOf(schema) : type === undefined && super.textOf(entry)
    if (type !== undefined && !schema && entry.type !== 'object') this.inline(entry)
    return type ?? (derived || 'unknown')
  }

  protected override nameOf(entry: Entry): string | undefined {
    const { name } = entry
    if (name === undefined || isScalar(entry)) return undefined
    return name.endsWith('Spec') ? name : `${name}Spec`
  }

  protected override keysOf(entry: Entry & { readonly type: 'object' }) {
    const all = Object.entries({ ...entry.keys, ...entry.author?.keys })
    return all.filter(([, one]) => !one.author?.omit)
  }

  protected override docOf(
    entry: Entry & { readonly type: 'object' },
    key: string,
    value: Entry,
  ): string | undefined {
    const text = this.docs.get(`${entry.name}Spec.${key}`) ?? super.docOf(entry, key, value)
    const { compose, engine } = value.requires ?? {}
    const versions = [compose && `Compose ${compose}`, engine && `Docker engine ${engine}`]
    const needs = versions.filter(Boolean).join(' and ')
    return needs ? `${text} Needs ${needs}.` : text
  }

  protected override inline(entry: Entry): string {
    if (entry.type === 'string') return 'Text'
    if (entry.type === 'kind') return entry.kinds.map(typeOfKind).join(' | ')
    return entry.type === 'enum' ? `${super.inline(entry)} | Interpolation` : super.inline(entry)
  }
}

const isScalar = (entry: Entry): boolean =>
  entry.type === 'union'
    ? entry.options.every(isScalar)
    : !['list', 'map', 'object'].includes(entry.type)

/** `secret grant` is `SecretGrant`, `secret` is `SecretValue`. */
function typeOfKind(kind: string): string {
  if (kind === 'interpolation') return 'Interpolation'
  const words = kind.split(' ').map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`)
  return words.length === 1 ? `${words[0]}Value` : words.join('')
}

const imports = {
  '@erlmcp/core': ['BuiltImage', 'Document', 'ORIGIN', 'Origin', 'SecretRecipe'],
  '../values/interpolation.ts': ['Interpolation', 'Text'],
  '../values/literal.ts': [
    ...['ByteSize', 'Capability', 'Count', 'Duration', 'HostPath', 'ImageWithFixedTagOrDigest'],
    ...['List', 'MountText', 'PortText', 'PullPolicy', 'Restart', 'Signal', 'SizeText'],
  ],
  './document.gen.ts': ['Dependency', 'Extensible'],
}

// They are here since a service refers to services.
const values = `/** A named part of a file as a value, which is its own reference. */
interface Value<Kind extends string, Spec> {
  /** What it is. */
  readonly kind: Kind
  /** Its name in the file. */
  readonly name: string
  /** What the author wrote. */
  readonly spec: Spec
  /** The call that created it. */
  readonly [ORIGIN]?: Origin | undefined
}

/** A service as a value. It is its own reference: \`depends_on: [healthy(db)]\`. */
export interface ServiceValue extends Value<'service', ServiceSpec> {
  /** Whether it runs once: created by \`job\`. */
  readonly job?: true
}

/** A service that another one waits for. */
export interface DependencyValue {
  /** What it is. */
  readonly kind: 'dependency'
  /** The service that is waited for. */
  readonly service: ServiceValue
  /** What it must have reached, and what follows from its restart. */
  readonly options: DependencySpec & Pick<Dependency, 'condition'>
  /** The call that created it. */
  readonly [ORIGIN]?: Origin | undefined
}

/** A network as a value. A compose file has the networks that its services use. */
export interface NetworkValue extends Value<'network', NetworkSpec> {}

/** A named volume as a value. A compose file has the volumes that its services mount. */
export interface VolumeValue extends Value<'volume', VolumeSpec> {}

/** A secret as a value. A compose file has the secrets that its services use. */
export interface SecretValue extends Value<'secret', SecretSpec> {}

/** A config as a value. A compose file has the configs that its services use. */
export interface ConfigValue extends Value<'config', ConfigSpec> {}

/** An AI model as a value. A compose file has the models that its services use. */
export interface ModelValue extends Value<'model', ModelSpec> {}

/** A value with options for the service that it is attached to. */
export interface Attached<Kind extends string, Value, Options> {
  /** What it is. */
  readonly kind: Kind
  /** What is attached. */
  readonly value: Value
  /** How it is attached. */
  readonly options: Options
  /** The call that created it. */
  readonly [ORIGIN]?: Origin | undefined
}

/** A network, and how a service is attached to it. */
export interface NetworkAttachment
  extends Attached<'network attachment', NetworkValue, AttachmentSpec> {}
/** A secret, and where a service reads it. */
export interface SecretGrant extends Attached<'secret grant', SecretValue, GrantSpec> {}
/** A config, and where a service reads it. */
export interface ConfigGrant extends Attached<'config grant', ConfigValue, GrantSpec> {}
/** A model, and the variables that a service finds it by. */
export interface ModelAttachment extends Attached<'model attachment', ModelValue, ModelUseSpec> {}

/** Options of a mount. */
export type MountOptions = Omit<MountSpec, 'type' | 'source' | 'target'>

/** A mount as a value. A compose file has the volumes and files that its services mount. */
export interface MountValue {
  /** What it is. */
  readonly kind: 'mount'
  /** What is mounted: a volume, a generated file or a path of the host. */
  readonly source: VolumeValue | Document | HostPath | Interpolation
  /** Path in the container. */
  readonly target: Text
  /** How it is mounted. */
  readonly options: MountOptions
  /** The call that created it. */
  readonly [ORIGIN]?: Origin | undefined
}
`
