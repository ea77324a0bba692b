/** Puts the sandbox's chain together: database, genesis on first use, gRPC-web server, publisher (architecture.md, sandbox/chain). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { openSqlite } from '../../platform/sqlite.ts';
import type { ChainFaults, SandboxChain, SandboxChainDeps, SandboxChainOptions } from './chain-api.ts';
import { contractAt } from './machine/deployment.ts';
import { createChainCore } from './node/chain-core.ts';
import type { ChainCore } from './node/chain-core.ts';
import { executionService } from './node/execution-service.ts';
import { ensureGenesis } from './node/genesis.ts';
import { startGrpcWebServer } from './node/grpc-web-server.ts';
import type { GrpcWebServer } from './node/grpc-web-server.ts';
import { ledgerService } from './node/ledger-service.ts';
import { createLedger } from './node/ledger.ts';
import type { Methods } from './node/method.ts';
import { packageService } from './node/package-service.ts';
import { createPublisher, publisherKey } from './node/publisher.ts';
import { stateService } from './node/state-service.ts';
import { subscriptionService } from './node/subscription-service.ts';

/** Every method that the chain's server offers. */
/** A chain that answers at once and always. */
export const NO_FAULTS: ChainFaults = { delayMs: 0, drop: false, loseAnswers: false, refuse: null };

export const methodsOf = (core: ChainCore): Methods => ({
  ...ledgerService(core),
  ...stateService(core),
  ...executionService(core),
  ...subscriptionService(core),
  ...packageService(core),
});

/** Creates the chain over its database file (in memory without one). Nothing listens before `start`. */
export function createSandboxChain(options: SandboxChainOptions, deps: SandboxChainDeps): SandboxChain {
  const ledger = createLedger(openSqlite(options.dataFile ?? ':memory:'));
  try {
    ensureGenesis(ledger, deps, options.generation);
  } catch (error) {
    ledger.close();
    throw error;
  }
  const core = createChainCore(ledger, deps);
  const { deployment } = core.state;
  const publisher = createPublisher(
    core,
    publisherKey(Uint8Array.from(Buffer.from(ledger.meta('publisher_secret') ?? '', 'hex'))),
  );
  const methods = methodsOf(core);
  let faults: ChainFaults = NO_FAULTS;
  let server: GrpcWebServer | null = null;
  const further = new Set<GrpcWebServer>();

  // Tasks of the genesis are ordinary transactions; the count of tasks tells how many a crash has left to do.
  const createTasks = async (): Promise<void> => {
    if (ledger.meta('genesis_done') !== null) return;
    const made = Number(core.state.world.nextTask) - 1;
    for (const task of (options.tasks ?? []).slice(made)) await publisher.administer({ kind: 'create-task', task });
    ledger.setMeta('genesis_done', 'yes');
  };

  return {
    get url() {
      if (!server) throw new Error('the sandbox chain is not started');
      return server.url;
    },
    generation: deployment.generation,
    chainId: core.chainId,
    packageId: deployment.packageId,
    atomaDbId: deployment.atomaDbId,
    coin: {
      type: deployment.coinType,
      ...contractAt(deployment).coin,
      faucetId: deployment.faucetId,
      packageId: deployment.coinPackageId,
    },
    publisher: publisher.address,
    start: async () => {
      await createTasks();
      const listen = { host: options.host ?? '127.0.0.1', port: options.port ?? 0 } as const;
      server = await startGrpcWebServer(listen, { methods, faults: () => faults, log: deps.log });
      deps.log.info('sandbox.chain_started', { url: server.url, epoch: String(core.state.epoch) });
    },
    addEndpoint: async () => {
      let own: ChainFaults = NO_FAULTS;
      const listen = { host: options.host ?? '127.0.0.1', port: 0 } as const;
      const endpoint = await startGrpcWebServer(listen, { methods, faults: () => own, log: deps.log });
      further.add(endpoint);
      return {
        url: endpoint.url,
        setFaults: (changed) => {
          own = { ...own, ...changed };
        },
        stop: async () => {
          if (further.delete(endpoint)) await endpoint.stop();
        },
      };
    },
    stop: async () => {
      for (const endpoint of further) await endpoint.stop();
      further.clear();
      await server?.stop();
      server = null;
      ledger.close();
    },
    epoch: () => core.state.epoch,
    advanceEpoch: (count = 1) => core.advanceEpoch(count),
    setFaults: (changed) => {
      faults = { ...faults, ...changed };
    },
    faucetSui: (address, amountMist) => publisher.sendSui(normalizeSuiAddress(address), amountMist),
    faucetCoin: (address, amount) => publisher.sendCoin(normalizeSuiAddress(address), amount),
    administer: publisher.administer,
    on: core.onNotice,
  };
}
