/** The filled chain of the catch-up bench in a process of its own; says where it is, and ends with its parent. */
import { randomBytes } from 'node:crypto';
import { silentLogger } from '../../src-main/log/logger.ts';
import { createSandboxChain } from '../../src-main/sandbox/chain/index.ts';

const chain = createSandboxChain({ dataFile: process.argv[2] ?? '' }, { now: Date.now, random: () => randomBytes(32), log: silentLogger });
await chain.start();
process.once('disconnect', () => process.exit(0));
const { generation, chainId, url, packageId, atomaDbId, coin } = chain;
process.send?.({
  id: 'sandbox', name: 'Sandbox', kind: 'sandbox', generation, chainId, endpoints: [url], atomaPackageId: packageId, atomaDbId,
  coin: { type: coin.type, symbol: coin.symbol, decimals: coin.decimals }, faucet: coin.faucetId === null ? null : { packageId: coin.packageId, objectId: coin.faucetId },
  coordinatorUrl: null, coordinatorId: null, sandboxControlUrl: null,
});
