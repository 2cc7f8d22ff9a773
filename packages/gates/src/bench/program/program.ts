import { controller } from './controller.ts'
import { worker } from './worker.ts'

/**
 * The measuring program: an escript for OTP 26 and later without dependencies. It takes samples of the
 * head and the base revision in turn and writes them as JSON lines.
 */
export function benchProgram(): string {
  return `${controller}\n${worker}`
}
