/** Sizes step at thousands, shares stay within 0 and 100, identifiers keep both ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelName, percentOf, rateText, shortId, sizeText } from './quantity.ts';

describe('sizeText', () => {
  it.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [1_000, '1 kB'],
    [5_312_345, '5.3 MB'],
    [24_000_000_000, '24 GB'],
    [7e15, '7,000 TB'],
  ])('%d', (bytes, text) => expect(sizeText(bytes, 'en')).toBe(text));
});

describe('rateText', () => {
  it.each([
    [3.14, '3.1'],
    [412.6, '413'],
  ])('%d', (rate, text) => expect(rateText(rate, 'en')).toBe(text));
});

describe('percentOf', () => {
  it.each([
    [0n, 0n, 0],
    [1n, 2000n, 0],
    [1999n, 2000n, 99],
    [2000n, 2000n, 100],
    [3000n, 2000n, 100],
  ])('%d of %d', (part, whole, percent) => expect(percentOf(part, whole)).toBe(percent));
  it('says 100 only when all is used', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 64n }), (whole, part) => {
        expect(percentOf(part, whole) === 100).toBe(part >= whole);
      }),
    );
  });
});

describe('shortId', () => {
  it.each([
    ['0x1234567890abcdef', '0x1234…cdef'],
    ['0x12345', '0x12345'],
  ])('%s', (id, text) => expect(shortId(id)).toBe(text));
});

describe('modelName', () => {
  it.each([
    ['sandbox/tiny-chat@3fa9', 'tiny-chat'],
    ['tiny-chat', 'tiny-chat'],
  ])('%s', (id, name) => expect(modelName(id)).toBe(name));
});
