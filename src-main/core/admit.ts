/** Decides whether a dispatch is taken: the decline codes in their order, header rules of the envelope last (coordinator.md 3, "Dispatch rules"). */
import type { DeclineCode } from '../../src-shared/link/codes.ts';
import { isEnvelopeFor } from '../../src-shared/link/envelope.ts';
import type { JobOrder } from './job.ts';

/** A stack as the chain shows it, so far as admission needs it. */
export type AdmitStack = {
  taskSmallId: bigint;
  numComputeUnits: bigint;
  /** Somebody asked to settle it: nothing more may run on it. */
  settling: boolean;
  /** This node is the selected one. */
  mine: boolean;
};

/** Everything a decision depends on, read in one instant. */
export type AdmitFacts = {
  nodeId: string;
  nowMs: number;
  leaving: boolean;
  /** Paused by the operator, by a rule, or draining. */
  paused: boolean;
  running: number;
  maxParallel: number;
  workloadClasses: readonly string[];
  /** `<name>@<revision>` on disk and verified. */
  models: readonly string[];
  subscribedTasks: ReadonlySet<bigint>;
  /** Null: not on chain, also after one more read. */
  stack: AdmitStack | null;
  /** Acknowledged units of the stack, finished units that await their acknowledgement, and locks of running work. */
  stackUnitsTaken: bigint;
};

export type Admission = { kind: 'accept' } | { kind: 'decline'; code: DeclineCode };

type Rule = readonly [
  code: DeclineCode,
  applies: (order: JobOrder, facts: AdmitFacts, stack: AdmitStack, envelope: string) => boolean,
];

/** Rules that need no stack. */
const before: readonly Rule[] = [
  ['unstaking', (_, facts) => facts.leaving],
  ['paused', (_, facts) => facts.paused],
  // "`busy` when running = max_parallel_subtasks: there is no queue."
  ['busy', (_, facts) => facts.running >= facts.maxParallel],
  ['unsupported_workload', (order, facts) => !facts.workloadClasses.includes(order.workloadClass)],
];
const after: readonly Rule[] = [
  // "not_my_stack (also a stack of another task_small_id)"
  ['not_my_stack', (order, _, stack) => !stack.mine || stack.taskSmallId !== order.taskSmallId],
  ['stack_settling', (_order, _facts, stack) => stack.settling],
  ['not_subscribed', (order, facts) => !facts.subscribedTasks.has(order.taskSmallId)],
  // A WASM function brings its own module: its dispatch names no model.
  ['model_unavailable', (order, facts) => order.workloadClass !== 'wasm.run' && !facts.models.includes(order.model)],
  // "The node's own clock decides deadline_passed."
  ['deadline_passed', (order, facts) => order.deadlineMs <= facts.nowMs],
  ['stack_exhausted', (order, facts, stack) => order.maxComputeUnits > stack.numComputeUnits - facts.stackUnitsTaken],
  [
    'bad_envelope',
    (order, facts, _, envelope) => !isEnvelopeFor(envelope, { nodeId: facts.nodeId, taskId: order.taskId }),
  ],
];
const noStack: AdmitStack = { taskSmallId: 0n, numComputeUnits: 0n, settling: false, mine: false };

/** Accepts, or declines with the first code that applies. `unknown_stack` is the caller's cue to read the chain once more. */
export function admit(order: JobOrder, envelope: string, facts: AdmitFacts): Admission {
  const first = (rules: readonly Rule[], stack: AdmitStack): DeclineCode | null =>
    rules.find(([, applies]) => applies(order, facts, stack, envelope))?.[0] ?? null;
  const code = first(before, noStack) ?? (facts.stack === null ? 'unknown_stack' : first(after, facts.stack));
  return code === null ? { kind: 'accept' } : { kind: 'decline', code };
}
