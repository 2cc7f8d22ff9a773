import { ORIGIN, originOf } from '@erlmcp/core'
import { assertPrintable } from '../print/print.ts'
import type { Instruction } from '../schema/document.gen.ts'

/**
 * An instruction as a frozen value with the origin of its call.
 *
 * @param caller the public function that was called
 * @throws UserError when it cannot be printed
 */
export function createInstruction<I extends Instruction>(
  node: I,
  caller: (...args: never[]) => unknown,
): I {
  const value: I = { ...node, [ORIGIN]: originOf(caller) }
  assertPrintable(value)
  return Object.freeze(value)
}
