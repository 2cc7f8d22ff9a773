import { originOf, UserError } from '@erlmcp/core'
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
import type { Command, Text } from '../schema/text.ts'
import { createInstruction } from './create-instruction.ts'
import type { AbsolutePath, Dynamic, Port, Signal } from './literal-types.ts'
import type { HealthcheckOptions } from './options.gen.ts'
import { type RefersToStages, STAGES } from './reference.ts'

/**
 * ARG: a variable that whoever builds may set. One before the first FROM goes into the `args` of
 * the file; a stage that uses it declares it again, without a default.
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
 * @throws UserError when a value has a line break, for which ENV has no notation.
 * @example env({ LANG: 'C.UTF-8', PATH: template`/opt/app/bin:${ref('PATH')}` })
 */
export function env(values: Readonly<Record<string, Text>>): Env {
  return createInstruction({ instruction: 'ENV', pairs: pairs(values) }, env)
}

/**
 * LABEL: metadata of the image.
 *
 * @throws UserError when a value has a line break.
 * @example label({ 'org.opencontainers.image.title': 'erlmcp' })
 */
export function label(values: Readonly<Record<string, Text>>): Label {
  return createInstruction({ instruction: 'LABEL', pairs: pairs(values) }, label)
}

function pairs(values: Readonly<Record<string, Text>>) {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value }))
}

/** CMD: what the container runs, or the arguments of its ENTRYPOINT. Prefer a list of words. */
export function cmd(command: Command): Cmd {
  return createInstruction({ instruction: 'CMD', command }, cmd)
}

/**
 * ENTRYPOINT: the program of the container. As text it runs below a shell, which takes its signals.
 *
 * @example entrypoint(['/opt/app/bin/start'])
 */
export function entrypoint(command: Command): Entrypoint {
  return createInstruction({ instruction: 'ENTRYPOINT', command }, entrypoint)
}

/**
 * HEALTHCHECK: how the engine asks whether the container is well, or `'NONE'` to drop the check of
 * the base image.
 *
 * @example healthcheck(['/opt/app/bin/health'], { interval: '10s', 'start-period': '30s' })
 */
export function healthcheck(command: Command, options: HealthcheckOptions = {}): Healthcheck {
  const node = { instruction: 'HEALTHCHECK' as const }
  return createInstruction(
    command === 'NONE' ? node : { ...node, command, ...options },
    healthcheck,
  )
}

/** EXPOSE: ports that the container listens on. It publishes none. */
export function expose(...ports: readonly (Port | Dynamic)[]): Expose {
  const texts = ports.map((port) => (typeof port === 'number' ? String(port) : port))
  for (const text of texts) {
    if (typeof text === 'string' && !isPort(text)) {
      throw new UserError({
        message: `EXPOSE ${JSON.stringify(text)} is no port`,
        hint: 'Write a port from 1 to 65535, as 8080, 53/udp or 8000-8010.',
        origin: originOf(expose),
      })
    }
  }
  return createInstruction({ instruction: 'EXPOSE', ports: texts }, expose)
}

function isPort(text: string): boolean {
  const match = /^(\d+)(?:-(\d+))?(?:\/(?:tcp|udp|sctp))?$/.exec(text)
  if (!match) return false
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
  return first >= 1 && first <= last && last <= 65_535
}

/** USER: who runs what follows, and the container: `user`, `uid` or `uid:gid`. */
export function user(name: Text): User {
  return createInstruction({ instruction: 'USER', user: name }, user)
}

/** WORKDIR: the directory of what follows, made where it is missing. Absolute. */
export function workdir(path: AbsolutePath | Dynamic): Workdir {
  return createInstruction({ instruction: 'WORKDIR', path }, workdir)
}

/** VOLUME: paths that get an anonymous volume where a container mounts none. */
export function volume(...paths: readonly (AbsolutePath | Dynamic)[]): Volume {
  return createInstruction({ instruction: 'VOLUME', paths }, volume)
}

/** STOPSIGNAL: what the engine sends to stop the container. Default SIGTERM. */
export function stopsignal(signal: Signal | Dynamic): Stopsignal {
  const text = typeof signal === 'number' ? String(signal) : signal
  return createInstruction({ instruction: 'STOPSIGNAL', signal: text }, stopsignal)
}

/** SHELL: what the shell form of the following instructions runs in. Default `/bin/sh -c`. */
export function shell(command: readonly string[]): Shell {
  return createInstruction({ instruction: 'SHELL', command }, shell)
}

/**
 * ONBUILD: an instruction for the build that starts from this image.
 *
 * @throws UserError when it refers to a stage of this file, which that build does not have.
 * @example onbuild(copy(['.'], '/app'))
 */
export function onbuild(trigger: Trigger & RefersToStages): Onbuild {
  const [stage] = trigger[STAGES] ?? []
  if (stage) {
    throw new UserError({
      message: `ONBUILD ${trigger.instruction} takes files from stage ${stage.name}, which the later build does not have`,
      hint: 'Take them from an image or a named build context.',
      origin: originOf(onbuild),
    })
  }
  return createInstruction({ instruction: 'ONBUILD', trigger }, onbuild)
}
