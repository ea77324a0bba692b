/** Looks whether a profile fits its network before it is kept: the chain of every endpoint that answers, contract, coin, database, faucet and named badge (issue 3, "Bad input"; protocol.md 0). Nothing is signed. */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { nodeBadgeType } from '../../src-shared/atoma/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { isNotFound } from './call-errors.ts';
import { createChainClient, type ChainClient } from './client.ts';
import { probeEndpoint, type EndpointProbe } from './probe-endpoint.ts';

type Deps = { now(): number; log: Logger; timeoutMs?: number; fetch?: typeof fetch };

/**
 * Returns the chain id that the profile's endpoints serve.
 * @throws AppError network.wrong_chain, network.unknown_package, network.wrong_contract, network.wrong_generation, network.wrong_coin, network.wrong_db,
 * network.wrong_faucet, network.wrong_badge, each with what to change; network.bad_profile when no endpoint answers
 */
export async function checkProfile(profile: NetworkProfile, { now, log, timeoutMs = 10_000, fetch }: Deps): Promise<string> {
  const probes = await Promise.all(profile.endpoints.map((url) => probeEndpoint(url, { now, timeoutMs, ...(fetch ? { fetch } : {}) })));
  const chainId = oneChain(profile, probes);
  let pinned: string | null = chainId;
  const client = createChainClient(
    { profile, timeoutMs, slowMs: timeoutMs, probeEveryMs: timeoutMs },
    { now, log, ...(fetch ? { fetch } : {}), pin: { get: () => pinned, set: (id) => (pinned = id) } },
  );
  await client.deployment();
  if (profile.badgeId !== undefined) await checkBadge(client, profile.badgeId, nodeBadgeType(profile.atomaPackageId));
  return chainId;
}

/** The chain that all endpoints serve which answer; one that is down now may come later and is checked then. */
function oneChain(profile: NetworkProfile, probes: readonly EndpointProbe[]): string {
  let expected = profile.chainId;
  for (const { url, chainId } of probes) {
    if (chainId === null) continue;
    expected ??= chainId;
    if (chainId !== expected) throw new AppError('network.wrong_chain', { endpoint: url, found: chainId, expected });
  }
  if (expected !== null && probes.some(({ chainId }) => chainId !== null)) return expected;
  const said = probes.map(({ url, problem }) => `${url} ${problem ?? ''}`.trim()).join(', ');
  throw new AppError('network.bad_profile', { detail: `no endpoint can be used: ${said}. Correct the endpoints, or try again when one of them answers` });
}

/** Whose it is can be told only once there is a key; here it is of the right type or not. */
async function checkBadge(client: ChainClient, badgeId: string, expected: string): Promise<void> {
  const wrong = (found: string): AppError => new AppError('network.wrong_badge', { badgeId, expected, found });
  try {
    const { object } = await client.ask((sui, signal) => sui.getObject({ objectId: badgeId, signal }));
    if (object.type !== expected) throw wrong(`it is a ${object.type}`);
  } catch (caught) {
    if (isNotFound(caught)) throw wrong('there is no such object');
    throw caught;
  }
}
