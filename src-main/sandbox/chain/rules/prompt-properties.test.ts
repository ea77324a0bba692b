/** Whatever is sent, committed and settled in the dormant prompt flow, no money comes or goes, and nobody is paid more than was taken (protocol.md 2.5, 5.10). */
import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt } from './outcome.ts';
import type { Effect, RuleContext } from './outcome.ts';
import {
  addEchelon,
  addModel,
  addNodeToModel,
  disableNode,
  freshWorld,
  registerNode,
  sendPrompt,
  settleDispute,
  submitCommitment,
  tryToSettle,
} from './index.ts';
import type { World } from './world.ts';

const COLLATERAL = 1_000n;
const WALLET = 50_000n;
const small = fc.bigInt({ min: 1n, max: 4n });
const draws = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 12 });
const ticketAt = fc.nat({ max: 5 });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('send'),
      nodes: fc.option(small),
      tokens: fc.bigInt({ min: 0n, max: 90n }),
      draws,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant('commit'),
      ticket: ticketAt,
      place: ticketAt,
      count: fc.constantFrom(7n, 7n, 7n, 7n, 150n),
      fits: fc.integer({ min: 0, max: 5 }),
      draws,
    }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('settle'), ticket: ticketAt, draws }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('dispute'), ticket: ticketAt, node: small }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('disable'), node: small }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('epoch') }) },
) as fc.Arbitrary<Step>;

type Step =
  | { readonly op: 'send'; readonly nodes: bigint | null; readonly tokens: bigint; readonly draws: readonly bigint[] }
  | {
      readonly op: 'commit';
      readonly ticket: number;
      readonly place: number;
      readonly count: bigint;
      readonly fits: number;
      readonly draws: readonly bigint[];
    }
  | { readonly op: 'settle'; readonly ticket: number; readonly draws: readonly bigint[] }
  | { readonly op: 'dispute'; readonly ticket: number; readonly node: bigint }
  | { readonly op: 'disable'; readonly node: bigint }
  | { readonly op: 'epoch' };

const contextOf = (epoch: bigint, numbers: readonly bigint[] = []): RuleContext => {
  const left = [...numbers];
  let more = 0n;
  // When the given draws are used up, counting goes through every rest of a division.
  return {
    sender: 'USER',
    epoch,
    epochStartMs: epoch * 86_400_000n,
    draws: { pick: () => 0, permille: () => 1n, nonce: () => left.shift() ?? more++ },
  };
};

const opened = (): World =>
  [
    (world: World) => addModel(world, 'llama', 0n),
    (world: World) =>
      addEchelon(world, {
        model: 'llama',
        echelon: 1n,
        inputFeePerToken: 2n,
        outputFeePerToken: 3n,
        relativePerformance: 1n,
      }),
    ...[1n, 2n, 3n].flatMap((node) => [
      (world: World) => registerNode(world, contextOf(0n), COLLATERAL),
      (world: World) => addNodeToModel(world, { model: 'llama', echelon: 1n, node }),
    ]),
  ].reduce((world, rule) => rule(world).world, freshWorld('G1'));

const money = (world: World): bigint =>
  [...world.nodes.values()].reduce((sum, node) => sum + node.collateral, world.feeTreasury + world.communalTreasury);
const owed = (world: World): bigint =>
  [...world.nodes.values()].reduce((sum, node) => sum + node.lastFeeEpochAmount + node.availableFeeAmount, 0n);
const inTickets = (world: World): bigint =>
  [...world.prompts.values()].reduce((sum, { collectedFee }) => sum + collectedFee, 0n);

const idOf = (number: number): string => `0x${String(number).padStart(64, '0')}`;
const run = (world: World, epoch: bigint, wallet: bigint, at: number, one: Step): (() => Effect) => {
  const open = [...world.prompts.keys()];
  const ticketId = 'ticket' in one ? (open[one.ticket % Math.max(1, open.length)] ?? idOf(9_999)) : idOf(at);
  const places = world.prompts.get(ticketId)?.all ?? [4n];
  const leaf = new Uint8Array(32).fill(1);
  switch (one.op) {
    case 'send':
      return () =>
        sendPrompt(world, contextOf(epoch, one.draws), {
          ticketId,
          prompt: {
            kind: 'text',
            params: {
              maxTokens: one.tokens,
              model: 'llama',
              prePromptTokens: [],
              prependOutputWithInput: false,
              prompt: new Uint8Array(5),
              randomSeed: 0n,
              repeatLastN: 0n,
              repeatPenalty: 0,
              shouldStreamOutput: false,
              temperature: 0,
              topK: 0n,
              topP: 0,
            },
          },
          maxInputFee: 5n,
          maxOutputFee: 5n,
          nodes: one.nodes,
          outputDestination: new Uint8Array(),
          walletAmount: wallet,
        });
    case 'commit':
      return () =>
        submitCommitment(world, contextOf(epoch, one.draws), {
          node: places[one.place % places.length] ?? 4n,
          ticketId,
          inputTokens: one.count,
          outputTokens: one.count,
          // Mostly the root that equal leaves of all places have.
          merkleRoot: one.fits === 0 ? leaf : blake2b(Uint8Array.from(places.flatMap(() => [...leaf])), { dkLen: 32 }),
          chunkHash: leaf,
        });
    case 'settle':
      return () => tryToSettle(world, contextOf(epoch, one.draws), ticketId);
    case 'dispute':
      return () => settleDispute(world, contextOf(epoch), { node: one.node, ticketId, leaves: new Uint8Array(32) });
    case 'disable':
      return () => disableNode(world, contextOf(epoch), one.node);
    case 'epoch':
      throw new Error('an epoch is no call');
  }
};

describe('random prompts', () => {
  it('keep all money, and owe no more than is there', () => {
    let [settled, disputed] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        let [world, epoch, wallet] = [opened(), 0n, WALLET];
        const all = money(world) + wallet;
        steps.forEach((one, at) => {
          if (one.op === 'epoch') {
            epoch += 1n;
            return;
          }
          const outcome = attempt(run(world, epoch, wallet, at, one));
          if (!outcome.ok) return;
          const { effect } = outcome;
          expect(one.op).not.toBe('dispute');
          world = effect.world;
          wallet += effect.payouts.reduce((sum, { amount }) => sum + amount, 0n) - effect.charge;
          settled += effect.promptEvents.filter(({ name }) => name === 'SettledEvent').length;
          disputed += effect.promptEvents.filter(({ name }) => name === 'DisputeEvent').length;
          expect(money(world) + wallet).toBe(all);
          // Fees owed and those of open tickets are all in the treasury.
          expect(owed(world) + inTickets(world)).toBeLessThanOrEqual(world.feeTreasury);
        });
      }),
      { numRuns: 150, seed: 5 },
    );
    // The steps do reach both ends.
    expect(settled).toBeGreaterThan(50);
    expect(disputed).toBeGreaterThan(50);
  });
});
