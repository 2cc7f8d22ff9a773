import { schema } from '@erlmcp/core'

export const anyName = schema.matching(/^.+$/s, 'a name that is not empty', 'Write the name.')

/** Names that the Compose specification gives to services, networks, volumes, … */
export const keyName = schema.matching(
  /^[a-zA-Z0-9._-]+$/,
  'letters, digits, dots, dashes and underscores',
  'Use letters, digits, dots, dashes and underscores.',
)

export const hostName = schema.matching(
  /^[^=:]+$/,
  'a host name without `=` and `:`',
  "Write extra_hosts: { 'db.example': '10.0.0.7' }.",
)

/** The name of a variable or label, as an author writes it. */
export const pairName = schema.matching(
  /^(?!__proto__$)[^=\0]+$/,
  'a name without `=`',
  "Write { NAME: 'value' }.",
)
