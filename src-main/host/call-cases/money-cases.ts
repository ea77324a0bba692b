/** Samples of the calls about money: earnings, stacks, the ledger, economics (the table of the parity test). */
import type { moneyCalls } from '../../../src-shared/bridge/calls.ts';
import type { economicsCalls } from '../../../src-shared/bridge/economics.ts';
import { address, amount, coin, done, outcome, shownError, unknownAmount, type CasesOf } from './samples.ts';

export const moneyCases: CasesOf<typeof moneyCalls & typeof economicsCalls> = {
  'earnings.get': {
    input: {},
    output: {
      coin,
      earned: { today: 0n, days7: 1n, days30: 2n, all: 3n },
      pending: amount,
      claimable: amount,
      claimed: unknownAmount,
      gasMist: -12n,
      reputation: { value: 50, source: 'chain', readAtMs: 1 },
      collateral: amount,
    },
  },
  'earnings.series': { input: { range: 'days7' }, output: [{ bucketMs: 0, taskSmallId: 1n, amount: 5n, jobs: 2 }] },
  'stacks.list': {
    input: { unfinishedOnly: true },
    output: [
      {
        stackSmallId: 12n,
        taskSmallId: 1n,
        model: null,
        phase: 'challenge',
        strandedBy: null,
        owner: address,
        price: 100n,
        numComputeUnits: 2_000n,
        usedUnits: 1_900n,
        awaitingAck: 0,
        claimedUnits: 1_900n,
        value: 190_000n,
        gasMist: 4n,
        disputeSettledAtEpoch: 9n,
        epoch: 8n,
        settleDigest: 'D',
        claimDigest: null,
        lastError: shownError,
        updatedMs: 1,
      },
    ],
  },
  'stacks.settle': { input: { stackSmallId: '12' }, output: outcome },
  'stacks.claim': { input: { stackSmallIds: ['12', '18446744073709551615'] }, output: outcome },
  'ledger.list': {
    input: { limit: 10, before: null },
    output: [
      {
        id: 'D/0',
        kind: 'claim',
        digest: 'D',
        eventIndex: 0,
        atMs: 1,
        epoch: 8n,
        stackSmallId: 12n,
        taskSmallId: 1n,
        amount: -5n,
        coin,
        fiat: { amount: '-0.000000000002', rate: { perCoin: '0.5', currency: 'EUR', source: 'manual', atMs: 3 } },
      },
    ],
  },
  'economics.get': {
    input: { range: 'days7' },
    output: {
      settings: { currency: 'EUR', rates: { kind: 'url', url: 'https://prices.example/v1', coinPath: '/toma', suiPath: null, everyMinutes: 60 }, bands: [{ fromMinute: 0, perKwh: '0.3' }], watts: { busy: 400, waiting: null, rest: 60 }, psuLossPercent: 10 },
      coin,
      rates: { coin: { perCoin: '0.5', currency: 'EUR', source: 'manual', atMs: 3 }, sui: null, problem: 'it answered 503' },
      rows: [{ dayMs: 1, taskSmallId: 1n, gross: 18_446_744_073_709_551_615n, computeUnits: 9n, gasMist: -3n, wattHours: 1.5, wattHoursMeasured: 0.5, grossFiat: '1.5', gasFiat: null, electricity: '0.09', net: null }],
      breakEven: { price: null, missing: 'rate', measured: true },
    },
  },
  'economics.set': { input: { settings: { currency: 'EUR', rates: { kind: 'manual', coin: '0.5', sui: null }, bands: [], watts: { busy: null, waiting: null, rest: 0 }, psuLossPercent: 0 } }, output: done },
};
