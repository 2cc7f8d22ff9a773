/**
 * How often a test repeats: `all` in CI, fewer elsewhere, so that `npm test` on a developer's machine
 * takes minutes.
 *
 * @example
 * fc.assert(property, { numRuns: rounds(2000, 200) })
 */
export function rounds(all: number, few: number): number {
  return process.env.CI ? all : few
}
