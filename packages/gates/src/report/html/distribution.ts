/** The distribution of samples, for a plot. */
export interface Distribution {
  readonly median: number
  /** Points of the density from the lowest sample to the highest, scaled to a maximum of 1. */
  readonly density: readonly { readonly at: number; readonly height: number }[]
}

const points = 48

/** The median, and a Gaussian density with the bandwidth of Silverman's rule. */
export function distribution(samples: readonly number[]): Distribution {
  const sorted = [...samples].sort((a, b) => a - b)
  const low = sorted[0]!
  const high = sorted.at(-1)!
  const median = quantile(sorted, 0.5)
  const width = bandwidth(sorted)
  if (!(width > 0) || high === low) return { median, density: [] }
  const raw = Array.from({ length: points + 1 }, (_, index) => {
    const at = low + ((high - low) * index) / points
    let height = 0
    for (const sample of sorted) height += Math.exp(-0.5 * ((at - sample) / width) ** 2)
    return { at, height }
  })
  const highest = Math.max(...raw.map(({ height }) => height))
  return { median, density: raw.map(({ at, height }) => ({ at, height: height / highest })) }
}

function quantile(sorted: readonly number[], part: number): number {
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)]!
  return below + (sorted[Math.ceil(position)]! - below) * (position - Math.floor(position))
}

function bandwidth(sorted: readonly number[]): number {
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length
  const deviation = Math.sqrt(
    sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, sorted.length - 1),
  )
  const middle = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34
  const spread = middle > 0 ? Math.min(deviation, middle) : deviation
  return 0.9 * spread * sorted.length ** -0.2
}
