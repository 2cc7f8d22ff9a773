import fc from 'fast-check'
import type { ComposeFile } from '../document.ts'
import type { Form } from '../form.ts'
import * as forms from '../form.ts'
import { resolve } from '../rules/reading/resolve.ts'
import type { Shape, Shapes } from '../shape.ts'
import { shapesOf } from '../shapes.ts'

/** Stands in every name, so that many documents can be put into one. */
export const mark = 'zz'

const scalars = [
  '',
  'a',
  '1',
  '0',
  '-1',
  '1.5',
  'true',
  'yes',
  '1m',
  '10s',
  'a=b',
  '/a',
  './a',
  '${X:-1}',
  '$$',
]
const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...scalars, 0, 1, -1, 1.5, 70_000, true, false, null, [], {}, [
    'a',
    'a',
  ]),
  fc.string({ maxLength: 5, unit: fc.constantFrom(...'a1.:/-=[]_ @${}') }),
)

// For each form some texts that have it, and some that nearly do.
const near: ReadonlyMap<Form, readonly unknown[]> = new Map<Form, readonly unknown[]>([
  [forms.duration, ['10s', '1m30s', '1d', '0', '5', '1.5h', '-1s', '500us', '${X:-5s}', '1 s']],
  [forms.grace, ['10s', '1m', '10', '1w']],
  [forms.size, ['512M', 1024, '1.5g', '-1', '1 gb', '1e3', '1x', 1.5, '8m', '2M', '']],
  [forms.swap, ['1G', -1, '-1', '2gb', '1x']],
  [forms.number, [0.5, '0.5', '1e3', '2', 1, '0.0001', '-1', 'x']],
  [forms.ratio, [0.5, '0.5', 1, 2, '-1']],
  [forms.count, [1, '2', 0, -1, '1.5', '+3', '${X:-2}', '']],
  [forms.integer, [1, '-2', '0777', 1.5, '1e3']],
  [forms.percent, [50, '50', 0, 101, -1]],
  [forms.oomScore, [0, 1000, '-1000', 1001]],
  [forms.processes, [100, -1, '-1', '5', 1.5]],
  [forms.portNumber, [80, '80', 65_535, 0, 70_000, '80-81', 'x']],
  [forms.hostPorts, [8080, '8080', '8080-8090', 0, 70_000, 'x', '9-8']],
  [forms.deviceCount, [1, 'all', '2', -1, 'some']],
  [forms.octal, [0o400, '0400', '0888', '440', -1]],
  [forms.restart, ['no', 'always', 'on-failure:3', 'unless-stopped', 'never']],
  [forms.pullPolicy, ['always', 'missing', 'every_12h', 'daily', 'sometimes', '']],
  [forms.containerName, ['box-zz', 'x', '-zz', 'box zz']],
  [forms.switchWord, [true, false, 'true', 'no', 'Y', 'maybe', '${X:-true}', '']],
  [forms.address, ['127.0.0.1', '::1', '[::1]', 'lo', '1.2.3']],
  [forms.extraHost, ['a:10.0.0.1', 'b=::1', 'c', ':1']],
  [forms.pair, ['a=b', 'a', 'c=']],
  [forms.sshKey, ['default', 'id=./key', 'id']],
  [forms.deviceText, ['/dev/null', '/dev/a:/dev/b', '/dev/a:/dev/b:rw', 'a:b:c:d']],
  [forms.variable, ['A=1', 'B', 'C =1', 'D=a b', '=']],
  [forms.filled, ['./src', '.', '']],
  [forms.image, ['app:1', `ghcr.io/acme/app@sha256:${'a'.repeat(64)}`, 'App', 'a b', '']],
  [
    forms.mountText,
    ['./a:/a', 'vol-zz:/v:ro', '/data', '::/x', 'a:b:c:d', '', './a:/a:z,ro', 'C:\\a:/a'],
  ],
  [forms.subnet, ['10.1.0.0/24', 'fd00::/64', '10.1.0.0', 'x']],
  [
    forms.constraint,
    ['node.role == worker', 'node.labels.a!=b', 'node.role=worker', 'node role == a'],
  ],
  [
    forms.portText,
    [
      ...[
        '80',
        '8080:80',
        '127.0.0.1:8080:80',
        '[::1]:8080:80/udp',
        '8000-8010:80',
        '8000-8001:90-91',
      ],
      ...[
        '80:',
        ':80',
        '0:80',
        '80/icmp',
        '9-8:80',
        'x:80',
        '70000:80',
        '8000-8002:90-91',
        'lo:1:2',
        80,
        0,
      ],
    ],
  ],
])

// What names something of the file, or of the shapes of which one is looked for among others.
const texts = fc.constantFrom(
  ...[
    'app-zz',
    'db-zz',
    'net-zz',
    'vol-zz',
    'sec-zz',
    'cfg-zz',
    'gone-zz',
    'a',
    'b',
    '/run/a',
    './a',
  ],
  ...[
    'service:db-zz',
    'service:gone-zz',
    'host',
    'none',
    'linux/amd64',
    'linux/arm64',
    'A=1',
    '/tmp',
  ],
  ...[
    'CMD',
    'global',
    'replicated',
    'global-job',
    'dnsrr',
    'pause',
    'any',
    'bind',
    'rw',
    '${X:-a}',
    '',
  ],
)

/** What a key may have: mostly what it takes, now and then what it does not. */
function valuesOf(shape: Shape, depth = 0): fc.Arbitrary<unknown> {
  const known = shape.form && near.get(shape.form)
  if (!known)
    return fc.oneof(
      { weight: 40, arbitrary: structured(shape, depth) },
      { weight: 1, arbitrary: anything },
    )
  const good = known.filter((one) => shape.form?.reads(resolve(one as string), false))
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...known) },
  )
}

function structured(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  if (shape.words) return fc.constantFrom(...shape.words)
  if (shape.either) return fc.oneof(...shape.either.map((one) => valuesOf(one, depth)))
  if (shape.keys) return objectOf({ known: shape.keys, required: shape.required ?? [] }, depth + 1)
  if (shape.items && shape.is([])) {
    return fc.array(valuesOf(shape.items, depth + 1), { minLength: 1, maxLength: 2 })
  }
  if (shape.items) {
    const names = fc.constantFrom('net-zz', 'db-zz', 'llm-zz', 'A', 'nofile', 'b', 'default')
    return fc.dictionary(names, valuesOf(shape.items, depth + 1), { maxKeys: 2 })
  }
  const fitting = [...scalars, 1, 2, 0.5, true, false, null].filter((one) => shape.is(one))
  if (shape.is('a')) return fc.oneof(texts, fc.constantFrom(...fitting))
  return fitting.length > 0 ? fc.constantFrom(...fitting) : anything
}

// Names of files, of which none is there.
const files = new Set(['env_file', 'label_file', 'file', 'extends'])

function objectOf(
  { known, required }: Pick<Shapes, 'known' | 'required'>,
  depth: number,
  most = depth > 1 ? 2 : 3,
): fc.Arbitrary<Record<string, unknown>> {
  const keys = [...known.keys()].filter((key) => !files.has(key))
  return fc
    .uniqueArray(fc.constantFrom(...keys), { maxLength: most })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries(
          [...new Set([...required, ...chosen])].map((key) => [
            key,
            valuesOf(known.get(key)!, depth),
          ]),
        ),
      ),
    )
}

const section = (name: string) => objectOf(shapesOf.get(name)!, 0)

/** A service that means something, and some keys of the specification more. */
const service = (most: number) =>
  objectOf({ ...shapesOf.get('services')!, required: [] }, 0, most).map((spec) => ({
    ...(spec.build === undefined && spec.provider === undefined && { image: 'app:1' }),
    ...spec,
  }))

/** Compose files over every key of the specification: most are nearly right. */
export const documents: fc.Arbitrary<ComposeFile> = fc
  .record({
    app: service(4),
    db: service(1),
    net: fc.oneof(fc.constant({}), section('networks')),
    vol: fc.oneof(fc.constant({}), section('volumes')),
    sec: fc.oneof(fc.constant({ environment: 'SECRET' }), section('secrets')),
    cfg: fc.oneof(fc.constant({ content: 'a' }), section('configs')),
  })
  .map(
    ({ app, db, net, vol, sec, cfg }) =>
      ({
        services: { 'app-zz': app, 'db-zz': db },
        networks: { 'net-zz': net },
        volumes: { 'vol-zz': vol },
        secrets: { 'sec-zz': sec },
        configs: { 'cfg-zz': cfg },
        models: { 'llm-zz': { model: 'ai/smollm2' } },
      }) as ComposeFile,
  )
  // What a variable without a default becomes, the environment of the reader decides.
  .filter((file) => !/\$(?:\{(?!X:-)|[a-z_])/i.test(JSON.stringify(file).replaceAll('$$', '')))

/** The same document under names of its own. */
export function named<Data>(document: Data, index: number): Data {
  return JSON.parse(JSON.stringify(document).replaceAll(`-${mark}`, `-${index}`)) as Data
}
