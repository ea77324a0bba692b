/** Answers the challenge: who the coordinator is, whether it is the pinned one, and the signed hello with a fresh manifest (coordinator.md 1 to 3). */
import { linkLimits } from '../../src-shared/link/codes.ts';
import type { CoordinatorMessage, NodeMessage } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import type { LinkDeps, LinkOptions } from './types.ts';
import { isSignedBy } from './verify.ts';

export type Greeting =
  | { kind: 'hello'; coordinatorId: string; frame: NodeMessage }
  | { kind: 'violation'; detail: string }
  | { kind: 'coordinator_changed'; found: string; expected: string };

/** "`ts` may differ from the receiver's clock by at most 90 s." */
export const isSkewed = (ts: number, nowMs: number): boolean => Math.abs(ts - nowMs) > linkLimits.maxClockSkewMs;

/** Checks the challenge and builds the hello; pins the coordinator on first use. Rejects when the keys or the manifest fail. */
export async function greet(
  challenge: Extract<CoordinatorMessage, { type: 'challenge' }>,
  { nodeId, coordinatorId: pinned }: LinkOptions,
  deps: LinkDeps,
): Promise<Greeting> {
  const { keys, pin, now, log } = deps;
  const { coordinator_id: coordinatorId, nonce, ts } = challenge;
  if (!(await isSignedBy(coordinatorId, signedTexts.challenge({ coordinatorId, nonce, ts }), challenge.sig)))
    return { kind: 'violation', detail: 'challenge signature' };
  const expected = pinned ?? pin.get();
  if (expected !== null && expected !== coordinatorId)
    return { kind: 'coordinator_changed', found: coordinatorId, expected };
  if (expected === null) pin.set(coordinatorId);
  // "It warns, and goes on, when challenge.ts is over 90 s off."
  if (isSkewed(ts, now())) log.warn('link.clock_skew', { aheadMs: now() - ts });
  const manifest = await deps.manifest();
  const helloTs = now();
  const sig = await keys.signLiveness(signedTexts.hello({ coordinatorId, nodeId, nonce, ts: helloTs }));
  return { kind: 'hello', coordinatorId, frame: { type: 'hello', manifest, nonce, ts: helloTs, sig } };
}
