import { ORIGIN, originOf } from '@erlmcp/core'
import { assertPrintable } from '../print/print.ts'
import type { Instruction } from '../schema/document.ts'

/** An instruction as a value: frozen, with the place where `maker` was called, and printable. */
export function made<I extends Instruction>(node: I, maker: (...args: never[]) => unknown): I {
  const value: I = { ...node, [ORIGIN]: originOf(maker) }
  assertPrintable(value)
  return Object.freeze(value)
}
