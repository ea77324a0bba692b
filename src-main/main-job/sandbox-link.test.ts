/** The node's half of the link against the sandbox's coordinator, which was written apart from it: both must read coordinator.md alike. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, importJWK, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplyTo } from '../../src-shared/link/envelope.ts';
import type { Manifest } from '../../src-shared/link/manifest.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { body, firstStack, startBench, vectorKeys } from '../sandbox/coordinator/coordinator-bench.ts';
import type { RequestOutcome } from '../sandbox/coordinator/dispatcher.ts';
import { makeManifest } from '../sandbox/coordinator/strict-node.ts';
import { createEchoEngine, startBenchNode, type BenchNode, type BenchOptions } from './bench-node.ts';

let bench: Awaited<ReturnType<typeof startBench>>;
let dataDir = '';
let node: BenchNode;
let outcomes: RequestOutcome[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-link-'));
  bench = await startBench();
  outcomes = [];
  bench.coordinator.onOutcome((outcome) => outcomes.push(outcome));
});
afterEach(async () => {
  await node.stop();
  await bench.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
const start = async (options: Partial<BenchOptions> = {}): Promise<void> => {
  node = startBenchNode({
    dataDir,
    url: bench.coordinator.url,
    coordinatorId: bench.coordinator.coordinatorId,
    clock: bench.clock,
    manifest: async () => (await makeManifest(vectorKeys, bench.clock.now())) as unknown as Manifest,
    ...options,
  });
  node.stacks.set(firstStack, {
    taskSmallId: 1n,
    numComputeUnits: 1_000n,
    settling: false,
    mine: true,
    samplingConsensus: false,
  });
  await expect.poll(() => bench.coordinator.nodes()[0]?.heartbeat?.seq ?? 0).toBeGreaterThan(0);
};
const submit = (more: object = {}) =>
  bench.coordinator.submit({
    stackSmallId: firstStack,
    body,
    replyTo: null,
    maxComputeUnits: 100,
    windowMs: 60_000,
    stream: false,
    ...more,
  });
const outcome = (n: number): Promise<RequestOutcome> =>
  expect
    .poll(() => outcomes[n])
    .toBeDefined()
    .then(() => outcomes[n]!);

describe('node and sandbox coordinator', () => {
  it('agree on the good path: sealed in, proved out, receipt kept on both sides', async () => {
    await start();
    submit();
    submit({ stream: true });
    expect(await outcome(0)).toMatchObject({ kind: 'accepted', computeUnits: 7 });
    expect(await outcome(1)).toMatchObject({ kind: 'accepted' });
    await expect.poll(() => node.tables.outbox.pending()).toEqual([]);
    const work = node.tables.work.stackWork(firstStack);
    expect(work).toMatchObject({ acceptedUnits: 14n, awaitingAck: 0, running: 0 });
    expect(work.entries).toHaveLength(2);
    expect(bench.coordinator.stackUse(firstStack)).toMatchObject({ acceptedUnits: 14n, lockedUnits: 0n });
  });

  it.each(['rsa', 'p256'] as const)('agree on an answer sealed to a %s key', async (kind) => {
    await start();
    const { reply_to, private_jwk } = vectors.sealed_answers[kind];
    submit({ replyTo: reply_to as ReplyTo, stream: true });
    const accepted = await outcome(0);
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
    const key = await importJWK(private_jwk as JWK, kind === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW');
    const clear = await compactDecrypt(new TextDecoder().decode(accepted.resultBytes), key);
    expect(JSON.parse(new TextDecoder().decode(clear.plaintext)).choices[0].message.content).toBe(
      'echo: Spell map for Ada.',
    );
  });

  it('agree on declines and failures', async () => {
    await start();
    submit({ body: '{"messages":[]}' });
    expect(await outcome(0)).toMatchObject({ kind: 'dropped', code: 'bad_payload' });
    node.facts.models = [];
    submit();
    expect(await outcome(1)).toMatchObject({ kind: 'dropped', code: 'model_unavailable' });
    await expect.poll(() => node.tables.outbox.pending()).toEqual([]);
  });

  it('agree after a lost link: what runs goes on, the receipt follows', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => void (release = resolve));
    await start({ engine: createEchoEngine(() => gate) });
    submit({ stream: true });
    await expect.poll(() => node.jobs.running()[0]?.tokens).toBe(2);
    bench.coordinator.setDropped(true);
    await expect.poll(() => node.link!.status().nextAttemptMs).not.toBeNull();
    bench.coordinator.setDropped(false);
    bench.clock.advance(500);
    await expect.poll(() => node.link!.status().status).toBe('connected');
    release();
    expect(await outcome(0)).toMatchObject({ kind: 'accepted' });
    await expect.poll(() => node.tables.outbox.pending()).toEqual([]);
    expect(node.link!.status()).toMatchObject({ status: 'connected', lastError: null });
  });
});
