/** Chain time counted in epochs: "local clocks are only ever a hint", and an epoch is the only clock the contract reads (coordinator.md 8, protocol.md 1.3). */

/** A Sui epoch lasts a day; the sandbox's epochs, however short the dial makes them, stand for a day each. */
export const epochDayMs = 24 * 3_600_000;

/**
 * Milliseconds of chain time since epoch 0: whole epochs at their nominal length, and within the running epoch what the local clock says, never more than that epoch.
 * It only ever grows with the chain: a wrong local clock moves it by less than one epoch.
 */
export function chainTimeMs(epoch: { epoch: bigint; startMs: number }, nowMs: number, epochMs: number): number {
  const within = Math.min(Math.max(nowMs - epoch.startMs, 0), epochMs - 1);
  return Number(epoch.epoch) * epochMs + within;
}

/** The local moment at which chain time will reach `atChainMs`, as far as can be told now; null stays null. */
export const localMoment = (atChainMs: number | null, chainNowMs: number | null, nowMs: number): number | null =>
  atChainMs === null || chainNowMs === null ? null : nowMs + (atChainMs - chainNowMs);
