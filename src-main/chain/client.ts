/** The way to the chain: the first healthy full node of the profile, its chain id checked before anything else, a timeout on every call (product.md: unknown stays unknown). */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { errorText, isAnswer } from './call-errors.ts';
import { checkContract, type Deployment } from './contract-check.ts';

/** How the chain is doing; null stands for "not known". */
export type ChainHealth = {
  status: 'unknown' | 'ok' | 'slow' | 'down';
  endpoint: string | null;
  chainId: string | null;
  /** When an endpoint last answered. */
  readAtMs: number | null;
  lastError: { code: string; message: string; atMs: number } | null;
};

/** A question to one full node. */
export type Question<T> = (client: SuiGrpcClient, signal: AbortSignal) => Promise<T>;

/** The chain as the rest of this folder reaches it. */
export type ChainClient = {
  /**
   * Asks the first endpoint that answers; one of another chain is never asked.
   * @throws what the full node answered, AppError chain.unreachable when none did, network.wrong_chain when all are of another chain
   */
  ask<T>(question: Question<T>): Promise<T>;
  /**
   * Chain id and contract, checked (again when an endpoint was lost meanwhile); `fresh` asks for the chain id once more, before anything is signed.
   * @throws AppError network.wrong_chain, network.wrong_contract
   */
  deployment(options?: { fresh: boolean }): Promise<Deployment>;
  /** Opens a stream on the current endpoint; no timeout. */
  stream(open: (client: SuiGrpcClient) => void): void;
  health(): ChainHealth;
};

type Options = { profile: NetworkProfile; timeoutMs: number; slowMs: number };
type Deps = {
  now: () => number;
  log: Logger;
  fetch?: typeof fetch;
  /** Chain id pinned earlier; the first one met is pinned when the profile names none. */
  pin: { get(): string | null; set(chainId: string): void };
};
type Endpoint = { url: string; client: SuiGrpcClient; chainId: string | null };

/** Creates the client; nothing is asked yet. */
export function createChainClient({ profile, timeoutMs, slowMs }: Options, { now, log, fetch, pin }: Deps): ChainClient {
  const endpoints: Endpoint[] = profile.endpoints.map((url) => ({
    url,
    client: new SuiGrpcClient({ network: profile.id, baseUrl: url, ...(fetch ? { fetch } : {}) }),
    chainId: null,
  }));
  let first = 0;
  let known: Deployment | null = null;
  let health: ChainHealth = { status: 'unknown', endpoint: null, chainId: null, readAtMs: null, lastError: null };

  const timed = async <T>(endpoint: Endpoint, question: Question<T>): Promise<T> => {
    const startedMs = now();
    const settle = (): void => {
      health = { ...health, status: now() - startedMs > slowMs ? 'slow' : 'ok', endpoint: endpoint.url, chainId: endpoint.chainId, readAtMs: now() };
    };
    try {
      const answer = await withTimeout(question, endpoint.client, timeoutMs);
      settle();
      return answer;
    } catch (caught) {
      if (isAnswer(caught)) settle();
      throw caught;
    }
  };
  const checkChain = async (endpoint: Endpoint): Promise<void> => {
    if (endpoint.chainId !== null) return;
    const found = await timed(endpoint, async (client, signal) => (await client.ledgerService.getServiceInfo({}, { abort: signal })).response.chainId ?? null);
    if (found === null) throw new Error('the endpoint names no chain');
    for (const expected of [profile.chainId, pin.get()]) {
      if (expected !== null && expected !== found) throw new AppError('network.wrong_chain', { endpoint: endpoint.url, found, expected });
    }
    if (pin.get() === null) pin.set(found);
    endpoint.chainId = found;
    health = { ...health, chainId: found };
  };
  const lose = (endpoint: Endpoint, caught: unknown): AppError => {
    // What is behind the same address may be another chain when it returns.
    endpoint.chainId = null;
    known = null;
    const error = caught instanceof AppError ? caught : new AppError('chain.unreachable', { endpoint: endpoint.url, detail: errorText(caught) }, { cause: caught });
    log.warn('chain.endpoint_failed', { endpoint: endpoint.url, code: error.code, detail: errorText(caught) });
    return error;
  };
  const ask = async <T>(question: Question<T>): Promise<T> => {
    let error: AppError | null = null;
    for (let step = 0; step < endpoints.length; step += 1) {
      const index = (first + step) % endpoints.length;
      const endpoint = endpoints[index];
      if (endpoint === undefined) continue;
      try {
        await checkChain(endpoint);
        const answer = await timed(endpoint, question);
        first = index;
        return answer;
      } catch (caught) {
        if (isAnswer(caught)) throw caught;
        if (caught instanceof AppError && caught.code !== 'network.wrong_chain') throw caught;
        const lost = lose(endpoint, caught);
        // A wrong chain must be told to the operator even when another endpoint is merely down.
        if (error === null || lost.code === 'network.wrong_chain') error = lost;
      }
    }
    const failure = error ?? new AppError('chain.unreachable');
    health = { ...health, status: 'down', lastError: { code: failure.code, message: failure.message, atMs: now() } };
    throw failure;
  };

  const chainIdOf = (client: SuiGrpcClient): string => endpoints.find((one) => one.client === client)?.chainId ?? '';

  return {
    ask,
    async deployment({ fresh } = { fresh: false }) {
      if (fresh) for (const endpoint of endpoints) endpoint.chainId = null;
      if (known !== null && !fresh) return known;
      try {
        // With the chain id confirmed, what was found of the contract on that chain still holds.
        const chainId = fresh ? await ask(async (client) => chainIdOf(client)) : null;
        if (known !== null && known.chainId === chainId) return known;
        known = await ask((client, signal) => checkContract(client, profile, chainIdOf(client), signal));
        return known;
      } catch (caught) {
        const error = toAppError(caught);
        health = { ...health, status: 'down', lastError: { code: error.code, message: error.message, atMs: now() } };
        throw error;
      }
    },
    stream(open) {
      const endpoint = endpoints[first];
      if (endpoint) open(endpoint.client);
    },
    health: () => health,
  };
}

async function withTimeout<T>(question: Question<T>, client: SuiGrpcClient, timeoutMs: number): Promise<T> {
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // The race also ends calls that ignore their signal.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${timeoutMs} ms`);
      control.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([question(client, control.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
