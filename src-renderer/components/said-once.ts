/** Failures that several reads of one page share, so that the page says each of them once (design.md, "Errors"). */
import { createContext, useContext, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { AppError } from '../../src-shared/errors.ts';

/** A read that failed. `shownAtMs` is when what is still shown was read, null where nothing is shown; `again` asks anew. */
export type Failure = { readonly error: AppError; readonly shownAtMs: number | null; again(): unknown };
/** One failure of several reads. `oldestMs` is the age of the oldest that is shown, null where one of them shows nothing. */
export type SharedFailure = { readonly error: AppError; readonly oldestMs: number | null; again(): void };

/** What reads tell the page that they stand in, and what it says for them, by sentence. */
type Group = { tell(id: string, failure: Failure | null): void; readonly said: ReadonlyMap<string, SharedFailure> };

/** Null outside of a page that says failures once. */
export const SaidOnce = createContext<Group | null>(null);

/** Failures with the same sentence, where there are two or more of them. */
export function sharedFailures(failures: Iterable<Failure>): SharedFailure[] {
  const bySentence = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { message } = failure.error;
    bySentence.set(message, [...(bySentence.get(message) ?? []), failure]);
  }
  return [...bySentence.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length < 2) return [];
    const ages = same.flatMap(({ shownAtMs }) => (shownAtMs === null ? [] : [shownAtMs]));
    return [
      {
        error: first.error,
        oldestMs: ages.length === same.length ? Math.min(...ages) : null,
        again: () => same.forEach((failure) => void failure.again()),
      },
    ];
  });
}

/** Tells the page of this read's failure, and gives what the page says for it; undefined where it says nothing. */
export function useFailure(
  error: AppError | null,
  shownAtMs: number | null,
  again: () => unknown,
): SharedFailure | undefined {
  const id = useId();
  const group = useContext(SaidOnce);
  const tell = group?.tell;
  const latest = useRef(again);
  useLayoutEffect(() => {
    latest.current = again;
  });
  // Before the screen is drawn: the sentence shall not stand in the card for a moment.
  useLayoutEffect(() => {
    if (tell === undefined) return undefined;
    tell(id, error === null ? null : { error, shownAtMs, again: () => latest.current() });
    return () => tell(id, null);
  }, [tell, id, error, shownAtMs]);
  return error === null ? undefined : group?.said.get(error.message);
}

/** The page's side: what it has to say, and the group for its reads. */
export function useSaidOnce(): { group: Group; shared: readonly SharedFailure[] } {
  const [failures, setFailures] = useState<ReadonlyMap<string, Failure>>(new Map());
  const [tell] = useState(() => (id: string, failure: Failure | null): void => {
    setFailures((before) => {
      if (failure === null && !before.has(id)) return before;
      const after = new Map(before);
      if (failure === null) after.delete(id);
      else after.set(id, failure);
      return after;
    });
  });
  return useMemo(() => {
    const shared = sharedFailures(failures.values());
    return { shared, group: { tell, said: new Map(shared.map((one) => [one.error.message, one])) } };
  }, [failures, tell]);
}
