/** Who else may look: tokens, idle time, the fleet list and what programs read, with what they need of the node (decision 0005). */
import { randomBytes } from 'node:crypto';
import { fleetSummarySchema, type FleetSummary } from '../../src-shared/bridge/fleet-calls.ts';
import type { TokenScope } from '../../src-shared/bridge/remote-calls.ts';
import { createAccess, type Access } from '../access/read-tokens.ts';
import { metricsText } from '../access/metrics-text.ts';
import { fleetSummary, metricsFacts, type Read } from '../areas/reader-facts.ts';
import { createFleet, type Fleet } from '../fleet/create-fleet.ts';
import { readConsole } from '../fleet/read-console.ts';
import type { Vault } from '../keys/vault.ts';
import type { Logger } from '../log/logger.ts';
import type { Settings } from '../store/settings.ts';

/** As the areas use it. */
export type NodeRemote = { access: Access; fleet: Fleet };

/** What a host that listens takes of it. */
export type HostReaders = {
  allows(scope: TokenScope, token: string): boolean;
  metrics(): Promise<string>;
  summary(): Promise<FleetSummary>;
  encode(summary: FleetSummary): unknown;
  /** Longest time that a browser may stay signed in with nobody at it. */
  idleMs(): number;
};

/** A console at home answers in far less; one behind a slow link in this. */
const fleetTimeoutMs = 6_000;

/** Creates both registers; nothing is asked before somebody looks. */
export function createNodeRemote({ settings, vault, tell, now, log }: { settings: Settings; vault: Vault; tell(topic: 'remote' | 'fleet'): void; now(): number; log: Logger }): NodeRemote {
  return {
    access: createAccess({ settings, now, randomBytes, changed: () => tell('remote') }),
    fleet: createFleet({
      settings,
      seal: async (bytes) => vault.signers().sealLocal(bytes),
      open: async (sealed) => vault.signers().openLocal(sealed),
      read: (asked) => readConsole(asked, { timeoutMs: fleetTimeoutMs }),
      randomBytes,
      now,
      changed: () => tell('fleet'),
      log: log.child({ part: 'fleet' }),
    }),
  };
}

/** What programs may read, over the calls of the bridge. */
export const hostReaders = ({ access }: NodeRemote, read: Read, now: () => number): HostReaders => ({
  allows: access.allows,
  metrics: async () => {
    const { user, system } = process.cpuUsage();
    return metricsText(await metricsFacts(read, { startedMs: now() - process.uptime() * 1_000, residentBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1_000_000 }));
  },
  summary: () => fleetSummary(read, now()),
  encode: (summary) => fleetSummarySchema.encode(summary),
  idleMs: () => access.idleMinutes() * 60_000,
});
