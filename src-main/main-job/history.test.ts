/** A stack's history between the node and the sandbox's coordinator: pages of many sizes join, every request run again gives the entry that was signed for, refusals and lost links are told (coordinator.md 7). */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { compactDecrypt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blake2b256, merkleRoot } from '../../src-shared/link/proof.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import type { HistoryItem } from '../../src-shared/link/messages.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { rerun } from '../attest/rerun.ts';
import { pageFault } from '../core/attest-verdict.ts';
import { startBench, vectorKeys } from '../sandbox/coordinator/coordinator-bench.ts';
import { makeManifest } from '../sandbox/coordinator/strict-node.ts';
import { createEchoEngine, startBenchNode, type BenchNode } from './bench-node.ts';

const stack = 13n;
const me = 7n;
const rsa = createPrivateKey(vectors.keys.rsa_private_pkcs8_pem);
const engine = createEchoEngine();
let bench: Awaited<ReturnType<typeof startBench>>;
let node: BenchNode;
let dataDir = '';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'history-'));
  bench = await startBench();
  bench.chain.tasks.set(1n, { role: 0, modelName: 'sandbox/tiny-chat', samplingConsensus: true });
  bench.chain.stacks.set(stack, { ...bench.stack, numComputeUnits: 100_000n });
  await bench.coordinator.openStack(stack);
  node = startBenchNode({
    dataDir, url: bench.coordinator.url, coordinatorId: bench.coordinator.coordinatorId, clock: bench.clock, engine,
    manifest: async () => (await makeManifest(vectorKeys, bench.clock.now())) as unknown as Manifest,
  });
  node.stacks.set(stack, { taskSmallId: 1n, numComputeUnits: 100_000n, settling: false, mine: true, samplingConsensus: true });
  await expect.poll(() => bench.coordinator.nodes()[0]?.heartbeat?.seq ?? 0).toBeGreaterThan(0);
});
afterEach(async () => {
  await node.stop();
  await bench.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Requests of these lengths, answered one after the other. */
const serve = async (lengths: readonly number[]): Promise<void> => {
  for (const [index, length] of lengths.entries()) {
    const body = JSON.stringify({ messages: [{ role: 'user', content: `${index}-`.padEnd(length, 'é') }] });
    bench.coordinator.submit({ stackSmallId: stack, body, replyTo: null, maxComputeUnits: 100, windowMs: 60_000, stream: false });
    await expect.poll(() => node.tables.work.stackWork(stack).entries.length, { timeout: 20_000 }).toBe(index + 1);
  }
};
const settle = (requested: bigint[]): void =>
  void bench.chain.tickets.set(stack, { requested, disputeSettledAtEpoch: 2n });
const readAll = async (): Promise<{ items: HistoryItem[]; pages: number }> => {
  const items: HistoryItem[] = [];
  for (let after: number | null = -1, pages = 1; ; pages += 1) {
    const page = await node.link!.history(stack, after);
    if (page.kind !== 'page') throw new Error(page.code);
    expect(pageFault(after, page.items.map(({ index, task_id }) => ({ index, taskId: task_id })), page.next)).toBeNull();
    items.push(...page.items);
    if (page.next === null) return { items, pages };
    after = page.next;
  }
};

describe('a history', () => {
  it('comes in pages that join, and every request of it gives its entry again; its root is the one kept with the receipts', { timeout: 60_000 }, async () => {
    await serve([20, 400_000, 400_000, 400_000, 400_000, 20]);
    settle([9n, me]);
    const { items, pages } = await readAll();
    expect(pages).toBeGreaterThan(1);
    expect(items).toHaveLength(6);
    const again = [];
    for (const item of items) {
      const entry = { index: item.index, taskId: item.task_id, workloadClass: item.workload_class, model: item.model, maxComputeUnits: item.max_compute_units, envelope: item.envelope, entry: item.entry, fingerprint: item.fingerprint };
      const openEnvelope = async (jwe: string): Promise<Uint8Array> => (await compactDecrypt(jwe, rsa)).plaintext;
      again.push(await rerun(entry, { openEnvelope, run: engine.run }, new AbortController().signal));
    }
    expect(again).toEqual(items.map(({ entry, fingerprint }) => ({ entry, fingerprint })));
    const root = merkleRoot(again.map(({ entry }) => Uint8Array.from(Buffer.from(entry, 'hex'))));
    expect(bytesToHex(root)).toBe(bytesToHex(node.tables.work.stackWork(stack).root ?? blake2b256(new Uint8Array())));
  });
  it('is refused to a node that the ticket does not name, and the link goes on', async () => {
    await serve([20]);
    settle([9n]);
    expect(await node.link!.history(stack, -1)).toEqual({ kind: 'refused', code: 'not_requested' });
    settle([me]);
    expect(await node.link!.history(stack, -1)).toMatchObject({ kind: 'page', next: null });
    expect(node.link!.status()).toMatchObject({ status: 'connected', lastError: null });
  });
  it('that is asked for while the link goes down ends in an error, and can be asked again', async () => {
    await serve([20]);
    settle([me]);
    bench.coordinator.setDropped(true);
    await expect.poll(() => node.link!.status().nextAttemptMs).not.toBeNull();
    await expect(node.link!.history(stack, -1)).rejects.toMatchObject({ code: 'link.down' });
    bench.coordinator.setDropped(false);
    bench.clock.advance(500);
    await expect.poll(() => node.link!.status().status).toBe('connected');
    expect(await node.link!.history(stack, -1)).toMatchObject({ kind: 'page' });
  });
});
