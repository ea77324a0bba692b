/** The node as the window's frame and dashboard show it: state, work, link, chain, network. */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { NodeView } from '../../src-shared/bridge/views.ts';
import type { Generation } from '../../src-shared/domain/network-profile.ts';
import type { Session } from '../session/session-parts.ts';
import { noCoin, type AreaParts } from './area-parts.ts';

/** Reads the view from the live parts. */
export function nodeView(parts: AreaParts): NodeView {
  const live = parts.session();
  const snapshot = live?.chain.snapshot() ?? null;
  const link = live?.link?.status() ?? null;
  const profile = parts.network()?.profile ?? null;
  const running = live?.jobs.running() ?? [];
  const epoch = snapshot?.epoch ?? null;
  return {
    ...parts.state(),
    paused: parts.preferences.paused(),
    nodeSmallId: snapshot?.registration?.registered === true ? snapshot.registration.node.nodeSmallId : null,
    subscribedTasks: live?.servedTasks().length ?? 0,
    slots: { used: running.length, total: parts.preferences.policies().maxParallel },
    running,
    tokensPerSecond: parts.inference.status().tokensPerSecond,
    link: link === null ? { status: 'none', url: profile?.coordinatorUrl ?? null, sinceMs: null, coordinatorId: null, lastError: null, nextAttemptMs: null } : linkView(link),
    chain: {
      status: snapshot?.health.status ?? 'unknown',
      endpoint: snapshot?.health.endpoint ?? profile?.endpoints[0] ?? null,
      chainId: snapshot?.health.chainId ?? profile?.chainId ?? null,
      epoch: epoch?.epoch ?? null,
      epochEndsAtMs: epoch === null || epoch.durationMs === null ? null : epoch.startMs + epoch.durationMs,
      readAtMs: snapshot?.readAtMs ?? null,
      lastError: snapshot?.health.lastError ?? null,
    },
    network: { id: profile?.id ?? 'none', name: profile?.name ?? 'No network', kind: profile?.kind ?? 'custom' },
    terms: profile === null ? null : termsOf(profile.generation, snapshot?.db?.samplingConsensusChargePermille ?? null),
    coin: profile?.coin ?? noCoin,
  };
}

function termsOf(generation: Generation, samplingConsensusPermille: bigint | null): NodeView['terms'] {
  const { constants, resting } = contractOf(generation);
  return { priceUnit: constants.priceUnit, fixedMaxComputeUnits: constants.fixedMaxComputeUnits, resting, samplingConsensusPermille };
}

const linkView = ({ status, url, sinceMs, coordinatorId, lastError, nextAttemptMs }: NonNullable<ReturnType<NonNullable<Session['link']>['status']>>): NodeView['link'] => ({ status, url, sinceMs, coordinatorId, lastError, nextAttemptMs });
