/** Every stack is in one column, values add up exactly, and acts are offered only where they can work. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStack as stack } from '../../testing/sample-stack.ts';
import type { StackView } from '../../../src-shared/bridge/views.ts';
import { columns, isAlmostFull, nextAct, pipelineOf, valueOf } from './pipeline.ts';

const phase = fc.constantFrom<StackView['phase']>(
  'working',
  'settling',
  'challenge',
  'claimable',
  'claiming',
  'claimed',
  'disputed',
  'stranded',
  'gone',
);

describe('isAlmostFull', () => {
  it.each([
    [949n, 1_000n, false],
    [950n, 1_000n, true],
    [1n, 1n, true],
    [0n, 1n, false],
  ])('%s of %s units at 95 %', (usedUnits, numComputeUnits, expected) =>
    expect(isAlmostFull({ usedUnits, numComputeUnits }, 95)).toBe(expected),
  );
});

describe('pipelineOf', () => {
  it('loses no stack and no base unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ phase, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }), { maxLength: 30 }),
        (entries) => {
          const pipeline = pipelineOf(entries.map((entry, index) => stack({ ...entry, stackSmallId: BigInt(index) })));
          expect(columns.reduce((count, column) => count + pipeline[column].length, 0)).toBe(entries.length);
          expect(columns.reduce((sum, column) => sum + valueOf(pipeline[column]), 0n)).toBe(
            entries.reduce((sum, entry) => sum + entry.value, 0n),
          );
        },
      ),
    );
  });
  it('keeps what is being claimed beside what can be claimed, and what is gone or can never be paid beside disputes', () => {
    const pipeline = pipelineOf([stack({ phase: 'claiming' }), stack({ phase: 'gone' }), stack({ phase: 'stranded' })]);
    expect([pipeline.claimable.length, pipeline.disputed.length]).toEqual([1, 2]);
  });
  it('shows the newest claimed first', () => {
    const ids = pipelineOf(
      [1, 3, 2].map((at) => stack({ phase: 'claimed', stackSmallId: BigInt(at), updatedMs: at })),
    ).claimed.map((entry) => entry.stackSmallId);
    expect(ids).toEqual([3n, 2n, 1n]);
  });
});

describe('nextAct', () => {
  it.each([
    [{ usedUnits: 0n }, null],
    [{ usedUnits: 10n }, 'settle'],
    [{ usedUnits: 10n, awaitingAck: 1 }, null],
    [{ phase: 'challenge' as const }, null],
    [{ phase: 'claimable' as const }, 'claim'],
    [{ phase: 'claiming' as const }, null],
    [{ phase: 'claimed' as const }, null],
  ])('case %#', (over, act) => expect(nextAct(stack(over))).toBe(act));
});
