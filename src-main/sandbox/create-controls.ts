/** The dials of the running network, for its control API and for programs that hold it (product.md, Network). */
import type { OfferedRole } from '../../src-shared/bridge/views.ts';
import type { AttestationDial } from './attestation-dial.ts';
import type { Buyers } from './buyers/create-buyers.ts';
import type { SandboxStore } from './buyers/sandbox-store.ts';
import type { SandboxChain } from './chain/index.ts';
import type { SandboxControls } from './control.ts';
import type { ChainReads } from './coordinator/chain-reads.ts';
import type { Coordinator } from './coordinator/create-coordinator.ts';
import { offerRoles, ownRoles } from './offered-tasks.ts';
import type { Peer } from './peer/create-peer.ts';
import type { TimeDial } from './time-dial.ts';

/** 1,000 USDC. */
const faucetUsdc = 1_000_000_000n;
const faucetMist = 10_000_000_000n;

type Parts = {
  chain: SandboxChain;
  coordinator: Coordinator;
  reads: ChainReads;
  buyers: Buyers;
  dial: TimeDial;
  attestations: AttestationDial;
  secondNode: Peer;
  store: SandboxStore;
  /** Says that the state is another. */
  changed(): void;
  onChange: SandboxControls['onChange'];
};

/** Puts the dials of the parts together. */
export function createControls({ chain, coordinator, reads, buyers, dial, attestations, secondNode, store, changed, onChange }: Parts): SandboxControls {
  /** One at a time, so that no task is made twice. */
  let offering: Promise<void> = Promise.resolve();
  const offer = (roles: readonly OfferedRole[]): Promise<void> => {
    const done = offering.then(() => offerRoles(roles, chain, reads, buyers)).then(changed);
    offering = done.catch(() => undefined);
    return done;
  };
  let faults = { dropLink: false, slowChainMs: 0, chainDown: false };
  return {
    state: () => ({
      epoch: chain.epoch(),
      epochLengthMs: dial.epochLengthMs(),
      nextEpochMs: dial.nextEpochMs(),
      demand: buyers.demand(),
      totals: { ...coordinator.totals(), stacksBought: buyers.stacksBought() },
      faults,
      attestations: attestations.settings(),
      secondNode: secondNode.view(),
      lastError: buyers.lastError(),
    }),
    setEpochLength: ({ epochLengthMs }) => {
      store.remember('epoch_length', epochLengthMs);
      dial.set(epochLengthMs);
      changed();
    },
    skipEpochs: ({ epochs }) => dial.skip(epochs),
    setDemand: (demand) => buyers.setDemand(demand),
    setFaults: (next) => {
      faults = next;
      chain.setFaults({ delayMs: next.slowChainMs, drop: next.chainDown });
      coordinator.setDropped(next.dropLink);
      changed();
      buyers.wake();
    },
    setAttestations: attestations.set,
    offerAllRoles: () => offer(ownRoles),
    offerRole: ({ role }) => offer([role]),
    setSecondNode: ({ mode }) => secondNode.setMode(mode),
    faucet: async ({ address }) => {
      await chain.faucetSui(address, faucetMist);
      // TOMA comes from its faucet on chain; USDC has none, so its play money comes with the gas.
      if (chain.coin.faucetId === null) await chain.faucetCoin(address, faucetUsdc);
    },
    onChange,
  };
}
