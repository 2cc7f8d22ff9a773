import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { eachService, type Place, servicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'

// Commands of migration tools, which exit when they are done.
const migration =
  /(?:^|[\s/;&"'])(?:alembic upgrade|flyway (?:[^;&]* )?migrate|liquibase (?:[^;&]* )?update|prisma (?:migrate deploy|db push)|sequelize(?:-cli)? db:migrate|knex migrate:latest|typeorm migration:run|rails db:(?:migrate|setup|prepare|seed)|rake db:(?:migrate|setup|seed)|manage\.py (?:migrate|collectstatic)|artisan migrate|doctrine:migrations:migrate|mix ecto\.(?:migrate|setup|create)|dbmate (?:[^;&]* )?up|goose (?:[^;&]* )?up|ef database update)\b[^;&|]*["']?$/

export const jobRestarts: Rule<ComposeFile> = {
  id: 'compose/job-restarts',
  kind: 'breaks',
  severity: 'warning',
  summary: 'One-off job with a restart policy',
  why: 'The job runs again and again, and services that wait for its completion never start.',
  hint: "Write `restart: 'no'`, or make it a `job` instead of a `service`.",
  fileHint: 'Write `restart: "no"`.',
  references: ['Compose spec, restart'],
  appliesTo: ['restart'],
  bad: {
    services: {
      migrate: { image: 'app:1', command: ['alembic', 'upgrade', 'head'], restart: 'always' },
    },
  },
  good: {
    services: {
      migrate: { image: 'app:1', command: ['alembic', 'upgrade', 'head'], restart: 'no' },
    },
  },
  *check(document) {
    if (isSwarm(document)) return
    const awaited = new Set(
      eachService(document.data).flatMap(({ waits }) =>
        waits
          .filter(({ condition }) => condition === 'service_completed_successfully')
          .map(({ on }) => on),
      ),
    )
    for (const place of servicesWith(document.data, 'restart')) {
      const restart = resolve(place.service.restart)
      if (restart !== 'always' && restart !== 'unless-stopped') continue
      const reason = awaited.has(place.name)
        ? 'another service waits for it to complete'
        : whyItEnds(place)
      if (reason === undefined) continue
      yield {
        path: [...place.path, 'restart'],
        message: `${place.name} has restart: ${restart}, but ${reason}`,
      }
    }
  },
}

function whyItEnds({ commandLine, image }: Place): string | undefined {
  if (migration.test(commandLine)) return 'its command exits when it is done'
  // A command may keep such an image running.
  if (commandLine === '' && knownImage(image)?.runsOnce) return 'its image runs once'
  return undefined
}
