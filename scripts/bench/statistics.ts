/** Medians and percentiles of measured times; the numbers behind every figure (product.md, Budgets: ratios in one run where the machine is noisy). */

/** Smallest measured value that at least `share` (0 to 1) of all values do not exceed. Throws RangeError without values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('a percentile needs values');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

/** Half of the values are not above it. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Milliseconds that `work` takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/**
 * Times several things in turn, round after round and in alternating order, so that what disturbs the machine disturbs all of them alike.
 * @returns the times of each in milliseconds, by name
 */
export async function interleave<Name extends string>(rounds: number, works: Readonly<Record<Name, () => unknown>>): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) times[name].push(await timeOf(works[name]));
  }
  return times;
}
