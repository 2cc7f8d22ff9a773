import {
  matches,
  type Schema,
  type Source,
  type StackContext,
  stack,
  synthesize,
} from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  attach,
  type ComposeFile,
  compose,
  config,
  env,
  interpolate,
  model,
  mount,
  network,
  secret,
  service,
  volume,
} from './index.ts'
import * as authored from './schema/author-schema.gen.ts'
import { typesOnly } from './schema/validate.ts'

const sections = {
  services: authored.service,
  networks: authored.network,
  volumes: authored.volume,
  secrets: authored.secret,
  configs: authored.config,
  models: authored.model,
}

const dollar = 'a$b'
const variable = env('X', 'c$d')

const isValid = (entry: Schema, value: unknown) => matches(entry, value, typesOnly)

/** Every value of an entry that has the text in one place. */
function* holding(entry: Schema, text: unknown, depth = 0): Iterable<unknown> {
  // As it is in the file.
  if (isValid(entry, 'a$$b')) yield text
  if (depth > 6) return
  if (entry.type === 'union') {
    for (const one of entry.options) {
      if (!isValid(one, 'a$$b')) yield* holding(one, text, depth + 1)
    }
  } else if (entry.type === 'object') {
    const needed = Object.fromEntries(entry.required.map((key) => [key, sample(entry.keys[key]!)]))
    for (const [key, below] of Object.entries(entry.keys)) {
      for (const value of holding(below, text, depth + 1)) yield { ...needed, [key]: value }
    }
  } else if (entry.type === 'list') {
    for (const value of holding(entry.items, text, depth + 1)) yield [value]
  } else if (entry.type === 'map') {
    for (const value of holding(entry.values, text, depth + 1)) yield { name: value }
  }
}

function sample(entry: Schema): unknown {
  const word = entry.type === 'enum' ? entry.values[0] : undefined
  return [word, 'a', 1, true, [], {}].find((value) => isValid(entry, value))
}

// What is written as a value, or has a language of its own that the text is not in.
const apart: Readonly<Record<string, readonly string[]>> = {
  secrets: ['make'],
  configs: ['document'],
  services: [
    ...['build', 'configs', 'container_name', 'credential_spec', 'depends_on', 'extends', 'image'],
    ...['links', 'models', 'networks', 'ports', 'secrets', 'volumes', 'volumes_from'],
  ],
}

const base = { image: 'a:1' } as const
const web = (spec: object) => service('web', { ...base, ...spec } as never)
const contents = ['content', 'file', 'environment', 'external']
const made: Readonly<Record<string, (spec: never) => ReturnType<typeof service>>> = {
  services: web,
  networks: (spec) => web({ networks: [network('n', spec)] }),
  volumes: (spec) => web({ volumes: [mount(volume('v', spec), '/data')] }),
  secrets: (spec) => web({ secrets: [secret('s', spec)] }),
  configs: (spec: object) => {
    const content = contents.some((key) => key in spec) ? {} : { content: 'x' }
    return web({ configs: [config('c', { ...content, ...spec })] })
  },
  models: (spec: object) => web({ models: [model('m', { model: 'a', ...spec })] }),
}

const text = (value: ReturnType<typeof service>) => {
  const source: Source = compose('compose.yaml', [value])
  const context: StackContext = { stack: 'shop' }
  const [document] = [...source.documents(context)]
  return JSON.stringify(document!.data as ComposeFile)
}

const places = Object.entries(sections).flatMap(([section, entry]) =>
  Object.entries(entry.keys)
    .filter(([key]) => !apart[section]?.includes(key))
    .flatMap(([key, entry]) =>
      [...holding(entry, dollar)].map((value) => {
        const spec = { [key]: value }
        return [`${section}: ${JSON.stringify(spec)}`, section, spec] as const
      }),
    ),
)

describe('a dollar in a text of a stack is a dollar', () => {
  it('in more than a hundred places', () => expect(places.length).toBeGreaterThan(100))

  it.each(places)('%s', (_, section, spec) => {
    const file = text(made[section]!(spec as never))
    expect(file).toContain('a$$b')
    expect(file.replaceAll('$$', '')).not.toContain('$')
  })
})

const build = { context: '.' }
const written: readonly (readonly [string, (text: never) => object])[] = [
  ['network_mode', (text) => ({ network_mode: text })],
  ['pid', (text) => ({ pid: text })],
  ['ipc', (text) => ({ ipc: text })],
  ['volumes_from', (text) => ({ volumes_from: [text] })],
  ['the file that it extends', (text) => ({ extends: { file: text, service: 'a' } })],
  ['the service that it extends', (text) => ({ extends: { file: 'a.yml', service: text } })],
  ['credential_spec', (text) => ({ credential_spec: { file: text } })],
  ['an alias', (text) => ({ networks: [attach(network('n'), { aliases: [text] })] })],
  ['an address', (text) => ({ networks: [attach(network('n'), { ipv4_address: text })] })],
  ['a grant', (text) => ({ secrets: [attach(secret('s'), { target: text })] })],
  ['a config', (text) => ({ configs: [attach(config('c', { content: 'x' }), { target: text })] })],
  ['a model', (text) => ({ models: [attach(model('m', { model: 'a' }), { model_var: text })] })],
  ['a context', (text) => ({ build: { context: text } })],
  ['an argument', (text) => ({ build: { ...build, args: { A: text } } })],
  ['a tag', (text) => ({ build: { ...build, tags: [text] } })],
  ['a target', (text) => ({ build: { ...build, target: text } })],
  ['a mount', (text) => ({ volumes: [{ type: 'bind', source: text, target: '/a' }] })],
  ['its place', (text) => ({ volumes: [mount(volume('v'), text)] })],
  ['the name of a port', (text) => ({ ports: [{ target: 80, name: text }] })],
]

describe('text in values and lists', () => {
  it.each(written)('a dollar in %s is a dollar', (_, spec) => {
    expect(text(web(spec(dollar as never)))).toContain('a$$b')
  })

  it.each(written)('%s may be a variable', (_, spec) => {
    expect(text(web(spec(variable as never)))).toContain('${X:-c$$d}')
    expect(text(web(spec(interpolate`a$b${env('X')}` as never)))).toContain('a$$b${X:-}')
  })

  it('an alias of a link', () => {
    const db = service('db', base)
    expect(text(web({ links: [{ service: db, alias: dollar }] }))).toContain('db:a$$b')
  })
})

describe('a text may be a variable', () => {
  const variables = Object.entries(sections).flatMap(([section, entry]) =>
    Object.entries(entry.keys)
      .filter(([key]) => !apart[section]?.includes(key))
      .flatMap(([key, entry]) =>
        [...holding(entry, variable)].map((value, index) => {
          return [`${section}: ${key}, ${index}`, section, { [key]: value }] as const
        }),
      ),
  )

  it.each(variables)('%s', (_, section, spec) => {
    expect(text(made[section]!(spec as never))).toContain('${X:-c$$d}')
  })
})

it('a compose file of dollars is one that Compose would read as written', () => {
  const { artifacts } = synthesize(stack('shop', [compose('compose.yaml', [web({ pid: dollar })])]))
  expect(artifacts.map(({ text }) => text).join()).toContain('pid: a$$b\n')
})
