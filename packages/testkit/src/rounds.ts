/**
 * How often a test repeats: all rounds in CI, a fifth of them elsewhere, so that `npm test` on a
 * developer's machine takes minutes. `CI=true npm test` runs all.
 *
 * @example
 * fc.assert(property, { numRuns: rounds(2000) })
 */
export function rounds(all: number): number {
  return process.env.CI ? all : Math.ceil(all / 5)
}

/**
 * The cases of a long list that are tested: all in CI, every fifth elsewhere.
 *
 * @example
 * test.each(sample(pairs))('%s', …)
 */
export function sample<Case>(all: readonly Case[]): readonly Case[] {
  const step = Math.round(all.length / rounds(all.length))
  return all.filter((_, index) => index % step === 0)
}
