/** What is entered for costs and rates, as text, and the settings it reads as; a field that does not read is named. */
import { economicsSettingsSchema, type EconomicsSettings } from '../../../src-shared/bridge/economics.ts';

/** A time band as entered. */
export type BandText = { readonly from: string; readonly perKwh: string };
/** The form as entered. */
export type CostForm = {
  readonly currency: string;
  readonly kind: EconomicsSettings['rates']['kind'];
  readonly coin: string;
  readonly sui: string;
  readonly url: string;
  readonly coinPath: string;
  readonly suiPath: string;
  readonly every: string;
  readonly busy: string;
  readonly waiting: string;
  readonly rest: string;
  readonly loss: string;
  readonly bands: readonly BandText[];
};

const two = (value: number): string => String(value).padStart(2, '0');
const clockText = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** The minute of the day of "22:30"; null for anything else. */
function minuteOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  const [hours, minutes] = [Number(match?.[1] ?? 99), Number(match?.[2] ?? 99)];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** The form of the settings as they are. */
export function formOf({ currency, rates, bands, watts, psuLossPercent }: EconomicsSettings): CostForm {
  return {
    currency,
    kind: rates.kind,
    coin: rates.kind === 'manual' ? (rates.coin ?? '') : '',
    sui: rates.kind === 'manual' ? (rates.sui ?? '') : '',
    url: rates.kind === 'url' ? rates.url : '',
    coinPath: rates.kind === 'url' ? (rates.coinPath ?? '') : '',
    suiPath: rates.kind === 'url' ? (rates.suiPath ?? '') : '',
    every: rates.kind === 'url' ? String(rates.everyMinutes) : '60',
    busy: watts.busy === null ? '' : String(watts.busy),
    waiting: watts.waiting === null ? '' : String(watts.waiting),
    rest: String(watts.rest),
    loss: String(psuLossPercent),
    bands: bands.map((band) => ({ from: clockText(band.fromMinute), perKwh: band.perKwh })),
  };
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const wattsOf = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim()));

/** What the form reads as, or the dotted names of the fields that do not read. */
export function readForm(
  form: CostForm,
): { settings: EconomicsSettings; bad: ReadonlySet<string> } | { settings: null; bad: ReadonlySet<string> } {
  const rates =
    form.kind === 'manual'
      ? { kind: 'manual', coin: orNull(form.coin), sui: orNull(form.sui) }
      : {
          kind: 'url',
          url: form.url.trim(),
          coinPath: orNull(form.coinPath),
          suiPath: orNull(form.suiPath),
          everyMinutes: Number(form.every),
        };
  const parsed = economicsSettingsSchema.safeParse({
    currency: form.currency.trim().toUpperCase(),
    rates,
    bands: form.bands.map((band) => ({ fromMinute: minuteOf(band.from), perKwh: band.perKwh.trim() })),
    watts: { busy: wattsOf(form.busy), waiting: wattsOf(form.waiting), rest: wattsOf(form.rest) ?? 0 },
    psuLossPercent: Number(form.loss.trim() === '' ? Number.NaN : form.loss),
  });
  if (parsed.success) return { settings: parsed.data, bad: new Set() };
  return { settings: null, bad: new Set(parsed.error.issues.map((issue) => issue.path.join('.'))) };
}
