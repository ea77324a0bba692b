/** The main journey of the composed node on both generations of the embedded network: join, serve, settle, wait, be paid, leave without harm (issue 3, "Done when"; coordinator.md 8). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { contractOf } from '../src-shared/atoma/index.ts';
import { parkedPrice } from '../src-shared/bridge/intents.ts';
import type { ConsoleNode } from './console-node.ts';
import type { Sandbox } from './sandbox/create-sandbox.ts';
import { announcedBy, joinNetwork, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, until } from './testing/whole-node.ts';

let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
afterEach(async () => {
  await node.stop('now');
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A stack that costs as much on either: a million base units of the coin. */
const units = 1_000n;
const prices = { G1: 1_000n, G2: 1_000_000_000n };

it.each(['G1', 'G2'] as const)('%s: joins, serves, settles, is paid after the window, and leaves', async (generation) => {
  const contract = contractOf(generation);
  folder = mkdtempSync(join(tmpdir(), 'journey-'));
  sandbox = await openSandbox(join(folder, 'network'), generation);
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id, { settleWhenIdleMs: 1_000, cancelWindowMs: 0 });
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await joinNetwork(node);
  const call = node.handlers;
  const parts = [...announcedBy(sandbox), node.onTopic];
  await until(parts, () => (sandbox.coordinator.nodes()[0]?.heartbeat?.state === 'READY' ? true : null));
  expect((await call['settings.get']({})).network).toMatchObject({ generation, health: [{ status: 'ok', chainId: sandbox.chain.chainId }] });

  const buyer = openBuyer(sandbox);
  const { stackSmallId } = await buyer.buyStack({ taskSmallId: 1n, units, price: prices[generation], samplingConsensus: false });
  await sandbox.coordinator.openStack(stackSmallId);
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'What is the capital of France?' }], temperature: 0 });
  sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: 120, windowMs: 60_000, stream: false });
  await until(parts, () => (sandbox.coordinator.totals().accepted === 1 ? true : null));

  const stack = async () => (await call['stacks.list']({})).find((one) => one.stackSmallId === stackSmallId);
  const phaseIs = (phase: string): Promise<true> => until(parts, async () => ((await stack())?.phase === phase ? true : null));
  await until(parts, async () => (((await stack())?.usedUnits ?? 0n) > 0n ? true : null));
  await call['stacks.settle']({ stackSmallId });
  await phaseIs('challenge');
  sandbox.chain.advanceEpoch(Number(contract.constants.disputeDelayEpochs));
  await phaseIs('claimed');
  const { usedUnits } = (await stack()) ?? { usedUnits: 0n };
  const claims = (await call['ledger.list']({ limit: 50, before: null })).filter(({ kind }) => kind === 'claim');
  expect(usedUnits).toBeGreaterThan(0n);
  expect(claims.map(({ amount, coin }) => [amount, coin.symbol])).toEqual([[usedUnits * 1_000n, contract.coin.symbol]]);

  await call['leave.start']({ typed: 'LEAVE' });
  await until(parts, async () => ((await call['leave.get']({})).disabledAtEpoch === null ? null : true));
  const [task] = await call['tasks.list']({});
  expect(task?.subscription?.price ?? null).toBe(generation === 'G1' ? parkedPrice : null);
  sandbox.chain.advanceEpoch(8);
  await until(parts, async () => ((await call['leave.get']({})).left ? true : null));
}, 120_000);
