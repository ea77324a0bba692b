/** The nearest thing that happens to the money is named, and an unknown epoch is no promise. */
import { describe, expect, it } from 'vitest';
import type { StackView } from '../../../src-shared/bridge/views.ts';
import { epochsLeft, nextEvent } from './next-event.ts';

const stack = (over: Partial<StackView>): StackView => ({
  stackSmallId: 1n,
  taskSmallId: 1n,
  model: null,
  phase: 'working',
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
const inChallenge = (id: bigint, until: bigint | null, epoch: bigint | null = 5n) =>
  stack({ stackSmallId: id, phase: 'challenge', disputeSettledAtEpoch: until, epoch });

describe('epochsLeft', () => {
  it.each([
    [7n, 5n, 2],
    [5n, 5n, 0],
    [4n, 5n, 0],
    [null, 5n, null],
    [7n, null, null],
  ])('until %s in epoch %s', (disputeSettledAtEpoch, epoch, left) =>
    expect(epochsLeft({ disputeSettledAtEpoch, epoch })).toBe(left),
  );
});

describe('nextEvent', () => {
  it('is nothing without stacks', () => expect(nextEvent([])).toEqual({ kind: 'nothing' }));
  it('is the claim when there is one', () =>
    expect(nextEvent([inChallenge(1n, 6n), stack({ phase: 'claimable' })])).toEqual({ kind: 'claim', stacks: 1 }));
  it('is the window that closes first', () =>
    expect(nextEvent([inChallenge(1n, 8n), inChallenge(2n, 6n), stack({})])).toEqual({
      kind: 'window',
      stack: 2n,
      epochs: 1,
    }));
  it('skips a window whose end is unknown', () =>
    expect(nextEvent([inChallenge(1n, 8n, null)])).toEqual({ kind: 'nothing' }));
  it('is the fullest stack else', () =>
    expect(nextEvent([stack({ usedUnits: 200n }), stack({ stackSmallId: 2n, usedUnits: 1900n })])).toEqual({
      kind: 'settle',
      stack: 2n,
      percent: 95,
    }));
});
