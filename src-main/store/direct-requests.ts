/** Signed payloads that the ingress took: a signature has no nonce, so each counts once, unless what it asked for failed (protocol.md 7.6). */
import type { Store } from './open.ts';

export type DirectRequests = {
  /** Keeps a request; false when the same one was taken before and ran, runs, or awaits its turn. */
  take(requestHash: string, taskId: string): boolean;
};

/** Reader and writer of an open store. */
export const createDirectRequests = (store: Store): DirectRequests => ({
  take: (requestHash, taskId) =>
    store.transaction(() => {
      const before = store.db.get(
        "SELECT 1 AS taken FROM direct_requests JOIN jobs USING (task_id) WHERE request_hash = ? AND jobs.stage NOT IN ('failed', 'declined')",
        requestHash,
      );
      if (before !== null) return false;
      store.db.run('INSERT INTO direct_requests (request_hash, task_id) VALUES (?, ?) ON CONFLICT (request_hash) DO UPDATE SET task_id = excluded.task_id', requestHash, taskId);
      return true;
    }, 'full'),
});
