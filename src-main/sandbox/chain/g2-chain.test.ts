/** Generation G2 on the whole chain with the unmodified SDK client: money per million, private tasks, direct claims, keys, and what it does not have (protocol.md 0, 2, 4, 5.4). */
import { bcs } from '@mysten/sui/bcs';
import { Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { G2, nodeSmallIdType, smallId, stackSmallIdType, taskSmallIdType } from '../../../src-shared/atoma/index.ts';
import type { EventFields, EventName } from '../../../src-shared/atoma/index.ts';
import { startTestChain } from './test-chain.ts';
import type { TestChain } from './test-chain.ts';
import { createTestWallet } from './test-wallet.ts';
import type { Executed, TestWallet } from './test-wallet.ts';

let test: TestChain;
let node: TestWallet;
let buyer: TestWallet;
const NONE = 1n;
const SAMPLED = 2n;
const CONFIDENTIAL = 3n;
const PRIVATE = 4n;

beforeEach(async () => {
  const tasks = (['none', 'sampling-consensus', 'confidential', 'none'] as const).map((security, at) => ({
    modelName: `model-${at + 1}`,
    security,
    isPublic: at !== 3,
  }));
  test = await startTestChain({ generation: 'G2', tasks });
  node = await createTestWallet(test.chain, test.client);
  buyer = await createTestWallet(test.chain, test.client);
  await test.chain.faucetCoin(buyer.address, 100_000_000n);
  succeeded(await node.register());
});
afterEach(() => test.stop());

const succeeded = (result: Executed) => {
  if (!result.Transaction) throw new Error(result.FailedTransaction?.status.error?.message);
  return result.Transaction;
};
const eventOf = <K extends EventName>(result: Executed, name: K): EventFields[K] => {
  const type = `${test.chain.packageId}::db::${name}`;
  const event = succeeded(result).events.find((one) => one.eventType === type);
  if (!event) throw new Error(`no ${name}`);
  return (G2.events[name] as unknown as { parse: (bytes: Uint8Array) => EventFields[K] }).parse(event.bcs);
};
const database = async () => {
  const { object } = await test.client.getObject({ objectId: test.chain.atomaDbId, include: { content: true } });
  return G2.objects.AtomaDb.parse(object.content);
};
const name = (type: string, value: bigint) => ({ type, bcs: smallId.serialize(value).toBytes() });
const field = async (parentId: string, type: string, value: bigint) =>
  (await test.client.getDynamicField({ parentId, name: name(type, value) })).dynamicField.value.bcs;
const nodeEntry = async () =>
  G2.objects.NodeEntry.parse(await field((await database()).nodes.id, nodeSmallIdType(test.chain.packageId), 1n));
const stack = async (id: bigint) =>
  G2.objects.Stack.parse(await field((await database()).stacks.id, stackSmallIdType(test.chain.packageId), id));
/** The abort's code of a transaction that the client's dry run stops. */
const abortOf = async (run: Promise<Executed>): Promise<number> => {
  const error = (await run.catch((caught: unknown) => caught)) as {
    executionError?: { MoveAbort?: { abortCode: string } };
  };
  return Number(BigInt(error.executionError?.MoveAbort?.abortCode ?? -1) % 1_000n);
};
const buy = async (task: bigint, units: bigint, price: bigint, payment: bigint) =>
  eventOf(await buyer.run(buyer.acquireTx(task, units, price, payment)), 'StackCreatedEvent');

describe('a G2 deployment', () => {
  it('shows the signatures by which it is told from G1, and has no faucet', async () => {
    const parameters = async (moduleName: string, called: string, packageId = test.chain.packageId) =>
      (await test.client.getMoveFunction({ packageId, moduleName, name: called })).function.parameters.length;
    expect(await parameters('db', 'register_node_entry')).toBe(2);
    expect(await parameters('db', 'subscribe_node_to_task')).toBe(4);
    expect(await parameters('db', 'claim_funds_for_stacks')).toBe(5);
    expect(await parameters('settlement', 'try_to_settle')).toBe(4);
    expect(test.chain.coin).toMatchObject({ symbol: 'USDC', decimals: 6, faucetId: null });
    expect(test.chain.coin.type).toMatch(/::usdc::USDC$/);
    for (const module of ['usdc', 'toma']) {
      await expect(parameters(module, 'faucet', test.chain.coin.packageId)).rejects.toThrow();
    }
    const { coinMetadata } = await test.client.getCoinMetadata({ coinType: test.chain.coin.type });
    expect(coinMetadata).toMatchObject({ symbol: 'USDC', decimals: 6 });
  });

  it('takes no collateral, whatever the setting says', async () => {
    await test.chain.administer({ kind: 'set', parameter: 'set_required_registration_toma_collateral', value: 5_000n });
    const poor = await createTestWallet(test.chain, test.client);
    expect(eventOf(await poor.register(), 'NodeRegisteredEvent').nodeSmallId).toBe(2n);
    expect((await nodeEntry()).collateral).toBe(0n);
  });

  it('lets the manager alone create tasks', async () => {
    const tx = new Transaction();
    const args = [tx.pure.u16(0), tx.pure.option('string', null), tx.pure.option('u16', 0), tx.pure.option('u8', null)];
    tx.moveCall({
      target: `${test.chain.packageId}::db::create_task_entry`,
      arguments: [tx.object(test.chain.atomaDbId), tx.object(await node.badgeId()), ...args, tx.pure.bool(true)],
    });
    await expect(node.run(tx)).rejects.toThrow(/TypeMismatch/i);
    await expect(
      test.chain.administer({ kind: 'set', parameter: 'set_permille_to_slash_node_on_timeout', value: 1_001n }),
    ).rejects.toThrow(/312012007/);
  });
});

describe('money per million units', () => {
  it('of a sampled stack is that of the worked example, to the unit', async () => {
    succeeded(await node.run(await node.subscribeTx(SAMPLED, 10_000_000n)));
    const bought = await buy(SAMPLED, 1_000_000n, 10_000_000n, 50_000_000n);
    expect(bought).toMatchObject({ stackSmallId: 1n, price: 10_000_000n, owner: buyer.address });
    expect(await buyer.balance(test.chain.coin.type)).toBe(100_000_000n - 12_120_000n);
    succeeded(await node.run(await node.settleTx(1n, 950_001n)));
    expect(await abortOf(node.claimTx([1n]).then(node.run))).toBe(32);
    test.chain.advanceEpoch();
    const claimed = await node.run(await node.claimTx([1n]));
    expect(eventOf(claimed, 'StackSettlementTicketClaimedEvent')).toMatchObject({ userRefundAmount: 599_988n });
    expect(await node.balance(test.chain.coin.type)).toBe(11_400_012n);
    expect((await database()).feeTreasury).toBe(12_120_000n - 11_400_012n - 599_988n);
  });

  it('leaves dust in the treasury', async () => {
    succeeded(await node.run(await node.subscribeTx(NONE, 7n)));
    await buy(NONE, 1_000_000n, 7n, 7n);
    succeeded(await node.run(await node.settleTx(1n, 500_000n)));
    test.chain.advanceEpoch();
    succeeded(await node.run(await node.claimTx([1n])));
    expect(await node.balance(test.chain.coin.type)).toBe(3n);
    expect((await database()).feeTreasury).toBe(1n);
  });
});

describe('a task by invitation', () => {
  it('admits whitelisted nodes only, and shows its list', async () => {
    expect(await abortOf(node.subscribeTx(PRIVATE, 5n).then(node.run))).toBe(45);
    await test.chain.administer({ kind: 'whitelist', task: PRIVATE, nodes: [9n, 1n] });
    const subscribed = eventOf(await node.run(await node.subscribeTx(PRIVATE, 5n)), 'NodeSubscribedToTaskEvent');
    expect(subscribed).toEqual({ taskSmallId: PRIVATE, nodeSmallId: 1n, price: 5n, maxNumComputeUnits: 1_000_000n });
    const parentId = (await database()).tasks.id;
    const found = await test.client.getDynamicObjectField({
      parentId,
      name: name(taskSmallIdType(test.chain.packageId), PRIVATE),
      include: { content: true },
    });
    expect(G2.objects.Task.parse(found.object.content)).toMatchObject({ isPublic: false, whitelistedNodes: [9n, 1n] });
    await expect(test.chain.administer({ kind: 'whitelist', task: NONE, nodes: [1n] })).rejects.toThrow(/312012044/);
  });
});

describe('the direct claim', () => {
  it('pays confidential stacks at once in one coin, keeps them marked, and cannot be repeated', async () => {
    succeeded(await node.run(await node.subscribeTx(CONFIDENTIAL, 1_000_000n)));
    await buy(CONFIDENTIAL, 1_000n, 1_000_000n, 1_000n);
    await buy(CONFIDENTIAL, 500n, 1_000_000n, 500n);
    const claim = (stacks: bigint[], units: bigint[]) =>
      node
        .nodeCall('claim_funds_for_stacks', (tx) => [tx.pure.vector('u64', stacks), tx.pure.vector('u64', units)])
        .then(node.run);
    expect(await abortOf(claim([1n], [1_001n]))).toBe(52);
    expect(await abortOf(claim([1n, 2n], [1n]))).toBe(52);
    const claimed = await claim([1n, 2n], [400n, 500n]);
    expect(eventOf(claimed, 'ClaimedStackEvent')).toEqual({
      stackSmallId: 1n,
      selectedNodeId: 1n,
      numClaimedComputeUnits: 400n,
      userRefundAmount: 600n,
    });
    const { objects } = await test.client.listCoins({ owner: node.address, coinType: test.chain.coin.type });
    expect(objects.map((coin) => coin.balance)).toEqual(['900']);
    expect(await stack(1n)).toMatchObject({ isClaimed: true, numComputeUnits: 1_000n, price: 1_000_000n });
    expect(await abortOf(claim([1n], [1n]))).toBe(53);
    const settled = await node.run(await node.settleTx(1n, 0n));
    succeeded(settled);
    test.chain.advanceEpoch();
    expect(await abortOf(node.claimTx([1n]).then(node.run))).toBe(53);
  });
});

describe('confidential keys', () => {
  it('are called for by the manager, committed to by the node, and read back after a restart of the record', async () => {
    const notices: string[] = [];
    test.chain.on((notice) => void (notice.kind === 'event' && notices.push(notice.type.split('::').at(-1) ?? '')));
    await test.chain.administer({ kind: 'rotate-network-key' });
    expect(notices).toEqual(['NewKeyRotationEvent']);
    const { keyRotationCounter, nonce } = await database();
    expect([keyRotationCounter, (nonce ?? 0n) > 0n]).toEqual([1n, true]);
    const rotate = (counter: bigint, deviceType: number) =>
      node
        .nodeCall('rotate_node_public_key', (tx) => [
          tx.pure.vector('u8', Array<number>(32).fill(5)),
          tx.pure.vector('u8', [1, 2, 3]),
          tx.pure.u64(counter),
          tx.pure.u16(deviceType),
        ])
        .then(node.run);
    expect(await abortOf(rotate(0n, 300))).toBe(49);
    expect(await abortOf(rotate(1n, 16_000))).toBe(48);
    expect(eventOf(await rotate(1n, 300), 'NodePublicKeyCommittmentEvent')).toEqual({
      epoch: 0n,
      keyRotationCounter: 1n,
      nodeId: 1n,
      newPublicKey: new Uint8Array(32).fill(5),
      deviceType: 300,
      evidenceBytes: new Uint8Array([1, 2, 3]),
    });
    expect(await nodeEntry()).toMatchObject({
      confidentialComputeLastRotationCounter: 1n,
      confidentialComputePublicKeyCommitment: new Uint8Array(32).fill(5),
      confidentialComputeDeviceTypes: [300],
    });
  });
});

describe('what the package does not have', () => {
  it.each(['nonsense', 'faucet'])('%s is not found', async (called) => {
    const tx = new Transaction();
    tx.moveCall({ target: `${test.chain.packageId}::db::${called}`, arguments: [tx.object(test.chain.atomaDbId)] });
    await expect(node.run(tx)).rejects.toThrow();
  });
  it.each([
    ['gate::submit_text2text_prompt', /does not execute gate::submit_text2text_prompt/],
    ['db::create_model', /call the entry function/],
    ['db::add_model_echelon', /call the entry function/],
  ])('%s is refused with the reason', async (called, reason) => {
    const tx = new Transaction();
    tx.setGasBudget(100_000_000n);
    tx.moveCall({ target: `${test.chain.packageId}::${called}`, arguments: [tx.object(test.chain.atomaDbId)] });
    await expect(node.run(tx)).rejects.toThrow(reason);
  });
  it('text that is not ASCII is refused as the machine refuses it', async () => {
    const tx = new Transaction();
    tx.moveCall({
      target: `${test.chain.packageId}::db::add_node_to_model`,
      arguments: [
        tx.object(test.chain.atomaDbId),
        tx.object(await node.badgeId()),
        tx.pure(bcs.string().serialize('modèle')),
        tx.pure.u64(1n),
      ],
    });
    await expect(node.run(tx)).rejects.toThrow(/InvalidBCSBytes/i);
  });
});
