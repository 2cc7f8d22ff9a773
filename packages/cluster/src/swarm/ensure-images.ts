import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { docker, lastLines, runDocker } from '@erlmcp/docker'
import type { StackFile } from './stack-file.ts'
import type { SwarmNode } from './swarm-nodes.ts'

/** An image, the services that run it, and what a node must be for them. */
interface Wanted {
  readonly image: string
  readonly services: readonly string[]
  readonly constraints: readonly string[]
}

/**
 * Makes sure that every node that may run a service can have its image: a registry has it, or the node
 * itself. A swarm would find that out task by task, and a node without it would reject them.
 *
 * What no registry has is asked of the nodes by a service for a moment, whose tasks cannot start:
 * whether that is for want of the image tells what is there. No program of the image runs.
 *
 * @returns whether all come from a registry
 * @throws UserError with the nodes that lack an image
 */
export async function ensureImages(
  file: StackFile,
  nodes: readonly SwarmNode[],
  root: string,
): Promise<boolean> {
  const wanted = wantedOf(file)
  const images = [...new Set(wanted.map(({ image }) => image))]
  const found = await Promise.all(images.map((image) => inRegistry(image, root)))
  const served = new Set(images.filter((_, at) => found[at]))
  const local = wanted.filter(({ image }) => !served.has(image))
  const lacking = await Promise.all(local.map((one) => nodesWithout(one, nodes, root)))
  const lines = local.flatMap(({ image, services }, at) => {
    const names = lacking[at]!
    if (names.length === 0) return []
    return [`${image}, for ${services.join(', ')}: not on ${names.join(', ')}`]
  })
  if (lines.length === 0) return local.length === 0
  throw new UserError({
    message: `no registry has these images, and nodes that may run them lack them:\n  ${lines.join('\n  ')}`,
    hint: 'Push them to a registry that all nodes reach, log in to it (docker login), and name it in `image`; or load them on each node (docker save, docker load).',
    kind: 'environment',
  })
}

function wantedOf({ services }: StackFile): readonly Wanted[] {
  const all = new Map<string, Wanted>()
  for (const [name, { image, deploy }] of Object.entries(services)) {
    if (image === undefined) continue
    const constraints = deploy?.placement?.constraints ?? []
    const key = JSON.stringify([image, constraints])
    const services = [...(all.get(key)?.services ?? []), name]
    all.set(key, { image, services, constraints })
  }
  return [...all.values()]
}

async function inRegistry(image: string, root: string): Promise<boolean> {
  return (
    (await runDocker(['manifest', 'inspect', image], { cwd: root, timeout: 20 })).exitCode === 0
  )
}

async function nodesWithout(
  { image, constraints, services }: Wanted,
  nodes: readonly SwarmNode[],
  root: string,
): Promise<readonly string[]> {
  const takers = nodes.filter(({ takesTasks }) => takesTasks)
  const name = `erlmcp-image-probe-${randomBytes(4).toString('hex')}`
  const created = await runDocker(
    [
      ...['service', 'create', '--detach', '--quiet', '--name', name, '--mode', 'global'],
      ...[
        '--restart-condition',
        'none',
        '--no-resolve-image',
        '--entrypoint',
        '/erlmcp-image-probe',
      ],
      ...constraints.flatMap((one) => ['--constraint', one]),
      image,
    ],
    { cwd: root, timeout: 30 },
  )
  if (created.exitCode !== 0) {
    throw new UserError({
      message: `docker service create refuses the image ${image}`,
      hint: lastLines(created.stderr),
    })
  }
  try {
    const lacking = await answersOf(name, takers, root)
    if (lacking) return lacking
    throw new UserError({
      message: `no node fits ${constraints.join(' and ') || 'any task'}, which ${services.join(', ')} must have`,
      hint: 'Give a node the label: docker node update --label-add data=true NODE. `docker node ls` lists them.',
      kind: 'environment',
    })
  } finally {
    await runDocker(['service', 'rm', name], { cwd: root, timeout: 30 })
  }
}

const ended = /^(?:Rejected|Failed|Complete|Shutdown|Running)/

/** Until each task has ended in one way or another. A node that pulls meanwhile has it in the end. */
async function answersOf(
  name: string,
  nodes: readonly SwarmNode[],
  root: string,
): Promise<readonly string[] | undefined> {
  const deadline = Date.now() + 120_000
  const format = '{{.Node}}\t{{.CurrentState}}\t{{.Error}}'
  for (let round = 0; ; round += 1) {
    const said = await docker(['service', 'ps', name, '--no-trunc', '--format', format], {
      cwd: root,
      timeout: 30,
    })
    const tasks = said
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t') as [node: string, state: string, error: string])
    const open = tasks.filter(([, state]) => !ended.test(state))
    // Tasks appear a moment after their service; where no node fits, none ever does.
    if (open.length === 0 && (tasks.length >= nodes.length || round >= 6)) {
      if (tasks.length === 0) return undefined
      return tasks.filter(([, , error]) => /No such image/.test(error)).map(([node]) => node)
    }
    if (Date.now() > deadline) return open.map(([node]) => node)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
