import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

// The code and the commands of the READMEs outside of packages.

const root = fileURLToPath(new URL('..', import.meta.url))
const example = join(root, 'examples/erlmcp')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const blocks = (markdown: string, language: string) =>
  [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , block]) => block!)
/** The lines of its shell blocks, without comments. */
const commands = (markdown: string) =>
  blocks(markdown, 'sh').flatMap((block) =>
    block.split('\n').flatMap((line) => line.replace(/\s+#.*$/, '').trim() || []),
  )

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder and those right below it. */
function foldersIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const below = entries.filter((entry) => entry.isDirectory())
  return [folder, ...below.map(({ name }) => join(folder, name))]
}

/** A project of its own, which has the packages of this repository. */
function project(): string {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.cache/readme-'))
  folders.push(folder)
  mkdirSync(join(folder, 'node_modules/@erlmcp'), { recursive: true })
  for (const name of ['cli', 'core', 'compose', 'dockerfile', 'erlang']) {
    symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@erlmcp', name))
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"shop","private":true,"type":"module"}')
  return folder
}

function erlmcp(cwd: string, ...argv: string[]): string {
  const main = join(root, 'packages/cli/dist/main.js')
  return execFileSync(process.execPath, [main, ...argv], { cwd, encoding: 'utf8' })
}

/** The services of a file, as `docker compose` with the options of a command sees them. */
function servicesOf(command: string, cwd: string): string[] {
  const { file = 'docker-compose.yml' } = / -f (?<file>\S+)/.exec(command)?.groups ?? {}
  const profile = / --profile (\S+)/.exec(command)?.[1]
  const words = ['-f', file, ...(profile ? ['--profile', profile] : []), 'config', '--services']
  return execFileSync('docker', ['compose', ...words], { cwd, encoding: 'utf8' })
    .trim()
    .split('\n')
}

describe('README.md', () => {
  const readme = text('README.md')
  let folder: string
  beforeAll(() => {
    folder = project()
    const [stack, ...others] = blocks(readme, 'ts')
    expect(others).toEqual([])
    writeFileSync(join(folder, 'stack.ts'), stack!)
    // The release that it speaks of.
    for (const name of ['rebar.config', 'rebar.lock', 'apps']) {
      cpSync(join(example, name), join(folder, name), { recursive: true })
    }
  })

  it('installs packages that are public', () => {
    const [install] = commands(readme)
    const names = install!.split(' ').filter((word) => word.startsWith('@erlmcp/'))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const manifest = JSON.parse(text(`packages/${name.split('/')[1]}/package.json`))
      expect(manifest).toMatchObject({ name })
      expect(manifest.private).toBeUndefined()
    }
  })

  it('has a stack that its own command finds nothing wrong with', () => {
    const [line, ...others] = commands(readme).filter((one) => one.startsWith('npx tsc'))
    expect(others).toEqual([])
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const check = () =>
      spawnSync(process.execPath, [tsc, ...line!.split(' ').slice(2)], {
        cwd: folder,
        encoding: 'utf8',
      }).stdout
    expect(check()).toBe('')
    const good = readFileSync(join(folder, 'stack.ts'), 'utf8')
    writeFileSync(join(folder, 'stack.ts'), good.replace('depends_on:', 'dependson:'))
    expect(check()).toContain("'dependson' does not exist")
    writeFileSync(join(folder, 'stack.ts'), good)
  })

  it('has commands that do what their comments say', () => {
    const own = commands(readme).filter((line) => line.startsWith('npx erlmcp'))
    expect(own).toEqual(['npx erlmcp synth', 'npx erlmcp secrets init', 'npx erlmcp check'])
    for (const line of own) erlmcp(folder, ...line.split(' ').slice(2))
    for (const path of ['Dockerfile', 'docker-compose.prod.yml', 'secrets/redis-password']) {
      expect(existsSync(join(folder, path)), path).toBe(true)
    }
  })

  it.skipIf(!hasCompose)('has a compose file that Compose takes (skipped without Compose)', () => {
    const [line] = commands(readme).filter((one) => one.startsWith('docker compose'))
    expect(servicesOf(line!, folder).sort()).toEqual(['erlmcp', 'postgres', 'redis'])
  })

  it('names every package that is published, and no other', () => {
    const manifests = readdirSync(join(root, 'packages')).map((name) =>
      JSON.parse(text(`packages/${name}/package.json`)),
    )
    const published = manifests.filter((one) => one.private !== true).map(({ name }) => name)
    const named = [...readme.matchAll(/^\| \[`(@erlmcp\/\w+)`\]/gm)].map(([, name]) => name)
    expect(named.sort()).toEqual(published.sort())
  })
})

describe('examples/erlmcp/README.md', () => {
  const readme = text('examples/erlmcp/README.md')
  const compose = commands(readme).filter((line) => line.startsWith('docker compose'))

  it('has no command of another program', () => {
    const others = commands(readme).filter((line) => !compose.includes(line))
    // Those of backups are run by backup.engine.test.ts, those of the cluster by cluster.engine.test.ts.
    const backup = others.filter((line) => line.startsWith('npx erlmcp backup '))
    expect(backup.map((line) => line.split(' ')[3])).toEqual(['create', 'rehearse', 'restore'])
    const cluster = ['up', 'verify', 'down'].map((verb) => `npx erlmcp cluster ${verb}`)
    // Those of the traffic by traffic.engine.test.ts.
    const traffic = [
      'switch green',
      'switch --back',
      'weight 25',
      'show --name erlmcp-canary',
      'weight 0',
    ]
    // And those of the swarm by swarm.engine.test.ts.
    const swarm = [
      'docker node update --label-add data=true NODE',
      ...['deploy', 'status', 'rollback erlmcp'].map((verb) => `npx erlmcp swarm ${verb}`),
    ]
    expect(others).toEqual([
      'npx erlmcp secrets init',
      ...backup,
      ...cluster,
      ...traffic.map((verb) => `npx erlmcp traffic ${verb}`),
      ...swarm,
    ])
  })

  it.skipIf(!hasCompose).each(compose)('%s (skipped without Compose)', (line) => {
    const services = servicesOf(line, example)
    const executed = / exec (\S+)/.exec(line)?.[1]
    expect(services).toEqual(expect.arrayContaining(executed ? [executed] : ['postgres', 'redis']))
  })

  const files = ['', '.prod', '.bluegreen', '.canary'].map((variant) =>
    parse(text(`examples/erlmcp/docker-compose${variant}.yml`)),
  )

  it('has every published port in its table, and the address', () => {
    type Port = { target: number; published: string; host_ip: string }
    const published = files.flatMap(({ services }) =>
      Object.entries<{ ports?: Port[] }>(services).flatMap(([service, { ports = [] }]) =>
        ports.map(({ published, host_ip }) => {
          const port = /:-(\d+)\}/.exec(published)?.[1]
          return `${service} ${host_ip}:${port}`
        }),
      ),
    )
    const rows = [...readme.matchAll(/^\| \d+ \| (\S+) \| .* \| `([\d.:]+)` \|$/gm)]
    expect(rows.map(([, service, address]) => `${service} ${address}`).sort()).toEqual(
      [...new Set(published)].sort(),
    )
  })

  it('has every volume in its table', () => {
    const volumes = new Set(files.flatMap((file) => Object.keys(file.volumes)))
    const table = readme.slice(readme.indexOf('## Volumes'))
    const rows = [...table.matchAll(/^\| (`.*`) \|/gm)].flatMap(([, names]) => names!.split(', '))
    expect(rows.map((name) => name.replaceAll('`', '')).sort()).toEqual([...volumes].sort())
  })
})

it('every link of these pages leads somewhere', () => {
  const folders = ['.', ...['docs', 'examples'].flatMap(foldersIn)]
  const pages = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
  expect(pages.map((page) => basename(page))).toContain('CONTRIBUTING.md')
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, link]) => join(dirname(join(root, page)), link!))
      .filter((path) => !existsSync(path))
      .map((path) => `${page}: ${relative(root, path)}`),
  )
  expect(broken).toEqual([])
})
