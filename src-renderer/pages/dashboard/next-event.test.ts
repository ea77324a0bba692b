/** The nearest thing that happens to the money is named, and an unknown epoch is no promise. */
import { describe, expect, it } from 'vitest';
import { sampleStack as stack } from '../../testing/sample-stack.ts';
import { nextEvent } from './next-event.ts';

const inChallenge = (id: bigint, until: bigint | null, epoch: bigint | null = 5n) =>
  stack({ stackSmallId: id, phase: 'challenge', disputeSettledAtEpoch: until, epoch });

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
