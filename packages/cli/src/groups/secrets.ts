import type { Command } from '../command.ts'
import { json, out, stackFile, within } from './options.ts'

/** Secret files. */
export const secrets: readonly Command[] = [
  {
    words: ['secrets', 'init'],
    summary: 'make the secret files that are missing',
    options: [out, json],
    run: async (...given) => (await import('../commands/secrets-init.ts')).secretsInit(...given),
  },
  {
    words: ['secrets', 'check'],
    summary: 'say no when a secret is missing, open, weak, refused by its server, or ends soon',
    options: [within, out, json],
    run: async (...given) => (await import('../commands/secrets-check.ts')).secretsCheck(...given),
  },
  {
    words: ['secrets', 'rotate'],
    summary: 'give secrets a new content, and tell it to PostgreSQL and Redis that run',
    operands: { takes: 'any', words: '[NAME…]' },
    options: [
      stackFile,
      { name: 'expiring', hint: 'the certificates that end soon' },
      { name: 'all', hint: 'all but authorities, which change by their name alone' },
      within,
      { name: 'done', hint: 'end a rotation: the old passwords are refused and forgotten' },
      { name: 'stopped', hint: 'no server has to be told, as nothing that reads them runs' },
      out,
      json,
    ],
    run: async (...given) =>
      (await import('../commands/secrets-rotate.ts')).secretsRotate(...given),
  },
]
