import type { Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'
import { eachService, type Place } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { builtImages } from '../../model/other-files.ts'
import { resolve } from '../../model/resolve.ts'

const made = { [DIALECT]: { name: 'compose', changes: [] } } as const
const hardened = { image: 'acme/app:1', read_only: true, cap_drop: ['ALL'] } as const

export const imageUnknown: Rule<ComposeFile> = {
  id: 'compose/image-unknown',
  kind: 'breaks',
  severity: 'note',
  summary: 'Unknown image under the default hardening',
  why: 'An image that starts as root and switches to another user needs capabilities; one that writes outside its volumes needs a tmpfs there.',
  hint: "Inspect the image: `docker image inspect --format '{{json .Config}}' IMAGE` shows User, Entrypoint and Volumes. Then write `user: '1000:1000'`, or `cap_add: ['SETGID', 'SETUID']` and `tmpfs` for what it writes.",
  references: ['capabilities(7)', 'Docker "Runtime privilege and Linux capabilities"'],
  appliesTo: ['image'],
  bad: { ...made, services: { app: hardened } },
  good: { ...made, services: { app: { ...hardened, user: '1000:1000' } } },
  *check(document, context) {
    // A handwritten file was tried by its author.
    if (!document.data[DIALECT]) return
    const built = builtImages(document, context)
    const unknown = eachService(document.data).filter(
      (place) => isUnproven(place) && !built.has(place.service.image ?? ''),
    )
    const [first] = unknown
    if (!first) return
    const names = unknown.map(({ name, service }) => `${name} (${service.image})`).join(', ')
    yield {
      path: [...first.path, 'image'],
      message: `the defaults may stop ${names}: the user and the needs of the image are unknown`,
    }
  },
}

function isUnproven({ service, image }: Place): boolean {
  const { build, user, cap_add: added, cap_drop: dropped, read_only: readOnly } = service
  if (service.image === undefined || build || user !== undefined || added?.length) return false
  if (!dropped?.includes('ALL') || resolve(readOnly) !== 'true') return false
  return knownImage(image) === undefined
}
