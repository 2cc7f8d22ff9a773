import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isTypeScript } from '../../model/dialect.ts'
import { eachService } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'

export const healthcheckNotSet: Rule<ComposeFile> = {
  id: 'compose/healthcheck-not-set',
  kind: 'breaks',
  severity: 'note',
  summary: 'No healthcheck',
  why: 'A process that hangs counts as running: no service waits for it, and it is not replaced.',
  hint: 'Add a healthcheck.',
  references: ['CIS Docker 5.27', 'KICS "Healthcheck Not Set"'],
  bad: { services: { db: { image: 'postgres:17' } } },
  good: {
    services: {
      migration: { image: 'app:1', command: ['migrate'] },
      db: {
        image: 'postgres:17',
        healthcheck: { test: ['CMD', 'psql', '-c', 'select 1'] },
        depends_on: { migration: { condition: 'service_completed_successfully' } },
      },
    },
  },
  *check({ data }) {
    const jobs = new Set(
      eachService(data)
        .flatMap(({ waits }) =>
          waits.filter(({ condition }) => condition === 'service_completed_successfully'),
        )
        .map(({ on }) => on),
    )
    for (const { name, service, path, image } of eachService(data)) {
      // The exit code of a job is its result.
      if (jobs.has(name)) continue
      // The Dockerfile of a build may define one.
      if (service.build || service.healthcheck?.test !== undefined) continue
      const off = service.healthcheck?.disable === true
      const known = knownImage(image)
      if (!off && known?.hasHealthcheck) continue
      yield {
        path: off ? [...path, 'healthcheck'] : path,
        message: `${name} has no healthcheck`,
        ...(known?.health && {
          hint: `Write healthcheck: { test: ${written(known.health, data)} }.`,
        }),
      }
    }
  },
}

/** The command in the author's language: in a compose file a dollar is written twice. */
function written(command: readonly string[], file: ComposeFile): string {
  const text = JSON.stringify(command)
  return isTypeScript(file) ? text : text.replaceAll('$', '$$$$')
}
