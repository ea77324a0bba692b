/** Only offers that the contract takes pass, and the suggestion is one of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buyersPaying, readOffer, suggestOffer } from './offer.ts';

const u64Max = 2n ** 64n - 1n;

describe('readOffer', () => {
  it.each([
    ['100', '2000', null, null],
    ['1,000', '2 000', null, null],
    ['', '2000', 'empty', null],
    ['0', '2000', 'zero', null],
    ['1.5', '2000', 'not_whole', null],
    ['-1', '2000', 'not_whole', null],
    ['100', '0', null, 'zero'],
    [u64Max.toString(), '1', 'too_large', null],
    ['10000000000', '10000000000', null, 'product_too_large'],
  ])('price %s, limit %s', (price, limit, priceProblem, limitProblem) => {
    const offer = readOffer(price, limit);
    expect(offer).toMatchObject({ priceProblem, limitProblem });
    expect(offer.price === null).toBe(priceProblem !== null);
    expect(offer.limit === null).toBe(limitProblem !== null);
  });
  it('never lets a product through that overflows', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: u64Max }), fc.bigInt({ min: 1n, max: u64Max }), (price, limit) => {
        const offer = readOffer(price.toString(), limit.toString());
        expect(offer.price !== null && offer.limit !== null && offer.price * offer.limit > u64Max).toBe(false);
      }),
    );
  });
});

describe('suggestOffer', () => {
  it.each([
    [[], [], 100n],
    [[], [70n, 50n], 50n],
    [[100n], [50n], 100n],
    [[10n, 100n, 100n, 100n, 100n, 100n, 100n, 100n, 100n, 100n], [], 100n],
  ])('case %#', (caps, rivals, price) => expect(suggestOffer(caps, rivals).price).toBe(price));
  it('is an offer that can be made and that most buyers pay', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 2n ** 63n }), { minLength: 1, maxLength: 20 }), (caps) => {
        const { price, limit } = suggestOffer(caps, []);
        expect(readOffer(price.toString(), limit.toString())).toMatchObject({ price, limit });
        expect(buyersPaying(price, caps) * 10).toBeGreaterThanOrEqual(caps.length * 8);
      }),
    );
  });
});
