/** Stage 5: commits signing record, result and outbox row in one transaction, before anything is signed (architecture.md, main-job step 5). */
import { applyEvents } from './apply.ts';
import type { JobEvent } from '../core/job-machine.ts';
import type { Sealed } from './seal.ts';
import type { JobDeps } from './types.ts';

/** Stands in the receipt of a direct request, where a coordinator's id stands otherwise; nobody signed it. */
const directReceipt = 'direct';

/** Bytes as they may lie on disk: a JWE already is sealed, everything else goes under the local key. */
export async function prepareBytes({ returned, isJwe }: Sealed, keys: JobDeps['keys']): Promise<{ bytes: Uint8Array; sealedLocally: boolean }> {
  return isJwe ? { bytes: returned, sealedLocally: false } : { bytes: await keys.sealLocal(returned), sealedLocally: true };
}

/**
 * Records a finished request.
 * @throws AppError job.proof_conflict when another proof was recorded for the task
 */
export function recordResult({ store, now }: Pick<JobDeps, 'store' | 'now'>, sealed: Sealed, bytes: { bytes: Uint8Array; sealedLocally: boolean }, direct = false): void {
  // Sealing and proving leave nothing on disk (main-job step 4): their stage is passed in the same commit.
  const { taskId, stackSmallId } = sealed.record;
  const events: [JobEvent, ...JobEvent[]] = [{ kind: 'answered' }, { kind: 'recorded', record: sealed.record, atMs: now() }];
  // "Direct ingress has no coordinator: the node numbers its own" (coordinator.md 6). Nothing waits between the number and the commit.
  if (direct) events.push({ kind: 'acknowledged', ack: { coordinatorId: directReceipt, status: 'accepted', entryIndex: store.results.nextEntryIndex(stackSmallId), reason: null, sig: '' }, atMs: now() });
  applyEvents(store, taskId, events, now(), { bytes });
}
