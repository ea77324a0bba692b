/** The bridge's economics area: settings, rates, rows by day and task, and the price at which work pays its power (product.md, Economics). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { EconomicsRange, EconomicsSettings, EconomicsView, Rate } from '../../src-shared/bridge/economics.ts';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import { suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';
import { breakEvenPrice, economicsRows, type EnergyDays } from '../core/economics.ts';
import { byDay, energyOf, milliwattHours, type Calendar, type PoweredStretch, type Stretch } from '../core/energy.ts';
import { fiatOf, picoOf, picoText } from '../core/fiat.ts';
import { meanWatts, withPower, type Measured } from '../core/measured-power.ts';
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

/** What is known of the power in one state. */
type Power = { readonly measured: ReadonlyMap<number, Measured>; readonly estimate: number | null };

/** Energy of one state by day; null where nothing was measured and no watts are given. */
function energyByDay(stretches: readonly Stretch[], { measured, estimate }: Power, settings: EconomicsSettings): EnergyDays | null {
  if (estimate === null && measured.size === 0) return null;
  const days = new Map<number, PoweredStretch[]>();
  for (const { milliwatts, measured: share, ...whole } of withPower(stretches, measured, { estimate, rest: settings.watts.rest })) {
    for (const { dayMs, stretch } of byDay(whole, localCalendar)) {
      const list = days.get(dayMs) ?? [];
      list.push({ ...stretch, milliwatts, measured: share });
      days.set(dayMs, list);
    }
  }
  return new Map([...days].map(([dayMs, list]) => [dayMs, energyOf(list, settings, localCalendar)]));
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

/** Watts while working: the measured mean where there is one. */
function busyMilliwatts({ measured, estimate }: Power, rest: number): number | null {
  const mean = meanWatts(measured);
  if (mean !== null) return Math.round((mean + rest) * 1_000);
  return estimate === null ? null : estimate * 1_000;
}

function breakEven(parts: AreaParts, settings: EconomicsSettings, coin: Coin, power: Power): EconomicsView['breakEven'] {
  const profile = parts.network()?.profile ?? null;
  const rate = profile === null ? null : parts.rates.rateAt(coin.type, parts.deps.now());
  const unitsPerSecond = parts.inference.status().tokensPerSecond;
  const milliwatts = busyMilliwatts(power, settings.watts.rest);
  const measured = meanWatts(power.measured) !== null;
  const missing = milliwatts === null ? 'watts' : settings.bands.length === 0 ? 'tariff' : rate === null ? 'rate' : unitsPerSecond === null ? 'speed' : null;
  if (missing !== null || milliwatts === null || rate === null || unitsPerSecond === null || profile === null) return { price: null, missing, measured };
  // The dearest band: a price below its cost loses money at some hour of the day.
  const perKwh = settings.bands.map((band) => picoOf(band.perKwh)).reduce((most, one) => (one > most ? one : most), 0n);
  const price = breakEvenPrice({
    milliwattHoursPerHour: milliwattHours(hourMs, milliwatts, settings.psuLossPercent),
    perKwh,
    unitsPerSecond,
    perCoin: picoOf(rate.perCoin),
    decimals: coin.decimals,
    priceUnit: contractOf(profile.generation).constants.priceUnit,
  });
  return { price, missing: price === null ? 'speed' : null, measured };
}

function view(parts: AreaParts, range: EconomicsRange): EconomicsView {
  const settings = parts.preferences.economics();
  const coin = parts.network()?.profile.coin ?? noCoin;
  const nowMs = parts.deps.now();
  const sinceMs = localDayStart(nowMs, daysBack[range]);
  const chain = parts.session()?.chain ?? null;
  const rates = { coin: parts.rates.rateAt(coin.type, nowMs), sui: parts.rates.rateAt(suiCoin.type, nowMs) };
  const busy = { measured: parts.power.since(sinceMs, 'EXECUTING'), estimate: settings.watts.busy };
  const waiting = { measured: parts.power.since(sinceMs, 'READY'), estimate: settings.watts.waiting };
  const pico = (rate: { perCoin: string } | null) => (rate === null ? null : picoOf(rate.perCoin));
  return {
    settings,
    coin,
    rates: { ...rates, problem: parts.rates.problem() },
    rows: economicsRows({
      earned: chain?.earnedDays(sinceMs) ?? [],
      gas: chain?.gasDays(sinceMs) ?? [],
      busy: energyByDay(stretchesOf(parts, 'EXECUTING', sinceMs), busy, settings),
      waiting: energyByDay(stretchesOf(parts, 'READY', sinceMs), waiting, settings),
      decimals: coin.decimals,
      rates: { coin: pico(rates.coin), sui: pico(rates.sui) },
    }),
    breakEven: breakEven(parts, settings, coin, busy),
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
