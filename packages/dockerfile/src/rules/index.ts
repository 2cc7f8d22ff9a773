import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../document.ts'

/** What is judged in a Dockerfile, in alphabetical order. */
export const rules: readonly Rule<Dockerfile>[] = []
