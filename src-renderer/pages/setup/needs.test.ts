/** Unknown is neither enough nor too little, and steps open in order. */
import { describe, expect, it } from 'vitest';
import { canOpen, coinsToSend, covers, setupSteps, shownStep, stepStatus } from './needs.ts';

describe('covers', () => {
  it.each([
    [null, 5n, null],
    [5n, null, null],
    [5n, 5n, true],
    [4n, 5n, false],
    [0n, 0n, true],
  ])('%s of %s', (have, need, expected) => expect(covers(have, need)).toBe(expected));
});

describe('coinsToSend', () => {
  const read = (value: bigint | null) => ({ value, source: 'chain' as const, readAtMs: 1 });
  const coin = { type: '0x2::toma::TOMA', symbol: 'TOMA', decimals: 9 };
  const funds = (suiMist: bigint | null, faucet: boolean, gasFaucet: boolean) => ({
    suiMist: read(suiMist),
    balance: read(0n),
    coin,
    collateralNeeded: read(5n),
    gasNeededMist: 10n,
    faucet,
    gasFaucet,
  });
  it.each([
    ['nothing where faucets give both', funds(0n, true, true), []],
    ['gas where the faucet takes gas itself', funds(0n, true, false), ['SUI']],
    ['nothing once gas is there', funds(10n, true, false), []],
    ['both where there is no faucet', funds(9n, false, false), ['SUI', 'TOMA']],
    ['gas while it is unknown', funds(null, true, false), ['SUI']],
  ])('names %s', (_, given, expected) => expect(coinsToSend(given)).toEqual(expected));
});

describe('steps', () => {
  const setup = { current: 'machine' as const, finished: ['network' as const, 'key' as const] };
  it('follows the first unfinished step unless one is looked back at', () => {
    expect(shownStep(setup, null)).toBe('machine');
    expect(shownStep(setup, 'network')).toBe('network');
    expect(shownStep({ current: null }, null)).toBe('start');
  });
  it('opens what is finished and what is next, nothing further', () => {
    expect(setupSteps.filter((step) => canOpen(setup, step))).toEqual(['network', 'key', 'machine']);
  });
  it('marks each step', () => {
    expect(setupSteps.map((step) => stepStatus(setup, step))).toEqual([
      'done',
      'done',
      'current',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ]);
  });
});
