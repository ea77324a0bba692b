/** The objects as one transaction sees and changes them, before anything is committed. */
import type { ObjectDraft, ChainObject } from './chain-object.ts';
import { freshId } from './hashing.ts';

/** A transaction's own view. */
export interface Scratch {
  get(id: string): ObjectDraft | null;
  put(draft: ObjectDraft): void;
  remove(id: string): void;
  /** Next id that this transaction creates. */
  newId(): string;
  /** What was written (a draft) or removed (null), by id. */
  changes(): ReadonlyMap<string, ObjectDraft | null>;
  /** Forgets every change; ids used up stay used up. */
  reset(): void;
}

/** Opens a view over the live objects for the transaction with this digest. */
export function createScratch(live: { get(id: string): ChainObject | null }, digest: string): Scratch {
  const changes = new Map<string, ObjectDraft | null>();
  let created = 0n;
  return {
    get: (id) => {
      const changed = changes.get(id);
      return changed === undefined ? live.get(id) : changed;
    },
    put: (draft) => void changes.set(draft.id, draft),
    remove: (id) => void (live.get(id) ? changes.set(id, null) : changes.delete(id)),
    newId: () => freshId(digest, created++),
    changes: () => changes,
    reset: () => changes.clear(),
  };
}
