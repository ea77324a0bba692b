/** Properties of the rules of both generations: money is conserved, an aborted step changes nothing, no world is changed in place (protocol.md 5.4). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPENING_MONEY, drawsOf, opening, randomStep } from './random-steps.ts';
import { createReplayWorld } from './replay-world.ts';
import { UnsupportedStep } from './recorded.ts';
import type { World } from './world.ts';

const total = (world: World, wallets: ReadonlyMap<string, bigint>): bigint =>
  [
    ...wallets.values(),
    ...[...world.nodes.values()].map((node) => node.collateral),
    world.feeTreasury,
    world.communalTreasury,
  ].reduce((sum, part) => sum + part, 0n);

/** Everything in a world, told as text. */
const told = (world: World): string =>
  JSON.stringify(world, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Set) return [...(value as Set<unknown>)];
    if (typeof value === 'object' && value !== null && 'entries' in value && 'size' in value) {
      return [...(value as ReadonlyMap<bigint, unknown>)];
    }
    return value;
  });

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  it('conserves money, and an aborted step changes nothing', () => {
    let aborted = 0;
    let done = 0;
    const steps = fc.array(randomStep(generation), { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat(2 ** 20)), (taken, luck) => {
        const replay = createReplayWorld(
          generation,
          drawsOf(() => luck.next().value ?? 0),
        );
        for (const one of opening(generation)) expect(replay.apply(one)).toBeNull();
        for (const one of taken) {
          const { world } = replay.facts();
          const wallets = new Map(replay.facts().wallets);
          const before = told(world);
          try {
            const abort = replay.apply(one);
            if (abort) aborted += 1;
            else done += 1;
            if (abort) expect(replay.facts().world).toBe(world);
            if (abort) expect(replay.facts().wallets).toEqual(wallets);
          } catch (error) {
            if (!(error instanceof UnsupportedStep)) throw error;
          }
          expect(told(world)).toBe(before);
          const after = replay.facts();
          expect(total(after.world, after.wallets)).toBe(OPENING_MONEY);
        }
      }),
      { numRuns: 100 },
    );
    expect([aborted > 100, done > 100]).toEqual([true, true]);
  });
});
