/** Keeps the fiat rates current: named by the operator, or read from a page at intervals; what cannot be read is told, and the last known rate stays (product.md, Economics). */
import type { EconomicsSettings, Rate } from '../../src-shared/bridge/economics.ts';
import type { Logger } from '../log/logger.ts';
import { readRate } from './read-rate.ts';

type RateTable = { keep(coinType: string, rate: Rate): void; at(coinType: string, currency: string, atMs: number): Rate | null };

/** What the keeper takes from its surroundings. */
export type RateKeeperDeps = {
  settings(): EconomicsSettings;
  /** Types of the network's coin and of SUI; null while no network is chosen. */
  coins(): { coin: string; sui: string } | null;
  rates: RateTable;
  fetch: typeof fetch;
  now(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  /** A rate or the problem changed. */
  changed(): void;
  log: Logger;
};

/** The keeper. */
export type RateKeeper = {
  /** Rate of a coin on the day of `atMs`, in the currency that is set. */
  rateAt(coinType: string, atMs: number): Rate | null;
  /** Why the last reading failed; null when it did not. */
  problem(): string | null;
  /** Takes the settings as they are now: keeps manual rates, or reads the page and goes on at its interval. */
  refresh(): Promise<void>;
  stop(): void;
};

const timeoutMs = 10_000;
const mostBytes = 1_000_000;

/** Creates a keeper that does nothing before `refresh`. */
export function createRateKeeper(deps: RateKeeperDeps): RateKeeper {
  const { rates, now, log } = deps;
  let problem: string | null = null;
  let callOff: () => void = () => undefined;
  let round = 0;

  const keep = (coinType: string, perCoin: string | null, source: string): void => {
    if (perCoin !== null) rates.keep(coinType, { perCoin, currency: deps.settings().currency, source, atMs: now() });
  };
  const readPage = async (url: string): Promise<string> => {
    const answer = await deps.fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json' }, redirect: 'error' });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const text = await answer.text();
    if (text.length > mostBytes) throw new Error('its answer is too large');
    return text;
  };
  const readFrom = async ({ url, coinPath, suiPath }: Extract<EconomicsSettings['rates'], { kind: 'url' }>): Promise<void> => {
    const coins = deps.coins();
    const text = await readPage(url);
    const found = [coinPath, suiPath].map((path) => (path === null ? null : { path, rate: readRate(text, path) }));
    const missing = found.find((one) => one !== null && one.rate === null);
    if (coins !== null) {
      keep(coins.coin, found[0]?.rate ?? null, new URL(url).hostname);
      keep(coins.sui, found[1]?.rate ?? null, new URL(url).hostname);
    }
    if (missing !== undefined && missing !== null) throw new Error(`there is no price at ${missing.path}`);
  };

  const refresh = async (): Promise<void> => {
    callOff();
    round += 1;
    const mine = round;
    const { rates: source } = deps.settings();
    let found: string | null = null;
    if (source.kind === 'manual') {
      const coins = deps.coins();
      if (coins !== null) {
        keep(coins.coin, source.coin, 'manual');
        keep(coins.sui, source.sui, 'manual');
      }
    } else {
      found = await readFrom(source).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      // The settings may have changed while the page was read: the newer round has its own timer.
      if (mine !== round) return;
      if (found !== null) log.warn('economics.rate_unread', { detail: found });
      callOff = deps.schedule(source.everyMinutes * 60_000, () => void refresh());
    }
    problem = found;
    deps.changed();
  };

  return {
    rateAt: (coinType, atMs) => rates.at(coinType, deps.settings().currency, atMs),
    problem: () => problem,
    refresh,
    stop: () => {
      round += 1;
      callOff();
    },
  };
}
