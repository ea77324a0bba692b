/** Which bytes of a file are durable and which are still to be fetched; pure (issue 4, item 3: a restart continues where durable bytes end). */

/** Bytes from `start` up to, not including, `end`. */
export type ByteRange = readonly [start: number, end: number];

/** The ranges with `added` among them, in order, joined where they touch. */
export function addRange(ranges: readonly ByteRange[], added: ByteRange): ByteRange[] {
  const joined: [number, number][] = [];
  for (const [start, end] of [...ranges, added].filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** Bytes in all ranges; they must not overlap. */
export const bytesIn = (ranges: readonly ByteRange[]): number => ranges.reduce((sum, [start, end]) => sum + end - start, 0);

/** The first piece of at most `maxBytes` that is in none of the ranges, or null when all of `sizeBytes` is covered. */
export function nextGap(sizeBytes: number, taken: readonly ByteRange[], maxBytes: number): ByteRange | null {
  let at = 0;
  for (const [start, end] of taken.reduce<ByteRange[]>((all, one) => addRange(all, one), [])) {
    if (at < start) return [at, Math.min(start, at + maxBytes, sizeBytes)];
    at = Math.max(at, end);
  }
  return at < sizeBytes ? [at, Math.min(sizeBytes, at + maxBytes)] : null;
}

/** The part of the ranges below `sizeBytes`: what a shorter file can still hold. */
export const within = (ranges: readonly ByteRange[], sizeBytes: number): ByteRange[] =>
  ranges.flatMap(([start, end]) => (start < sizeBytes ? [[start, Math.min(end, sizeBytes)] as const] : []));
