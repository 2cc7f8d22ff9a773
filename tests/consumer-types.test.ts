import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sample } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installPacked } from './testing/packed.ts'

// The declarations of the packed packages, as TypeScript projects of every module kind resolve them.

const compilers = {
  'TypeScript 5.4': 'typescript@5.4.5',
  'TypeScript 5.9': 'typescript@5.9.3',
  'TypeScript 6': 'typescript@6.0.2',
  'TypeScript 7': 'typescript@7.0.2',
}
type Compiler = keyof typeof compilers

interface ModuleKind {
  readonly name: string
  /** `type` of the project's package.json. */
  readonly type: 'commonjs' | 'module'
  readonly options: object
  readonly unknownTo?: readonly Compiler[]
}

const moduleKinds: readonly ModuleKind[] = [
  {
    name: 'commonjs with node10',
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'node10' },
    unknownTo: ['TypeScript 7'],
  },
  {
    name: 'commonjs with bundler',
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'bundler' },
    unknownTo: ['TypeScript 5.4', 'TypeScript 5.9'],
  },
  { name: 'node16 from CommonJS', type: 'commonjs', options: { module: 'node16' } },
  { name: 'node16 from ESM', type: 'module', options: { module: 'node16' } },
  {
    name: 'node20 from CommonJS',
    type: 'commonjs',
    options: { module: 'node20' },
    unknownTo: ['TypeScript 5.4'],
  },
  { name: 'nodenext from CommonJS', type: 'commonjs', options: { module: 'nodenext' } },
  { name: 'nodenext from ESM', type: 'module', options: { module: 'nodenext' } },
  {
    name: 'esnext with bundler',
    type: 'module',
    options: { module: 'esnext', moduleResolution: 'bundler' },
  },
]

const source = `import { run } from '@erlmcp/cli'
import { backupKey } from '@erlmcp/backup'
import * as backupRun from '@erlmcp/backup/run'
import { cluster } from '@erlmcp/cluster'
import * as clusterRun from '@erlmcp/cluster/run'
import { compose, env, healthy, network, publish, service } from '@erlmcp/compose'
import { postgres } from '@erlmcp/compose/services'
import { type Stack, stack } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { constitution } from '@erlmcp/constitution'
import * as constitutionRun from '@erlmcp/constitution/run'
import { gates } from '@erlmcp/gates'
import * as gatesBench from '@erlmcp/gates/bench'
import * as gatesReceipt from '@erlmcp/gates/receipt'
import * as gatesRun from '@erlmcp/gates/run'
import { ErlmcpStack } from '@erlmcp/projen'
import * as secretsRun from '@erlmcp/secrets/run'
import { job, workflow } from '@erlmcp/workflow'
import * as workflowFiles from '@erlmcp/workflow/files'

const image = erlangImage({ release: 'shop', version: '3.0.0', otp: '28.3.1' })
const db = postgres('postgres', { database: 'shop' })
const app = service('shop', {
  build: image.runtime,
  depends_on: [healthy(db)],
  networks: [network('edge')],
  ports: [publish(env('PORT', 8080), 8080)],
})
export const shop: Stack = stack('shop', [image, compose('compose.yaml', [app])])
export const others = [run, backupKey, backupRun, cluster, clusterRun, secretsRun, constitution, constitutionRun, gates, gatesBench, gatesReceipt, gatesRun, ErlmcpStack, job, workflow, workflowFiles]
// @ts-expect-error a misspelt key does not compile, so the types were found
export const misspelt = service('web', { imagee: 'nginx:1.29.3' })
`

let home: string

beforeAll(async () => {
  const aliases = Object.values(compilers).map((version) => `${alias(version)}@npm:${version}`)
  home = await installPacked([
    'projen@0.103.25',
    'constructs@10.5.0',
    '@types/node@20.19.41',
    ...aliases,
  ])
}, 600_000)

afterAll(() => rmSync(home, { recursive: true, force: true }), 120_000)

const alias = (version: string): string => version.replace('@', '-')

function typecheck(compiler: Compiler, kind: ModuleKind): string {
  const folder = join(home, `${compiler} ${kind.name}`.replaceAll(' ', '-'))
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: kind.type }))
  writeFileSync(join(folder, 'stack.ts'), source)
  const compilerOptions = {
    ...kind.options,
    target: 'es2022',
    lib: ['es2022'],
    strict: true,
    // The declarations themselves are checked by the oldest and the newest compiler.
    skipLibCheck: compiler === 'TypeScript 5.9' || compiler === 'TypeScript 6',
    noEmit: true,
    types: ['node'],
    // node10 is deprecated there.
    ...(compiler === 'TypeScript 6' && { ignoreDeprecations: '6.0' }),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  const tsc = join(home, 'node_modules', alias(compilers[compiler]), 'bin/tsc')
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8', cwd: home })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

const pairs = (Object.keys(compilers) as Compiler[]).flatMap((compiler) =>
  moduleKinds
    .filter(({ unknownTo }) => !unknownTo?.includes(compiler))
    .map((kind) => ({ compiler, kind, name: kind.name })),
)

test.each(sample(pairs))(
  '$compiler finds the types of a project with $name',
  (pair) => {
    expect(typecheck(pair.compiler, pair.kind)).toBe('')
  },
  240_000,
)
