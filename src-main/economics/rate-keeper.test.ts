/** Rates: exact digits from a page, manual ones as they are, failures told while the last known rate stays. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { EconomicsSettings, Rate } from '../../src-shared/bridge/economics.ts';
import { silentLogger } from '../log/logger.ts';
import { createRateKeeper } from './rate-keeper.ts';
import { readRate } from './read-rate.ts';

describe('readRate', () => {
  it.each([
    ['{"toma":{"usd":0.1234567890123456789}}', '/toma/usd', '0.123456789012'],
    ['{"a/b":{"~":"12.5"}}', '/a~1b/~0', '12.5'],
    ['[{"price":3}]', '/0/price', '3'],
    ['{"text":"worth 5 \\"1.5\\" a coin","p":2.50}', '/p', '2.50'],
    ['{"p":1e3}', '/p', null],
    ['{"p":-1}', '/p', null],
    ['{"p":0.00}', '/p', null],
    ['{"p":null}', '/p', null],
    ['{"p":{}}', '/p', null],
    ['{}', '/constructor', null],
    ['not JSON', '/p', null],
  ])('%s at %s is %s', (text, pointer, rate) => expect(readRate(text, pointer)).toBe(rate));
});

const manual: EconomicsSettings = { currency: 'EUR', rates: { kind: 'manual', coin: '0.5', sui: null }, bands: [], watts: { busy: null, waiting: null, rest: 0 }, psuLossPercent: 0 };
let server: Server | null = null;
afterEach(() => void server?.close());

async function pageOf(answer: () => { status: number; body: string }): Promise<string> {
  server = createServer((_, response) => {
    const { status, body } = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices`;
}

function keeperOf(settings: () => EconomicsSettings) {
  const kept = new Map<string, Rate>();
  const waits: { delayMs: number; work: () => void }[] = [];
  let changes = 0;
  const keeper = createRateKeeper({
    settings,
    coins: () => ({ coin: 'T', sui: 'S' }),
    rates: { keep: (coin, rate) => void kept.set(coin, rate), at: (coin, currency) => (kept.get(coin)?.currency === currency ? (kept.get(coin) ?? null) : null) },
    fetch,
    now: () => 7,
    schedule: (delayMs, work) => {
      const wait = { delayMs, work };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait), 1);
    },
    changed: () => void (changes += 1),
    log: silentLogger,
  });
  return { keeper, kept, waits, changes: () => changes };
}

describe('rate keeper', () => {
  it('keeps what the operator named, and leaves out what they did not', async () => {
    const { keeper, kept, waits, changes } = keeperOf(() => manual);
    await keeper.refresh();
    expect([...kept]).toEqual([['T', { perCoin: '0.5', currency: 'EUR', source: 'manual', atMs: 7 }]]);
    expect([keeper.rateAt('T', 7)?.perCoin, keeper.rateAt('S', 7), keeper.problem(), waits.length, changes()]).toEqual(['0.5', null, null, 0, 1]);
  });
  it('reads a page, again at its interval, and keeps the last rate when that fails', async () => {
    let answer = { status: 200, body: '{"t":0.25,"s":3.5}' };
    const url = await pageOf(() => answer);
    const { keeper, kept, waits } = keeperOf(() => ({ ...manual, rates: { kind: 'url', url, coinPath: '/t', suiPath: '/s', everyMinutes: 30 } }));
    await keeper.refresh();
    expect(kept.get('T')).toEqual({ perCoin: '0.25', currency: 'EUR', source: '127.0.0.1', atMs: 7 });
    expect(waits.map((wait) => wait.delayMs)).toEqual([1_800_000]);
    for (const [broken, told] of [[{ status: 503, body: '' }, /503/], [{ status: 200, body: '{"s":4}' }, /\/t/], [{ status: 200, body: '<html>' }, /\/t/]] as const) {
      answer = { ...broken };
      await keeper.refresh();
      expect(keeper.problem()).toMatch(told);
      expect(keeper.rateAt('T', 7)?.perCoin).toBe('0.25');
      expect(waits).toHaveLength(1);
    }
    expect(kept.get('S')?.perCoin).toBe('4');
    keeper.stop();
    expect(waits).toHaveLength(0);
  });
});
