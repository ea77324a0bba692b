/** The timeline of node states: one row per change (coordinator.md 8). */
import { z } from 'zod';
import { nodeStateSchema, stateReasonSchema, type NodeState, type StateReason } from '../../src-shared/domain/node-state.ts';
import { plainInteger } from './columns.ts';
import type { Store } from './open.ts';

/** One change of state or reason. */
export type NodeTransition = { from: NodeState | null; to: NodeState; reason: StateReason; atMs: number };
/** A stretch of one state; `untilMs` null means it lasts. */
export type StateSpan = { state: NodeState; reason: StateReason; fromMs: number; untilMs: number | null };

export type NodeTransitions = {
  append(transition: NodeTransition): void;
  latest(): NodeTransition | null;
  /** Stretches that reach past `sinceMs`, oldest first. */
  spans(sinceMs: number): StateSpan[];
};

const row = z
  .object({ from_state: nodeStateSchema.nullable(), to_state: nodeStateSchema, reason: stateReasonSchema, at_ms: plainInteger })
  .transform((value): NodeTransition => ({ from: value.from_state, to: value.to_state, reason: value.reason, atMs: value.at_ms }));
const source = { table: 'node_transitions', id: ['id'] };

/** Timeline of an open store. */
export function createNodeTransitions(store: Store): NodeTransitions {
  return {
    append: ({ from, to, reason, atMs }) => {
      store.db.run('INSERT INTO node_transitions (from_state, to_state, reason, at_ms) VALUES (?, ?, ?, ?)', from, to, reason, BigInt(atMs));
      store.announce('node');
    },
    latest: () => store.readOne(source, row, 'SELECT * FROM node_transitions ORDER BY id DESC LIMIT 1'),
    spans: (sinceMs) => {
      // The change before `sinceMs` too: its stretch reaches into the time that is asked for.
      const all = store.readAll(
        source,
        row,
        'SELECT * FROM node_transitions WHERE id >= coalesce((SELECT max(id) FROM node_transitions WHERE at_ms <= ?), 0) ORDER BY id',
        BigInt(Math.floor(sinceMs)),
      );
      return all.map(({ to, reason, atMs }, index) => ({ state: to, reason, fromMs: atMs, untilMs: all[index + 1]?.atMs ?? null }));
    },
  };
}
