/** Lists, live streams, faults and restarts of the chain. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { G1 } from '../../../src-shared/atoma/index.ts';
import { startTestChain } from './test-chain.ts';
import type { TestChain } from './test-chain.ts';
import { createTestWallet } from './test-wallet.ts';
import type { TestWallet } from './test-wallet.ts';

let test: TestChain;
let node: TestWallet;
let folder = '';
const tasks = [{ modelName: 'a' }, { modelName: 'b', security: 'sampling-consensus' as const }, { modelName: null }];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
  test = await startTestChain({ tasks, dataFile: join(folder, 'chain.db') });
  node = await createTestWallet(test.chain, test.client);
});
afterEach(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

const events = (name: string, options: object = {}) =>
  test.client.listEvents({ filter: { eventType: `${test.chain.packageId}::db::${name}` }, ...options });

describe('event lists', () => {
  it('page by cursor, both ways, without loss or repeat', async () => {
    const first = await events('TaskRegisteredEvent', { limit: 2 });
    expect(first.events.map((event) => G1.events.TaskRegisteredEvent.parse(event.bcs).modelName)).toEqual(['a', 'b']);
    expect(first.hasNextPage).toBe(true);
    const second = await events('TaskRegisteredEvent', { limit: 2, after: first.endCursor });
    expect(second.events.map((event) => G1.events.TaskRegisteredEvent.parse(event.bcs).taskSmallId)).toEqual([3n]);
    expect(second.hasNextPage).toBe(false);
    const newest = await events('TaskRegisteredEvent', { limit: 1, before: null, order: 'descending' });
    expect(newest.events.length).toBe(1);
    expect((await events('StackCreatedEvent')).events).toEqual([]);
    expect((await test.client.listEvents({ filter: { sender: test.chain.publisher } })).events.length).toBe(3);
    expect((await test.client.listEvents({ filter: { sender: node.address } })).events.length).toBe(0);
  });
});

describe('object lists', () => {
  it('page owned objects and coins', async () => {
    for (let i = 0; i < 4; i += 1) await test.chain.faucetSui(node.address, 100n);
    const first = await test.client.listCoins({ owner: node.address, limit: 3 });
    const second = await test.client.listCoins({ owner: node.address, limit: 3, cursor: first.cursor });
    const ids = new Set([...first.objects, ...second.objects].map((coin) => coin.objectId));
    expect([first.objects.length, second.objects.length, ids.size, second.hasNextPage]).toEqual([3, 2, 5, false]);
    await test.chain.faucetCoin(node.address, 12n);
    const { balances } = await test.client.listBalances({ owner: node.address });
    expect(balances.map((one) => one.balance).sort()).toEqual(['10000000400', '12']);
  });
});

describe('streams', () => {
  it('show checkpoints and events as they are committed, and end when the client leaves', async () => {
    const leave = new AbortController();
    const type = `${test.chain.packageId}::db::NodeRegisteredEvent`;
    const filter = {
      terms: [
        {
          literals: [
            { negated: false, predicate: { oneofKind: 'eventType' as const, eventType: { eventType: type } } },
          ],
        },
      ],
    };
    const seen: string[] = [];
    const eventCall = test.client.subscriptionService.subscribeEvents({ filter }, { abort: leave.signal });
    const checkpointCall = test.client.subscriptionService.subscribeCheckpoints(
      { readMask: { paths: ['sequence_number', 'transactions.digest'] } },
      { abort: leave.signal },
    );
    await Promise.all([eventCall.headers, checkpointCall.headers]);
    const faucet = await node.faucet(1_000n);
    await node.register();
    for await (const { event } of eventCall.responses) {
      if (!event) continue;
      seen.push(event.eventType ?? '');
      break;
    }
    expect(seen).toEqual([type]);
    for await (const { checkpoint } of checkpointCall.responses) {
      expect(checkpoint?.transactions.map((one) => one.digest)).toEqual([faucet.Transaction?.digest]);
      break;
    }
    leave.abort();
  });
});

describe('faults', () => {
  it('drop every request, hold answers back, and heal', async () => {
    test.chain.setFaults({ drop: true });
    await expect(test.client.getReferenceGasPrice()).rejects.toThrow();
    test.chain.setFaults({ drop: false, delayMs: 60_000 });
    await expect(test.client.getReferenceGasPrice({ signal: AbortSignal.timeout(20) })).rejects.toThrow();
    test.chain.setFaults({ delayMs: 0 });
    expect((await test.client.getReferenceGasPrice()).referenceGasPrice).toBe('1000');
  });
});

describe('a restart', () => {
  it('continues with the same state, versions, digests, epoch and history', async () => {
    await node.faucet(1_000n);
    const registered = await node.register();
    await node.run(await node.subscribeTx(1n, 7n, 2_000n));
    test.chain.advanceEpoch(3);
    const { packageId, atomaDbId, chainId, publisher } = test.chain;
    const read = async () => ({
      db: await test.client.getObject({
        objectId: atomaDbId,
        include: { content: true, objectBcs: true, previousTransaction: true },
      }),
      badge: await test.client.getObject({ objectId: await node.badgeId() }),
      transaction: await test.client.getTransaction({
        digest: registered.Transaction?.digest ?? '',
        include: { effects: true, events: true },
      }),
      events: (await test.client.listEvents({ filter: { sender: node.address } })).events,
    });
    const before = await read();
    await test.stop();

    test = await startTestChain({ tasks, dataFile: join(folder, 'chain.db'), seed: 'other' });
    const kept = { packageId, atomaDbId, chainId, publisher };
    expect(test.chain).toMatchObject(kept);
    expect(test.chain.epoch()).toBe(3n);
    // The wallet talks to the address the chain had before; a new one on the same key stands in for it.
    const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: test.chain.url });
    const badge = await client.getObject({ objectId: before.badge.object.objectId });
    expect(badge).toEqual(before.badge);
    expect(
      await client.getObject({
        objectId: atomaDbId,
        include: { content: true, objectBcs: true, previousTransaction: true },
      }),
    ).toEqual(before.db);
    expect(
      await client.getTransaction({
        digest: registered.Transaction?.digest ?? '',
        include: { effects: true, events: true },
      }),
    ).toEqual(before.transaction);
    expect((await client.listEvents({ filter: { sender: node.address } })).events).toEqual(before.events);
    await test.chain.administer({ kind: 'create-task', task: { modelName: 'c' } });
    expect((await events('TaskRegisteredEvent')).events.length).toBe(4);
    await expect(
      test.chain.administer({ kind: 'set', parameter: 'set_permille_for_oracle_on_dispute', value: 900n }),
    ).rejects.toThrow(/312012007/);
  });
});
