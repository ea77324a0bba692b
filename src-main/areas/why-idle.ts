/** Gathers from the live parts what the rules of "Why idle" are judged by (product.md, "Why idle"). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import type { IdleRule } from '../../src-shared/bridge/idle.ts';
import { taskViews } from '../core/views/task-views.ts';
import { whyIdle } from '../core/views/why-idle.ts';
import type { AreaParts } from './area-parts.ts';

/** The rules as they hold now. */
export function whyIdleNow(parts: AreaParts): IdleRule[] {
  const live = parts.session();
  const keys = parts.keysView();
  const profile = parts.network()?.profile ?? null;
  const snapshot = live?.chain.snapshot() ?? null;
  const registration = snapshot?.registration ?? null;
  const node = registration?.registered === true ? registration.node : null;
  const link = live?.link?.status() ?? null;
  const { process, lastError } = parts.inference.status();
  const tasks = snapshot?.tasks ?? null;
  const holds = parts.care.watch.holds();
  const inUse = holds.find(({ hold }) => hold === 'in_use');
  const { pauseAtC, resumeAtC } = parts.care.care().temperature;
  const limits = { pauseAtC, resumeAtC };
  const changesAtMs = parts.care.watch.scheduleChangesAtMs();
  return whyIdle({
    keys: keys.unlocked ? 'open' : keys.exists ? 'locked' : 'none',
    paused: parts.preferences.paused(),
    heat: { hot: holds.some(({ hold }) => hold === 'too_hot'), hottestC: parts.care.watch.hottestC(), ...limits },
    inUse: { now: inUse !== undefined, by: inUse?.detail ?? null },
    schedule: { outside: holds.some(({ hold }) => hold === 'by_schedule'), opensInMs: changesAtMs === null ? null : changesAtMs - parts.deps.now() },
    inference: { process, lastError },
    hasCoordinator: profile !== null && profile.coordinatorUrl !== null,
    link: { status: link?.status ?? 'none', reason: link?.lastError?.message ?? null, clockAheadMs: link?.clockAheadMs ?? null },
    maxClockSkewMs: linkLimits.maxClockSkewMs,
    chain: { status: snapshot?.health.status ?? 'unknown', readAtMs: snapshot?.readAtMs ?? null },
    registered: registration === null ? null : registration.registered,
    disabledAtEpoch: node?.disabledAtEpoch ?? null,
    needsCollateral: profile !== null && contractOf(profile.generation).takesCollateral,
    collateral: node?.collateral ?? null,
    reputation: node?.reputation ?? null,
    suiMist: snapshot?.balances?.suiMist ?? null,
    gasReserveMist: live?.chain.gasReserveMist() ?? 0n,
    tasks: tasks === null ? null : taskViews(tasks, { nodeSmallId: node?.nodeSmallId ?? null, reputation: node?.reputation ?? null, models: parts.models(), confidential: live?.confidential.isOffered() ?? false }),
  });
}
