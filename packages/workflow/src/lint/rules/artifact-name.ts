import type { Rule } from '@erlmcp/core'
import { scan } from '../../expression/scan.ts'
import { inputOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

const upload = (name: string) =>
  withSteps({ uses: `actions/upload-artifact@${commit}`, with: { name, path: '_build' } })

const actions = new Set(['actions/upload-artifact', 'actions/upload-artifact/merge'])

export const artifactName: Rule<WorkflowFile> = {
  id: 'workflow/artifact-name',
  kind: 'breaks',
  summary: 'Artifact name with an invalid character',
  why: 'The upload fails at the end of the job.',
  hint: "Use letters, digits, dots and dashes, as in name: 'build-linux'.",
  references: ['actions/toolkit artifact, path-and-artifact-name-validation'],
  bad: upload('build/linux'),
  good: upload('build-${{ matrix.os }}'),
  *check({ data }) {
    for (const place of usesOf(data)) {
      const name = inputOf(place, 'name')
      if (!actions.has(place.uses.action) || typeof name !== 'string') continue
      // Without an archive the name is that of the file.
      if (String(inputOf(place, 'archive')) === 'false') continue
      const texts = scan(name).flatMap((piece) => (piece.kind === 'text' ? piece.text : []))
      const [bad] = /[":<>|*?\r\n\\/]/.exec(texts.join('')) ?? []
      if (bad === undefined) continue
      const message = `invalid character ${JSON.stringify(bad)} in the artifact name ${name}`
      yield { path: [...place.path, 'with', 'name'], message }
    }
  },
}
