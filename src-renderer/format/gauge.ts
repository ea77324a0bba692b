/** Gauges to text in the locale's writing; what is not told is left to the caller. */
import { numberFormat } from './formatters.ts';

const unit = (value: number, name: string, digits: number, locale?: string): string =>
  numberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(
    value,
  );

/** Whole percent: "64%". */
export const loadText = (percent: number, locale?: string): string =>
  numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
/** Whole degrees: "66°C". */
export const celsiusText = (degrees: number, locale?: string): string => unit(degrees, 'celsius', 0, locale);
/** Whole watts. */
export const wattText = (watts: number, locale?: string): string =>
  `${numberFormat(locale, { maximumFractionDigits: 0 }).format(watts)} W`;
/** Memory that drivers count in MiB: "8.0 GiB". */
export const vramText = (mib: number, locale?: string): string =>
  `${numberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(mib / 1024)} GiB`;
