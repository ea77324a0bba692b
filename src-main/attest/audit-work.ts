/** Audits a stack of this node's own before it is settled: the root over the stored entries against the kept one, then a sample run again from the kept envelopes (core/audit-plan). */
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../../src-shared/errors.ts';
import { createStackRoot, type StackRoot } from '../../src-shared/link/proof.ts';
import { bodyNames } from '../../src-shared/link/work.ts';
import { auditGate, auditSample } from '../core/audit-plan.ts';
import type { StackAudit } from '../core/attest-rows.ts';
import { backoff } from '../core/backoff.ts';
import { canRerun } from './can-rerun.ts';
import type { Reexecutor } from './reexecute.ts';
import type { AttestDeps } from './types.ts';

/** Paid work comes first for this long; then the money of the stack has waited enough. */
export const auditPatienceMs = 10 * 60_000;
const modelWaitMs = 30_000;
/** Entries hashed in one go. */
const rootPart = 500;

/** The work on audits. */
export type AuditWorker = {
  /** True when the stack may be settled by itself; asks for its audit where one is due. */
  gate(stackSmallId: bigint, entries: number): boolean;
  /** The audit to go on with now; null when there is none, or paid work has all slots. */
  due(): StackAudit | null;
  /** One entry, or the end of the audit. */
  step(audit: StackAudit): Promise<void>;
};

/** Creates the worker; `wake` lets the driver begin. */
export function createAuditWorker(deps: AttestDeps, reexecutor: Reexecutor, wake: () => void): AuditWorker {
  const { tables, now, log } = deps;
  const { audits } = tables;
  const isUrgent = (audit: StackAudit): boolean => now() - audit.wantedMs >= auditPatienceMs;
  const postpone = (audit: StackAudit, error: AppError, waitMs?: number): void => {
    const attempts = audit.attempts + 1;
    audits.setError(audit.stackSmallId, { code: error.code, message: error.message, atMs: now() }, { attempts, notBeforeMs: now() + (waitMs ?? backoff(attempts, deps.random)) });
    log.warn('audit.postponed', { stackSmallId: String(audit.stackSmallId), error: error.code, attempts });
  };
  const finish = (stackSmallId: bigint, status: 'passed' | 'failed', fields: Record<string, unknown>): void => {
    audits.finish(stackSmallId, status);
    log[status === 'passed' ? 'info' : 'error'](`audit.${status}`, { stackSmallId: String(stackSmallId), ...fields });
    deps.chain.hint();
  };

  /** The root over the stored entries, a part at a time: 100,000 of them at once would hold up everything else. */
  const storedRoot = async (stackSmallId: bigint): Promise<StackRoot> => {
    const root = createStackRoot();
    for (;;) {
      const entries = tables.entryHashes(stackSmallId, root.count - 1, rootPart);
      entries.forEach((entry) => root.append(entry));
      if (entries.length < rootPart) return root;
      await new Promise((done) => setImmediate(done));
    }
  };
  /** Ends the audit where the roots differ, and begins anew where more was served meanwhile. */
  const compareRoots = async ({ stackSmallId, entries }: StackAudit): Promise<void> => {
    const root = await storedRoot(stackSmallId);
    if (root.count !== entries) return audits.want(stackSmallId, root.count);
    const keptRoot = tables.keptRoot(stackSmallId);
    const [found, kept] = [bytesToHex(root.root()), keptRoot === null ? '' : bytesToHex(keptRoot)];
    audits.setRoots(stackSmallId, { found, kept, sampleSize: deps.policies().selfAuditSample });
    if (found !== kept) finish(stackSmallId, 'failed', { found, kept });
  };
  /** Runs the next entry of the sample; true when none is left. */
  const sampleNext = async (audit: StackAudit): Promise<boolean> => {
    const { stackSmallId } = audit;
    const judged = new Set(audits.entries(stackSmallId, audit.entries).map(({ index }) => index));
    const left = auditSample(stackSmallId, audit.entries, audit.sampleSize).filter((index) => !judged.has(index));
    const items = left.flatMap((index) => tables.ownHistory(stackSmallId, index - 1, 1));
    const [item] = items.filter(({ envelope }) => envelope !== null);
    if (item === undefined) {
      audits.setMissing(stackSmallId, items.length);
      return true;
    }
    const can = canRerun(item, deps);
    if (can !== 'yes') {
      postpone(audit, can === 'no_model' ? new AppError('inference.model_unavailable', { model: item.model }) : new AppError('attest.cannot_rerun', { work: bodyNames[item.workloadClass] ?? item.workloadClass }), modelWaitMs);
      return false;
    }
    const done = await reexecutor.run(item, isUrgent(audit));
    if (done.kind === 'judged') audits.keepEntry(stackSmallId, done.entry);
    else if (done.kind !== 'yielded') postpone(audit, done.error);
    return false;
  };

  return {
    gate(stackSmallId, entries) {
      const gate = auditGate(audits.get(stackSmallId), entries);
      if (gate === 'wanted') {
        audits.want(stackSmallId, entries);
        wake();
      }
      return gate === 'open';
    },
    due: () => audits.wanted().find((audit) => audit.notBeforeMs <= now() && reexecutor.mayRun(isUrgent(audit))) ?? null,
    async step(audit) {
      if (audit.rootFound === null) return compareRoots(audit);
      if (!(await sampleNext(audit))) return;
      const differing = audits.get(audit.stackSmallId)?.differing ?? 0;
      finish(audit.stackSmallId, differing > 0 ? 'failed' : 'passed', { checked: audit.checked, differing });
    },
  };
}
