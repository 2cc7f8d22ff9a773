import type { Command, Option } from '../command.ts'
import { json, out, stackFile } from './options.ts'

const name: Option = {
  name: 'name',
  value: 'NAME',
  hint: 'name of the stack in the swarm. Default: that in stack.ts',
}

const wait: Option = {
  name: 'wait',
  value: 'SECONDS',
  hint: 'how long the services may take. Default: 600',
}

/** Stacks of a swarm, on the manager that the docker command reaches. */
export const swarm: readonly Command[] = [
  {
    words: ['swarm', 'deploy'],
    summary: 'deploy the stack file, and say no when a service does not run or goes back',
    options: [
      { name: 'file', value: 'FILE', hint: 'the stack file. Default: docker-compose.swarm.yml' },
      name,
      wait,
      out,
      json,
    ],
    run: async (...given) => (await import('../commands/swarm.ts')).swarmDeploy(...given),
  },
  {
    words: ['swarm', 'status'],
    summary: 'list the services that run, and say no when one is not as it should be',
    options: [name, out, json],
    run: async (...given) => (await import('../commands/swarm.ts')).swarmStatus(...given),
  },
  {
    words: ['swarm', 'rollback'],
    summary: 'take services back to what they were before their last update',
    operands: { takes: 'any', words: '[SERVICE…]' },
    options: [stackFile, name, wait, out, json],
    run: async (...given) => (await import('../commands/swarm.ts')).swarmRollback(...given),
  },
]
