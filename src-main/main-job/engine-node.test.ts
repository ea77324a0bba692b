/** A running node whose model is served by an external engine: offered to the coordinator, run from a sealed request to an acknowledged proof, and back on this machine when the engine goes (issue 4, item 5). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngineDouble, type EngineDouble } from '../engines/testing/engine-double.ts';
import type { ConsoleNode } from '../console-node.ts';
import type { Sandbox } from '../sandbox/create-sandbox.ts';
import { announcedBy, joinNetwork, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, until } from '../testing/whole-node.ts';

let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
let engine: EngineDouble;
let stackSmallId: bigint;
let accepted = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-node-'));
  engine = await startEngineDouble({ kind: 'vllm', models: ['served-name'], token: 'a token' });
  sandbox = await openSandbox(join(folder, 'network'));
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id);
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await joinNetwork(node);
  await until([node.onTopic], async () => ((await node.handlers['node.get']({})).state === 'READY' ? true : null));
  const buyer = openBuyer(sandbox);
  ({ stackSmallId } = await buyer.buyStack({ taskSmallId: 1n, units: 3_000n, price: 100n, samplingConsensus: false }));
  await sandbox.coordinator.openStack(stackSmallId);
}, 120_000);
afterAll(async () => {
  await node?.stop('now');
  await sandbox?.stop();
  await engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

const serveOne = async (): Promise<void> => {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'What is the capital of France?' }], temperature: 0, max_tokens: 9 });
  expect(sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: 200, windowMs: 60_000, stream: false })).toMatchObject({ requestId: expect.any(String) });
  accepted += 1;
  await until(announcedBy(sandbox), () => (sandbox.coordinator.totals().accepted === accepted ? true : null));
};
const shown = async () => (await node.handlers['engines.list']({})).engines[0];

it('serves the network from the engine, and from this machine when it has none', async () => {
  const [own] = await node.handlers['models.list']({});
  const id = `${own!.name}@${own!.revision}`;
  const settings = { id: 'rig', name: 'Rig', kind: 'vllm' as const, url: engine.url, enabled: true, concurrency: 2, queue: 2, models: [{ id, engineModel: 'served-name', role: 0 as const, contextTokens: null }] };
  await node.handlers['engines.save']({ settings, token: 'a token' });
  expect(await shown()).toMatchObject({ state: 'up', hasToken: true, models: [{ id, ready: true, exact: false }] });
  await serveOne();
  expect(engine.requests.at(-1)).toMatchObject({ authorization: 'Bearer a token', body: { model: 'served-name', max_tokens: 9 } });
  const asked = engine.requests.length;

  await node.handlers['engines.probe']({ id: 'rig', modelId: id });
  await until([node.onTopic], async () => ((await shown())?.models[0]?.exact === true ? true : null));
  expect(engine.requests.length).toBeGreaterThan(asked);

  await node.handlers['engines.save']({ settings: { ...settings, enabled: false } });
  const before = engine.requests.length;
  await serveOne();
  expect([engine.requests.length - before, (await shown())?.state]).toEqual([0, 'off']);
});
