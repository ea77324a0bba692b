/** The lab agrees with the contract's draw: eligible by price and limit, equal chances, paid the buyer's cap. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatePrices, tryOffer, type BoughtStack, type NodeOffer } from './price-lab.ts';

const perUnit = { priceUnit: 1n, factorPermille: 1_000n };
const stacks: BoughtStack[] = [
  { price: 100n, computeUnits: 1_000n },
  { price: 80n, computeUnits: 1_000n },
  { price: 100n, computeUnits: 5_000n },
];
const rival: NodeOffer = { nodeSmallId: 2n, price: 90n, maxComputeUnits: 9_000n };

describe('tryOffer', () => {
  it.each([
    ['alone and cheap', 80n, 9_000n, [], 3, 3, 680_000n],
    ['too dear for one buyer', 81n, 9_000n, [], 2, 2, 600_000n],
    ['too dear for all', 101n, 9_000n, [], 0, 0, 0n],
    ['a small limit', 80n, 1_000n, [], 2, 2, 180_000n],
    ['with a rival on two of three', 80n, 9_000n, [rival], 3, 2, 380_000n],
  ] as const)('%s', (_, price, maxComputeUnits, rivals, eligible, expected, pay) => {
    expect(tryOffer({ price, maxComputeUnits }, stacks, rivals, perUnit)).toEqual({
      stacks: 3,
      eligible,
      expected,
      pay,
    });
  });
  it('pays per million units, and more under sampling consensus', () => {
    const offer = { price: 1n, maxComputeUnits: 1_000_000n };
    const bought = [{ price: 2_000_000n, computeUnits: 500_000n }];
    expect(tryOffer(offer, bought, [], { priceUnit: 1_000_000n, factorPermille: 1_000n }).pay).toBe(1_000_000n);
    expect(tryOffer(offer, bought, [], { priceUnit: 1_000_000n, factorPermille: 1_200n }).pay).toBe(1_200_000n);
  });
  const offers = fc.record({
    nodeSmallId: fc.constant(3n),
    price: fc.bigInt(1n, 200n),
    maxComputeUnits: fc.bigInt(1n, 9_000n),
  });
  const bought = fc.array(fc.record({ price: fc.bigInt(1n, 200n), computeUnits: fc.bigInt(1n, 9_000n) }), {
    maxLength: 20,
  });
  it('never promises less for a lower price, nor more with one rival more', () => {
    fc.assert(
      fc.property(offers, bought, fc.array(offers, { maxLength: 5 }), offers, (offer, list, rivals, another) => {
        const here = tryOffer(offer, list, rivals, perUnit);
        const cheaper = tryOffer({ ...offer, price: offer.price - 1n }, list, rivals, perUnit);
        const crowded = tryOffer(offer, list, [...rivals, another], perUnit);
        expect(cheaper.pay).toBeGreaterThanOrEqual(here.pay);
        expect(cheaper.eligible).toBeGreaterThanOrEqual(here.eligible);
        expect(crowded.pay).toBeLessThanOrEqual(here.pay);
        expect(here.expected).toBeLessThanOrEqual(here.eligible);
      }),
    );
  });
});

describe('candidatePrices', () => {
  it('names each cap once, dearest first', () => expect(candidatePrices(stacks, 8)).toEqual([100n, 80n]));
  it('keeps both ends when there are too many', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ price: BigInt(index + 1), computeUnits: 1n }));
    const prices = candidatePrices(many, 8);
    expect(prices).toHaveLength(8);
    expect([prices[0], prices.at(-1)]).toEqual([40n, 1n]);
  });
  it('has nothing to compare where nobody bought', () => expect(candidatePrices([], 8)).toEqual([]));
});
