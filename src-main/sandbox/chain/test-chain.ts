/** A running chain for tests with nothing to configure: counting clock, repeatable randomness, an unmodified SuiGrpcClient. */
import { createHash } from 'node:crypto';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { silentLogger } from '../../log/logger.ts';
import type { SandboxChain, SandboxChainDeps, SandboxChainOptions } from './chain-api.ts';
import { createSandboxChain } from './create-sandbox-chain.ts';

/** Repeatable 32-byte blocks: the hash of a seed and a counter. */
export const repeatableRandom = (seed: string): (() => Uint8Array) => {
  let counter = 0;
  return () => Uint8Array.from(createHash('sha256').update(`${seed} ${counter++}`).digest());
};

/** A started chain and a client on it. */
export interface TestChain {
  readonly chain: SandboxChain;
  readonly client: SuiGrpcClient;
  stop(): Promise<void>;
}

/** Starts a chain; in memory unless a data file is given. */
export async function startTestChain(
  options: SandboxChainOptions & { readonly seed?: string } = {},
  deps: Partial<SandboxChainDeps> = {},
): Promise<TestChain> {
  let clockMs = 1_800_000_000_000;
  const chain = createSandboxChain(options, {
    now: () => (clockMs += 1),
    random: repeatableRandom(options.seed ?? 'sandbox'),
    log: silentLogger,
    ...deps,
  });
  await chain.start();
  const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: chain.url });
  return { chain, client, stop: () => chain.stop() };
}
