/** The bridge's economics area: settings, rates, rows by day and task, and the price at which work pays its power (product.md, Economics). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { EconomicsRange, EconomicsSettings, EconomicsView, Rate } from '../../src-shared/bridge/economics.ts';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import { suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';
import { breakEvenPrice, economicsRows, type EnergyOfDay } from '../core/economics.ts';
import { byDay, energyOf, milliwattHours, type Calendar, type Stretch } from '../core/energy.ts';
import { fiatOf, picoOf, picoText } from '../core/fiat.ts';
import type { RateKeeper } from '../economics/rate-keeper.ts';
import type { EconomicsArea } from '../handlers/economics-handlers.ts';
import { localDay, localDayStart } from '../platform/local-day.ts';
import { noCoin, type AreaParts } from './area-parts.ts';

const daysBack: Record<EconomicsRange, number> = { days7: 6, days30: 29, days365: 364 };
const hourMs = 3_600_000;

/** Days and minutes of this machine's zone. */
const localCalendar: Calendar = {
  dayStart: localDayStart,
  minuteOf: (dayMs, minute) => new Date(dayMs).setHours(0, minute, 0, 0),
  nextDay: (dayMs) => localDayStart(dayMs, -1),
};

/** Energy of one power by day; null where its watts are not given. */
function energyByDay(stretches: readonly Stretch[], watts: number | null, { bands, psuLossPercent }: EconomicsSettings): Map<number, EnergyOfDay> | null {
  if (watts === null) return null;
  const days = new Map<number, Stretch[]>();
  for (const { dayMs, stretch } of stretches.flatMap((one) => byDay(one, localCalendar))) days.set(dayMs, [...(days.get(dayMs) ?? []), stretch]);
  return new Map([...days].map(([dayMs, list]) => [dayMs, energyOf(list, { watts, psuLossPercent, bands }, localCalendar)]));
}

/** Stretches of one state since a moment, up to now. */
function stretchesOf(parts: AreaParts, state: 'EXECUTING' | 'READY', sinceMs: number): Stretch[] {
  const nowMs = parts.deps.now();
  return parts.transitions
    .spans(sinceMs)
    .filter((span) => span.state === state)
    .map((span) => ({ fromMs: Math.max(span.fromMs, sinceMs), untilMs: span.untilMs ?? nowMs }))
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

function breakEven(parts: AreaParts, settings: EconomicsSettings, coin: Coin): EconomicsView['breakEven'] {
  const profile = parts.network()?.profile ?? null;
  const rate = profile === null ? null : parts.rates.rateAt(coin.type, parts.deps.now());
  const unitsPerSecond = parts.inference.status().tokensPerSecond;
  const missing = settings.watts.busy === null ? 'watts' : settings.bands.length === 0 ? 'tariff' : rate === null ? 'rate' : unitsPerSecond === null ? 'speed' : null;
  if (missing !== null || settings.watts.busy === null || rate === null || unitsPerSecond === null || profile === null) return { price: null, missing };
  // The dearest band: a price below its cost loses money at some hour of the day.
  const perKwh = settings.bands.map((band) => picoOf(band.perKwh)).reduce((most, one) => (one > most ? one : most), 0n);
  const price = breakEvenPrice({
    milliwattHoursPerHour: milliwattHours(hourMs, settings.watts.busy, settings.psuLossPercent),
    perKwh,
    unitsPerSecond,
    perCoin: picoOf(rate.perCoin),
    decimals: coin.decimals,
    priceUnit: contractOf(profile.generation).constants.priceUnit,
  });
  return { price, missing: price === null ? 'speed' : null };
}

function view(parts: AreaParts, range: EconomicsRange): EconomicsView {
  const settings = parts.preferences.economics();
  const coin = parts.network()?.profile.coin ?? noCoin;
  const nowMs = parts.deps.now();
  const sinceMs = localDayStart(nowMs, daysBack[range]);
  const chain = parts.session()?.chain ?? null;
  const rates = { coin: parts.rates.rateAt(coin.type, nowMs), sui: parts.rates.rateAt(suiCoin.type, nowMs) };
  const pico = (rate: { perCoin: string } | null) => (rate === null ? null : picoOf(rate.perCoin));
  return {
    settings,
    coin,
    rates: { ...rates, problem: parts.rates.problem() },
    rows: economicsRows({
      earned: chain?.earnedDays(sinceMs) ?? [],
      gas: chain?.gasDays(sinceMs) ?? [],
      busy: energyByDay(stretchesOf(parts, 'EXECUTING', sinceMs), settings.watts.busy, settings),
      waiting: energyByDay(stretchesOf(parts, 'READY', sinceMs), settings.watts.waiting, settings),
      decimals: coin.decimals,
      rates: { coin: pico(rates.coin), sui: pico(rates.sui) },
    }),
    breakEven: breakEven(parts, settings, coin),
  };
}

/** Gives ledger entries their fiat value at the rate of their day, which is asked once a coin and day. */
export function withFiat(rateAt: RateKeeper['rateAt'], entries: readonly Omit<LedgerEntry, 'fiat'>[]): LedgerEntry[] {
  const asked = new Map<string, Rate | null>();
  const rateOf = ({ coin, atMs }: Pick<LedgerEntry, 'coin' | 'atMs'>): Rate | null => {
    const key = `${coin.type} ${localDay(atMs)}`;
    const rate = asked.get(key);
    if (rate !== undefined) return rate;
    const found = rateAt(coin.type, atMs);
    asked.set(key, found);
    return found;
  };
  return entries.map((entry) => {
    const rate = rateOf(entry);
    return { ...entry, fiat: rate === null ? null : { amount: picoText(fiatOf(entry.amount, entry.coin.decimals, picoOf(rate.perCoin))), rate } };
  });
}

/** Assembles the area over the live parts. */
export const economicsArea = (parts: AreaParts): EconomicsArea => ({
  view: async ({ range }) => view(parts, range),
  set: async ({ settings }) => {
    parts.preferences.setEconomics(settings);
    await parts.rates.refresh();
    return {};
  },
});
