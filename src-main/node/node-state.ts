/** The node's state as it is derived from facts: one row and one log event a change (architecture.md, "State machines"; coordinator.md 8). */
import { z } from 'zod';
import { nodeStateSchema, stateReasonSchema, type StateWithReason } from '../../src-shared/domain/node-state.ts';
import { next, type NodeFacts } from '../core/node-machine.ts';
import type { Logger } from '../log/logger.ts';
import type { NodeTransitions } from '../store/node-transitions.ts';

/** A state and since when it lasts. */
export type StateSince = StateWithReason & { sinceMs: number };

/** The derived state. */
export type NodeStateOf = {
  current(): StateSince;
  /** Derives it anew. */
  derive(): void;
};

type Deps = {
  transitions: NodeTransitions;
  facts(): NodeFacts;
  /** False for a verb, which is not the node: its comings and goings are no states. */
  keeps: boolean;
  /** The state is another than before. */
  changed(): void;
  now(): number;
  log: Logger;
};

const stateSchema = z.object({ state: nodeStateSchema, reason: stateReasonSchema });

/** Goes on from the last state on record. */
export function createNodeState({ transitions, facts, keeps, changed, now, log }: Deps): NodeStateOf {
  const latest = transitions.latest();
  let state: StateSince | null = latest === null ? null : { state: latest.to, reason: latest.reason, sinceMs: latest.atMs };
  return {
    current: () => state ?? { state: 'IDLE', reason: 'not_set_up', sinceMs: now() },
    derive() {
      if (!keeps) return;
      const derived = next(state === null ? null : stateSchema.parse(state), facts());
      if (state !== null && derived.state === state.state && derived.reason === state.reason) return;
      const atMs = now();
      transitions.append({ from: state?.state ?? null, to: derived.state, reason: derived.reason, atMs });
      log.info('state.transition', { from: state?.state ?? null, to: derived.state, reason: derived.reason, ts: atMs });
      state = { ...derived, sinceMs: atMs };
      changed();
    },
  };
}
