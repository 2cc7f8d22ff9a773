import { posix } from 'node:path'
import { UserError } from '@erlmcp/core'
import {
  deferred,
  type Expression,
  event,
  expr,
  github,
  hashFiles,
  type JobValue,
  job,
  matrix,
  pin,
  pins,
  run,
  runner,
  type StepValue,
  secrets,
  type TextValue,
  text,
  uses,
} from '@erlmcp/workflow'
import { type GateValue, inOrder, neededBy, secondsOf } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { evidenceFolderOf } from '../paths.ts'
import type { GatesWorkflowOptions } from './gates-workflow-options.ts'
import { imageFile, imagesOfSets } from './image-job.ts'
import {
  atRoot,
  environmentOf,
  erlmcpCommand,
  inProject,
  inStackFolder,
  loginStep,
  machineOf,
  setup,
} from './setup.ts'

/** Gates that run in parallel, since none needs another. */
export interface Stage {
  readonly id: string
  readonly gates: readonly GateValue[]
}

/**
 * The stages of gates in topological order. A gate that builds runs in every job that needs it, so that
 * no stage waits for it. Gates that compare with a base are a stage of their own.
 */
export function stagesOf(gates: readonly GateValue[]): Stage[] {
  const depth = new Map<GateValue, number>()
  for (const gate of gates) {
    const before = neededBy(gate).filter(({ spec }) => !spec.builds)
    depth.set(gate, Math.max(-1, ...before.map((one) => depth.get(one)!)) + 1)
  }
  const stages = new Map<string, GateValue[]>()
  const deepest = Math.max(...depth.values())
  for (let level = 0; level <= deepest; level += 1) {
    for (const gate of gates) {
      if (depth.get(gate) !== level) continue
      const id = `gates${level > 0 ? `-${level + 1}` : ''}${gate.spec.base ? '-base' : ''}`
      stages.set(id, [...(stages.get(id) ?? []), gate])
    }
  }
  return [...stages].map(([id, members]) => ({ id, gates: members }))
}

export interface GateJobOptions extends GatesWorkflowOptions {
  /** Jobs that must succeed first. */
  readonly needs: readonly JobValue[]
}

const cacheFolder = '.erlmcp/cache'

/** The job of a stage, with a matrix of its gates in every set. */
export function gateJob(
  { id, gates }: Stage,
  sets: readonly Gates[],
  options: GateJobOptions,
): JobValue {
  const images = imagesOfSets(sets)
  const rows = sets.flatMap((set) =>
    gates.map((gate) => ({
      ...(sets.length > 1 && { set: set.name }),
      gate: gate.name,
      // Plus the time for loading the image and installing packages.
      minutes: Math.ceil(secondsOf(sameGate(set, gate).spec.timeout) / 60) + 15,
    })),
  )
  const each = matrix({ include: rows })
  const of = (each as { each: Readonly<Record<string, Expression>> }).each
  const set = of.set ?? sets[0]!.name
  const gate = of.gate!
  const compares = gates.some(({ spec }) => spec.base)
  return job(id, {
    name: sets.length > 1 ? text`Gate ${set}/${gate}` : text`Gate ${gate}`,
    'runs-on': machineOf(options),
    ...environmentOf(options),
    needs: options.needs,
    strategy: { matrix: each, 'fail-fast': false },
    'timeout-minutes': of.minutes!,
    steps: [
      ...setup(options, compares ? 0 : undefined),
      ...(options.login ? [loginStep(options.login.registry, options.login)] : []),
      uses('actions/download-artifact', {
        name: 'Download the image',
        with: {
          pattern: text`image.${set}.*`,
          path: 'images',
        },
      }),
      run(
        `find images -name ${imageFile} | while read -r image; do docker load --input "$image"; done
rm -r images`,
        { name: 'Load the image', 'working-directory': atRoot },
      ),
      ...evidenceSteps(gates, sets, set),
      ...secretSteps(sets, options),
      ...cachedRun(
        images.map(({ build }) => build.dockerfile),
        { set, gate, compares },
      ),
      uses('actions/upload-artifact', {
        name: 'Upload evidence and report',
        if: expr`!cancelled()`,
        with: {
          name: text`gate.${set}.${gate}`,
          path: deferred(({ folder }) => {
            const evidence = text`${folder === '' ? '' : `${folder}/`}${folderIn(sets, set)}`
            return text`${evidence}/${gate}
${evidence}/report.html`
          }),
          'include-hidden-files': true,
          'if-no-files-found': 'error',
        },
      }),
    ],
  })
}

/** Whether a gate of the stage `by` needs one of `stage`, directly or indirectly. */
export function isNeeded(stage: Stage, by: Stage): boolean {
  const all = inOrder(by.gates).filter(({ spec }) => !spec.builds)
  return stage !== by && stage.gates.some((one) => all.includes(one))
}

/** The gate with the same name in another set of the matrix. */
function sameGate(set: Gates, { name }: GateValue): GateValue {
  const found = set.gates.find((one) => one.name === name)
  if (found) return found
  throw new UserError({
    message: `gatesWorkflow(…): the set ${set.name} lacks the gate ${name} of another set`,
    hint: 'Use the same gates in all sets of a matrix, or one workflow for each set.',
  })
}

/** Folder of the evidence; in a matrix it depends on the set of the job. */
function folderIn(sets: readonly Gates[], set: Expression | string): TextValue | string {
  return sets.length > 1 ? text`.erlmcp/gates-${set}` : evidenceFolderOf(sets[0]!.name)
}

/** Downloads the evidence of earlier gates if a gate of the stage has inputs. */
function evidenceSteps(
  gates: readonly GateValue[],
  sets: readonly Gates[],
  set: Expression | string,
): StepValue[] {
  if (gates.every(({ spec }) => !spec.inputs?.length)) return []
  return [
    uses('actions/download-artifact', {
      name: 'Download the evidence of earlier gates',
      with: {
        pattern: text`gate.${set}.*`,
        path: inStackFolder(folderIn(sets, set)),
        'merge-multiple': true,
      },
    }),
  ]
}

/** Writes the secret files of the option, and creates those of the gates and their dependencies. */
function secretSteps(sets: readonly Gates[], options: GatesWorkflowOptions): StepValue[] {
  const { secrets: given = {} } = options
  const names = Object.entries(given)
  const init = options.secretsInit ?? sets.some(hasSecrets)
  const write = names.map(([file], index) => `printf %s "$SECRET_${index + 1}" >${quoteText(file)}`)
  return [
    ...(names.length > 0
      ? [
          run(['umask 077', 'mkdir -p secrets', 'cd secrets', ...write, ''].join('\n'), {
            name: 'Write the secrets',
            env: Object.fromEntries(
              names.map(([, name], index) => [`SECRET_${index + 1}`, secrets(name)]),
            ),
          }),
        ]
      : []),
    ...(init
      ? [
          run(
            erlmcpCommand((stack) => `secrets init${stack === '' ? '' : ` ${stack}`}`),
            { name: 'Create the secrets', 'working-directory': inProject },
          ),
        ]
      : []),
  ]
}

function quoteText(file: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(file)) return file
  throw new UserError({
    message: `gatesWorkflow(…): invalid name of a secret file ${JSON.stringify(file)}`,
    hint: "Use the name of the secret in the stack: { 'hex-key': 'HEX_KEY' }.",
  })
}

function hasSecrets({ services }: Gates): boolean {
  type Node = Gates['services'][number]
  const seen = new Set<Node>()
  const visit = (one: Node): boolean => {
    if (seen.has(one)) return false
    seen.add(one)
    const needed = (one.spec.depends_on ?? []).map((it) =>
      it.kind === 'service' ? it : it.service,
    )
    return (one.spec.secrets ?? []).length > 0 || needed.some(visit)
  }
  return services.some(visit)
}

interface CachedRun {
  readonly set: Expression | string
  readonly gate: Expression
  readonly compares: boolean
}

/**
 * The gate, between two steps that restore and save its cache. A failed run saves under its own key: its
 * PLT is worth keeping, while the plain key remains for a run that passed.
 */
function cachedRun(
  dockerfiles: readonly string[],
  { set, gate, compares }: CachedRun,
): StepValue[] {
  const { tag, sha } = pins['actions/cache']
  const files = [...new Set([...dockerfiles, 'rebar.lock'])]
  const prefix = text`gate.${set}.${gate}.${runner.os}-${runner.arch}-`
  const keyIn = (folder: string) => {
    const [first, ...others] = files.map((file) => posix.join(folder, file))
    return text`${prefix}${hashFiles(first!, ...others)}`
  }
  const restore = uses(pin('actions/cache/restore', tag, sha), {
    id: 'cache',
    outputs: ['cache-hit'],
    name: 'Restore the caches',
    with: {
      path: inStackFolder(cacheFolder),
      key: deferred(({ folder }) => keyIn(folder)),
      'restore-keys': deferred(
        ({ folder }) => text`${keyIn(folder)}
${prefix}`,
      ),
    },
  })
  const command = erlmcpCommand((stack) => {
    const which = stack === '' ? '' : ` --stack ${stack}`
    const against = compares ? ' ${BASE:+--base "$BASE"}' : ''
    return `gate run "$GATE" --set "$SET"${which} --no-build --cache ${cacheFolder} --reuse${against}`
  })
  const suffix = expr`job.status != ${'success'} && format(${'-failed-{0}'}, ${github.run_id}) || ${''}`
  return [
    restore,
    run(command, {
      name: text`Gate ${gate}`,
      'working-directory': inProject,
      env: { GATE: gate, SET: set, ...(compares && { BASE: base() }) },
    }),
    uses(pin('actions/cache/save', tag, sha), {
      name: 'Save the caches',
      if: expr`!cancelled() && ${restore.outputs['cache-hit']} != ${'true'}`,
      with: {
        path: inStackFolder(cacheFolder),
        key: deferred(({ folder }) => text`${keyIn(folder)}${suffix}`),
      },
    }),
  ]
}

/** The base of a pull request or merge group; empty for a push. */
function base(): Expression {
  return expr`${event('pull_request.base.sha')} || ${event('merge_group.base_sha')}`
}
