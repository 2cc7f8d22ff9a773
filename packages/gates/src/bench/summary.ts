/** The middle of the numbers, or the mean of the two that are. `NaN` where there are none. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The number below which this share of the numbers is, between the two that are nearest. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place % 1)
}

/** Half of the range that the middle half of the numbers takes, as a share of their median. */
export function spread(numbers: readonly number[]): number {
  const half = (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / 2
  return half === 0 ? 0 : half / Math.abs(median(numbers))
}
