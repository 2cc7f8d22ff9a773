/** The median; `NaN` without numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The quantile, interpolated between the two nearest numbers. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const position = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!]
  return low + (high - low) * (position % 1)
}

/** Half of the interquartile range, as a share of the median. */
export function spread(numbers: readonly number[]): number {
  const half = (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / 2
  return half === 0 ? 0 : half / Math.abs(median(numbers))
}
