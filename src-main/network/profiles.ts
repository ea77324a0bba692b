/** The networks that are built in: both deployments on Testnet with the ids of protocol.md 1.1, and the two embedded ones, whose profiles come from their processes. */
import type { Generation, NetworkProfile } from '../../src-shared/domain/network-profile.ts';

const tomaPackage = '0xa1b2ce1a52abc52c5d21be9da0f752dbd587018bc666c5298f778f42de26df1d';
const usdcPackage = '0xa1ec7fc00a6f40db9693ad1415d0c193ad3906494428cf252621037bd7117e29';

/** What both deployments share. No coordinator of link v1 is known for Testnet: a node can register and claim there but is sent no work. */
const testnet = {
  kind: 'testnet',
  // Digest of Testnet's genesis checkpoint; its first four bytes are the 4c78adac that the coin packages were published on (protocol.md 1.1).
  chainId: '69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD',
  endpoints: ['https://fullnode.testnet.sui.io:443'],
  coordinatorUrl: null,
  coordinatorId: null,
  sandboxControlUrl: null,
} as const satisfies Partial<NetworkProfile>;

/** Atoma Testnet, G1: TOMA, prices per compute unit. */
export const testnetG1: NetworkProfile = {
  ...testnet,
  endpoints: [...testnet.endpoints],
  id: 'testnet',
  name: 'Testnet G1',
  generation: 'G1',
  atomaPackageId: '0xc05bae323433740c969d8cf938c48d7559490be5f8dde158792e7a0623787013',
  atomaDbId: '0x7b8f40e38698deb650519a51f9c1a725bf8cfdc074d1552a4dc85976c2b414be',
  coin: { type: `${tomaPackage}::toma::TOMA`, symbol: 'TOMA', decimals: 9 },
  faucet: { packageId: tomaPackage, objectId: '0xfdddd6fb95509ea36f44f06d0d0a2f5868dac2bda1423d204bdc9f458115ff75' },
};

/** Atoma Testnet, G2: USDC, prices per million compute units. */
export const testnetG2: NetworkProfile = {
  ...testnet,
  endpoints: [...testnet.endpoints],
  id: 'testnet-g2',
  name: 'Testnet G2',
  generation: 'G2',
  atomaPackageId: '0x8903298ba49a8e83d438e014b2cfd18404324f3a0274b9507b520d5745b85208',
  atomaDbId: '0x02920289f426dd1f3c2572d613f7dc92be95041720864a73d44d65585530efc5',
  coin: { type: `${usdcPackage}::usdc::USDC`, symbol: 'USDC', decimals: 6 },
  faucet: null,
};

/** Public networks, the one of the seed's documents first. */
export const testnets: readonly NetworkProfile[] = [testnetG1, testnetG2];

/** The embedded networks; a profile is known once its process has started. */
export const sandboxes: readonly { readonly id: string; readonly name: string; readonly generation: Generation; readonly note: string }[] = [
  { id: 'sandbox', name: 'Sandbox', generation: 'G1', note: 'Play money on this machine. Try the whole life of a node in minutes.' },
  { id: 'sandbox-g2', name: 'Sandbox G2', generation: 'G2', note: 'The newer contract with play money on this machine: USDC, prices per million units, no collateral.' },
];
