/** The form reads back as the settings it was made of, and names what does not read. */
import { describe, expect, it } from 'vitest';
import type { EconomicsSettings } from '../../../src-shared/bridge/economics.ts';
import { formOf, readForm, type CostForm } from './cost-fields.ts';

const manual: EconomicsSettings = {
  currency: 'EUR',
  rates: { kind: 'manual', coin: '0.5', sui: null },
  bands: [
    { fromMinute: 0, perKwh: '0.2' },
    { fromMinute: 6 * 60 + 30, perKwh: '0.32' },
  ],
  watts: { busy: 450, waiting: null, rest: 60 },
  psuLossPercent: 8,
};
const page: EconomicsSettings = {
  ...manual,
  rates: { kind: 'url', url: 'https://prices.example/v1', coinPath: '/toma', suiPath: null, everyMinutes: 60 },
};

describe('cost form', () => {
  it.each([manual, page])('reads back as it was', (settings) =>
    expect(readForm(formOf(settings))).toEqual({ settings, bad: new Set() }),
  );
  it.each<[Partial<CostForm>, string]>([
    [{ currency: 'euro' }, 'currency'],
    [{ coin: 'a lot' }, 'rates.coin'],
    [{ coin: '-1' }, 'rates.coin'],
    [{ busy: '12.5' }, 'watts.busy'],
    [{ waiting: '20001' }, 'watts.waiting'],
    [{ rest: 'many' }, 'watts.rest'],
    [{ loss: '' }, 'psuLossPercent'],
    [{ loss: '61' }, 'psuLossPercent'],
    [{ bands: [{ from: '24:00', perKwh: '0.2' }] }, 'bands.0.fromMinute'],
    [{ bands: [{ from: '06:00', perKwh: '' }] }, 'bands.0.perKwh'],
    [
      {
        bands: [
          { from: '06:00', perKwh: '1' },
          { from: '05:00', perKwh: '1' },
        ],
      },
      'bands',
    ],
    [{ kind: 'url', url: 'http://prices.example' }, 'rates.url'],
    [{ kind: 'url', url: 'https://prices.example', coinPath: 'toma' }, 'rates.coinPath'],
    [{ kind: 'url', url: 'https://prices.example', every: '1' }, 'rates.everyMinutes'],
  ])('names the field of %j', (change, field) =>
    expect([...readForm({ ...formOf(manual), ...change }).bad]).toContain(field),
  );
  it('takes small letters of a currency', () =>
    expect(readForm({ ...formOf(manual), currency: 'eur' }).settings?.currency).toBe('EUR'));
});
