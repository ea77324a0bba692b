/** Stage 5: commits signing record, result and outbox row in one transaction, before anything is signed (architecture.md, main-job step 5). */
import { applyEvents } from './apply.ts';
import type { Sealed } from './seal.ts';
import type { JobDeps } from './types.ts';

/** Bytes as they may lie on disk: a JWE already is sealed, everything else goes under the local key. */
export async function prepareBytes({ returned, isJwe }: Sealed, keys: JobDeps['keys']): Promise<{ bytes: Uint8Array; sealedLocally: boolean }> {
  return isJwe ? { bytes: returned, sealedLocally: false } : { bytes: await keys.sealLocal(returned), sealedLocally: true };
}

/**
 * Records a finished request.
 * @throws AppError job.proof_conflict when another proof was recorded for the task
 */
export function recordResult({ store, now }: Pick<JobDeps, 'store' | 'now'>, sealed: Sealed, bytes: { bytes: Uint8Array; sealedLocally: boolean }): void {
  // Sealing and proving leave nothing on disk (main-job step 4): their stage is passed in the same commit.
  applyEvents(store, sealed.record.taskId, [{ kind: 'answered' }, { kind: 'recorded', record: sealed.record, atMs: now() }], now(), { bytes });
}
