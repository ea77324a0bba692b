/** Properties of signed transactions over gRPC on both generations: money is conserved with gas counted, and an aborted transaction changes nothing but gas. */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SUI_COIN_TYPE, coinObjectType } from '../../../src-shared/atoma/index.ts';
import { coinBalance } from './machine/chain-object.ts';
import { createReplayChain } from './replay-chain.ts';
import type { ReplayChain } from './replay-chain.ts';
import { drawsOf, opening, randomStep } from './rules/random-steps.ts';
import { UnsupportedStep } from './rules/recorded.ts';

const sui = coinObjectType(SUI_COIN_TYPE);

/** All coins of a type that exist, whoever holds them. */
const coins = ({ core }: ReplayChain, type: string): bigint =>
  [...core.state.store.all()].reduce((sum, object) => (object.type === type ? sum + coinBalance(object) : sum), 0n);

/** Coins, treasuries and collaterals. */
const money = (replay: ReplayChain): bigint => {
  const { world, deployment } = replay.core.state;
  const collateral = [...world.nodes.values()].reduce((sum, node) => sum + node.collateral, 0n);
  return coins(replay, coinObjectType(deployment.coinType)) + world.feeTreasury + world.communalTreasury + collateral;
};

/** Every object but SUI, without its version. */
const contents = ({ core }: ReplayChain): Map<string, string> =>
  new Map(
    [...core.state.store.all()]
      .filter((object) => object.type !== sui)
      .map((object) => [
        object.id,
        `${object.type} ${JSON.stringify(object.owner, (_key, value: unknown) => String(value))} ${Buffer.from(object.contents).toString('hex')}`,
      ]),
  );

/** Net gas of a stored transaction. */
const executedGas = (bytes: Uint8Array): bigint => {
  const used = T.ExecutedTransaction.fromBinary(bytes).effects?.gasUsed;
  return (used?.computationCost ?? 0n) + (used?.storageCost ?? 0n) - (used?.storageRebate ?? 0n);
};

/** What the last transaction took for gas, net; 0 when there was none. */
const gasOfLast = ({ core }: ReplayChain, sequenceBefore: bigint): bigint => {
  const tip = core.ledger.tip();
  if (!tip || tip.sequence === sequenceBefore) return 0n;
  return core.ledger.transactionsOf(tip.sequence).reduce((sum, { executed }) => sum + executedGas(executed), 0n);
};

/** Plays a step and weighs the world before and after. */
const expectConserved = async (
  replay: ReplayChain,
  step: object,
  seen: { aborted: number; done: number },
): Promise<void> => {
  const before = { money: money(replay), sui: coins(replay, sui), contents: contents(replay) };
  const sequence = replay.core.ledger.tip()?.sequence ?? 0n;
  try {
    const abort = await replay.apply(step);
    if (abort) seen.aborted += 1;
    else seen.done += 1;
    if (abort) expect(contents(replay)).toEqual(before.contents);
  } catch (error) {
    if (!(error instanceof UnsupportedStep)) throw error;
    expect(contents(replay)).toEqual(before.contents);
  }
  expect(money(replay)).toBe(before.money);
  expect(coins(replay, sui)).toBe(before.sui - gasOfLast(replay, sequence));
};

describe.each(['G1', 'G2'] as const)('signed transactions of %s', (generation) => {
  it('conserve money to the unit, and when aborted change nothing but gas', async () => {
    const seen = { aborted: 0, done: 0 };
    const taken = fc.array(randomStep(generation), { minLength: 15, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(taken, fc.infiniteStream(fc.nat(2 ** 20)), async (steps, luck) => {
        const replay = await createReplayChain(
          generation,
          drawsOf(() => luck.next().value ?? 0),
        );
        try {
          for (const step of opening(generation)) expect(await replay.apply(step)).toBeNull();
          for (const step of steps) await expectConserved(replay, step, seen);
        } finally {
          await replay.stop();
        }
      }),
      { numRuns: 6 },
    );
    expect([seen.aborted > 20, seen.done > 20]).toEqual([true, true]);
  });
});
