/** Is it worth it: tariff, watts, rates, and what each day and task brought (product.md, Economics). Fiat amounts are decimal text, never floats. */
import { z } from 'zod';
import { bigintText, coinSchema, signedBigintText } from '../domain/amounts.ts';

/** A positive decimal of at most twelve digits on either side. */
export const decimalSchema = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/);
/** As {@link decimalSchema}, also below zero. */
export const signedDecimalSchema = z.string().regex(/^-?\d{1,30}(\.\d{1,12})?$/);

const minutesOfDay = 24 * 60;
/** From this minute of the local day on, a kilowatt-hour costs this much. */
const bandSchema = z.strictObject({ fromMinute: z.number().int().min(0).max(minutesOfDay - 1), perKwh: decimalSchema });

const loopbackOrHttps = z.url().max(500).refine(
  (text) => {
    const url = new URL(text);
    return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname));
  },
  { error: 'must use https:, or http: to a loopback host only' },
);
/** A value inside JSON, by RFC 6901: "/toma/usd". */
const pointerSchema = z.string().max(200).regex(/^(\/[^/]*)+$/);

/** Where the price of a coin comes from: named by the operator, or read from a page that gives JSON. */
export const rateSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('manual'), coin: decimalSchema.nullable(), sui: decimalSchema.nullable() }),
  z.strictObject({ kind: z.literal('url'), url: loopbackOrHttps, coinPath: pointerSchema.nullable(), suiPath: pointerSchema.nullable(), everyMinutes: z.number().int().min(5).max(1_440) }),
]);

const wattsSchema = z.number().int().min(0).max(20_000);

/** What the operator says of costs; null is "not known", and keeps figures that need it unknown. */
export const economicsSettingsSchema = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  rates: rateSourceSchema,
  /** Ascending, the first one may begin later than midnight: before it the last one holds. Empty: no tariff known. */
  bands: z.array(bandSchema).max(24).refine((bands) => bands.every((band, at) => at === 0 || band.fromMinute > (bands[at - 1]?.fromMinute ?? 0)), { error: 'bands must ascend' }),
  /**
   * Power of the machine in watts, behind the power supply: while work runs, and while it waits for work, where it is not measured.
   * `rest` is what the machine takes besides its GPUs: it is added to what they report.
   */
  watts: z.strictObject({ busy: wattsSchema.nullable(), waiting: wattsSchema.nullable(), rest: wattsSchema.default(0) }),
  /** Loss of the power supply in percent of what it draws. */
  psuLossPercent: z.number().int().min(0).max(60),
});
export type EconomicsSettings = z.infer<typeof economicsSettingsSchema>;

/** The price of one whole coin, with its source and age. */
export const rateSchema = z.object({ perCoin: decimalSchema, currency: z.string(), source: z.string(), atMs: z.number() });
export type Rate = z.infer<typeof rateSchema>;

/** Fiat value of a ledger entry at the rate that was known on its day. */
export const fiatValueSchema = z.object({ amount: signedDecimalSchema, rate: rateSchema });

/** One local day of one task; `taskSmallId` null holds what belongs to no task: gas of other transactions, and power while waiting. */
export const economicsRowSchema = z.object({
  dayMs: z.number(),
  taskSmallId: bigintText.nullable(),
  /** Acknowledged work at the stack's price, in base units. */
  gross: bigintText,
  computeUnits: bigintText,
  gasMist: signedBigintText,
  /** Measured by the GPUs, and estimated from states and watts where they do not report; null where neither is known. */
  wattHours: z.number().nullable(),
  /** The part of it that was measured. */
  wattHoursMeasured: z.number().nullable(),
  /** Fiat; null where the rate or the tariff is not known. */
  grossFiat: signedDecimalSchema.nullable(),
  gasFiat: signedDecimalSchema.nullable(),
  electricity: signedDecimalSchema.nullable(),
  net: signedDecimalSchema.nullable(),
});
export type EconomicsRow = z.infer<typeof economicsRowSchema>;

/** Everything of the page. */
export const economicsViewSchema = z.object({
  settings: economicsSettingsSchema,
  coin: coinSchema,
  rates: z.object({ coin: rateSchema.nullable(), sui: rateSchema.nullable(), problem: z.string().nullable() }),
  rows: z.array(economicsRowSchema),
  /** Least price, in the generation's unit, whose income covers the power of the work; null with the first thing that is missing. */
  breakEven: z.object({ price: bigintText.nullable(), missing: z.enum(['watts', 'tariff', 'rate', 'speed']).nullable(), measured: z.boolean() }),
});
export type EconomicsView = z.infer<typeof economicsViewSchema>;

/** Ranges of the page. */
export const economicsRangeSchema = z.enum(['days7', 'days30', 'days365']);
export type EconomicsRange = z.infer<typeof economicsRangeSchema>;

/** Calls of the area. */
export const economicsCalls = {
  'economics.get': { input: z.strictObject({ range: economicsRangeSchema }), output: economicsViewSchema },
  'economics.set': { input: z.strictObject({ settings: economicsSettingsSchema }), output: z.object({}) },
} as const;
