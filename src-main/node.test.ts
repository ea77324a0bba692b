/** The composed node against the real embedded network: set-up, pause, lock, restart, leaving, missing keys, and what happens when things overlap (product.md; coordinator.md 8; decision 0005). */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parkedPrice } from '../src-shared/bridge/intents.ts';
import type { LeaveView, NodeView, Policies } from '../src-shared/bridge/views.ts';
import { AppError } from '../src-shared/errors.ts';
import type { ConsoleNode } from './console-node.ts';
import { startCoordinatorDouble } from './main-job/coordinator-double.ts';
import type { Sandbox } from './sandbox/create-sandbox.ts';
import { announcedBy, chainClient, joinNetwork, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, sign, until } from './testing/whole-node.ts';

let folder = '';
let dataDir = '';
let sandbox: Sandbox;
const nodes: ConsoleNode[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'node-'));
  dataDir = join(folder, 'node');
  sandbox = await openSandbox(join(folder, 'network'));
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop('now');
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (): Promise<ConsoleNode> => {
  const node = await openNode({ dataDir, profile: sandbox.profile });
  nodes.push(node);
  return node;
};
const view = (node: ConsoleNode): Promise<NodeView> => node.handlers['node.get']({});
const stateIs = (node: ConsoleNode, state: NodeView['state'], reason?: NodeView['reason']): Promise<true> =>
  until([node.onTopic], async () => {
    const now = await view(node);
    return now.state === state && (reason === undefined || now.reason === reason) ? true : null;
  });
/** A node that is registered, subscribed, started, and at work. */
const openReady = async (): Promise<ConsoleNode> => {
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id);
  const node = await open();
  await node.secure.unlock(passphrase);
  await joinNetwork(node);
  await stateIs(node, 'READY');
  await until(announcedBy(sandbox), () => (sandbox.coordinator.nodes()[0]?.heartbeat?.state === 'READY' ? true : null));
  return node;
};

const client = () => chainClient(sandbox);
const buyStack = async (): Promise<bigint> => {
  const buyer = openBuyer(sandbox);
  const { stackSmallId } = await buyer.buyStack({ taskSmallId: 1n, units: 1_000n, price: 100n, samplingConsensus: false });
  await sandbox.coordinator.openStack(stackSmallId);
  return stackSmallId;
};
const request = (stackSmallId: bigint): void => {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'What is the capital of France?' }], temperature: 0 });
  expect(sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: 120, windowMs: 60_000, stream: false })).toMatchObject({ requestId: expect.any(String) });
};
const totalIs = (name: 'accepted' | 'declined', count: number): Promise<true> => until(announcedBy(sandbox), () => (sandbox.coordinator.totals()[name] === count ? true : null));
const setPolicies = async (node: ConsoleNode, change: Partial<Policies>): Promise<void> => {
  const { policies } = await node.handlers['settings.get']({});
  await node.handlers['settings.policies']({ policies: { ...policies, ...change } });
};
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return 'none';
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
};

describe('setting up', () => {
  it('goes step by step, and starts only behind the last one', async () => {
    let starts = 0;
    const node = await openNode({ dataDir, profile: null, startSandbox: async () => ((starts += 1), { profile: sandbox.profile, stop: async () => undefined }) });
    nodes.push(node);
    const call = node.handlers;
    const current = async (): Promise<unknown> => (await call['setup.get']({})).current;
    expect([await current(), (await view(node)).reason]).toEqual(['network', 'not_set_up']);
    expect(await codeOf(() => call['setup.start']({}))).toBe('setup.not_ready');
    await call['setup.network']({ networkId: 'sandbox' });
    expect(await current()).toBe('key');
    expect(await codeOf(() => call['setup.start']({}))).toBe('keys.not_created');
    const { phrase } = await node.secure.createKey({ passphrase });
    expect(await current()).toBe('key');
    await node.secure.confirmBackup(phrase);
    expect(await current()).toBe('machine');
    await call['setup.machineCheck']({});
    await until([node.onTopic], async () => ((await current()) === 'funds' ? true : null));
    await call['setup.faucet']({});
    expect(await current()).toBe('register');
    await sign(node, { kind: 'register' });
    expect(await current()).toBe('task');
    expect(await codeOf(() => call['setup.start']({}))).toBe('setup.not_ready');
    expect((await view(node)).link.status).toBe('stopped');
    await sign(node, { kind: 'subscribe', taskSmallId: 1n, price: 80n, maxComputeUnits: 1_000n });
    expect([await current(), (await view(node)).reason]).toEqual(['start', 'not_set_up']);
    await call['setup.start']({});
    await call['setup.start']({});
    await stateIs(node, 'READY', 'waiting_for_work');
    expect([(await call['setup.get']({})).done, sandbox.coordinator.nodes().length, starts]).toEqual([true, 1, 1]);
  });

  it('opens one network at a time, whoever asks, and keeps the one it has when the next does not open', async () => {
    let starts = 0;
    let stops = 0;
    const startSandbox = async () => ((starts += 1), { profile: sandbox.profile, stop: async () => void (stops += 1) });
    const node = await openNode({ dataDir, profile: null, startSandbox });
    const choose = (networkId: string): Promise<unknown> => node.handlers['setup.network']({ networkId });
    await Promise.all([choose('sandbox'), choose('sandbox')]);
    expect([starts, stops]).toEqual([1, 0]);
    expect(await codeOf(() => choose('nowhere'))).toBe('network.bad_profile');
    expect((await view(node)).network.id).toBe('sandbox');
    await Promise.all([choose('testnet'), choose('sandbox'), choose('testnet')]);
    expect([starts, stops, (await view(node)).network.id]).toEqual([2, 2, 'testnet']);
    const last = choose('sandbox').catch(() => undefined);
    await node.stop('now');
    await last;
    expect(starts - stops).toBe(0);
  });
});

describe('at work', () => {
  it('declines while paused, says so, and works on when resumed', async () => {
    const node = await openReady();
    const stack = await buyStack();
    await node.handlers['node.pause']({});
    request(stack);
    expect(await view(node)).toMatchObject({ state: 'IDLE', reason: 'paused', paused: true });
    await totalIs('declined', 1);
    expect((await node.handlers['jobs.list']({ limit: 10, stages: null, stackSmallId: null, before: null })).items).toMatchObject([{ stage: 'declined', code: 'paused' }]);
    await node.handlers['node.resume']({});
    await stateIs(node, 'READY', 'waiting_for_work');
    request(stack);
    await totalIs('accepted', 1);
  });

  it('links again by resume after the coordinator refused it for good', async () => {
    await (await openReady()).stop('now');
    let aheadMs = 120_000; // its manifest is issued in the future: bad_manifest, which is not tried again by itself
    const node = await openNode({ dataDir, profile: sandbox.profile, now: () => Date.now() + aheadMs });
    nodes.push(node);
    await node.secure.unlock(passphrase);
    await stateIs(node, 'IDLE', 'link_refused');
    expect((await view(node)).link.lastError?.message).toContain('bad_manifest');
    aheadMs = 0;
    await node.handlers['node.resume']({});
    await stateIs(node, 'READY');
  });

  it('does not call a stack foreign before the chain was read', async () => {
    const first = await openReady();
    const stack = await buyStack();
    await until([first.onTopic], async () => ((await first.handlers['stacks.list']({})).length > 0 ? true : null));
    await first.stop('now');
    const coordinator = await startCoordinatorDouble();
    sandbox.control.setFaults({ dropLink: false, slowChainMs: 0, chainDown: true });
    const { url: coordinatorUrl, coordinatorId } = coordinator;
    const node = await openNode({ dataDir, profile: { ...sandbox.profile, coordinatorUrl, coordinatorId } });
    nodes.push(node);
    await node.secure.unlock(passphrase);
    const peer = await coordinator.peer();
    await peer.welcome();
    const order = { task_id: '01M7XPG0PVERF7HENE4K5HTVH9', task_small_id: 1, stack_small_id: Number(stack), workload_class: 'ai.inference', model: 'm@1' };
    peer.send({ type: 'dispatch', ...order, max_compute_units: 10, deadline_ts: Date.now() + 60_000, stream: false, envelope: 'x' });
    expect((await peer.next('declined')).code).toBe('unknown_stack');
    await node.stop('now');
    await coordinator.close();
  });

  it('tells the coordinator how many requests it takes when that changes', async () => {
    const node = await openReady();
    expect(sandbox.coordinator.room(1n)).toBe(2);
    await setPolicies(node, { maxParallel: 5 });
    await until(announcedBy(sandbox), () => (sandbox.coordinator.room(1n) === 5 ? true : null));
    expect(sandbox.coordinator.nodes()).toHaveLength(1);
  });

  it('finishes what runs before it locks, and comes back when it is unlocked, also twice at once', async () => {
    const node = await openReady();
    const stack = await buyStack();
    request(stack);
    await until([node.onTopic], () => (node.running() > 0 ? true : null));
    const drained = until(announcedBy(sandbox), () => (sandbox.coordinator.nodes().some(({ held }) => held === 'draining') ? true : null));
    await Promise.all([node.handlers['keys.lock']({}), node.handlers['keys.lock']({})]);
    await drained;
    expect(await view(node)).toMatchObject({ state: 'IDLE', reason: 'keys_locked', link: { status: 'none' } });
    expect((await node.handlers['jobs.list']({ limit: 10, stages: ['proved', 'accepted'], stackSmallId: null, before: null })).total).toBe(1);
    expect(await codeOf(() => node.handlers['wallet.propose']({ intent: { kind: 'disable' } }))).toBe('keys.locked');
    expect(await codeOf(() => node.secure.unlock('another passphrase'))).toBe('keys.wrong_passphrase');
    await Promise.all([node.secure.unlock(passphrase), node.secure.unlock(passphrase)]);
    await stateIs(node, 'READY');
    await totalIs('accepted', 1);
    expect([sandbox.coordinator.nodes().length, sandbox.coordinator.totals().failed]).toEqual([1, 0]);
  });

  it('is unlocked in the end when it is unlocked while it locks', async () => {
    const node = await openReady();
    const locking = node.handlers['keys.lock']({});
    await node.secure.unlock(passphrase);
    await locking;
    await stateIs(node, 'READY');
    expect(sandbox.coordinator.nodes()).toHaveLength(1);
  });

  it('replaces its liveness key while it works: nothing is lost, and the coordinator knows the new one', async () => {
    const node = await openReady();
    const stack = await buyStack();
    request(stack);
    await until([node.onTopic], () => (node.running() > 0 ? true : null));
    const before = node.secure.keys();
    expect(await codeOf(() => node.secure.rotateLiveness('another passphrase'))).toBe('keys.wrong_passphrase');
    await node.secure.exportNodeKeys(passphrase);
    expect(node.secure.keys().nodeKeysSaved).toMatchObject({ current: true });
    await node.secure.rotateLiveness(passphrase);
    const after = node.secure.keys();
    expect(after).toMatchObject({ nodeId: before.nodeId, walletAddress: before.walletAddress, unlocked: true, nodeKeysSaved: { current: false } });
    expect(after.livenessAddress).not.toBe(before.livenessAddress);
    await until(announcedBy(sandbox), () => (sandbox.coordinator.nodes().some(({ livenessAddress }) => livenessAddress === after.livenessAddress) ? true : null));
    await stateIs(node, 'READY');
    await totalIs('accepted', 1);
    expect(sandbox.coordinator.totals().failed).toBe(0);
  });

  it('is ready by itself after a restart, as soon as the keys are open', async () => {
    const first = await openReady();
    await first.stop('finish');
    const again = await open();
    expect(await view(again)).toMatchObject({ state: 'IDLE', reason: 'keys_locked' });
    await again.secure.unlock(passphrase);
    await stateIs(again, 'READY', 'waiting_for_work');
  });
});

describe('stopping', () => {
  it('ends a proposal that waits, and takes nothing more', async () => {
    const node = await openReady();
    const { proposalId } = await node.handlers['wallet.propose']({ intent: { kind: 'faucet', amount: 5n } });
    const outcome = codeOf(() => node.handlers['wallet.outcome']({ proposalId }));
    await Promise.all([node.stop('finish'), node.stop('now')]);
    expect(await outcome).toBe('intent.expired');
    expect(await codeOf(() => node.secure.unlock(passphrase))).toBe('bridge.unreachable');
    expect(await codeOf(() => node.handlers['setup.network']({ networkId: 'testnet' }))).toBe('bridge.unreachable');
    expect(node.secure.proposal(proposalId)).toBeNull();
  });

  it('ends while the chain does not answer, and comes back', async () => {
    const node = await openReady();
    sandbox.control.setFaults({ dropLink: false, slowChainMs: 60_000, chainDown: false });
    await node.handlers['settings.policies']({ policies: (await node.handlers['settings.get']({})).policies });
    await node.stop('now');
    sandbox.control.setFaults({ dropLink: false, slowChainMs: 0, chainDown: false });
    const again = await open();
    await again.secure.unlock(passphrase);
    await stateIs(again, 'READY');
  });
});

describe('leaving', () => {
  const leave = (node: ConsoleNode): Promise<LeaveView> => node.handlers['leave.get']({});
  const priceOnChain = async (node: ConsoleNode): Promise<bigint | undefined> => (await node.handlers['tasks.list']({}))[0]?.subscription?.price;
  const current = async (node: ConsoleNode): Promise<string | undefined> => (await leave(node)).steps.find((step) => step.status === 'current')?.step;

  it('parks the price, and puts it back when it is cancelled, over a restart', async () => {
    const first = await openReady();
    await first.handlers['leave.start']({ typed: 'LEAVE' });
    expect(await codeOf(() => first.handlers['leave.start']({ typed: 'LEAVE' }))).toBe('leave.not_possible');
    await stateIs(first, 'UNSTAKING', 'leaving_waiting_cancel_window');
    expect(await priceOnChain(first)).toBe(parkedPrice);
    await first.stop('finish');
    const node = await open();
    await node.secure.unlock(passphrase);
    await stateIs(node, 'UNSTAKING', 'leaving_waiting_cancel_window');
    await node.handlers['leave.cancel']({});
    await stateIs(node, 'READY');
    expect(await priceOnChain(node)).toBe(80n);
    expect(await codeOf(() => node.handlers['leave.cancel']({}))).toBe('leave.not_possible');
  });

  it('returns the collateral when every wait is over', async () => {
    const node = await openReady();
    const coins = async (): Promise<bigint> => BigInt((await client().getBalance({ owner: node.secure.keys().walletAddress ?? '', coinType: sandbox.info.coin.type })).balance.balance);
    const locked = (await node.handlers['setup.get']({})).registration.collateral.value ?? 0n;
    const before = await coins();
    await node.handlers['leave.start']({ typed: 'LEAVE' });
    await stateIs(node, 'UNSTAKING', 'leaving_waiting_cancel_window');
    sandbox.control.skipEpochs({ epochs: 1 });
    await stateIs(node, 'UNSTAKING', 'leaving_waiting_collateral');
    expect(await current(node)).toBe('cooldown');
    expect(await codeOf(() => node.handlers['leave.cancel']({}))).toBe('leave.not_possible');
    expect(await coins()).toBe(before);
    sandbox.control.skipEpochs({ epochs: 6 });
    await stateIs(node, 'IDLE', 'left');
    expect(locked).toBeGreaterThan(0n);
    expect(await coins()).toBe(before + locked);
    expect((await leave(node)).steps.every((step) => step.status === 'done')).toBe(true);
  });
});

it('misses the keys of a known registration, and makes no others', async () => {
  const first = await openReady();
  await first.stop('now');
  rmSync(join(dataDir, 'keys'), { recursive: true });
  const node = await open();
  expect(await codeOf(() => node.handlers['wallet.propose']({ intent: { kind: 'register' } }))).toBe('keys.missing');
  expect(await codeOf(() => node.secure.createKey({ passphrase }))).toBe('keys.missing');
  expect(await codeOf(() => node.secure.unlock(passphrase))).toBe('keys.missing');
  expect(node.secure.keys()).toMatchObject({ exists: false, unlocked: false });
  expect(existsSync(join(dataDir, 'keys', 'vault.json'))).toBe(false);
});
