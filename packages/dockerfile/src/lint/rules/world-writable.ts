import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const worldWritable: Rule<Dockerfile> = {
  id: 'dockerfile/world-writable',
  kind: 'insecure',
  summary: 'World-writable files',
  why: 'Any process of the container can change the program that the next start runs.',
  hint: 'Give the files to the user that writes them, with mode 0755 or less.',
  references: ['CIS Docker 4.8'],
  bad: example({ instruction: 'RUN', command: 'chmod -R 777 /opt/app' }),
  good: example({ instruction: 'RUN', command: 'chmod 0755 /opt/app' }),
  *check({ data }) {
    for (const { path, argv } of eachCommand(data)) {
      if (argv[0] !== 'chmod' || !argv.some((word) => /^0?[0-7]{2}[2367]$|^[ao]\+\w*w/.test(word)))
        continue
      yield { path, message: `${argv.join(' ')} lets every user write` }
    }
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      const mode = node.chmod === undefined ? undefined : literalOf(node.chmod)
      if (mode === undefined || !/^0?[0-7]{2}[2367]$/.test(mode)) continue
      yield { path: [...path, 'chmod'], message: `mode ${mode} lets every user write` }
    }
  },
}
