// How far an accuracy that was measured on some of the test images may be from the accuracy on all of them.

/** The standard normal distribution has 95% between −Z and Z. */
const Z = 1.959963984540054;

/**
 * The 95% confidence interval of a share in a population, by a random sample drawn from it without replacement:
 * Wilson's score interval (E. B. Wilson: Probable inference, the law of succession, and statistical inference, JASA 22,
 * 1927), which holds for few images and near 0 and 1, where the textbook's p ± z·√(p(1−p)/n) does not. The finite
 * population correction (N−n)/(N−1) of the variance makes it close in on the share as the sample becomes everything.
 * @param {number} share Of the sample.
 * @param {number} samples n
 * @param {number} population N
 * @returns {{low: number, high: number}}
 */
export function interval(share, samples, population) {
  if (samples <= 0) return { low: 0, high: 1 };
  if (samples >= population) return { low: share, high: share };
  // A sample of the infinite population would have to be so large to say as much.
  const n = samples * (population - 1) / (population - samples);
  const scale = 1 + Z * Z / n;
  const centre = (share + Z * Z / (2 * n)) / scale;
  const reach = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / scale;
  return { low: Math.max(0, Math.min(share, centre - reach)), high: Math.min(1, Math.max(share, centre + reach)) };
}
