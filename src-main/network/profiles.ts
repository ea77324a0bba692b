/** The networks that are built in: Testnet of generation G1 with the ids of protocol.md 1.1. The sandbox's profile comes from its process. */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';

const tomaPackage = '0xa1b2ce1a52abc52c5d21be9da0f752dbd587018bc666c5298f778f42de26df1d';

/** Atoma Testnet, G1. No coordinator of link v1 is known for it, so a node can register and claim there but receives no dispatches. */
export const testnetG1: NetworkProfile = {
  id: 'testnet',
  name: 'Testnet',
  kind: 'testnet',
  generation: 'G1',
  chainId: null,
  endpoints: ['https://fullnode.testnet.sui.io:443'],
  atomaPackageId: '0xc05bae323433740c969d8cf938c48d7559490be5f8dde158792e7a0623787013',
  atomaDbId: '0x7b8f40e38698deb650519a51f9c1a725bf8cfdc074d1552a4dc85976c2b414be',
  coin: { type: `${tomaPackage}::toma::TOMA`, symbol: 'TOMA', decimals: 9 },
  faucet: { packageId: tomaPackage, objectId: '0xfdddd6fb95509ea36f44f06d0d0a2f5868dac2bda1423d204bdc9f458115ff75' },
  coordinatorUrl: null,
  coordinatorId: null,
  sandboxControlUrl: null,
};

/** Id of the embedded network; its profile is known once its process has started. */
export const sandboxId = 'sandbox';
