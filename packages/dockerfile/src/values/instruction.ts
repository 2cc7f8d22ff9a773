import { originOf, parsePortRange, protocols, UserError } from '@erlmcp/core'
import type {
  Arg,
  Cmd,
  Entrypoint,
  Env,
  Expose,
  Healthcheck,
  Label,
  Onbuild,
  Shell,
  Stopsignal,
  Trigger,
  User,
  Volume,
  Workdir,
} from '../schema/document.gen.ts'
import { instructions } from '../schema/instructions.ts'
import type { Command, Text } from '../schema/text.ts'
import { createInstruction } from './create-instruction.ts'
import type { AbsolutePath, Dynamic, Port, Signal } from './literal-types.ts'
import type { HealthcheckOptions } from './options.gen.ts'
import { type RefersToStages, STAGES } from './reference.ts'
import { resolveOptions } from './resolve-options.ts'

/**
 * ARG: a variable that the build command may set. One before the first FROM belongs into the `args`
 * of the file; a stage that uses it declares it again, without a default.
 *
 * @example arg('OTP', '28.3.1')
 */
export function arg(name: string, value?: Text): Arg {
  return createInstruction(
    { instruction: 'ARG', args: [{ name, ...(value !== undefined && { default: value }) }] },
    arg,
  )
}

/**
 * ENV: variables of the build and of the container. Values are literal.
 *
 * @throws UserError when a value has a line break, which ENV cannot express
 * @example env({ LANG: 'C.UTF-8', PATH: template`/opt/app/bin:${ref('PATH')}` })
 */
export function env(values: Readonly<Record<string, Text>>): Env {
  return createInstruction({ instruction: 'ENV', pairs: pairs(values) }, env)
}

/**
 * LABEL: metadata of the image.
 *
 * @throws UserError when a value has a line break
 * @example label({ 'org.opencontainers.image.title': 'erlmcp' })
 */
export function label(values: Readonly<Record<string, Text>>): Label {
  return createInstruction({ instruction: 'LABEL', pairs: pairs(values) }, label)
}

function pairs(values: Readonly<Record<string, Text>>) {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value }))
}

/**
 * CMD: what the container runs, or the arguments of its ENTRYPOINT. Prefer a list of words.
 *
 * @example cmd(['foreground'])
 */
export function cmd(command: Command): Cmd {
  return createInstruction({ instruction: 'CMD', command }, cmd)
}

/**
 * ENTRYPOINT: the program of the container. Text runs in a shell, which receives the signals.
 *
 * @example entrypoint(['/opt/app/bin/start'])
 */
export function entrypoint(command: Command): Entrypoint {
  return createInstruction({ instruction: 'ENTRYPOINT', command }, entrypoint)
}

/**
 * HEALTHCHECK: how the engine checks the health of the container, or `'NONE'` to remove the check
 * of the base image.
 *
 * @throws UserError when an option is invalid
 * @example healthcheck(['/opt/app/bin/health'], { interval: '10s', 'start-period': '30s' })
 */
export function healthcheck(command: Command, options: HealthcheckOptions = {}): Healthcheck {
  const { flags } = instructions.HEALTHCHECK
  const set = resolveOptions<Partial<Healthcheck>>('healthcheck', flags, options, healthcheck)
  const node: Healthcheck = { instruction: 'HEALTHCHECK', command, ...set }
  return createInstruction(command === 'NONE' ? { instruction: 'HEALTHCHECK' } : node, healthcheck)
}

/**
 * EXPOSE: ports that the container listens on. None is published.
 *
 * @throws UserError when a port is invalid
 * @example expose(8080, '53/udp')
 */
export function expose(...ports: readonly (Port | Dynamic)[]): Expose {
  const texts = ports.map((port) => (typeof port === 'number' ? String(port) : port))
  for (const text of texts) {
    if (typeof text === 'string' && !isPort(text)) {
      throw new UserError({
        message: `EXPOSE: expected a port, got ${JSON.stringify(text)}`,
        hint: 'Write a port from 1 to 65535, such as 8080, 53/udp or 8000-8010.',
        origin: originOf(expose),
      })
    }
  }
  return createInstruction({ instruction: 'EXPOSE', ports: texts }, expose)
}

function isPort(text: string): boolean {
  const [ports = '', protocol = 'tcp', ...others] = text.split('/')
  const range = parsePortRange(ports)
  return range !== undefined && range[0] > 0 && protocols.has(protocol) && others.length === 0
}

/**
 * USER: the user of later instructions and of the container: `user`, `uid` or `uid:gid`.
 *
 * @example user('1000:1000')
 */
export function user(name: Text): User {
  return createInstruction({ instruction: 'USER', user: name }, user)
}

/**
 * WORKDIR: the working directory of later instructions, created where it is missing. Absolute.
 *
 * @example workdir('/build')
 */
export function workdir(path: AbsolutePath | Dynamic): Workdir {
  return createInstruction({ instruction: 'WORKDIR', path }, workdir)
}

/**
 * VOLUME: paths that get an anonymous volume where the container mounts nothing.
 *
 * @example volume('/var/lib/app')
 */
export function volume(...paths: readonly (AbsolutePath | Dynamic)[]): Volume {
  return createInstruction({ instruction: 'VOLUME', paths }, volume)
}

/**
 * STOPSIGNAL: the signal that stops the container. Default SIGTERM.
 *
 * @example stopsignal('SIGINT')
 */
export function stopsignal(signal: Signal | Dynamic): Stopsignal {
  const text = typeof signal === 'number' ? String(signal) : signal
  return createInstruction({ instruction: 'STOPSIGNAL', signal: text }, stopsignal)
}

/**
 * SHELL: the shell of the shell form of later instructions. Default `/bin/sh -c`.
 *
 * @example shell(['/bin/bash', '-euo', 'pipefail', '-c'])
 */
export function shell(command: readonly string[]): Shell {
  return createInstruction({ instruction: 'SHELL', command }, shell)
}

/**
 * ONBUILD: an instruction of a build that starts from this image.
 *
 * @throws UserError when it refers to a stage of this file, which that build does not have
 * @example onbuild(copy(['.'], '/app'))
 */
export function onbuild(trigger: Trigger & RefersToStages): Onbuild {
  const [stage] = trigger[STAGES] ?? []
  if (stage) {
    throw new UserError({
      message: `ONBUILD ${trigger.instruction} refers to stage ${stage.name}, which the later build does not have`,
      hint: 'Take them from an image or a named build context.',
      origin: originOf(onbuild),
    })
  }
  return createInstruction({ instruction: 'ONBUILD', trigger }, onbuild)
}
