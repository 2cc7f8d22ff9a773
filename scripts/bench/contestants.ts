import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { benchService, content, type Variant } from './content.ts'

/** Says that a stage is over. What follows is the next one. */
export type Lap = (stage: string) => void

/** Turns N services into the text of a compose file. */
type Make = (count: number, variant: Variant, lap: Lap) => string

/** Loads its library, which is not measured: `pnpm bench` measures loading with the command. */
export type Contestant = (scratch: string) => Promise<Make>

export const printed = 'erlmcp, printed'
export const checked = 'erlmcp, checked and printed'
export const json = 'JSON.stringify'
export const jsYaml = 'js-yaml'

export const contestants: Readonly<Record<string, Contestant>> = {
  [json]: async () => (count, variant, lap) => {
    const data = content(count, variant)
    lap('values')
    return JSON.stringify(data, null, 2)
  },

  [jsYaml]: async () => {
    const { dump } = await import('js-yaml')
    return (count, variant, lap) => {
      const data = content(count, variant)
      lap('values')
      return dump(data, { noRefs: true })
    }
  },

  yaml: async () => {
    const { stringify } = await import('yaml')
    return (count, variant, lap) => {
      const data = content(count, variant)
      lap('values')
      return stringify(data, { aliasDuplicateObjects: false })
    }
  },

  // projen models 12 keys of a service; the others go through overrides. It always writes a file.
  projen: async (scratch) => {
    const { DockerCompose, Project } = await import('projen')
    return (count, variant) => {
      const project = new Project({ name: 'bench', outdir: scratch })
      const compose = new DockerCompose(project, { nameSuffix: 'bench' })
      const path = 'docker-compose.bench.yml'
      const file = project.tryFindObjectFile(path)
      if (!file) throw new Error(`projen made no ${path}`)
      const { services, networks } = content(count, variant)
      for (const [name, service] of Object.entries(services)) {
        const { image, command, environment, ...rest } = service
        compose.addService(name, { image, command, environment })
        for (const [key, value] of Object.entries(rest)) {
          file.addOverride(`services.${name}.${key}`, value)
        }
      }
      file.addOverride('networks', networks)
      file.synthesize()
      return readFileSync(join(scratch, path), 'utf8')
    }
  },

  [printed]: async () => {
    const values = await import('@erlmcp/compose')
    return (count, variant, lap) => {
      const services = makeServices(values, count, variant)
      lap('values')
      const [document] = values.compose('compose.yaml', services).documents({ stack: 'bench' })
      lap('document')
      return document!.format.print(document!.data, [])
    }
  },

  [checked]: async () => {
    const values = await import('@erlmcp/compose')
    // The rules, which the first check would load.
    await import('@erlmcp/compose/lint')
    const { stack, synthesize } = await import('@erlmcp/core')
    return (count, variant, lap) => {
      const services = makeServices(values, count, variant)
      lap('values')
      const source = values.compose('compose.yaml', services)
      const { artifacts, diagnostics } = synthesize(stack('bench', [source]))
      const expected = variant === 'clean' ? 0 : count
      if (diagnostics.length !== expected) {
        throw new Error(`${diagnostics.length} diagnostics instead of ${expected}`)
      }
      return artifacts.find(({ path }) => path === 'compose.yaml')!.text
    }
  },
}

function makeServices(
  { network, service }: typeof import('@erlmcp/compose'),
  count: number,
  variant: Variant,
) {
  const networks = [network('backend', { driver: 'bridge' })]
  return Array.from({ length: count }, (_, n) =>
    service(`service-${n}`, benchService(n, variant, networks)),
  )
}
