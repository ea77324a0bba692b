/** A node's chain side on a real sandbox chain with a real store, for tests: controlled clock, no timers, jobs as plain values. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import type { Generation, NetworkProfile } from '../../../src-shared/domain/network-profile.ts';
import type { LaneBoundary } from '../../core/crash-points.ts';
import { contractOf } from '../../../src-shared/atoma/index.ts';
import { silentLogger } from '../../log/logger.ts';
import { startTestChain, type TestChain } from '../../sandbox/chain/test-chain.ts';
import { createTestWallet, type TestWallet } from '../../sandbox/chain/test-wallet.ts';
import { createChainStore } from '../../store/chain-store.ts';
import { openStore, type Store } from '../../store/open.ts';
import type { ChainDeps, ChainPolicies, StackJobs } from '../chain-parts.ts';
import { createChain, type Chain } from '../create-chain.ts';

export const noWork: StackJobs = { acceptedUnits: 0n, awaitingAck: 0, running: 0, lastAcceptedAtMs: null, root: null };

/** A fetch that calls `before` ahead of each request of one gRPC method, and `after` behind its answer; a throw in either loses the request or the answer. */
export function hookedFetch(method: string, before: () => Promise<void> | void, after: () => Promise<void> | void = () => undefined): typeof fetch {
  return async (input, init) => {
    if (!String(input instanceof Request ? input.url : input).endsWith(`/${method}`)) return fetch(input, init);
    await before();
    const answer = await fetch(input, init);
    await after();
    return answer;
  };
}

/** Everything a test of the chain's side needs. */
export type ChainFixture = {
  test: TestChain;
  profile: NetworkProfile;
  operator: Secp256k1Keypair;
  address: string;
  buyer: TestWallet;
  store: Store;
  /** What the jobs say of each stack; tests write here. */
  work: Map<bigint, StackJobs>;
  policies: ChainPolicies;
  clock: { nowMs: number };
  flags: { leaving: boolean; canSign: boolean };
  /** The chain's side over the fixture's store; call again for "after a restart". */
  open(overrides?: Partial<ChainDeps> & { timeoutMs?: number; pollMs?: number }, profile?: Partial<NetworkProfile>): Chain;
  /** Chain side whose lane stops for ever at a boundary, as a killed process does; the promise ends when it is there. */
  openStoppingAt(boundary: LaneBoundary): { chain: Chain; stopped: Promise<void> };
  /** Closes the store and opens it again from the file. */
  restart(): void;
  /** A fresh data folder: what a reinstall leaves. */
  reinstall(): void;
  /** Buys a stack, of task 1 unless another is named; its number is the next one. */
  buy(units: bigint, price: bigint, taskSmallId?: bigint): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a chain with a task of each kind (a confidential one on G2 only), an operator with gas and TOMA, and a buyer. */
export async function startChainFixture(generation: Generation = 'G1'): Promise<ChainFixture> {
  const tasks = [{ modelName: 'sandbox/tiny-chat' }, { modelName: 'checked', security: 'sampling-consensus' }, { modelName: 'sealed', security: 'confidential' }] as const;
  const test = await startTestChain({ generation, tasks: tasks.slice(0, generation === 'G1' ? 2 : 3) });
  const operator = new Secp256k1Keypair();
  const address = operator.toSuiAddress();
  const folders: string[] = [];
  const clock = { nowMs: 1_800_000_000_000 };
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'chain-'));
    folders.push(folder);
    return folder;
  };
  let folder = newFolder();
  const openHere = (): Store => openStore({ dataDir: folder }, { now: () => clock.nowMs, log: silentLogger });
  const { chain } = test;
  await chain.faucetSui(address, 10_000_000_000n);
  await chain.faucetCoin(address, 600n);
  await chain.faucetCoin(address, 4_400n);
  const buyer = await createTestWallet(chain, test.client);
  await chain.faucetCoin(buyer.address, 1_000_000_000n);

  const fixture: ChainFixture = {
    test, operator, address, buyer, clock,
    profile: {
      id: 'sandbox', name: 'Sandbox', kind: 'sandbox', generation, chainId: chain.chainId, endpoints: [chain.url], atomaPackageId: chain.packageId, atomaDbId: chain.atomaDbId,
      coin: { type: chain.coin.type, symbol: chain.coin.symbol, decimals: chain.coin.decimals }, faucet: chain.coin.faucetId === null ? null : { packageId: chain.coin.packageId, objectId: chain.coin.faucetId },
      coordinatorUrl: null, coordinatorId: null, sandboxControlUrl: null,
    },
    store: openHere(),
    work: new Map(),
    policies: { autoSettle: true, settleAtPercent: 95, settleWhenIdleMs: 600_000, autoClaim: true, waitForAttestors: true, gasReserveTransactions: 20 },
    flags: { leaving: false, canSign: true },
    open({ timeoutMs = 5_000, pollMs = 1_000, ...overrides } = {}, profile = {}) {
      return createChain(
        { profile: { ...fixture.profile, ...profile }, timeoutMs, pollMs },
        {
          store: createChainStore(fixture.store),
          walletAddress: () => address,
          signTransaction: async (bytes) => (await operator.signTransaction(bytes)).signature,
          canSign: () => fixture.flags.canSign,
          stackWork: (id) => fixture.work.get(id) ?? noWork,
          policies: () => fixture.policies,
          leaving: () => fixture.flags.leaving,
          now: () => clock.nowMs,
          random: () => 0,
          log: silentLogger,
          ...overrides,
        },
      );
    },
    openStoppingAt(boundary) {
      let there: () => void = () => undefined;
      const stopped = new Promise<void>((done) => {
        there = done;
      });
      const crashPoint = (at: LaneBoundary): void | Promise<void> => {
        if (at !== boundary) return;
        there();
        return new Promise(() => undefined);
      };
      return { chain: fixture.open({ crashPoint }), stopped };
    },
    restart() {
      fixture.store.close();
      fixture.store = openHere();
    },
    reinstall() {
      fixture.store.close();
      folder = newFolder();
      fixture.store = openHere();
    },
    async buy(units, price, taskSmallId = 1n) {
      const paid = (units * price * 2n) / contractOf(generation).constants.priceUnit;
      const result = await buyer.run(buyer.acquireTx(taskSmallId, units, price, paid));
      if (result.$kind === 'FailedTransaction') throw new Error(result.FailedTransaction.status.error?.message ?? 'the purchase failed');
    },
    async stop() {
      fixture.store.close();
      await test.stop();
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    },
  };
  return fixture;
}
