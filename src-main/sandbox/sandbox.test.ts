/** The whole embedded network with real parts: a node registers, is bought from, serves, settles, is paid; restart, faults, dials. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { coinWithBalance, Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeBadgeType } from '../../src-shared/atoma/index.ts';
import { networkProfileSchema } from '../../src-shared/domain/network-profile.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { silentLogger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { connectNode, type NodeKeys, type StrictNode } from './coordinator/strict-node.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts';
import type { ToPeer } from './peer/messages.ts';
import { realSchedule } from './schedule.ts';

const operator = Secp256k1Keypair.fromSecretKey(vectors.keys.operator_secret);
const keys: NodeKeys = { rsaPem: vectors.keys.rsa_private_pkcs8_pem, operator, liveness: Secp256k1Keypair.fromSecretKey(vectors.keys.liveness_secret) };
const address = operator.toSuiAddress();
const quick = { running: true, buyers: 1, requestsPerMinute: 60_000, stackUnits: 2_000, price: 100, taskSmallIds: [1], functions: false };

let folder: string;
let sandbox: Sandbox;
const nodes: StrictNode[] = [];
/** What the second nodes that were started were told; each ends when it is told to. */
let told: ToPeer[] = [];
const spawn: SpawnChild = () => {
  const exits: ((code: number | null) => void)[] = [];
  const end = (): void => exits.splice(0).forEach((listener) => listener(0));
  return {
    pid: 1, onMessage: () => undefined, onExit: (listener) => void exits.push(listener), kill: end,
    send: (message) => {
      told.push(message as ToPeer);
      if ((message as ToPeer).kind === 'stop') end();
    },
  };
};
const start = async (options: Partial<SandboxOptions> = {}): Promise<void> => {
  sandbox = await createSandbox({ dataDir: folder, demand: quick, accounts: 1, ...options }, { now: Date.now, random: () => randomBytes(32), schedule: realSchedule, log: silentLogger, secondNode: { module: '/second-node', spawn } });
};
beforeEach(async () => {
  told = [];
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  await start();
});
afterEach(async () => {
  nodes.splice(0).forEach((node) => node.socket.terminate());
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = (): SuiGrpcClient => new SuiGrpcClient({ network: 'sandbox', baseUrl: sandbox.info.grpcUrl });
const run = async (fill: (tx: Transaction) => void): Promise<void> => {
  const transaction = new Transaction();
  transaction.setSender(address);
  fill(transaction);
  const result = await client().signAndExecuteTransaction({ transaction, signer: operator, include: { effects: true } });
  if (!result.Transaction) throw new Error(result.FailedTransaction.status.error?.message);
};
const call = async (name: string, rest: (tx: Transaction) => ReturnType<Transaction['pure']>[]): Promise<void> => {
  const { packageId, atomaDbId } = sandbox.info;
  const { objects } = await client().listOwnedObjects({ owner: address, type: nodeBadgeType(packageId) });
  await run((tx) => void tx.moveCall({ target: `${packageId}::db::${name}`, arguments: [tx.object(atomaDbId), tx.object(objects[0]?.objectId ?? ''), ...rest(tx)] }));
};
/** Registers the vectors' wallet and subscribes it to a task. */
const register = async (taskSmallId = 1n): Promise<void> => {
  const { packageId, atomaDbId, coin } = sandbox.info;
  await sandbox.control.faucet({ address });
  await run((tx) => void tx.moveCall({ target: `${coin.faucetPackageId}::toma::faucet`, arguments: [tx.object(coin.faucetId ?? ''), tx.pure.u64(10_000n)] }));
  await run((tx) => {
    const collateral = tx.add(coinWithBalance({ type: coin.type, balance: 1_000n }));
    tx.moveCall({ target: `${packageId}::db::register_node_entry`, arguments: [tx.object(atomaDbId), collateral] });
    tx.transferObjects([collateral], address);
  });
  await call('subscribe_node_to_task', (tx) => [tx.pure.u64(taskSmallId), tx.pure.u64(50n), tx.pure.u64(100_000n)]);
};
const connect = async (): Promise<StrictNode> => {
  const node = await connectNode(sandbox.info.coordinatorUrl, keys, { now: Date.now });
  nodes.push(node);
  await node.enter();
  return node;
};
/** Answers every dispatch until the link ends, using what a model would; keeps the stacks it saw. */
const serve = async (node: StrictNode, seen: { bodies: string[]; stacks: Set<number>; sealed: number }): Promise<void> => {
  for (;;) {
    const dispatch = await node.next('dispatch').catch(() => null);
    if (dispatch === null) return;
    node.send({ type: 'accepted', task_id: dispatch.task_id });
    const { body, reply_to: replyTo } = await node.open(dispatch);
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    const input = Buffer.byteLength(messages[0]?.content ?? '') + 19;
    seen.bodies.push(body);
    seen.stacks.add(dispatch.stack_small_id);
    if (replyTo !== undefined) seen.sealed += 1;
    node.send(await node.result(dispatch, { usage: { input, output: Math.min(20, dispatch.max_compute_units - input) } }));
  }
};

describe('the embedded network', () => {
  it('describes itself as a profile the console takes', () => {
    const { profile, info } = sandbox;
    expect(networkProfileSchema.parse(JSON.parse(JSON.stringify(info.profile)))).toEqual(profile);
    expect(profile).toMatchObject({ kind: 'sandbox', generation: 'G1', endpoints: [info.grpcUrl], coordinatorUrl: info.coordinatorUrl, coordinatorId: info.coordinatorId, sandboxControlUrl: info.controlUrl });
    for (const url of [info.grpcUrl, info.coordinatorUrl, info.controlUrl]) expect(new URL(url).hostname).toBe('127.0.0.1');
  });

  it('funds its accounts once', async () => {
    const [account] = sandbox.info.accounts;
    expect(Secp256k1Keypair.fromSecretKey(account?.secretKey ?? '').toSuiAddress()).toBe(account?.address);
    const balances = async () => [(await client().getBalance({ owner: account?.address ?? '' })).balance.balance, (await client().getBalance({ owner: account?.address ?? '', coinType: sandbox.info.coin.type })).balance.balance];
    expect(await balances()).toEqual(['100000000000', '1000000000000']);
    await sandbox.stop();
    await start();
    expect(await balances()).toEqual(['100000000000', '1000000000000']);
  });

  it('buys only when a node is there, and uses stacks up to 95 %', async () => {
    expect(sandbox.control.state().totals.stacksBought).toBe(0);
    await register();
    const node = await connect();
    const seen = { bodies: [], stacks: new Set<number>(), sealed: 0 } as { bodies: string[]; stacks: Set<number>; sealed: number };
    void serve(node, seen);
    await expect.poll(() => seen.stacks.size, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    const use = sandbox.coordinator.stackUse(1n);
    expect(Number(use?.acceptedUnits)).toBeGreaterThanOrEqual(1_900);
    expect(use?.lockedUnits).toBe(0n);
    expect(seen.sealed).toBeGreaterThan(0);
    expect(new Set(seen.bodies).size).toBeGreaterThan(3);
    const { totals, lastError } = sandbox.control.state();
    expect(totals).toMatchObject({ rejected: 0, declined: 0, failed: 0 });
    expect(totals.accepted).toBeGreaterThan(10);
    // Sealed answers open with the buyer's key.
    expect(lastError).toBeNull();
  });

  it('sends no more on a stack that is being settled', async () => {
    await register();
    const node = await connect();
    const dispatch = await node.next('dispatch');
    sandbox.control.setDemand({ ...quick, running: false });
    const hash = Array<number>(32).fill(1);
    await call('try_settle_stack', (tx) => [tx.pure.u64(BigInt(dispatch.stack_small_id)), tx.pure.u64(0n), tx.pure.vector('u8', hash), tx.pure.vector('u8', hash), tx.object.random() as never]);
    await expect.poll(() => sandbox.coordinator.stackUse(1n)?.closed).toBe('stack_settling');
  });

  it('says bye to a node that is disabled on chain, and refuses it afterwards by the chain’s epochs', async () => {
    await register();
    const node = await connect();
    await call('permanently_disable_node', () => []);
    expect(await node.next('bye')).toMatchObject({ code: 'in_cooldown' });
    const refusedNow = async (): Promise<string> => {
      const again = await connectNode(sandbox.info.coordinatorUrl, keys, { now: Date.now });
      nodes.push(again);
      await again.hello();
      return (await again.next('refused')).code;
    };
    expect(await refusedNow()).toBe('in_cooldown');
    sandbox.control.skipEpochs({ epochs: 4 });
    expect(await refusedNow()).toBe('disabled');
    expect(sandbox.control.state().epoch).toBe(4n);
  });

  it('refuses a wallet the chain does not know', async () => {
    const node = await connectNode(sandbox.info.coordinatorUrl, keys, { now: Date.now });
    nodes.push(node);
    await node.hello();
    expect(await node.next('refused')).toMatchObject({ code: 'not_registered' });
  });

  it('continues after a restart: same chain, same identities, same ports, same work', async () => {
    await register();
    const node = await connect();
    const dispatch = await node.next('dispatch');
    node.send({ type: 'accepted', task_id: dispatch.task_id });
    await node.heartbeat({ running: 1, free: 1 });
    await node.next('heartbeat_ack');
    const result = await node.result(dispatch);
    sandbox.control.skipEpochs({ epochs: 3 });
    sandbox.control.setEpochLength({ epochLengthMs: 600_000 });
    const { info } = sandbox;
    const { totals } = sandbox.control.state();
    await sandbox.stop();
    await start();
    expect(sandbox.info).toEqual(info);
    expect(sandbox.control.state()).toMatchObject({ epoch: 3n, epochLengthMs: 600_000, totals: { stacksBought: totals.stacksBought } });
    const again = await connectNode(info.coordinatorUrl, keys, { now: Date.now });
    nodes.push(again);
    expect((await again.enter()).awaiting).toContain(dispatch.task_id);
    again.send(result);
    expect(await again.ack()).toMatchObject({ status: 'accepted', entry_index: 0 });
  });

  it('disturbs the link and the chain as the dial says', async () => {
    await register();
    const node = await connect();
    sandbox.control.setFaults({ dropLink: true, slowChainMs: 0, chainDown: false });
    expect((await node.closed).code).toBe(1006);
    sandbox.control.setFaults({ dropLink: false, slowChainMs: 0, chainDown: true });
    await expect(client().getReferenceGasPrice()).rejects.toThrow();
    const blind = await connectNode(sandbox.info.coordinatorUrl, keys, { now: Date.now });
    nodes.push(blind);
    await blind.hello();
    expect((await blind.closed).code).toBe(1013);
    sandbox.control.setFaults({ dropLink: false, slowChainMs: 0, chainDown: false });
    await connect();
    expect(sandbox.coordinator.nodes()).toHaveLength(1);
  });

  it('starts its second node when another one works under sampling consensus, and again after a restart', async () => {
    await register();
    expect([sandbox.control.state().secondNode.state, told]).toEqual(['waiting', []]);
    await call('subscribe_node_to_task', (tx) => [tx.pure.u64(2n), tx.pure.u64(50n), tx.pure.u64(100_000n)]);
    await expect.poll(() => sandbox.control.state().secondNode.state).toBe('starting');
    expect(told).toMatchObject([{ kind: 'begin', profile: sandbox.info.profile, mode: 'honest', taskSmallId: 2n }]);
    const [first] = told;
    sandbox.control.setSecondNode({ mode: 'silent' });
    await sandbox.stop();
    expect(told.slice(1)).toEqual([{ kind: 'mode', mode: 'silent' }, { kind: 'stop', park: false }]);
    await start();
    expect(told.slice(3)).toEqual([{ ...first, mode: 'silent' }]);
    sandbox.control.setSecondNode({ mode: 'off' });
    expect([told.at(-1), sandbox.control.state().secondNode.state]).toEqual([{ kind: 'stop', park: true }, 'off']);
  });

  it('lets the contract draw as the dial says, by transactions of its publisher', async () => {
    expect(sandbox.control.state().attestations).toEqual({ probabilityPermille: 10, extraNodes: 1 });
    await sandbox.control.setAttestations({ probabilityPermille: 1_000, extraNodes: 2 });
    expect(sandbox.control.state().attestations).toEqual({ probabilityPermille: 1_000, extraNodes: 2 });
    await sandbox.stop();
    await start();
    // Read from the chain, not remembered.
    expect(sandbox.control.state().attestations).toEqual({ probabilityPermille: 1_000, extraNodes: 2 });
  });

  it('serves buyers on the sampled task alone when the dial says so', async () => {
    sandbox.control.setDemand({ ...quick, taskSmallIds: [2] });
    await register();
    await call('subscribe_node_to_task', (tx) => [tx.pure.u64(2n), tx.pure.u64(50n), tx.pure.u64(100_000n)]);
    const node = await connect();
    const dispatch = await node.next('dispatch');
    expect(dispatch.task_small_id).toBe(2);
    expect(await node.open(dispatch)).not.toHaveProperty('reply_to');
  });
});
