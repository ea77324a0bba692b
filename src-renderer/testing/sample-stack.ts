/** A stack for tests: fresh, worked on, worth nothing yet. */
import type { StackView } from '../../src-shared/bridge/views.ts';

/** The sample with some fields changed. */
export const sampleStack = (over: Partial<StackView>): StackView => ({
  stackSmallId: 1n,
  taskSmallId: 1n,
  model: null,
  phase: 'working',
  strandedBy: null,
  owner: '0x1',
  price: 100n,
  numComputeUnits: 2000n,
  usedUnits: 0n,
  awaitingAck: 0,
  claimedUnits: null,
  value: 0n,
  gasMist: 0n,
  disputeSettledAtEpoch: null,
  epoch: 5n,
  settleDigest: null,
  claimDigest: null,
  lastError: null,
  updatedMs: 0,
  ...over,
});
