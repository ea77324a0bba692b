/** One full node of a profile: what it answered last, whether it was found to serve the right chain, and how far behind it is (product.md: unknown stays unknown). */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { AppError } from '../../src-shared/errors.ts';
import { errorText, isAnswer } from './call-errors.ts';

/** A question to one full node. */
export type Question<T> = (client: SuiGrpcClient, signal: AbortSignal) => Promise<T>;

/** How one full node is doing; null stands for "not known". */
export type EndpointHealth = {
  url: string;
  /** `behind`: it answers, but has not got as far as what was read already. `wrong_chain`: it is never asked for anything. */
  status: 'unknown' | 'ok' | 'slow' | 'behind' | 'down' | 'wrong_chain';
  /** Of its last answer. */
  latencyMs: number | null;
  readAtMs: number | null;
  chainId: string | null;
  epoch: bigint | null;
  /** Highest checkpoint that it has executed. */
  checkpoint: bigint | null;
  lastError: { code: string; message: string; atMs: number } | null;
};

/** One full node. */
export type Endpoint = {
  readonly url: string;
  readonly client: SuiGrpcClient;
  /** Asks with a time limit; the time it took is kept. Throws what the full node answered, or the lack of an answer. */
  ask<T>(question: Question<T>): Promise<T>;
  /**
   * Asks who it is.
   * @param expected chain ids that it must all serve
   * @param floor checkpoint that it must have reached; null where none is demanded
   * @throws AppError network.wrong_chain, chain.behind
   */
  identify(expected: readonly string[], floor: bigint | null): Promise<void>;
  /** True since the last `identify` that went well, until `forget`. */
  isIdentified(): boolean;
  /** What is behind the address may be another chain when it is asked again. */
  forget(): void;
  /** Keeps a failure for the view. */
  failed(error: AppError): void;
  health(): EndpointHealth;
};

type Options = { url: string; network: string; timeoutMs: number; slowMs: number };

/** Creates it; nothing is asked yet. */
export function createEndpoint({ url, network, timeoutMs, slowMs }: Options, { now, fetch }: { now: () => number; fetch?: typeof globalThis.fetch }): Endpoint {
  const client = new SuiGrpcClient({ network, baseUrl: url, ...(fetch ? { fetch } : {}) });
  let identified = false;
  let health: EndpointHealth = { url, status: 'unknown', latencyMs: null, readAtMs: null, chainId: null, epoch: null, checkpoint: null, lastError: null };

  const ask = async <T>(question: Question<T>): Promise<T> => {
    const startedMs = now();
    const answered = (): void => {
      const latencyMs = now() - startedMs;
      health = { ...health, status: latencyMs > slowMs ? 'slow' : 'ok', latencyMs, readAtMs: now() };
    };
    try {
      const answer = await withTimeout(question, client, timeoutMs);
      answered();
      return answer;
    } catch (caught) {
      if (isAnswer(caught)) answered();
      throw caught;
    }
  };

  return {
    url,
    client,
    ask,
    async identify(expected, floor) {
      identified = false;
      const info = await ask(async (node, signal) => (await node.ledgerService.getServiceInfo({}, { abort: signal })).response);
      const found = info.chainId ?? null;
      if (found === null) throw new Error('the endpoint names no chain');
      const other = expected.find((chainId) => chainId !== found);
      health = { ...health, chainId: found, epoch: info.epoch ?? null, checkpoint: info.checkpointHeight ?? null };
      if (other !== undefined) throw new AppError('network.wrong_chain', { endpoint: url, found, expected: other });
      if (floor !== null && (health.checkpoint ?? floor) < floor) throw new AppError('chain.behind', { endpoint: url, checkpoint: String(health.checkpoint), needed: String(floor) });
      identified = true;
    },
    isIdentified: () => identified,
    forget() {
      identified = false;
    },
    failed(error) {
      const status = error.code === 'network.wrong_chain' ? 'wrong_chain' : error.code === 'chain.behind' ? 'behind' : 'down';
      health = { ...health, status, lastError: { code: error.code, message: error.message, atMs: now() } };
    },
    health: () => health,
  };
}

/** The error of an endpoint that gave no answer. */
export const unreachable = (url: string, caught: unknown): AppError =>
  caught instanceof AppError ? caught : new AppError('chain.unreachable', { endpoint: url, detail: errorText(caught) }, { cause: caught });

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
