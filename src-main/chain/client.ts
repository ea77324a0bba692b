/** The way to the chain: the first healthy full node of the profile, each found to serve the pinned chain before it is asked, none that is behind what was read already (product.md: unknown stays unknown). */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { errorText, isAnswer } from './call-errors.ts';
import { checkContract, type Deployment } from './contract-check.ts';
import { createEndpoint, unreachable, type Endpoint, type EndpointHealth, type Question } from './endpoint.ts';

/** How the chain is doing; null stands for "not known". */
export type ChainHealth = {
  status: 'unknown' | 'ok' | 'slow' | 'down';
  endpoint: string | null;
  chainId: string | null;
  /** When an endpoint last answered. */
  readAtMs: number | null;
  lastError: { code: string; message: string; atMs: number } | null;
};

/** The chain as the rest of this folder reaches it. */
export type ChainClient = {
  /**
   * Asks the first endpoint that answers; one of another chain, or one that is behind the one asked before, is never asked.
   * @throws what the full node answered, AppError chain.unreachable when none did, network.wrong_chain when all are of another chain
   */
  ask<T>(question: Question<T>): Promise<T>;
  /**
   * Chain id and contract, checked (again when an endpoint was lost meanwhile); `fresh` demands the chain id anew of every endpoint that is asked from here on, before anything is signed.
   * @throws AppError network.wrong_chain and what {@link checkContract} throws
   */
  deployment(options?: { fresh: boolean }): Promise<Deployment>;
  /** Asks the endpoint in use how far it is, and now and then the others, for the view and the next failover; no failure is thrown. */
  probe(): Promise<void>;
  /** Opens a stream on the current endpoint; no timeout. */
  stream(open: (client: SuiGrpcClient) => void): void;
  health(): ChainHealth;
  endpoints(): EndpointHealth[];
};

type Options = { profile: NetworkProfile; timeoutMs: number; slowMs: number; /** Between two looks at an endpoint that is not in use. */ probeEveryMs: number };
type Deps = {
  now: () => number;
  log: Logger;
  fetch?: typeof fetch;
  /** Chain id pinned earlier; the first one met is pinned when the profile names none. */
  pin: { get(): string | null; set(chainId: string): void };
};

/** Creates the client; nothing is asked yet. */
export function createChainClient({ profile, timeoutMs, slowMs, probeEveryMs }: Options, { now, log, fetch, pin }: Deps): ChainClient {
  const endpoints = profile.endpoints.map((url) => createEndpoint({ url, network: profile.id, timeoutMs, slowMs }, { now, ...(fetch ? { fetch } : {}) }));
  /** The endpoint in use, and how far it was: another one must be as far before it takes over. */
  let current: Endpoint | null = null;
  let known: Deployment | null = null;
  let health: ChainHealth = { status: 'unknown', endpoint: null, chainId: null, readAtMs: null, lastError: null };

  const identify = async (endpoint: Endpoint): Promise<void> => {
    const expected = [profile.chainId, pin.get()].filter((one) => one !== null);
    const floor = current === null || current === endpoint ? null : current.health().checkpoint;
    await endpoint.identify(expected, floor);
    const { chainId } = endpoint.health();
    if (chainId !== null && pin.get() === null) pin.set(chainId);
  };
  const lose = (endpoint: Endpoint, caught: unknown): AppError => {
    endpoint.forget();
    known = null;
    const error = unreachable(endpoint.url, caught);
    endpoint.failed(error);
    log.warn('chain.endpoint_failed', { endpoint: endpoint.url, code: error.code, detail: errorText(caught) });
    return error;
  };
  const answered = (endpoint: Endpoint): void => {
    if (current !== null && current !== endpoint) log.warn('chain.failover', { from: current.url, to: endpoint.url });
    current = endpoint;
    const { status, chainId, readAtMs } = endpoint.health();
    health = { ...health, status: status === 'slow' ? 'slow' : 'ok', endpoint: endpoint.url, chainId, readAtMs };
  };
  /** The one in use first, the others in the order of the profile. */
  const inOrder = (): Endpoint[] => (current === null ? endpoints : [current, ...endpoints.filter((one) => one !== current)]);
  const ask = async <T>(question: Question<T>): Promise<T> => {
    let error: AppError | null = null;
    for (const endpoint of inOrder()) {
      try {
        // Also when it was found right a while ago: taking over is the moment at which it matters.
        if (endpoint !== current || !endpoint.isIdentified()) await identify(endpoint);
        const answer = await endpoint.ask(question);
        answered(endpoint);
        return answer;
      } catch (caught) {
        if (isAnswer(caught)) {
          if (endpoint.isIdentified()) answered(endpoint);
          throw caught;
        }
        if (caught instanceof AppError && caught.code !== 'network.wrong_chain' && caught.code !== 'chain.behind') throw caught;
        const lost = lose(endpoint, caught);
        // A wrong chain must be told to the operator even when another endpoint is merely down.
        if (error === null || lost.code === 'network.wrong_chain') error = lost;
      }
    }
    throw down(error ?? new AppError('chain.unreachable'));
  };
  const down = (error: AppError): AppError => {
    health = { ...health, status: 'down', lastError: { code: error.code, message: error.message, atMs: now() } };
    return error;
  };
  const chainIdOf = (client: SuiGrpcClient): string => endpoints.find((one) => one.client === client)?.health().chainId ?? '';
  const probing = new Set<Endpoint>();
  const isDue = (endpoint: Endpoint): boolean =>
    !probing.has(endpoint) && (endpoint === current || now() - (endpoint.health().readAtMs ?? endpoint.health().lastError?.atMs ?? -Infinity) >= probeEveryMs);

  return {
    ask,
    async deployment({ fresh } = { fresh: false }) {
      if (fresh) for (const endpoint of endpoints) endpoint.forget();
      if (known !== null && !fresh) return known;
      try {
        // With the chain id confirmed, what was found of the contract on that chain still holds.
        const chainId = fresh ? await ask(async (client) => chainIdOf(client)) : null;
        if (known !== null && known.chainId === chainId) return known;
        known = await ask((client, signal) => checkContract(client, profile, chainIdOf(client), signal));
        return known;
      } catch (caught) {
        throw down(toAppError(caught));
      }
    },
    async probe() {
      if (current === null) return; // the first question finds one
      const looks = inOrder().filter(isDue).map((endpoint) => {
        probing.add(endpoint);
        return identify(endpoint)
          .catch((caught: unknown) => void lose(endpoint, caught))
          .finally(() => probing.delete(endpoint));
      });
      // Only the one in use is waited for: a dead one must not hold up the reading.
      await looks[0];
    },
    stream(open) {
      const endpoint = current ?? endpoints[0];
      if (endpoint) open(endpoint.client);
    },
    health: () => health,
    endpoints: () => endpoints.map((endpoint) => endpoint.health()),
  };
}
