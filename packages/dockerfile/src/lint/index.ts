import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../schema/document.ts'
import { lint } from './load.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of Dockerfiles, in the order of the ids. */
export const rules: readonly Rule<Dockerfile>[] = all

lint.provide({ rules })

export { lint }
