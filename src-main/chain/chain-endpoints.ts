/** The way to a network's full nodes, which needs no key: opened with the network, so that they are known by the time the keys are (product.md, Budgets: start to usable window). */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { Logger } from '../log/logger.ts';
import { createChainClient, type ChainClient } from './client.ts';
import type { ChainStore } from './chain-store.ts';

/** Limits for real full nodes. */
export const chainLimits = { timeoutMs: 10_000, slowMs: 2_000, probeEveryMs: 30_000 };

type Options = { profile: NetworkProfile; timeoutMs?: number };
type Deps = { pins: ChainStore['pins']; now: () => number; log: Logger; fetch?: typeof fetch };

/** Creates it; nothing is asked yet. The first chain id that is met is pinned for this profile. */
export function createChainEndpoints({ profile, timeoutMs = chainLimits.timeoutMs }: Options, { pins, ...deps }: Deps): ChainClient {
  const pin = { get: () => pins.get(profile.id), set: (chainId: string) => pins.set(profile.id, chainId) };
  return createChainClient({ profile, ...chainLimits, timeoutMs }, { ...deps, pin });
}
