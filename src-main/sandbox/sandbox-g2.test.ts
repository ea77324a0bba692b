/** The embedded network on contract generation G2: buyers pay USDC per million units, a node serves, settles or claims at once, and is paid. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { G2, nodeBadgeType } from '../../src-shared/atoma/index.ts';
import { networkProfileSchema } from '../../src-shared/domain/network-profile.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { silentLogger } from '../log/logger.ts';
import { connectNode, type NodeKeys, type StrictNode } from './coordinator/strict-node.ts';
import { createSandbox, type Sandbox } from './create-sandbox.ts';
import { realSchedule } from './schedule.ts';

const operator = Secp256k1Keypair.fromSecretKey(vectors.keys.operator_secret);
const keys: NodeKeys = { rsaPem: vectors.keys.rsa_private_pkcs8_pem, operator, liveness: Secp256k1Keypair.fromSecretKey(vectors.keys.liveness_secret) };
const address = operator.toSuiAddress();
/** 50 USDC per million units: a stack costs 0.1 USDC. */
const price = 50_000_000;
const stackUnits = 2_000;
const stackCost = 100_000n;

let folder: string;
let sandbox: Sandbox;
const nodes: StrictNode[] = [];
const start = async (generation?: 'G1' | 'G2'): Promise<void> => {
  const asked = generation === undefined ? {} : { generation };
  sandbox = await createSandbox(
    {
      dataDir: folder, accounts: 1, ...asked,
      demand: { running: true, buyers: 1, requestsPerMinute: 60_000, stackUnits, price, taskSmallIds: [1, 2, 3] },
      tasks: [{ modelName: 'sandbox/tiny-chat' }, { modelName: 'sandbox/tiny-chat', security: 'sampling-consensus' }, { modelName: 'sandbox/tiny-chat', security: 'confidential' }],
    },
    { now: Date.now, random: () => randomBytes(32), schedule: realSchedule, log: silentLogger },
  );
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-g2-'));
  await start('G2');
});
afterEach(async () => {
  nodes.splice(0).forEach((node) => node.socket.terminate());
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = (): SuiGrpcClient => new SuiGrpcClient({ network: 'sandbox', baseUrl: sandbox.info.grpcUrl });
const usdc = async (owner: string): Promise<bigint> => BigInt((await client().getBalance({ owner, coinType: sandbox.info.coin.type })).balance.balance);
type Make = (tx: Transaction) => ReturnType<Transaction['pure']>[];
const call = async (name: string, rest: Make, withBadge = true): Promise<void> => {
  const { packageId, atomaDbId } = sandbox.info;
  const badges = withBadge ? (await client().listOwnedObjects({ owner: address, type: nodeBadgeType(packageId) })).objects : [];
  const transaction = new Transaction();
  transaction.setSender(address);
  transaction.moveCall({ target: `${packageId}::db::${name}`, arguments: [transaction.object(atomaDbId), ...badges.map((badge) => transaction.object(badge.objectId)), ...rest(transaction)] });
  const result = await client().signAndExecuteTransaction({ transaction, signer: operator, include: { effects: true } });
  if (!result.Transaction) throw new Error(result.FailedTransaction.status.error?.message);
};
const hash = Array<number>(32).fill(1);
/** Registers, offers the one task at its own price, and waits for the first stack on it. */
const serve = async (task: bigint): Promise<number> => {
  await sandbox.control.faucet({ address });
  await call('register_node_entry', () => [], false);
  await call('subscribe_node_to_task', (tx) => [tx.pure.u64(task), tx.pure.u64(BigInt(price))]);
  const node = await connectNode(sandbox.info.coordinatorUrl, keys, { now: Date.now });
  nodes.push(node);
  await node.enter();
  const dispatch = await node.next('dispatch');
  sandbox.control.setDemand({ ...sandbox.control.state().demand, running: false });
  return dispatch.stack_small_id;
};

describe('the embedded network on G2', () => {
  it('describes itself as a profile of its own, and gives USDC with the gas', async () => {
    expect(networkProfileSchema.parse(JSON.parse(JSON.stringify(sandbox.profile)))).toEqual(sandbox.profile);
    expect(sandbox.profile).toMatchObject({ id: 'sandbox-g2', name: 'Sandbox G2', kind: 'sandbox', generation: 'G2', coin: { symbol: 'USDC', decimals: 6 }, faucet: null });
    expect(await usdc(address)).toBe(0n);
    await sandbox.control.faucet({ address });
    expect(await usdc(address)).toBe(1_000_000_000n);
    expect(await usdc(sandbox.info.accounts[0]?.address ?? '')).toBeGreaterThan(0n);
  });

  it.each([
    ['without security', 1n, stackCost, (stackCost * 19n) / 20n],
    ['under sampling consensus', 2n, (stackCost * 1_212n) / 1_000n, (((stackCost * 19n) / 20n) * 1_200n) / 1_000n],
  ])('sells a stack %s per million units and pays its node one epoch after settling', async (_what, task, paid, earned) => {
    const stack = BigInt(await serve(task));
    const { object } = await client().getObject({ objectId: sandbox.info.atomaDbId, include: { content: true } });
    expect(G2.objects.AtomaDb.parse(object.content).feeTreasury).toBe(paid);
    const before = await usdc(address);
    await call('try_settle_stack', (tx) => [tx.pure.u64(stack), tx.pure.u64(1_900n), tx.pure.vector('u8', hash), tx.pure.vector('u8', hash), tx.object.random() as never]);
    await expect.poll(() => sandbox.coordinator.stackUse(stack)?.closed).toBe('stack_settling');
    sandbox.control.skipEpochs({ epochs: 1 });
    await call('claim_funds', (tx) => [tx.pure.vector('u64', [stack])]);
    expect((await usdc(address)) - before).toBe(earned);
  });

  it('lets a confidential stack be claimed at once, and dispatches no more on it', async () => {
    const stack = BigInt(await serve(3n));
    const before = await usdc(address);
    await call('claim_funds_for_stacks', (tx) => [tx.pure.vector('u64', [stack]), tx.pure.vector('u64', [2_000n])]);
    expect((await usdc(address)) - before).toBe(stackCost);
    await expect.poll(() => sandbox.coordinator.stackUse(stack)?.closed).toBe('claimed');
  });

  it('keeps its generation over a restart and refuses the other one', async () => {
    const { info } = sandbox;
    await sandbox.stop();
    await expect(start('G1')).rejects.toThrow(/contract generation G2; for G1 use another folder, or begin anew with --fresh/);
    await start();
    expect(sandbox.info).toEqual(info);
  });
});
