import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  differences,
  preview,
  type StackContext,
  stack,
  synthesize,
  textFile,
  write,
  writeTargets,
} from '../index.ts'

let top: string
let deploy: string

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'erlmcp-repository-')))
  deploy = join(top, 'deploy')
  mkdirSync(join(top, '.git'))
  mkdirSync(deploy)
  writeFileSync(join(deploy, 'stack.ts'), '')
})
afterEach(() => rmSync(top, { recursive: true }))

const ci = textFile('.github/workflows/ci.yml', 'on: push\n', { comment: '#' })
const app = textFile('compose.yaml', 'services: {}\n', { comment: '#' })
const described = (documents = [ci, app], options = {}) =>
  stack('shop', [{ documents: () => documents }], options)

/** Writes as `erlmcp synth` does, and returns what differs afterwards. */
async function synth(created = described(), root = deploy) {
  for (const target of writeTargets(root, 'stack.ts', synthesize(created, { root }))) {
    await write(target.root, target.artifacts, target)
  }
  return checked(created, root)
}

async function checked(created = described(), root = deploy) {
  const found = []
  for (const target of writeTargets(root, 'stack.ts', synthesize(created, { root }))) {
    found.push(...(await differences(await preview(target.root, target.artifacts, target))))
  }
  return found.map(({ path, message }) => `${path} ${message}`)
}

const read = (path: string) => readFileSync(join(top, path), 'utf8')

describe('a stack in a folder of a repository', () => {
  test('has its workflows at the root, where GitHub reads them', async () => {
    expect(await checked()).toEqual([
      'compose.yaml is missing',
      '.github/workflows/ci.yml is missing',
    ])
    expect(await synth()).toEqual([])
    expect(read('.github/workflows/ci.yml')).toBe(
      '# Made by erlmcp from deploy/stack.ts. Do not edit:\n' +
        '# change that file and run `npx erlmcp synth` in deploy.\n' +
        'on: push\n',
    )
    expect(read('deploy/compose.yaml')).toContain('from stack.ts.')
    expect(existsSync(join(deploy, '.github'))).toBe(false)
    expect(JSON.parse(read('.erlmcp/manifest.json')).sources).toHaveProperty(['deploy/stack.ts'])
  })

  test('removes them there when they are no longer made', async () => {
    await synth()
    expect(await checked(described([app]))).toEqual(['.github/workflows/ci.yml is no longer made'])
    expect(await synth(described([app]))).toEqual([])
    expect(existsSync(join(top, '.github/workflows/ci.yml'))).toBe(false)
  })

  test('does not take those of another stack of the repository', async () => {
    await synth()
    const mail = join(top, 'mail')
    mkdirSync(mail)
    writeFileSync(join(mail, 'stack.ts'), '')
    await expect(synth(described(), mail)).rejects.toThrow(/is generated from deploy\/stack\.ts/)
    const other = textFile('.github/workflows/mail.yml', 'on: push\n')
    expect(await synth(described([other]), mail)).toEqual([])
    expect(await checked()).toEqual([])
  })

  test('keeps them where the stack says that it is a repository of its own', async () => {
    const own = described([ci, app], { repository: '.' })
    expect(await synth(own)).toEqual([])
    expect(existsSync(join(deploy, '.github/workflows/ci.yml'))).toBe(true)
    expect(existsSync(join(top, '.erlmcp'))).toBe(false)
  })

  test('reads what is in .github at the root', async () => {
    mkdirSync(join(top, '.github'))
    writeFileSync(join(top, '.github/pins.json'), '{}')
    let seen: string | undefined
    const source = {
      documents({ read }: StackContext) {
        seen = read?.('.github/pins.json')
        return []
      },
    }
    synthesize(stack('shop', [source]), { root: deploy })
    expect(seen).toBe('{}')
  })

  test.each(['deploy', '/', '../x', ''])('cannot say that the repository is %j', (repository) => {
    expect(() => described([app], { repository })).toThrow(/Write the way up/)
  })
})

describe('how a project is worked with is known from its files', () => {
  const contextOf = (root: string, source = 'stack.ts') => {
    let seen: StackContext['project']
    const spy = {
      documents({ project }: StackContext) {
        seen = project
        return []
      },
    }
    synthesize(stack('shop', [spy]), { root, source })
    return seen
  }

  test.each([
    ['package-lock.json', '', 'npm ci', 'npx erlmcp'],
    ['pnpm-lock.yaml', '', 'corepack enable && pnpm install --frozen-lockfile', 'pnpm exec erlmcp'],
    ['yarn.lock', '# yarn lockfile v1\n', 'yarn install --frozen-lockfile', 'yarn erlmcp'],
    ['yarn.lock', '__metadata:\n', 'corepack enable && yarn install --immutable', 'yarn erlmcp'],
    [
      'bun.lock',
      '',
      'npm install --global bun@1.4.5 && bun install --frozen-lockfile',
      'bunx erlmcp',
    ],
    ['README.md', '', 'npm ci', 'npx erlmcp'],
  ])('%s with %j', (file, text, install, erlmcp) => {
    writeFileSync(join(top, file), text)
    writeFileSync(join(deploy, 'package.json'), '{}')
    expect(contextOf(deploy)).toMatchObject({
      install,
      erlmcp,
      check: `${erlmcp} check --format github`,
    })
  })

  test('its packages are in the folder of the stack, or above it', () => {
    expect(contextOf(deploy)).toMatchObject({
      folder: 'deploy',
      workingDirectory: 'deploy',
      stack: '',
    })
    writeFileSync(join(top, 'package.json'), '{}')
    expect(contextOf(deploy)).toMatchObject({
      folder: 'deploy',
      workingDirectory: '',
      stack: 'deploy/stack.ts',
      check: 'npx erlmcp check deploy/stack.ts --format github',
    })
  })

  test('a stack of another name is named', () => {
    expect(contextOf(top, 'deploy.ts')).toMatchObject({ stack: 'deploy.ts' })
    expect(contextOf(top, 'stacks/a b.ts')).toMatchObject({ stack: "'stacks/a b.ts' --out ." })
    expect(contextOf(top, 'stack.mts')).toMatchObject({ stack: '' })
  })
})
