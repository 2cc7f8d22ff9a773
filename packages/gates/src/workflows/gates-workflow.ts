import { posix } from 'node:path'
import {
  checkOptions,
  type OptionKinds,
  ORIGIN,
  originOf,
  shellWord,
  UserError,
} from '@erlmcp/core'
import {
  always,
  deferred,
  type Expression,
  event,
  expr,
  hashFiles,
  type JobValue,
  job,
  type Machine,
  required,
  run,
  runner,
  text,
  uses,
  type WorkflowValue,
  workflow,
} from '@erlmcp/workflow'
import { type GateValue, neededBy, secondsOf } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { evidenceFolder } from '../paths.ts'
import { inProject, type SetupOptions, setup } from './setup.ts'

export interface GatesWorkflowOptions extends SetupOptions {
  /** Default: `.github/workflows/gates.yml`. */
  readonly path?: `.github/workflows/${string}`
  /** Branches whose pushes are judged; pull requests and merge queues always are. Default: `main`. */
  readonly branches?: readonly string[]
  /** Machine of the gates. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: Machine
}

const kinds: OptionKinds<GatesWorkflowOptions> = {
  path: 'text',
  branches: 'a list',
  node: 'text',
  install: 'text',
  'runs-on': 'anything',
}

const cacheFolder = '.erlmcp/cache'

/** The job to require. */
const last = 'gate'

/**
 * The workflow that runs gates: a job for each, in the order of what they need. Every job leaves its
 * evidence as an artifact, and a job that needs another's takes it from there. The job `gate` is the
 * one to require: it fails unless every gate is green, also when one was skipped.
 *
 * @throws UserError for a gate that is called like it, or an option that it does not have
 * @example
 * export default stack('app', [image, quality, gatesWorkflow(quality), compose(…)])
 */
export function gatesWorkflow({ gates }: Gates, options: GatesWorkflowOptions = {}): WorkflowValue {
  checkOptions('gatesWorkflow(…)', options, kinds, originOf(gatesWorkflow))
  const namesake = gates.find(({ name }) => name === last)
  if (namesake) {
    throw new UserError({
      what: `a gate is called ${last}, as the job that waits for all of them`,
      help: 'Give it another name.',
      origin: namesake[ORIGIN],
    })
  }
  const jobs = new Map<GateValue, JobValue>()
  for (const gate of gates) {
    jobs.set(
      gate,
      jobOf(
        gate,
        neededBy(gate).map((one) => jobs.get(one)!),
        options,
      ),
    )
  }
  return workflow(options.path ?? '.github/workflows/gates.yml', {
    name: 'Gates',
    on: {
      push: { branches: [...(options.branches ?? ['main'])] },
      pull_request: null,
      merge_group: null,
    },
    jobs: [required(last, [...jobs.values()] as [JobValue, ...JobValue[]], { name: last })],
  })
}

function jobOf(
  gate: GateValue,
  needs: readonly JobValue[],
  options: GatesWorkflowOptions,
): JobValue {
  const { name, spec } = gate
  const folder = `${evidenceFolder}/${name}`
  // Building the image and installing packages is not the gate's own time.
  const minutes = Math.ceil(secondsOf(spec.timeout) / 60) + 15
  return job(name, {
    name: `Gate ${name}`,
    'runs-on': options['runs-on'] ?? 'ubuntu-24.04',
    needs,
    'timeout-minutes': minutes,
    steps: [
      ...setup(options, spec.base ? 0 : undefined),
      uses('actions/cache', {
        name: 'PLTs and packages of earlier runs',
        with: {
          path: here(cacheFolder),
          key: deferred(
            ({ folder }) =>
              text`gate-${name}-${runner.os}-${hashFiles(posix.join(folder, 'Dockerfile'), posix.join(folder, 'rebar.lock'))}`,
          ),
        },
      }),
      ...(spec.takes ?? []).map((giver) =>
        uses('actions/download-artifact', {
          name: `Evidence of ${giver.name}`,
          with: { name: artifactOf(giver), path: here(`${evidenceFolder}/${giver.name}`) },
        }),
      ),
      runStep(gate),
      uses('actions/upload-artifact', {
        name: 'Keep the evidence',
        if: always(),
        with: {
          name: artifactOf(gate),
          path: here(folder),
          'include-hidden-files': true,
          'if-no-files-found': 'error',
        },
      }),
      uses('actions/upload-artifact', {
        name: 'Keep the report',
        if: always(),
        with: {
          name: `report-${name}`,
          path: here(`${evidenceFolder}/report.html`),
          'include-hidden-files': true,
          'if-no-files-found': 'error',
        },
      }),
    ],
  })
}

/** A path in the folder of the stack, from the root of the repository. */
function here(path: string) {
  return deferred(({ folder }) => posix.join(folder, path))
}

function artifactOf({ name }: GateValue): string {
  return `gate-${name}`
}

function runStep({ name, spec }: GateValue) {
  const line = deferred(({ erlmcp, stack }) => {
    const which = stack === '' ? '' : ` --stack ${stack}`
    const base = spec.base ? ' ${BASE:+--base "$BASE"}' : ''
    return `${erlmcp} gate run ${shellWord(name)}${which} --cache ${cacheFolder} --reuse${base}`
  })
  return run(line, {
    name: `Gate ${name}`,
    'working-directory': inProject,
    ...(spec.base && { env: { BASE: base() } }),
  })
}

/** What a pull request or merge group is compared with; nothing for a push. */
function base(): Expression {
  return expr`${event('pull_request.base.sha')} || ${event('merge_group.base_sha')}`
}
