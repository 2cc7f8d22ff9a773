import { isIP } from 'node:net'
import { isAbsolutePath, parseDuration, schema, splitMount } from '@erlmcp/core'
import { capabilities } from '../values/literal.ts'
import type { ComposeFormat } from './facts.ts'
import { duration, wholeWhere } from './formats.ts'

const { matching } = schema

// Compose passes these values on, and the engine validates them when it creates or starts the container.

export const folder: ComposeFormat = {
  accepts: (text) => text === '' || isAbsolutePath(text),
  expected: 'an absolute path',
  hint: "Begin it with a slash: '/opt/app'.",
}

/** A place for a mount in the container. */
export const target: ComposeFormat = {
  accepts: (text) => isAbsolutePath(text) && !/^\/+(?:\.?\/*)$/.test(text),
  expected: 'an absolute path below the root of the container',
  hint: "Begin it with a slash: '/var/lib/app'.",
}

/** A mount in the short form, with its place in the container. */
export const mountText: ComposeFormat = {
  accepts: (text, inSwarm) => {
    const parts = splitMount(text)
    const [first, place = first] = parts
    return parts.length <= 3 && !parts.includes('') && target.accepts(place!, inSwarm)
  },
  expected: 'a mount',
  hint: "Write './config:/etc/app:ro', or mount(volume('data'), '/var/lib/app'): the place in the container begins with a slash.",
}

/** A folder in memory: its path, and options of mount(8) that the kernel reads. */
export const tmpfs: ComposeFormat = {
  accepts: (text, inSwarm) => {
    const [path = '', options = ''] = text.split(/:(.*)/s)
    if (!target.accepts(path, inSwarm)) return false
    return options.split(',').every((option) => {
      const [name = '', value = ''] = option.split(/=(.*)/s)
      if (name === 'size') return /^\d+[kmgt%]?$/i.test(value)
      if (name === 'mode') return /^[0-7]{1,5}$/.test(value)
      return (name !== 'uid' && name !== 'gid') || /^\d+$/.test(value)
    })
  },
  expected: 'a folder in memory',
  hint: "Write '/run:size=16m,mode=1777,uid=1000', a size in bytes or with k, m or g.",
}

/** A path within a volume or an image. */
export const subpath: ComposeFormat = {
  accepts: (text) => !isAbsolutePath(text) && !text.split('/').includes('..'),
  expected: 'a path within the volume',
  hint: "Write it from the volume's root, without a slash in front: 'uploads'.",
}

const signalNames =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'
const signals = new Set(signalNames.split(' '))

export const signal: ComposeFormat = {
  accepts: (text) => {
    if (/^\d+$/.test(text)) return Number(text) >= 1 && Number(text) <= 64
    const name = text.toUpperCase().replace(/^SIG/, '')
    return text === '' || signals.has(name) || /^RTM(?:IN(?:\+\d+)?|AX(?:-\d+)?)$/.test(name)
  },
  expected: 'a signal',
  hint: 'Write SIGTERM, SIGINT, SIGQUIT, SIGHUP or another of signal(7).',
}

const isHostAddress = (text: string) =>
  text === 'host-gateway' || isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0

export const hostAddress: ComposeFormat = {
  accepts: (text) => isHostAddress(text.trim()),
  expected: 'an IP address, or host-gateway',
  hint: "Write extra_hosts: { 'db.example': '10.0.0.7' }.",
}

/** A name and its address in one text. */
export const extraHost: ComposeFormat = {
  accepts: (text) => isHostAddress((/^[^=:]+[=:](.*)$/s.exec(text)?.[1] ?? '').trim()),
  expected: 'a host and its address',
  hint: "Write extra_hosts: { 'db.example': '10.0.0.7' }, or 'db.example=10.0.0.7'.",
}

export const macAddress = matching(
  /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})?$/i,
  'a MAC address',
  "Write mac_address: '02:42:ac:11:00:02'.",
)

/** Of a healthcheck: nothing, or a millisecond at least. */
export const pause: ComposeFormat = {
  ...duration,
  accepts: (text, inSwarm) => {
    if (!duration.accepts(text, inSwarm)) return false
    const milliseconds = parseDuration(text)!
    return milliseconds === 0 || milliseconds >= 1
  },
  expected: 'a duration of a millisecond or more',
}

export const period = wholeWhere(
  (value) => value === 0 || (value >= 1000 && value <= 1_000_000),
  'a number of microseconds from 1000 to 1000000',
  'Write cpu_period: 100000, or cpus: 0.5 instead.',
)
export const quota = wholeWhere(
  (value) => value <= 0 || value >= 1000,
  'a number of microseconds from 1000',
  'Write cpu_quota: 50000, or cpus: 0.5 instead.',
)

const shared = '(?:service|container):.+'
export const ipc = matching(
  RegExp(`^(?:|none|private|shareable|host|${shared})$`),
  'a mode of ipc',
  "Write 'private', 'shareable', 'host', 'none' or the service that it shares.",
)
export const pid = matching(
  RegExp(`^(?:|host|${shared})$`),
  'a mode of pid',
  "Write 'host', or the service that it shares.",
)
export const hostMode = matching(/^(?:|host)$/, 'host', "Write 'host', or remove the key.")

export const hostname = matching(
  /^.{0,64}$/s,
  'a name of at most 64 characters',
  'Write a shorter name.',
)

export const securityOption = matching(
  /^(?:no-new-privileges(?:[:=](?:true|false|1|0|t|f))?|systempaths=unconfined|(?:label|apparmor|seccomp|credentialspec|writable-cgroups)[:=].*)$/is,
  'an option of the engine',
  "Write 'no-new-privileges=true', 'seccomp=./profile.json', 'apparmor=NAME' or 'label=…'.",
)

const capabilityNames: ReadonlySet<string> = new Set(capabilities)

export const capability: ComposeFormat = {
  accepts: (text) => capabilityNames.has(text.toUpperCase().replace(/^CAP_/, '')),
  expected: 'a capability of Linux',
  hint: 'Write its name without CAP_, as NET_BIND_SERVICE (capabilities(7)).',
}

/** A driver of volumes may allow a folder in a name. */
export const volumeName = matching(
  /^[a-zA-Z0-9][a-zA-Z0-9_./-]*$/,
  'a name of letters, digits, dots, dashes and underscores',
  'Begin it with a letter or digit.',
)
