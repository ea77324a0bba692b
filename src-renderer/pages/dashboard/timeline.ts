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

/**
 * The bar in `count` equal parts, each with the known state that held longest in it, neighbours joined. So a node that
 * changes every second shows as what it mostly was, and no stretch is drawn wider than its share.
 */
export function resample(stretches: readonly Stretch[], count: number): Stretch[] {
  const sinceMs = stretches[0]?.fromMs ?? 0;
  const untilMs = stretches.at(-1)?.untilMs ?? 0;
  const edge = (index: number): number => sinceMs + ((untilMs - sinceMs) * index) / count;
  const times = Array.from({ length: count }, () => new Map<NodeState, number>());
  for (const { state, fromMs, untilMs: endMs } of stretches) {
    if (state === null) continue;
    const first = Math.floor(((fromMs - sinceMs) / (untilMs - sinceMs)) * count);
    for (let index = Math.max(0, first); index < count && edge(index) < endMs; index += 1) {
      const shared = Math.min(endMs, edge(index + 1)) - Math.max(fromMs, edge(index));
      if (shared > 0) times[index]?.set(state, (times[index]?.get(state) ?? 0) + shared);
    }
  }
  const result: Stretch[] = [];
  for (const [index, byState] of times.entries()) {
    const state = [...byState].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
    const last = result.at(-1);
    if (last !== undefined && last.state === state) last.untilMs = edge(index + 1);
    else result.push({ state, fromMs: edge(index), untilMs: edge(index + 1) });
  }
  return result;
}

/** Changes worth telling, newest first: turns between READY and EXECUTING are one stretch, named by its latest span. */
export function notableChanges(spans: readonly Span[]): Span[] {
  const healthy = (span: Span): boolean => span.state === 'READY' || span.state === 'EXECUTING';
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && healthy(last) && healthy(span))
      result[result.length - 1] = { ...span, fromMs: last.fromMs };
    else result.push(span);
  }
  return result.reverse();
}
