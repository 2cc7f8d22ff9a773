import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { docker, lastLines, runDocker } from '@erlmcp/docker'
import type { StackFile } from './stack-file.ts'
import type { SwarmNode } from './swarm-nodes.ts'

/** An image, the services that run it, and their placement constraints. */
interface RequiredImage {
  readonly image: string
  readonly services: readonly string[]
  readonly constraints: readonly string[]
}

/**
 * Validates that every node that may run a service can get its image, from a registry or its own store. A
 * swarm would reject task after task otherwise.
 *
 * An image that is in no registry is looked up on the nodes by a short-lived probe service. Its
 * entrypoint does not exist, so that no program of the image runs: the error of each task tells whether
 * the image is there.
 *
 * @returns whether all images come from a registry
 * @throws UserError with the nodes that lack an image
 */
export async function ensureImages(
  file: StackFile,
  nodes: readonly SwarmNode[],
  root: string,
): Promise<boolean> {
  const wanted = requiredImages(file)
  const images = [...new Set(wanted.map(({ image }) => image))]
  const found = await Promise.all(images.map((image) => isInRegistry(image, root)))
  const served = new Set(images.filter((_, at) => found[at]))
  const local = wanted.filter(({ image }) => !served.has(image))
  const lacking = await Promise.all(local.map((one) => findNodesWithout(one, nodes, root)))
  const lines = local.flatMap(({ image, services }, at) => {
    const names = lacking[at]!
    if (names.length === 0) return []
    return [`${image}, for ${services.join(', ')}: not on ${names.join(', ')}`]
  })
  if (lines.length === 0) return local.length === 0
  throw new UserError({
    message: `images that are neither in a registry nor on the nodes that may run them:\n  ${lines.join('\n  ')}`,
    hint: 'Push them to a registry that all nodes reach, log in (docker login), and name it in `image`; or load them on each node (docker save, docker load).',
    kind: 'environment',
  })
}

function requiredImages({ services }: StackFile): readonly RequiredImage[] {
  const all = new Map<string, RequiredImage>()
  for (const [name, { image, deploy }] of Object.entries(services)) {
    if (image === undefined) continue
    const constraints = deploy?.placement?.constraints ?? []
    const key = JSON.stringify([image, constraints])
    const services = [...(all.get(key)?.services ?? []), name]
    all.set(key, { image, services, constraints })
  }
  return [...all.values()]
}

async function isInRegistry(image: string, root: string): Promise<boolean> {
  return (
    (await runDocker(['manifest', 'inspect', image], { cwd: root, timeout: 20 })).exitCode === 0
  )
}

async function findNodesWithout(
  { image, constraints, services }: RequiredImage,
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
      message: `docker service create of a probe for ${image} failed`,
      hint: lastLines(created.stderr),
    })
  }
  try {
    const lacking = await readProbe(name, takers, root)
    if (lacking) return lacking
    throw new UserError({
      message: `no node matches ${constraints.join(' and ') || 'any task'} of ${services.join(', ')}`,
      hint: 'Label a node: docker node update --label-add data=true NODE. List the nodes with `docker node ls`.',
      kind: 'environment',
    })
  } finally {
    await runDocker(['service', 'rm', name], { cwd: root, timeout: 30 })
  }
}

const ended = /^(?:Rejected|Failed|Complete|Shutdown|Running)/

/** Waits until each task has ended. A node that pulls the image meanwhile has it then. */
async function readProbe(
  name: string,
  nodes: readonly SwarmNode[],
  root: string,
): Promise<readonly string[] | undefined> {
  const deadline = Date.now() + 120_000
  const format = '{{.Node}}\t{{.CurrentState}}\t{{.Error}}'
  for (let round = 0; ; round += 1) {
    const reply = await docker(['service', 'ps', name, '--no-trunc', '--format', format], {
      cwd: root,
      timeout: 30,
    })
    const tasks = reply
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t') as [node: string, state: string, error: string])
    const open = tasks.filter(([, state]) => !ended.test(state))
    // Tasks are created a moment after their service; where no node matches, none is.
    if (open.length === 0 && (tasks.length >= nodes.length || round >= 6)) {
      if (tasks.length === 0) return undefined
      return tasks.filter(([, , error]) => /No such image/.test(error)).map(([node]) => node)
    }
    if (Date.now() > deadline) return open.map(([node]) => node)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
