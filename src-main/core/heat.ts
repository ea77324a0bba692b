/** Whether work pauses for heat: above one limit until under another, so that it does not flutter between them (product.md, Policies: pause at 85 °C, resume at 75 °C). */
import type { Care } from '../../src-shared/bridge/hardware-calls.ts';

/** °C limits with their switch. */
export type HeatLimits = Care['temperature'];

/** Highest of the temperatures that are known; null when none is. */
export const hottest = (temperatures: readonly (number | null)[]): number | null =>
  temperatures.reduce<number | null>((most, one) => (one === null || (most !== null && most >= one) ? most : one), null);

/**
 * Paused from `pauseAtC` on, until `resumeAtC` or less is read. Between the two, and where no temperature can be read, it stays as it was:
 * a sensor that falls silent is no proof of cold. Switched off, it never pauses.
 */
export function nextHeat(wasHot: boolean, temperatureC: number | null, { enabled, pauseAtC, resumeAtC }: HeatLimits): boolean {
  if (!enabled) return false;
  if (temperatureC === null) return wasHot;
  if (temperatureC >= pauseAtC) return true;
  return wasHot && temperatureC > resumeAtC;
}
