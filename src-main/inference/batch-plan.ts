/** Who decodes next to whom: pure decisions of the batch loop (issue: continuous batching, join and leave per step, bounded memory, nobody stalls for long). */
import { HEADROOM, capacityFor } from './cache-layout.ts';

/**
 * Prompt tokens that one turn computes at most. A longer prompt takes several turns, with a step of everybody else between them.
 * Part of the arithmetic: a prompt is always cut at the same places, so that its bits depend on nobody else.
 */
export const PREFILL_TOKENS = 128;

/** What a request takes: entries held now or at its end, and whether it must not share a run with others. */
export type Claim = { worstEntries: number; alone: boolean };

/** What the memory and the engine allow. */
export type Limits = { maxRows: number; cacheBytes: number; bytesPerEntry: number };

/** Most bytes that these requests' caches come to: everybody in a batch is padded to its longest, and arrays double. */
export function worstBytes(claims: readonly Claim[], bytesPerEntry: number): number {
  const shared = claims.filter(({ alone }) => !alone);
  const longest = shared.reduce((most, { worstEntries }) => Math.max(most, worstEntries), 0);
  const rows = shared.length === 0 ? 0 : 2 ** Math.ceil(Math.log2(shared.length));
  const own = claims.filter(({ alone }) => alone).reduce((sum, { worstEntries }) => sum + capacityFor(worstEntries), 0);
  return (rows * capacityFor(longest) + own) * bytesPerEntry * HEADROOM;
}

/**
 * How many of those who wait may begin, in the order they came: nobody is overtaken, so nobody waits for ever.
 * One request always runs, however large: its own limits were checked before.
 */
export function admitted(running: readonly Claim[], waiting: readonly Claim[], { maxRows, cacheBytes, bytesPerEntry }: Limits): number {
  let count = 0;
  for (; count < waiting.length; count++) {
    const claims = [...running, ...waiting.slice(0, count + 1)];
    if (claims.length > maxRows) break;
    if (claims.length > 1 && worstBytes(claims, bytesPerEntry) > cacheBytes) break;
  }
  return count;
}

/**
 * Tokens of each newcomer's prompt that this turn computes, in order of arrival, each cut at multiples of PREFILL_TOKENS.
 * The first always moves on; further ones only while the turn's tokens last.
 */
export function prefillShares(newcomers: readonly { done: number; prompt: number }[]): number[] {
  let spent = 0;
  let open = true;
  return newcomers.map(({ done, prompt }) => {
    const part = Math.min(PREFILL_TOKENS, prompt - done);
    open &&= spent === 0 || spent + part <= PREFILL_TOKENS;
    if (!open) return 0;
    spent += part;
    // Its rest is the next turn's.
    if (done + part < prompt) open = false;
    return part;
  });
}

/** What a model and its provider can keep when requests share a run. */
export type Batching = 'exact' | 'close' | 'none';

/**
 * Whether a request must be the only one in its runs: always where sharing is not understood by the graph, and where sharing changes bits
 * if equal bytes are promised (sampling consensus, coordinator.md 4).
 */
export const mustRunAlone = (batching: Batching, exact: boolean): boolean => batching === 'none' || (batching === 'close' && exact);
