import { controller } from './controller.ts'
import { worker } from './worker.ts'

/**
 * The program that measures: an escript for OTP 26 and later that needs nothing else. It loads the
 * benchmarks of a project, takes samples of the head and of a base revision in turn, and writes
 * them as JSON lines.
 */
export function benchProgram(): string {
  return `${controller}\n${worker}`
}
