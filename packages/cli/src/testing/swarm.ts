import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { folder, put, read, shell } from './project.ts'

const image = (tag: string) => ({ ContainerSpec: { Image: `shop:${tag}` } })
/** A service with two tasks of version 1.1, which was at 1.0 before. */
export const service = {
  ID: 's1',
  Spec: { Name: 'shop_app', TaskTemplate: image('1.1') },
  PreviousSpec: { TaskTemplate: image('1.0') },
  UpdateStatus: {},
}
export const task = (ID: string, tag = '1.1', State = 'running') => ({
  ...{ ID, ServiceID: 's1', NodeID: 'n1', Slot: 1, CreatedAt: `2026-11-27T00:00:0${ID.at(-1)}Z` },
  ...{ DesiredState: State === 'running' ? 'running' : 'shutdown', Spec: image(tag) },
  Status: State === 'failed' ? { State, Err: 'task: non-zero exit (7)' } : { State },
})
export const well = { services: [service], tasks: [task('t1'), task('t2')] }

/** What docker says and does: for words, as patterns of the shell, a line of shell. */
export type Answers = Readonly<Record<string, string>>

export interface Swarm {
  readonly services?: readonly object[]
  readonly tasks?: readonly object[]
  /** Where it does something else than a swarm in which all is well. */
  readonly but?: Answers
}

/** Runs a verb beside a docker that reaches the manager of a swarm with one node. */
export function swarm(
  words: string,
  { services = well.services, tasks = well.tasks, but = {} }: Swarm = {},
) {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  put('services.json', JSON.stringify(services))
  put('tasks.json', JSON.stringify(tasks))
  const answers: Answers = {
    'info *': `echo '{"LocalNodeState":"active","ControlAvailable":true}'`,
    'node ls *.Status*': 'echo n1 Ready Active engine1',
    'node ls *': 'echo n1 engine1',
    'stack config *': `echo '{"services":{"app":{"image":"registry.example/shop:1.1"}}}'`,
    'stack services *': services.length > 0 ? 'echo s1 2/2' : 'true',
    'service inspect *': 'cat services.json',
    'service ps *': `printf '%s\\n' t1 t2`,
    'inspect --type task *': 'cat tasks.json',
    'service logs *': 'echo out of memory',
    '*': 'true',
  }
  const cases = [...Object.entries(but), ...Object.entries(answers)].map(
    ([words, does]) => `${words.replaceAll(' ', "' '")}) ${does} ;;`,
  )
  put('bin/docker', `#!/bin/sh\necho "$*" >>calls\ncase "$*" in\n${cases.join('\n')}\nesac\n`)
  chmodSync(join(folder, 'bin/docker'), 0o755)
  return shell(`PATH="$PWD/bin:$PATH" erlmcp swarm ${words}`)
}

/** What docker was asked, a line each. */
export const calls = () => (existsSync(join(folder, 'calls')) ? read('calls') : '')
