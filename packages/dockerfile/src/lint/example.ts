import type { Instruction } from '../schema/document.gen.ts'
import type { Dockerfile } from '../schema/document.ts'

/** A file of one stage, for the examples of rules. */
export function example(...instructions: readonly Instruction[]): Dockerfile {
  return { args: [], stages: [{ name: 'runtime', from: 'debian:13.1-slim', instructions }] }
}
