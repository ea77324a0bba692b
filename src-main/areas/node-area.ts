/** The bridge's node area: application, state, timeline, alerts, pausing. */
import { alertsOf, type AlertFacts } from '../core/views/alerts.ts';
import type { NodeArea } from '../handlers/node-handlers.ts';
import type { Session } from '../session/session-parts.ts';
import type { AreaParts } from './area-parts.ts';
import { alertsOfAttestations } from './attestation-area.ts';
import { alertsOfHardware } from './hardware-area.ts';
import { leaveArea } from './leave-area.ts';
import { nodeView } from './node-view.ts';
import { fallAlert } from './providers-area.ts';
import { whyIdleNow } from './why-idle.ts';

/** What alerts tell of leaving; null while it is off. */
function leaveFactsOf({ leave }: Session): NonNullable<AlertFacts['leaving']> | null {
  const row = leave.row();
  if (row === null) return null;
  return { disabled: row.disabledAtEpoch !== null || row.finishedMs !== null, withdrawable: leave.plan().action.kind === 'destroy', problem: leave.problem() };
}

/** Assembles the area over the live parts. */
export function nodeArea(parts: AreaParts): NodeArea {
  const { options, deps, preferences, session, network } = parts;
  return {
    appInfo: async () => ({ version: options.version, host: options.host, electron: options.electron, node: process.versions.node, platform: process.platform }),
    view: async () => nodeView(parts),
    timeline: async (sinceMs) => parts.transitions.spans(sinceMs),
    alerts: async () => {
      const live = session();
      const snapshot = live?.chain.snapshot() ?? null;
      const stacks = live?.chain.stackViews(0) ?? [];
      const keys = parts.keysView();
      return alertsOf({
        nowMs: deps.now(),
        keys: keys.unlocked ? 'open' : keys.exists ? 'locked' : 'none',
        setUp: network() !== null && preferences.started(network()!.profile.id),
        chain: { status: snapshot?.health.status ?? 'unknown', lastError: snapshot?.health.lastError ?? null },
        link: { status: live?.link?.status().status ?? 'none', lastError: live?.link?.status().lastError ?? null },
        hasCoordinator: network()?.profile.coordinatorUrl !== null,
        suiMist: snapshot?.balances?.suiMist ?? null,
        gasReserveMist: live?.chain.gasReserveMist() ?? 0n,
        disputedStacks: stacks.filter((stack) => stack.phase === 'disputed').map((stack) => stack.stackSmallId),
        failedStacks: stacks.flatMap((stack) => (stack.lastError === null || stack.phase === 'claimed' ? [] : [{ stackSmallId: stack.stackSmallId, error: stack.lastError }])),
        parkedRows: parts.parkedRows().length,
        unopenedResults: live?.tables.outbox.pending().filter(({ lastError }) => lastError === 'keys.decrypt_failed').length ?? 0,
        awaitedAgain: live?.jobs.awaitedAgain().length ?? 0,
        attestations: alertsOfAttestations(live),
        leaving: live === null ? null : leaveFactsOf(live),
        hardware: alertsOfHardware(parts.care, deps.now()),
        inferenceFall: fallAlert(preferences, parts.inference.status()),
        inferenceError: parts.inference.status().process === 'restarting' ? parts.inference.status().lastError : null,
      });
    },
    whyIdle: async () => whyIdleNow(parts),
    setPaused: async (paused) => {
      preferences.setPaused(paused);
      // Also the way on after a refusal: what the coordinator objected to (a clock, say) may be mended by now.
      if (!paused) session()?.connect();
      parts.changed('node');
    },
    leave: leaveArea(parts),
  };
}
