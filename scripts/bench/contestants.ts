import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { benchService, content } from './content.ts'

/** Turns N services into the text of a compose file. Loading its library is not measured. */
export type Contestant = (scratch: string) => Promise<(count: number) => string>

export const contestants: Readonly<Record<string, Contestant>> = {
  'JSON.stringify': async () => (count) => JSON.stringify(content(count), null, 2),

  'js-yaml': async () => {
    const { dump } = await import('js-yaml')
    return (count) => dump(content(count), { noRefs: true })
  },

  yaml: async () => {
    const { stringify } = await import('yaml')
    return (count) => stringify(content(count))
  },

  // projen models 12 keys of a service; the others go through overrides. It always writes a file.
  projen: async (scratch) => {
    const { DockerCompose, Project } = await import('projen')
    return (count) => {
      const project = new Project({ name: 'bench', outdir: scratch })
      const compose = new DockerCompose(project, { nameSuffix: 'bench' })
      const path = 'docker-compose.bench.yml'
      const file = project.tryFindObjectFile(path)
      if (!file) throw new Error(`projen made no ${path}`)
      for (const [name, service] of Object.entries(content(count).services)) {
        const { image, command, environment, ...rest } = service
        compose.addService(name, { image, command, environment })
        for (const [key, value] of Object.entries(rest)) {
          file.addOverride(`services.${name}.${key}`, value)
        }
      }
      file.synthesize()
      return readFileSync(join(scratch, path), 'utf8')
    }
  },

  'erlmcp, printed': async () => {
    const { compose, service } = await import('@erlmcp/compose')
    return (count) => {
      const services = Array.from({ length: count }, (_, n) =>
        service(`service-${n}`, benchService(n)),
      )
      const [document] = compose('compose.yaml', services).documents({ stack: 'bench' })
      return document!.format.print(document!.data, [])
    }
  },

  'erlmcp, checked and printed': async () => {
    const { compose, service } = await import('@erlmcp/compose')
    const { stack, synthesize } = await import('@erlmcp/core')
    return (count) => {
      const services = Array.from({ length: count }, (_, n) =>
        service(`service-${n}`, benchService(n)),
      )
      const { artifacts } = synthesize(stack('bench', [compose('compose.yaml', services)]))
      return artifacts.find(({ path }) => path === 'compose.yaml')!.text
    }
  },
}
