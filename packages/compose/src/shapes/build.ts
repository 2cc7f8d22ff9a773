import type { Build } from '../document.ts'
import * as form from '../form.ts'
import { either, fields, list, map, nothing, scalar, since, such, text } from '../shape.ts'
import { grants } from './resource.ts'
import { aSwitch, buildUlimits, hosts, merged, pairs, size, textOrTexts, texts } from './scalar.ts'

const anyText = either(text, { is: (value) => typeof value === 'boolean', said: 'true or false' })
const named = map(either(scalar, nothing))

export const build = fields<Build>({
  context: text,
  dockerfile: text,
  dockerfile_inline: since('2.17.0', text),
  entitlements: since('2.27.0', texts),
  args: pairs,
  ssh: either(such(list(such(text, { form: form.sshKey })), { unique: 'always' }), named),
  labels: pairs,
  cache_from: texts,
  cache_to: texts,
  no_cache: aSwitch,
  additional_contexts: since(
    '2.17.0',
    either(such(list(such(text, { form: form.pair })), { unique: 'swarm' }), map(text)),
  ),
  network: text,
  provenance: since('2.39.0', anyText),
  sbom: since('2.39.0', anyText),
  pull: aSwitch,
  target: text,
  shm_size: size,
  extra_hosts: hosts,
  isolation: text,
  privileged: aSwitch,
  secrets: grants,
  tags: merged,
  ulimits: buildUlimits,
  platforms: texts,
  no_cache_filter: since('5.0.0', textOrTexts),
})
