import type { Build } from '../document.ts'
import { amount, aSwitch, fields, text } from '../shape.ts'
import { grants } from './resource.ts'
import { hosts, pairs, texts, ulimits } from './scalar.ts'

export const build = fields<Build>({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: pairs,
  ssh: pairs,
  labels: pairs,
  cache_from: texts,
  cache_to: texts,
  no_cache: aSwitch,
  additional_contexts: pairs,
  network: text,
  provenance: aSwitch,
  sbom: aSwitch,
  pull: aSwitch,
  target: text,
  shm_size: amount,
  extra_hosts: hosts,
  isolation: text,
  privileged: aSwitch,
  secrets: grants,
  tags: texts,
  ulimits,
  platforms: texts,
})
