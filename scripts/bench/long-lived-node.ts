/** A data folder as an operator of three years has it: keys, a node that is registered and subscribed on the embedded network, and a filled ledger (product.md, Budgets: start with 100,000 ledger rows). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVault } from '../../src-main/keys/create-vault.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { openStore } from '../../src-main/store/open.ts';
import { joinNetwork, markStarted, openNode, openSandbox, passphrase } from '../../src-main/testing/whole-node.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { fillHistory, type Filled } from './fill-history.ts';

/** The folder, the flags that start the console on it, and its network, which runs until `stop`. */
export type LongLivedNode = { dataDir: string; flags: readonly string[]; profile: NetworkProfile; filled: Filled; stop(): Promise<void> };

/** Makes keys at their real cost, registers, subscribes, and fills the network's database. */
export async function makeLongLivedNode(ledgerRows: number, { dataDir, sandboxDir }: { dataDir: string; sandboxDir: string }): Promise<LongLivedNode> {
  const sandbox = await openSandbox(sandboxDir);
  try {
    return { ...(await fillFolder(ledgerRows, { dataDir, sandboxDir, profile: sandbox.profile })), stop: () => sandbox.stop() };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

async function fillFolder(ledgerRows: number, { dataDir, sandboxDir, profile }: { dataDir: string; sandboxDir: string; profile: NetworkProfile }): Promise<Omit<LongLivedNode, 'stop'>> {
  const vault = createVault({ dataDir, keychain: null, expectsKey: false }, { log: silentLogger, now: Date.now });
  await vault.confirmBackup((await vault.create({ passphrase })).phrase);
  markStarted(dataDir, profile.id);
  const node = await openNode({ dataDir, profile });
  await node.secure.unlock(passphrase);
  await joinNetwork(node);
  const { nodeSmallId } = await node.handlers['node.get']({});
  await node.stop('now');
  if (nodeSmallId === null) throw new Error('the node of the benchmark is not registered');
  const store = openStore({ dataDir: join(dataDir, 'networks', `${profile.id}-${profile.chainId?.slice(0, 12)}`) }, { now: Date.now, log: silentLogger });
  const filled = fillHistory(store, { ledgerRows, nowMs: Date.now(), nodeSmallId, openStacks: 0, coinType: profile.coin.type, gasCoinType: suiCoin.type });
  store.close();
  const [networkFile, passphraseFile] = [join(sandboxDir, 'network.json'), join(sandboxDir, 'passphrase')];
  writeFileSync(networkFile, JSON.stringify(profile));
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  return { dataDir, profile, filled, flags: ['--data-dir', dataDir, '--network', networkFile, '--passphrase-file', passphraseFile] };
}
