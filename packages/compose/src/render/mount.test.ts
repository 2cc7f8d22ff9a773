import { stack, synthesize, textFile } from '@erlmcp/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ComposeFile, Mount } from '../document.ts'
import { compose, config, mount, service, volume } from '../index.ts'
import { resolve } from '../model/resolve.ts'

function fileWith(spec: Parameters<typeof service>[1]): ComposeFile {
  const web = service('web', { image: 'nginx:1.29', ...spec })
  const { artifacts } = synthesize(stack('shop', [compose('deploy/compose.yaml', [web])]))
  return parse(artifacts.find(({ path }) => path === 'deploy/compose.yaml')!.text)
}

const name = fc.stringMatching(/^[a-z$(){}_:-]{1,12}$/)

it('a path is literal in every mount: a dollar is a dollar', () => {
  fc.assert(
    fc.property(name, name, (from, to) => {
      const text = textFile(`conf/${from}`, '')
      const { services, configs } = fileWith({
        volumes: [
          mount(volume('data'), `/data/${to}`),
          mount(`./${from}`, `/host/${to}`),
          mount(text, `/made/${to}`),
        ],
        configs: [config('c', { document: text })],
      })
      const mounts = services!.web!.volumes as readonly Mount[]
      expect(mounts.map(({ target }) => resolve(target))).toEqual([
        `/data/${to}`,
        `/host/${to}`,
        `/made/${to}`,
      ])
      expect(mounts.slice(1).map(({ source }) => resolve(source))).toEqual([
        `./${from}`,
        `../conf/${from}`,
      ])
      expect(resolve(configs!.c!.file)).toBe(`../conf/${from}`)
    }),
  )
})
