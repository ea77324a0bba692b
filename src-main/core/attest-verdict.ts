/** Compares one re-executed entry with the one of the history (coordinator.md 7: entry by entry; a difference is re-run alone once more). */

/** An entry and what computed it. */
export type Executed = { readonly entry: string; readonly fingerprint: string };

/** `agrees`; `stranger`: agrees although another engine computed it; `again`: run that one alone once more; `differs`: still does. */
export type Verdict = 'agrees' | 'stranger' | 'differs';

/** Judges the outcome of run number `runs` (from 1). "fingerprint: what equal bytes can depend on" (coordinator.md 4). */
export function judge(theirs: Executed, own: Executed, runs: number): Verdict | 'again' {
  if (theirs.entry === own.entry) return theirs.fingerprint === own.fingerprint ? 'agrees' : 'stranger';
  return runs < 2 ? 'again' : 'differs';
}

/** What one page of a history must be, counted on from `after`: indices without gap or repeat, and an end only where nothing is left out. */
export function pageFault(after: number, items: readonly { readonly index: number; readonly taskId: string }[], next: number | null): string | null {
  if (items.some(({ index }, place) => index !== after + 1 + place)) return 'its entries are not numbered without gaps';
  if (new Set(items.map(({ taskId }) => taskId)).size !== items.length) return 'one request stands in it twice';
  const last = items.at(-1)?.index ?? null;
  return next !== null && next !== last ? 'its pages do not join' : null;
}
