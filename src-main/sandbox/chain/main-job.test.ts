/** The operator's and the buyer's whole way on chain with the unmodified SDK client, every amount exact to the unit. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  G1,
  fieldLayout,
  nodeSmallIdType,
  smallId,
  stackSmallIdType,
  taskSmallIdType,
} from '../../../src-shared/atoma/index.ts';
import { bcs } from '@mysten/sui/bcs';
import { startTestChain } from './test-chain.ts';
import type { TestChain } from './test-chain.ts';
import { createTestWallet } from './test-wallet.ts';
import type { Executed, TestWallet } from './test-wallet.ts';

let test: TestChain;
let node: TestWallet;
let buyer: TestWallet;

const succeeded = (result: Executed) => {
  if (!result.Transaction) throw new Error(result.FailedTransaction?.status.error?.message);
  return result.Transaction;
};
const eventOf = <K extends keyof typeof G1.events>(result: Executed, name: K): (typeof G1.events)[K]['$inferType'] => {
  const type = `${test.chain.packageId}::db::${name}`;
  const event = succeeded(result).events.find((one) => one.eventType === type);
  if (!event) throw new Error(`no ${name}`);
  return (G1.events[name] as unknown as { parse: (bytes: Uint8Array) => never }).parse(event.bcs);
};
const database = async () => {
  const { object } = await test.client.getObject({ objectId: test.chain.atomaDbId, include: { content: true } });
  return G1.objects.AtomaDb.parse(object.content ?? new Uint8Array());
};
const key = (value: bigint): Uint8Array => smallId.serialize(value).toBytes();

beforeEach(async () => {
  test = await startTestChain({ tasks: [{ modelName: 'sandbox/tiny-chat' }] });
  node = await createTestWallet(test.chain, test.client);
  buyer = await createTestWallet(test.chain, test.client);
});
afterEach(() => test.stop());

describe('the main job on chain', () => {
  it('registers, subscribes, sells, settles, waits and claims to the exact unit', async () => {
    const { chain, client } = test;
    const toma = chain.coin.type;
    succeeded(await node.faucet(5_000n));
    const registered = await node.register();
    expect(eventOf(registered, 'NodeRegisteredEvent')).toEqual({ badgeId: await node.badgeId(), nodeSmallId: 1n });
    expect(await node.balance(toma)).toBe(4_000n);

    const subscribed = await node.run(await node.subscribeTx(1n, 7n, 2_000n));
    expect(eventOf(subscribed, 'NodeSubscribedToTaskEvent').price).toBe(7n);

    succeeded(await buyer.faucet(100_000n));
    const bought = await buyer.run(buyer.acquireTx(1n, 1_000n, 10n, 20_000n));
    expect(eventOf(bought, 'StackCreatedEvent')).toMatchObject({
      stackSmallId: 1n,
      owner: buyer.address,
      selectedNodeId: 1n,
      price: 10n,
    });
    expect(await buyer.balance(toma)).toBe(90_000n);

    const settled = await node.run(await node.settleTx(1n, 250n));
    expect(eventOf(settled, 'StackTrySettleEvent')).toMatchObject({
      numClaimedComputeUnits: 250n,
      requestedAttestationNodes: [],
    });

    const early = await node.run(await node.claimTx([1n])).catch((error: unknown) => error);
    expect(early).toMatchObject({ executionError: { MoveAbort: { abortCode: '312012032' } } });
    chain.advanceEpoch(2);
    const claimed = await node.run(await node.claimTx([1n]));
    expect(eventOf(claimed, 'StackSettlementTicketClaimedEvent').userRefundAmount).toBe(7_500n);
    expect(await node.balance(toma)).toBe(4_000n + 2_500n);
    expect(await buyer.balance(toma)).toBe(97_500n);
    const db = await database();
    expect(db).toMatchObject({
      feeTreasury: 0n,
      nextStackSmallId: 2n,
      stacks: { size: 0n },
      stackSettlementTickets: { size: 0n },
    });
    expect((await client.getCurrentSystemState()).systemState.epoch).toBe('2');
  });

  it('pays gas by the documented formula, to the MIST', async () => {
    const before = await node.balance('0x2::sui::SUI');
    const result = succeeded(await node.faucet(1n));
    const gas = result.effects.gasUsed;
    const net = BigInt(gas.computationCost) + BigInt(gas.storageCost) - BigInt(gas.storageRebate);
    expect(await node.balance('0x2::sui::SUI')).toBe(before - net);
    expect(gas.computationCost).toBe('1000000');
    expect(result.balanceChanges).toContainEqual({
      address: node.address,
      coinType: expect.stringContaining('::sui::SUI') as string,
      amount: String(-net),
    });
  });

  it('gives back the collateral four epochs after leaving', async () => {
    await node.faucet(1_000n);
    await node.register();
    succeeded(await node.run(await node.nodeCall('permanently_disable_node', () => [])));
    test.chain.advanceEpoch(3);
    await expect(node.run(await node.nodeCall('destroy_disabled_node', () => []))).rejects.toMatchObject({
      executionError: { MoveAbort: { abortCode: '312012013' } },
    });
    test.chain.advanceEpoch();
    succeeded(await node.run(await node.nodeCall('destroy_disabled_node', () => [])));
    expect(await node.balance(test.chain.coin.type)).toBe(1_000n);
    expect(await node.badgeId()).toBe('');
    expect((await database()).nodes.size).toBe(0n);
  });
});

describe('reading as protocol.md 4.2 says', () => {
  it('finds node entry, subscription, task, price, stack and ticket', async () => {
    const { chain, client } = test;
    await node.faucet(5_000n);
    await node.register();
    await node.run(await node.subscribeTx(1n, 7n, 2_000n));
    await buyer.faucet(100_000n);
    await buyer.run(buyer.acquireTx(1n, 1_000n, 10n, 10_000n));
    await node.run(await node.settleTx(1n, 250n));
    const db = await database();
    const field = async (parentId: string, type: string, value: bigint) =>
      (await client.getDynamicField({ parentId, name: { type, bcs: key(value) } })).dynamicField.value.bcs;
    const objectField = async (parentId: string, type: string, value: bigint) => {
      const name = { type, bcs: key(value) };
      return (
        (await client.getDynamicObjectField({ parentId, name, include: { content: true } })).object.content ??
        new Uint8Array()
      );
    };

    const entry = G1.objects.NodeEntry.parse(await field(db.nodes.id, nodeSmallIdType(chain.packageId), 1n));
    expect(entry).toMatchObject({ collateral: 1_000n, reputationScore: 50 });
    const task = G1.objects.Task.parse(await objectField(db.tasks.id, taskSmallIdType(chain.packageId), 1n));
    expect(task).toMatchObject({
      modelName: 'sandbox/tiny-chat',
      role: 0,
      securityLevel: 0,
      subscribedNodes: { size: 1n },
    });
    const offer = await field(task.subscribedNodes.id, nodeSmallIdType(chain.packageId), 1n);
    expect(G1.objects.NodePriceData.parse(offer)).toEqual({
      nodeId: 1n,
      price: 7n,
      maxNumComputeUnits: 2_000n,
    });
    const stack = await field(db.stacks.id, stackSmallIdType(chain.packageId), 1n);
    expect(G1.objects.Stack.parse(stack)).toMatchObject({ owner: buyer.address, numComputeUnits: 1_000n });
    const ticket = G1.objects.StackSettlementTicket.parse(
      await objectField(db.stackSettlementTickets.id, stackSmallIdType(chain.packageId), 1n),
    );
    expect(ticket).toMatchObject({ stackSmallId: 1n, disputeSettledAtEpoch: 2n, isInDispute: false });

    const marks = await client.listDynamicFields({ parentId: await node.badgeId(), include: { value: true } });
    expect(marks.dynamicFields).toMatchObject([
      { $kind: 'DynamicField', name: { type: taskSmallIdType(chain.packageId), bcs: key(1n) }, valueType: 'bool' },
    ]);
    const tasks = await client.listDynamicFields({ parentId: db.tasks.id, include: { value: true } });
    expect(tasks.dynamicFields).toMatchObject([{ $kind: 'DynamicObject', childId: task.id }]);
    const { object } = await client.getObject({
      objectId: tasks.dynamicFields[0]?.fieldId ?? '',
      include: { content: true },
    });
    expect(fieldLayout(smallId, bcs.Address).parse(object.content ?? new Uint8Array())).toMatchObject({
      name: 1n,
      value: task.id,
    });
    await expect(field(db.stacks.id, stackSmallIdType(chain.packageId), 9n)).rejects.toMatchObject({
      reason: 'notFound',
    });
  });

  it('shows signatures by which the generation is detected, coin metadata and the chain id', async () => {
    const { chain, client } = test;
    const { function: register } = await client.getMoveFunction({
      packageId: chain.packageId,
      moduleName: 'db',
      name: 'register_node_entry',
    });
    expect(register.parameters.length).toBe(3);
    expect(register.parameters[1]?.body).toMatchObject({
      datatype: { typeParameters: [{ datatype: { typeName: chain.coin.type } }] },
    });
    const { function: subscribe } = await client.getMoveFunction({
      packageId: chain.packageId,
      moduleName: 'db',
      name: 'subscribe_node_to_task',
    });
    expect(subscribe.parameters.length).toBe(5);
    await expect(
      client.getMoveFunction({ packageId: chain.packageId, moduleName: 'db', name: 'claim_funds_for_stacks' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await client.getCoinMetadata({ coinType: chain.coin.type })).coinMetadata).toMatchObject({
      decimals: 9,
      symbol: 'TOMA',
    });
    expect((await client.getChainIdentifier()).chainIdentifier).toBe(chain.chainId);
    expect((await client.getReferenceGasPrice()).referenceGasPrice).toBe('1000');
  });
});
