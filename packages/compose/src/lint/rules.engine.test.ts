import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Document, isolatedContext, type Rule } from '@erlmcp/core'
import { composeProject, describeEngine, ensureImages, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposeFile, DIALECT, type Service } from '../document.ts'
import { printCompose } from '../print.ts'
import { addressOutsideSubnet } from './rules/address-outside-subnet.ts'
import { bindSourceMissing } from './rules/bind-source-missing.ts'
import { bindVolumeWithoutDevice } from './rules/bind-volume-without-device.ts'
import { environmentSecretOnReadOnlyRoot } from './rules/environment-secret-on-read-only-root.ts'
import { hostPortClash } from './rules/host-port-clash.ts'
import { logOptionUnknown } from './rules/log-option-unknown.ts'
import { memoryTooSmall } from './rules/memory-too-small.ts'
import { mountTargetTwice } from './rules/mount-target-twice.ts'
import { overlayWithoutSwarm } from './rules/overlay-without-swarm.ts'
import { reservationAboveLimit } from './rules/reservation-above-limit.ts'
import { seccompDefault } from './rules/seccomp-default.ts'
import { seccompProfileMissing } from './rules/seccomp-profile-missing.ts'
import { secretFileUnreadable } from './rules/secret-file-unreadable.ts'
import { shellSyntaxWithoutShell } from './rules/shell-syntax-without-shell.ts'
import { softLimitAboveHard } from './rules/soft-limit-above-hard.ts'
import { staticAddressWithoutSubnet } from './rules/static-address-without-subnet.ts'
import { subnetClash } from './rules/subnet-clash.ts'
import { uselessCapability } from './rules/useless-capability.ts'
import { valueFormat } from './rules/value-format.ts'
import { volumeNamedLikeDrive } from './rules/volume-named-like-drive.ts'
import { rules } from './rules.gen.ts'

const image = 'debian:trixie-slim'
const root = mkdtempSync(join(tmpdir(), 'rules-'))
let count = 0

/** A folder with the file, and what the examples of rules read. */
function folderWith(data: ComposeFile): string {
  count += 1
  const folder = join(root, String(count))
  for (const name of ['config', 'secrets']) mkdirSync(join(folder, name), { recursive: true })
  for (const file of ['config/app.conf', 'secrets/key', 'secrets/db', 'secrets/cookie']) {
    writeFileSync(join(folder, file), 'text\n')
  }
  writeFileSync(join(folder, 'config/base.yaml'), 'services: { base: { image: app:1 } }\n')
  writeFileSync(join(folder, 'compose.yaml'), printCompose(data, []))
  return folder
}

/** An example with an image that is there, and a command that keeps running unless it has one. */
function runnable(data: ComposeFile): ComposeFile {
  const services: [string, Service][] = Object.entries(data.services ?? {}).map(
    ([name, service]) => [name, { command: ['sleep', 'infinity'], init: true, ...service, image }],
  )
  return { ...data, services: Object.fromEntries(services) }
}

// What an example needs from the shell.
const env = { ERLANG_COOKIE: 'x', BUILD_DATE: 'x', KEY: 'x' }

/** Runs the reference tool of the file's dialect. */
function reference(data: ComposeFile) {
  const stack = data[DIALECT]?.name === 'swarm'
  const config = stack
    ? (['docker', 'stack', 'config', '--compose-file', 'compose.yaml'] as const)
    : (['docker', 'compose', '--project-name', 'rules', 'config', '--quiet'] as const)
  return run([...config], { cwd: folderWith(data), env })
}

// Refused by the engine at the start, not by the reader of the file.
const refusedAtStart = [
  addressOutsideSubnet,
  logOptionUnknown,
  reservationAboveLimit,
  seccompProfileMissing,
  softLimitAboveHard,
  staticAddressWithoutSubnet,
]
// The reader of stacks leaves these to the deploy on a swarm.
const refusedAtDeploy = new Set([
  'compose/swarm-file-too-large',
  'compose/swarm-image-missing',
  'compose/swarm-name-too-long',
  'compose/swarm-rejects-value',
])
const readerRefuses = rules.filter(
  (rule) =>
    rule.kind === 'invalid' &&
    !refusedAtStart.includes(rule) &&
    !refusedAtDeploy.has(rule.id) &&
    // Its good example is for a Compose that is newer than this one.
    rule.id !== 'compose/key-too-new',
)

/** Whether the rule reports a file, without access to its folder. */
function reports(rule: Rule<ComposeFile>, data: ComposeFile): boolean {
  const document: Document<ComposeFile> = {
    path: 'compose.yaml',
    format: { name: 'compose', rules: [rule], print: printCompose },
    data,
  }
  const context = {
    ...isolatedContext(document as Document),
    exists: (path: string) => (path.includes('missing') ? ('none' as const) : ('file' as const)),
  }
  return [...rule.check(document, context)].length > 0
}

describeEngine('what the rules say, on Docker itself', () => {
  beforeAll(() => ensureImages([image]))
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it.each(readerRefuses.map((rule) => [rule.id, rule] as const))(
    '%s: the bad example is refused, the good one is not',
    async (_id, rule) => {
      expect((await reference(rule.bad)).code).not.toBe(0)
      expect(await reference(rule.good)).toMatchObject({ code: 0 })
    },
  )

  const values: [key: 'stop_grace_period' | 'mem_limit', value: string][] = [
    ...['10', '10 seconds', '1e3s', ' 10s', '0s', '1.5h', '.5s', '1d', '1w', '99999999999h'].map(
      (one) => ['stop_grace_period', one] as [key: 'stop_grace_period', value: string],
    ),
    ...['512', '512M', '1.5g', '512MiB', '1 m', '1e3m', '1,5m', '0x10m', '5ib', '-1m'].map(
      (one) => ['mem_limit', one] as [key: 'mem_limit', value: string],
    ),
  ]
  it.each(values)('value-format: %s %j is read as the rule says', async (key, value) => {
    const data: ComposeFile = { services: { app: { image, [key]: value } } }
    const { code } = await reference(data)
    expect(reports(valueFormat, data)).toBe(code !== 0)
  })

  const failing: [rule: Rule<ComposeFile>, data: ComposeFile, says: RegExp][] = [
    [seccompDefault, runnable(seccompDefault.bad), /seccomp profile/],
    [overlayWithoutSwarm, runnable(overlayWithoutSwarm.bad), /not a swarm manager|swarm/],
    [bindVolumeWithoutDevice, runnable(bindVolumeWithoutDevice.bad), /mount|device/],
    [
      environmentSecretOnReadOnlyRoot,
      runnable(environmentSecretOnReadOnlyRoot.bad),
      /read-only service/,
    ],
    [subnetClash, runnable(subnetClash.bad), /[Pp]ool overlaps/],
    [addressOutsideSubnet, runnable(addressOutsideSubnet.bad), /subnet/],
    [logOptionUnknown, runnable(logOptionUnknown.bad), /unknown log opt/],
    [
      seccompProfileMissing,
      runnable({ services: { app: { security_opt: ['seccomp=./config/missing.json'] } } }),
      /seccomp profile/,
    ],
    [softLimitAboveHard, runnable(softLimitAboveHard.bad), /rlimit|ulimit|invalid argument/],
    [reservationAboveLimit, runnable(reservationAboveLimit.bad), /memory/i],
    [memoryTooSmall, runnable(memoryTooSmall.bad), /[Mm]inimum memory limit/],
    [staticAddressWithoutSubnet, runnable(staticAddressWithoutSubnet.bad), /subnet/],
    [
      hostPortClash,
      {
        services: {
          one: { image, command: ['sleep', 'infinity'], ports: ['127.0.0.1:18473:80'] },
          two: { image, command: ['sleep', 'infinity'], ports: ['127.0.0.1:${PORT:-18473}:80'] },
        },
      },
      /port is already allocated|address already in use/,
    ],
  ]

  it.each(failing.map(([rule, data, says]) => [rule.id, rule, data, says] as const))(
    '%s: it does not start',
    async (_id, rule, data, says) => {
      expect(reports(rule, data)).toBe(true)
      const project = composeProject(folderWith(data), { env })
      await expect(project.up({ timeout: 60_000 })).rejects.toThrow(says)
      await project.down()
    },
  )

  it('mount-target-twice: of two mounts at one place there is one', async () => {
    const cwd = folderWith(mountTargetTwice.bad)
    const { stdout } = await run(['docker', 'compose', 'config'], { cwd })
    expect(stdout.match(/target: \/data/g)).toHaveLength(1)
  })

  it('volume-named-like-drive: the engine gets a path of Windows', async () => {
    const project = composeProject(folderWith(runnable(volumeNamedLikeDrive.bad)))
    await expect(project.up()).rejects.toThrow(/mount path must be absolute/)
    await project.down()
  })

  it('bind-source-missing: the missing file becomes a folder', async () => {
    const folder = folderWith(runnable(bindSourceMissing.bad))
    const project = composeProject(folder)
    await project.up()
    expect(statSync(join(folder, 'config/missing.conf')).isDirectory()).toBe(true)
    await project.down()
  })

  it('secret-file-unreadable: a file of root with mode 0600 is refused to uid 1000', async () => {
    const folder = folderWith(runnable(secretFileUnreadable.bad))
    chmodSync(join(folder, 'config/app.conf'), 0o600)
    const read = await composeProject(folder).run('app', ['cat', '/run/secrets/key'])
    expect(read.code).not.toBe(0)
    expect(read.stderr).toContain('Permission denied')
  })

  it('shell-syntax-without-shell: the program gets the text unchanged', async () => {
    const data = { services: { app: { image, command: 'echo $$(cat /etc/hostname)' } } }
    expect(reports(shellSyntaxWithoutShell, data)).toBe(true)
    const project = composeProject(folderWith(data))
    await project.up()
    await expect
      .poll(() => project.logs('app'), { timeout: 20_000 })
      .toContain('$(cat /etc/hostname)')
    await project.down()
  })

  it('useless-capability: what is added never comes into effect', async () => {
    const project = composeProject(folderWith(runnable(uselessCapability.bad)))
    const { stdout } = await project.run('app', ['grep', 'CapEff', '/proc/self/status'])
    expect(stdout).toMatch(/CapEff:\s+0{16}/)
  })
})
