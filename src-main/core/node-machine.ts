/** The node's state, derived from facts with a reason and never stored as truth, by the precedence of coordinator.md 8. */
import type { StateReason, StateWithReason } from '../../src-shared/domain/node-state.ts';

/** The stretch of leaving that is going on; comes from the leave plan. */
export type LeavingReason = Extract<StateReason, `leaving_${string}`>;

/** Everything the state depends on, as the composition root reads it. */
export type NodeFacts = {
  /** Null when leaving was never switched on, was cancelled, or is finished. */
  leaving: LeavingReason | null;
  /** Leaving was finished (the collateral is back) and the node was not registered again. */
  left: boolean;
  /** Dispatched tasks that run now. */
  running: number;
  keys: 'none' | 'locked' | 'open';
  /** The operator has gone through the set-up to its last step. */
  setUp: boolean;
  /** False until registration and subscriptions have been read from the chain at least once. */
  chainRead: boolean;
  registered: boolean;
  /** Disabled on chain. */
  disabled: boolean;
  /** At least one subscription at a price that is not the parked one. */
  subscribed: boolean;
  /** A model of a subscribed task is on disk and verified. */
  modelReady: boolean;
  /** `up` after welcome; `refused` when the coordinator refused and the node has stopped asking. */
  link: 'up' | 'down' | 'refused';
  /** Paused or draining, by the operator. */
  paused: boolean;
  /** Over the pause temperature and not yet under the resume temperature. */
  tooHot: boolean;
  /** A game, a full-screen application or another program uses a GPU. */
  inUse: boolean;
  /** The schedule says no work now. */
  outsideSchedule: boolean;
};

/**
 * UNSTAKING, else EXECUTING, else IDLE with the first thing that is missing, else READY.
 * Returns `previous` itself when nothing changed, so that a transition is recorded only for a real change.
 */
export function next(previous: StateWithReason | null, facts: NodeFacts): StateWithReason {
  const derived = derive(facts);
  return previous !== null && previous.state === derived.state && previous.reason === derived.reason ? previous : derived;
}

function derive(facts: NodeFacts): StateWithReason {
  if (facts.leaving !== null) return { state: 'UNSTAKING', reason: facts.leaving };
  if (facts.running > 0) return { state: 'EXECUTING', reason: runningReason(facts) };
  const missing = firstMissing(facts);
  return missing === null ? { state: 'READY', reason: 'waiting_for_work' } : { state: 'IDLE', reason: missing };
}

/** EXECUTING also holds "while paused, draining or without a link"; what keeps new work away is the reason. */
function runningReason({ paused, tooHot, inUse, outsideSchedule, link }: NodeFacts): StateReason {
  if (paused || tooHot || inUse || outsideSchedule) return 'running_paused';
  return link === 'up' ? 'running' : 'running_unlinked';
}

/** The order is that of the reasons in src-shared/domain/node-state.ts: what must be mended first stands first. */
function firstMissing(facts: NodeFacts): StateReason | null {
  if (facts.keys === 'locked') return 'keys_locked';
  // After leaving, the wallet is still there, but nothing of the set-up is asked for again.
  if (facts.left && !facts.registered) return 'left';
  if (facts.keys === 'none' || !facts.setUp) return 'not_set_up';
  if (!facts.chainRead) return 'chain_unknown';
  if (!facts.registered) return 'not_registered';
  if (facts.disabled) return 'disabled';
  if (!facts.subscribed) return 'not_subscribed';
  if (!facts.modelReady) return 'no_model';
  if (facts.link === 'down') return 'no_link';
  if (facts.link === 'refused') return 'link_refused';
  if (facts.paused) return 'paused';
  if (facts.tooHot) return 'too_hot';
  if (facts.inUse) return 'in_use';
  return facts.outsideSchedule ? 'by_schedule' : null;
}
