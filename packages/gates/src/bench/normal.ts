/**
 * Probability that a standard normal variable is above `z`, with a relative error below 1.2e-7.
 * The rational approximation of erfc is the one of Press et al., Numerical Recipes, 6.2.
 */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0)
  const tail = (t * Math.exp(-x * x + polynomial)) / 2
  return z >= 0 ? tail : 1 - tail
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]

/** The `z` that a standard normal variable exceeds with this probability: 2.326 for 0.01. */
export function upperQuantile(probability: number): number {
  let [low, high] = [-40, 40]
  // Bisection: after 60 steps the precision of a double is reached.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (upperTail(middle) > probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
