/** Decides over one result: the rejections of coordinator.md 3 in their order; the first that applies. */
import { linkLimits, type RejectReason } from '../../../src-shared/link/codes.ts';

/** Everything the decision depends on, as values. */
export type ResultFacts = {
  /** The task as this coordinator knows it for this node; null when it was never dispatched to it. */
  readonly task:
    | null
    | {
        readonly stackSmallId: bigint;
        /** open: awaited; over: declined, failed or given up. */
        readonly state: { readonly kind: 'open' } | { readonly kind: 'over' } | { readonly kind: 'accepted'; readonly entryIndex: number } | { readonly kind: 'rejected'; readonly reason: RejectReason };
        readonly maxComputeUnits: number;
        readonly deadlineMs: number;
      };
  readonly stackSmallId: bigint;
  readonly signatureHolds: boolean;
  readonly proofHolds: boolean;
  /** Null where the entry cannot be recomputed (`reply_to`). */
  readonly entryHolds: boolean | null;
  readonly computeUnits: number;
  readonly usage: { readonly input: number; readonly output: number };
  readonly receivedMs: number;
};

/** `accept`: first valid result, it gets the next entry_index. `duplicate`: answered with the first one. */
export type ResultVerdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'duplicate'; readonly entryIndex: number }
  | { readonly kind: 'reject'; readonly reason: RejectReason; readonly known: boolean };

/** `known`: the rejection ends an open task and is kept; otherwise it is only an answer. */
const reject = (reason: RejectReason, known = true): ResultVerdict => ({ kind: 'reject', reason, known });

/** Judges a result by the task it names. */
export function judgeResult(facts: ResultFacts): ResultVerdict {
  const { task } = facts;
  // "unknown_task (also another stack_small_id)"; "a task that was declined, failed or given up is over: a later result gets unknown_task"
  if (task === null || task.stackSmallId !== facts.stackSmallId || task.state.kind === 'over') return reject('unknown_task', false);
  // "the first result stands even if the second differs; after a rejection: the same rejection"
  if (task.state.kind === 'accepted') return { kind: 'duplicate', entryIndex: task.state.entryIndex };
  if (task.state.kind === 'rejected') return reject(task.state.reason, false);
  if (!facts.signatureHolds) return reject('bad_signature');
  if (!facts.proofHolds) return reject('bad_poe');
  if (facts.entryHolds === false) return reject('bad_entry');
  if (facts.computeUnits > task.maxComputeUnits || facts.computeUnits !== facts.usage.input + facts.usage.output) return reject('over_budget');
  if (facts.receivedMs > task.deadlineMs + linkLimits.lateGraceMs) return reject('late');
  return { kind: 'accept' };
}
