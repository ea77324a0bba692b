/** State spans to shares of a bar; the bar shows a fixed stretch of time ending now (design.md, Dashboard). */
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import type { NodeState } from '../../../src-shared/domain/node-state.ts';

/** One span as the node hands it over. */
export type Span = CallOutput<'node.timeline'>[number];
/** A stretch of the bar; `state` null where the console did not run. */
export type Stretch = { state: NodeState | null; fromMs: number; untilMs: number };

/** Stretches that fill `sinceMs` to `nowMs` without gap or overlap; neighbours of one state are joined. */
export function stretchesOf(spans: readonly Span[], sinceMs: number, nowMs: number): Stretch[] {
  const result: Stretch[] = [];
  const push = (state: NodeState | null, fromMs: number, untilMs: number): void => {
    if (untilMs <= fromMs) return;
    const last = result.at(-1);
    if (last !== undefined && last.state === state) last.untilMs = untilMs;
    else result.push({ state, fromMs, untilMs });
  };
  let at = sinceMs;
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const from = Math.max(at, span.fromMs);
    const until = Math.min(nowMs, span.untilMs ?? nowMs);
    if (until <= from) continue;
    push(null, at, from);
    push(span.state, from, until);
    at = until;
  }
  push(null, at, nowMs);
  return result;
}

/** Time spent in each state, in milliseconds. */
export function timeByState(stretches: readonly Stretch[]): ReadonlyMap<NodeState, number> {
  const times = new Map<NodeState, number>();
  for (const stretch of stretches) {
    if (stretch.state !== null)
      times.set(stretch.state, (times.get(stretch.state) ?? 0) + stretch.untilMs - stretch.fromMs);
  }
  return times;
}
