import type { ServiceValue } from '@erlmcp/compose'
import {
  type Document,
  findSuggestion,
  ORIGIN,
  type Originated,
  originOf,
  type Source,
  type StackContext,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { type ErlangImageOptions, erlangImage } from '@erlmcp/erlang'
import { type GateValue, gate, inOrder, isGateList } from './gate.ts'
import { type Gates, type GatesOptions, gates, isGates } from './gates.ts'

type OtpVersion = NonNullable<ErlangImageOptions['otp']>

export interface OtpMatrixOptions extends Omit<GatesOptions, 'image' | 'name'> {
  /** Releases of Erlang/OTP: `['27.3.4.2', '28.3.1']`. */
  readonly otp: readonly [OtpVersion, ...OtpVersion[]]
  /** Options of `erlangImage` for all images. */
  readonly image: Omit<ErlangImageOptions, 'otp' | 'folder' | 'image'>
}

/** The same gates on several releases of Erlang/OTP, one set each. */
export interface GatesMatrix extends Source, Originated {
  readonly kind: 'gates matrix'
  /** Named `otp27` and `otp28`, as in `erlmcp gate run --set otp27`. */
  readonly sets: readonly [Gates, ...Gates[]]
  /** The services of all sets, for a compose file. */
  readonly services: readonly ServiceValue[]
}

const { any, anyList, anyObject, object } = schema

const optionsSchema = object<OtpMatrixOptions>({
  otp: anyList,
  image: anyObject,
  sources: any,
  service: anyObject,
  services: anyObject,
})

/**
 * Gates on several releases of Erlang/OTP. Each release has its own image (its files are in
 * `docker/otp27`), services (`shop-unit-otp27`), volumes and evidence. `gatesWorkflow` renders one
 * workflow with a matrix, `erlmcp gate run` runs all sets, and `--set otp27` runs one.
 *
 * @throws UserError for a duplicate release, an unknown service, or options that `gates` or
 * `erlangImage` rejects
 * @example
 * const shop = { release: 'shop', version: '1.0.0' } as const
 * const quality = otpMatrix(Object.values(erlangGates({ prefix: 'shop-' })), {
 *   otp: ['27.3.4.2', '28.3.1'],
 *   image: shop,
 * })
 * export default stack('shop', [
 *   erlangImage({ ...shop, otp: '28.3.1' }),
 *   quality,
 *   gatesWorkflow(quality),
 *   compose('docker-compose.yml', [...quality.services]),
 * ])
 */
export function otpMatrix(values: readonly GateValue[], options: OtpMatrixOptions): GatesMatrix {
  const origin = originOf(otpMatrix)
  validateOptions('otpMatrix(…)', options, optionsSchema, origin)
  const { otp, image, services: single = {}, ...common } = options
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message: `otpMatrix(…): ${message}`, hint, origin })
  }
  if (!isGateList(values)) fail('expected a list of gates', 'Pass Object.values(erlangGates()).')
  if (otp.length === 0) fail('`otp` is empty', "Write otp: ['27.3.4.2', '28.3.1'].")
  const duplicate = otp.find((one, index) => otp.indexOf(one) !== index)
  if (duplicate !== undefined) fail(`duplicate release ${duplicate}`, 'Remove one of them.')
  const { image: name } = erlangImage({ ...image, otp: otp[0] }).runtime
  const images = otp.map((version) => {
    const set = setOf(version, otp)
    const tag = `${name}-${set}`
    return {
      set,
      image: erlangImage({ ...image, otp: version, folder: `docker/${set}`, image: tag }),
    }
  })
  const known = [...new Set(values.map(({ spec }) => spec.service))]
  const unknown = Object.keys(single).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    fail(`unknown service ${JSON.stringify(unknown)}`, `Use one of ${known.join(', ')}.`)
  }
  const sets = images.map(({ set, image: { tools } }) =>
    gates(suffixed(values, set), {
      ...common,
      image: tools,
      name: set,
      services: Object.fromEntries(
        Object.entries(single).map(([name, override]) => [`${name}-${set}`, override]),
      ),
    }),
  )
  return Object.freeze({
    kind: 'gates matrix' as const,
    sets: Object.freeze(sets) as unknown as GatesMatrix['sets'],
    services: Object.freeze(sets.flatMap(({ services }) => services)),
    documents: (context?: StackContext): Iterable<Document> => [
      ...images.flatMap(({ image }) => [...image.documents()]),
      ...sets.flatMap((one) => [...one.documents(context)]),
    ],
    [ORIGIN]: origin,
  })
}

/** `otp27`, or `otp27-3-4` where another release has the same first number. */
function setOf(version: string, all: readonly string[]): string {
  const major = version.split('.')[0]!
  const isUnique = all.filter((one) => one.split('.')[0] === major).length === 1
  return `otp${(isUnique ? major : version).replaceAll('.', '-')}`
}

/** The same gates in services with a suffix, which need each other as before. */
function suffixed(values: readonly GateValue[], suffix: string): GateValue[] {
  const copies = new Map<GateValue, GateValue>()
  const copiesOf = (ones: readonly GateValue[] = []) => ones.map((one) => copies.get(one)!)
  for (const one of inOrder(values)) {
    const { needs, inputs, service, ...spec } = one.spec
    const copy = gate(one.name, {
      ...spec,
      service: `${service}-${suffix}`,
      ...(needs && { needs: copiesOf(needs) }),
      ...(inputs && { inputs: copiesOf(inputs) }),
    })
    copies.set(one, copy)
  }
  return copiesOf(values)
}

/** The sets of gates among the sources of a stack, in their order. */
export function setsIn(sources: readonly unknown[]): Gates[] {
  return sources.flatMap((one) => (isGates(one) ? [one] : isMatrix(one) ? [...one.sets] : []))
}

/** Whether a source of a stack is a matrix of gates, also of another copy of this package. */
function isMatrix(source: unknown): source is GatesMatrix {
  return (source as Partial<GatesMatrix> | null)?.kind === 'gates matrix'
}

/**
 * The set with a name.
 *
 * @throws UserError for an unknown name
 */
export function findSet(sets: readonly Gates[], name: string): Gates {
  const found = sets.find((one) => one.name === name)
  if (found) return found
  const names = sets.map((one) => one.name)
  const suggestion = findSuggestion(name, names)
  throw new UserError({
    message: `unknown set of gates ${JSON.stringify(name)}`,
    hint: `${suggestion ? `Did you mean ${suggestion}? ` : ''}Use one of ${names.join(', ')}.`,
  })
}
