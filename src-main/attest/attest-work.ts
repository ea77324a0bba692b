/** Re-executes the history of one ticket page by page, from the coordinator or, for a stack of its own, from the envelopes this node kept (coordinator.md 7; protocol.md 5.5). */
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { HoldReason } from '../core/attest-plan.ts';
import { pageFault } from '../core/attest-verdict.ts';
import type { HistoryEntry } from '../core/attest-rows.ts';
import { backoff } from '../core/backoff.ts';
import { canRerun } from './can-rerun.ts';
import type { Reexecutor } from './reexecute.ts';
import type { AttestDeps } from './types.ts';

type Page = { after: number; items: readonly HistoryEntry[]; next: number | null };

/** Entries of one turn: after them chain and rows are looked at again. */
const turnEntries = 16;
/** A page of this node's own history. */
const ownPage = 64;
/** A model that is not there does not come by itself. */
const modelWaitMs = 30_000;

/** The work on tickets. */
export type AttestWorker = {
  /** Goes on behind `after` until its turn is over, paid work comes, or something must wait; what came out of it is rows. */
  rerun(stackSmallId: bigint, step: { after: number; own: boolean }, urgent: boolean): Promise<void>;
  /** Sends the attestation; only called for a plan that says so. */
  submit(stackSmallId: bigint, root: Uint8Array): Promise<void>;
};

/** Creates the worker; the page in hand is kept in memory only (ciphertext), and asked for again after a restart. */
export function createAttestWorker(deps: AttestDeps, reexecutor: Reexecutor): AttestWorker {
  const { tables, chain, now, log } = deps;
  const { rows } = tables;
  let inHand: { stackSmallId: bigint; page: Page } | null = null;

  const postpone = (stackSmallId: bigint, error: AppError, waitMs?: number): void => {
    const attempts = (rows.get(stackSmallId)?.attempts ?? 0) + 1;
    rows.setError(stackSmallId, { code: error.code, message: error.message, atMs: now() }, { attempts, notBeforeMs: now() + (waitMs ?? backoff(attempts, deps.random)) });
    log[error.kind === 'bug' ? 'error' : 'warn']('attest.postponed', { stackSmallId: String(stackSmallId), error: error.code, attempts });
  };
  const hold = (stackSmallId: bigint, reason: HoldReason, detail: string): void => {
    log.warn('attest.held', { stackSmallId: String(stackSmallId), reason, detail });
    rows.setHold(stackSmallId, reason);
  };

  const fromCoordinator = async (stackSmallId: bigint, after: number): Promise<Page | null> => {
    const answer = await deps.history(stackSmallId, after);
    if (answer.kind === 'page') {
      const items = answer.items.map((item): HistoryEntry => ({
        index: item.index, taskId: item.task_id, workloadClass: item.workload_class, model: item.model, maxComputeUnits: item.max_compute_units,
        envelope: item.envelope, entry: item.entry, fingerprint: item.fingerprint,
      }));
      return { after, items, next: answer.next };
    }
    if (answer.code === 'no_history') hold(stackSmallId, 'no_history', answer.code);
    // The coordinator may be behind the chain: asked again.
    else postpone(stackSmallId, new AppError('attest.history_refused', { code: answer.code }));
    return null;
  };
  const read = async (stackSmallId: bigint, { after, own }: { after: number; own: boolean }): Promise<Page | null> => {
    if (!own) return fromCoordinator(stackSmallId, after);
    const items = tables.ownHistory(stackSmallId, after, ownPage);
    if (items.every(({ envelope }) => envelope !== null)) return { after, items, next: items.length === ownPage ? (items.at(-1)?.index ?? null) : null };
    if (deps.coordinator() === 'up') return fromCoordinator(stackSmallId, after);
    hold(stackSmallId, 'no_history', 'an envelope was not kept');
    return null;
  };
  /** The page that holds the next entry, in hand or read now; null when it has to wait or ask. */
  const pageBehind = async (stackSmallId: bigint, step: { after: number; own: boolean }): Promise<Page | null> => {
    if (inHand?.stackSmallId === stackSmallId && inHand.page.items.some(({ index }) => index === step.after + 1)) return inHand.page;
    inHand = null;
    const page = await read(stackSmallId, step);
    const fault = page === null ? null : pageFault(step.after, page.items, page.next);
    if (page === null || fault !== null) {
      if (fault !== null) hold(stackSmallId, 'bad_history', fault);
      return null;
    }
    inHand = { stackSmallId, page };
    return page;
  };

  /** False when the turn is over. */
  const one = async (stackSmallId: bigint, item: HistoryEntry, urgent: boolean): Promise<boolean> => {
    const can = canRerun(item, deps);
    if (can === 'unsupported') {
      hold(stackSmallId, 'unsupported', item.workloadClass);
      return false;
    }
    if (can === 'no_model') {
      postpone(stackSmallId, new AppError('inference.model_unavailable', { model: item.model }), modelWaitMs);
      return false;
    }
    const done = await reexecutor.run(item, urgent);
    if (done.kind === 'yielded') return false;
    if (done.kind === 'bad_history') hold(stackSmallId, 'bad_history', done.error.code);
    if (done.kind === 'failed') postpone(stackSmallId, done.error);
    if (done.kind !== 'judged') return false;
    rows.keepEntry(stackSmallId, done.entry);
    deps.crashPoint?.('entry_kept');
    const { index, verdict, runs } = done.entry;
    if (verdict !== 'agrees') log.warn('attest.entry', { stackSmallId: String(stackSmallId), index, verdict, runs });
    return verdict !== 'differs';
  };

  return {
    async rerun(stackSmallId, step, urgent) {
      try {
        const page = await pageBehind(stackSmallId, step);
        if (page === null) return;
        const left = page.items.filter(({ index }) => index > step.after);
        for (const item of left.slice(0, turnEntries)) {
          if (!reexecutor.mayRun(urgent) || !(await one(stackSmallId, item, urgent))) return;
        }
        if (left.length > turnEntries) return;
        inHand = null;
        if (page.next !== null) return;
        rows.setComplete(stackSmallId);
        log.info('attest.complete', { stackSmallId: String(stackSmallId), entries: step.after + 1 + left.length });
        deps.crashPoint?.('complete');
      } catch (caught) {
        postpone(stackSmallId, toAppError(caught));
      }
    },
    async submit(stackSmallId, root) {
      try {
        const outcome = await chain.attest(stackSmallId, bytesToHex(root));
        deps.crashPoint?.('answered');
        if (outcome.status === 'success') {
          rows.setDigest(stackSmallId, outcome.digest);
          log.info('attest.submitted', { stackSmallId: String(stackSmallId), digest: outcome.digest });
          return;
        }
        // In doubt: the lane looks it up; until then the plan waits, and the ticket says how it ended.
        postpone(stackSmallId, outcome.status === 'in_doubt' ? new AppError('chain.in_doubt') : new AppError('chain.rejected', { detail: outcome.error?.message ?? 'failed' }));
      } catch (caught) {
        postpone(stackSmallId, toAppError(caught));
      }
    },
  };
}
