/** A filled chain is an ordinary chain: every stack, event and unit of money is there, and a fresh start reads the same state. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../log/logger.ts';
import { repeatableRandom, startTestChain } from '../test-chain.ts';
import { createTestWallet } from '../test-wallet.ts';
import { fillChain } from './fill-chain.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const deps = { now: () => 1_900_000_000_000, random: repeatableRandom('fill'), log: silentLogger };

describe('filling a chain', () => {
  it.each([1, 7])(
    'buys, settles and claims as many stacks as planned, %i at a time, and a client reads them all',
    async (perTransaction) => {
      const dataFile = join(folder, 'chain.db');
      const setUp = await startTestChain({ tasks: [{ modelName: 'a' }], dataFile });
      const node = await createTestWallet(setUp.chain, setUp.client);
      await node.faucet(5_000n);
      await node.register();
      await node.run(await node.subscribeTx(1n, 1n, 2_000n));
      await setUp.stop();

      const plan = { stacks: 30, task: 1n, units: 10n, price: 3n, settled: 20, claimed: 12, perTransaction };
      const filled = await fillChain(dataFile, plan, deps);
      expect(filled.stacks).toEqual(Array.from({ length: 30 }, (_, i) => BigInt(i + 1)));
      expect(filled.events).toBe(30 + 20 + 12);

      const test = await startTestChain({ dataFile });
      const count = async (name: string): Promise<number> => {
        const filter = { eventType: `${test.chain.packageId}::db::${name}` };
        return (await test.client.listEvents({ filter, limit: 100 })).events.length;
      };
      expect(await count('StackCreatedEvent')).toBe(30);
      expect(await count('StackTrySettleEvent')).toBe(20);
      expect(await count('StackSettlementTicketClaimedEvent')).toBe(12);
      const balance = await test.client.getBalance({ owner: node.address, coinType: test.chain.coin.type });
      expect(balance.balance.balance).toBe(String(4_000 + 12 * 10 * 3));
      await test.stop();
    },
  );

  it('says why when nobody offers the task at the price', async () => {
    const dataFile = join(folder, 'chain.db');
    await (await startTestChain({ tasks: [{ modelName: 'a' }], dataFile })).stop();
    const plan = { stacks: 1, task: 1n, units: 10n, price: 3n };
    await expect(fillChain(dataFile, plan, deps)).rejects.toThrow(/filling failed.*abort/);
  });
});
