import { type BuildVariable, UserError } from '@erlmcp/core'
import {
  type JobValue,
  job,
  matrix,
  run,
  type StepValue,
  secrets,
  type TextValue,
  text,
  uses,
} from '@erlmcp/workflow'
import type { Gates } from '../gates.ts'
import { imageOf } from '../service-image.ts'
import type { GatesWorkflowOptions } from './gates-workflow-options.ts'
import { environmentOf, inStackFolder, loginStep, machineOf } from './setup.ts'

/** File of the image in its artifact. */
export const imageFile = 'image.tar'

/**
 * The images that a workflow builds, by set. The name of a set has no dot, so the pattern of a set never
 * matches an artifact of another.
 */
export function imagesOfSets(sets: readonly Gates[]) {
  return sets.flatMap((set) => {
    const built = [...new Map(set.services.map(imageOf).map((one) => [one.image, one])).values()]
    return built.flatMap(({ image, build }, index) =>
      build ? [{ set: set.name, artifact: `image.${set.name}.${index + 1}`, image, build }] : [],
    )
  })
}

/** The job that builds the image once for all gates, with the layer cache of the branch. */
export function imageJob(sets: readonly Gates[], options: GatesWorkflowOptions): JobValue {
  const images = imagesOfSets(sets)
  if (images.length === 0) {
    throw new UserError({
      message: 'gatesWorkflow(…): the services of the gates build no image',
      hint: 'Pass a built image to gates(…): { image: image.tools }.',
    })
  }
  const rows = images.map(({ artifact, image, build }) => ({
    artifact,
    image,
    context: build.context,
    file: build.dockerfile,
    target: build.target ?? '',
    args: argumentsOf(build.args),
  }))
  const several = rows.length > 1 ? matrix({ include: rows }) : undefined
  const { artifact, image, context, file, target, args } = several?.each ?? rows[0]!
  return job('image', {
    name: several ? text`Image ${image}` : 'Image',
    'runs-on': machineOf(options),
    ...environmentOf(options),
    ...(several && { strategy: { matrix: several, 'fail-fast': false } }),
    'timeout-minutes': 45,
    steps: [
      uses('actions/checkout'),
      ...(options.login ? [loginStep(options.login.registry, options.login)] : []),
      ...(options.ssh === undefined ? [] : [agentStep(options.ssh)]),
      uses('docker/setup-buildx-action'),
      uses('docker/build-push-action', {
        name: 'Build the image of the gates',
        with: {
          context: inStackFolder(context),
          file: inStackFolder(file),
          ...(target !== '' && { target }),
          tags: image,
          ...(args !== '' && { 'build-args': args }),
          outputs: `type=docker,dest=${imageFile}`,
          provenance: false,
          'cache-from': text`type=gha,scope=${artifact}`,
          'cache-to': text`type=gha,scope=${artifact},mode=max,ignore-error=true`,
          ...(options.buildSecrets && { secrets: secretLines(options.buildSecrets) }),
          ...(options.ssh !== undefined && { ssh: 'default' }),
        },
      }),
      uses('actions/upload-artifact', {
        name: 'Upload the image',
        with: {
          name: artifact,
          path: imageFile,
          'if-no-files-found': 'error',
          'compression-level': 1,
          'retention-days': 1,
        },
      }),
    ],
  })
}

/** Without variables: their defaults are in the Dockerfile. */
function argumentsOf(args: Readonly<Record<string, string | BuildVariable>> = {}): string {
  return Object.entries(args)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

function secretLines(names: Readonly<Record<string, string>>): TextValue {
  return Object.entries(names).reduce(
    (lines: TextValue | undefined, [id, name]) =>
      lines === undefined
        ? text`${id}=${secrets(name)}`
        : text`${lines}
${id}=${secrets(name)}`,
    undefined,
  ) as TextValue
}

/** The key is in the memory of the agent only. */
function agentStep(secret: string): StepValue {
  return run(
    `eval "$(ssh-agent -s)"
ssh-add - <<<"$KEY"
echo "SSH_AUTH_SOCK=$SSH_AUTH_SOCK" >>"$GITHUB_ENV"
`,
    { name: 'Add the SSH key of private dependencies', env: { KEY: secrets(secret) } },
  )
}
