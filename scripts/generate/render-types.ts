import type { Schema } from '@erlmcp/core'

/** What a type is rendered from, beside its schema. */
export interface TypeFacts {
  readonly typeName?: string
  readonly doc?: string
  readonly default?: string
  readonly since?: string
  /** Whether exactly one option of a union applies. */
  readonly exclusive?: boolean
  /** Type of the additional keys of an object. */
  readonly additionalType?: string
}

export type TypeSchema = Schema<TypeFacts>

/** Declarations by name, in the order in which they are first used. */
export type Declarations = Map<string, string>

/** The type of a schema. The named types in it are added to the declarations. */
export function renderType(schema: TypeSchema, declarations: Declarations): string {
  const { typeName } = schema
  if (typeName === undefined) return renderInline(schema, declarations)
  if (!declarations.has(typeName)) {
    declarations.set(typeName, '')
    declarations.set(typeName, renderDeclaration(typeName, schema, declarations))
  }
  return typeName
}

function renderDeclaration(name: string, schema: TypeSchema, declarations: Declarations): string {
  if (schema.type === 'object') return renderInterface(name, schema, declarations, [])
  if (schema.type === 'union' && schema.exclusive) declareExclusive(schema.options, declarations)
  const type = renderInline(schema, declarations)
  return `${renderDoc(schema.doc, '')}export type ${name} = ${type}\n`
}

/** Each option forbids the keys that only the others have. */
function declareExclusive(options: readonly TypeSchema[], declarations: Declarations): void {
  const objects = options.flatMap((one) => (one.type === 'object' ? [one] : []))
  const all = new Set(objects.flatMap((one) => Object.keys(one.keys)))
  for (const one of objects) {
    const name = one.typeName!
    const forbidden = [...all].filter((key) => !(key in one.keys))
    declarations.set(name, '')
    declarations.set(name, renderInterface(name, one, declarations, forbidden))
  }
}

function renderInterface(
  name: string,
  schema: TypeSchema & { readonly type: 'object' },
  declarations: Declarations,
  forbidden: readonly string[],
): string {
  const members = Object.entries(schema.keys).map(([key, value]) =>
    renderMember(
      key,
      renderType(value, declarations),
      describeKey(value),
      schema.required.includes(key),
    ),
  )
  const rest =
    schema.additional === 'none'
      ? []
      : [`  readonly [key: string]: ${schema.additionalType ?? 'unknown'}\n`]
  const never = forbidden.map((key) => `  readonly ${quoteKey(key)}?: never\n`)
  return `${renderDoc(schema.doc, '')}export interface ${name} {\n${[...members, ...rest, ...never].join('')}}\n`
}

/** One property with its documentation. */
export function renderMember(key: string, type: string, doc: string, isRequired: boolean): string {
  return `${renderDoc(doc, '  ')}  readonly ${quoteKey(key)}${isRequired ? '' : '?'}: ${type}\n`
}

/** The documentation of a key: what it is, its default, and since when it exists. */
export function describeKey({ doc = '', default: given, since }: TypeFacts): string {
  const parts = [doc, given && `Default: ${given}.`, since && `Since ${since}.`]
  return parts.filter(Boolean).join(' ')
}

export function renderDoc(doc: string | undefined, indent: string): string {
  return doc ? `${indent}/** ${doc.replaceAll('*/', '*\\/')} */\n` : ''
}

export const quoteKey = (key: string) => (/^[\w$]+$/.test(key) ? key : `'${key}'`)

const kinds: Readonly<Record<string, string>> = {
  job: 'JobValue',
  step: 'StepValue',
  matrix: 'MatrixValue',
  inputs: 'InputsValue',
  expression: 'Expression',
  text: 'TextValue',
  deferred: 'Deferred',
}

function renderInline(schema: TypeSchema, declarations: Declarations): string {
  switch (schema.type) {
    case 'any':
      return 'unknown'
    case 'integer':
      return 'number'
    case 'enum':
      return schema.values.map((one) => (typeof one === 'string' ? `'${one}'` : one)).join(' | ')
    case 'kind':
      return schema.kinds.map((one) => kinds[one]).join(' | ')
    case 'list':
      return listOf(renderType(schema.items, declarations))
    case 'map':
      return `{ readonly [name: string]: ${renderType(schema.values, declarations)} }`
    case 'union':
      return joinTypes(schema.options.map((one) => renderType(one, declarations)))
    case 'object':
      throw new Error('an object without a name')
    default:
      return schema.type
  }
}

export const listOf = (type: string) =>
  `readonly ${/ \| |^readonly/.test(type) ? `(${type})` : type}[]`

/** A union; `X | readonly X[]` is one or more. */
export function joinTypes(types: readonly string[]): string {
  const [first, second] = types
  if (types.length === 2 && second === listOf(first!)) return `OneOrMore<${first}>`
  return [...new Set(types)].join(' | ')
}
