/** Requests of the node's own ingress through the pipeline on a real database: numbered and acknowledged here, never told to a coordinator, and one side per stack (coordinator.md 6). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { orderOf } from '../core/job.ts';
import type { Chunk, DirectAnswer, DispatchAnswer } from '../job/types.ts';
import { sealedDispatch, stackSmallId, startBenchNode, type BenchNode } from './bench-node.ts';

let dataDir = '';
let node: BenchNode;
const sent: string[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'direct-'));
  node = startBenchNode({ dataDir });
  sent.length = 0;
  node.jobs.attach({ chunk: () => sent.push('chunk'), outbox: () => undefined, resend: (taskId) => sent.push(taskId), changed: () => undefined });
});
afterEach(async () => {
  await node.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const serve = async (prompt: string, { stream = false }: { stream?: boolean } = {}): Promise<{ taskId: string; answer: DirectAnswer; chunks: Chunk[] }> => {
  const dispatch = await sealedDispatch(prompt, { stream });
  const chunks: Chunk[] = [];
  return { taskId: dispatch.task_id, chunks, answer: await node.jobs.serve({ order: orderOf(dispatch), envelope: dispatch.envelope, onChunk: (chunk) => chunks.push(chunk) }) };
};
const ended = (answer: DirectAnswer) => (answer.kind === 'accepted' ? answer.ended : Promise.reject(new Error(answer.code)));

it('numbers entries, counts units and leaves nothing to send', async () => {
  for (const index of [0, 1, 2]) {
    const { taskId, answer, chunks } = await serve('where is the river', { stream: index === 1 });
    const result = await ended(answer);
    expect(result.kind === 'result' && JSON.parse(new TextDecoder().decode(result.bytes)).choices[0].message.content).toBe('echo: where is the river');
    expect([node.tables.rows.find(taskId)?.stage, node.tables.results.ack(taskId)?.entryIndex, node.tables.results.bytes(taskId)]).toEqual(['accepted', index, null]);
    expect(chunks.length > 0).toBe(index === 1);
  }
  expect(node.tables.outbox.pending()).toEqual([]);
  expect(sent).toEqual([]);
  expect([node.tables.work.unitsTaken(BigInt(stackSmallId)), node.tables.work.stackWork(BigInt(stackSmallId)).entries.length, node.tables.work.usedBy(BigInt(stackSmallId))]).toEqual([21n, 3, 'ingress']);
});

it('gives back the lock of what fails, tells no coordinator, and declines without a row', async () => {
  const dispatch = await sealedDispatch('x');
  const wrong = await node.jobs.serve({ order: { ...orderOf(dispatch), maxComputeUnits: 1n }, envelope: dispatch.envelope, onChunk: () => undefined });
  expect(await ended(wrong)).toMatchObject({ kind: 'failed' });
  expect([node.tables.outbox.pending(), node.tables.work.unitsTaken(BigInt(stackSmallId)), node.tables.results.nextEntryIndex(BigInt(stackSmallId))]).toEqual([[], 0n, 0]);
  const other = await sealedDispatch('y');
  expect(await node.jobs.serve({ order: { ...orderOf(other), taskSmallId: 99n }, envelope: other.envelope, onChunk: () => undefined })).toEqual({ kind: 'declined', code: 'not_my_stack' });
  expect(node.tables.rows.find(other.task_id)).toBeNull();
});

it('leaves a stack to the side that used it first', async () => {
  const first = await serve('mine');
  await ended(first.answer);
  const answers: DispatchAnswer[] = [];
  await node.jobs.dispatch(await sealedDispatch('theirs'), { draining: false }, (answer) => answers.push(answer));
  expect(answers).toMatchObject([{ kind: 'declined', code: 'stack_exhausted' }]);
});

it('is not cancelled by a coordinator that does not await it, and ends as failed after a restart without being reported', async () => {
  const { taskId, answer } = await serve('still here');
  node.jobs.cancelUnawaited([]);
  expect(await ended(answer)).toMatchObject({ kind: 'result' });
  const interrupted = await sealedDispatch('interrupted');
  node.tables.rows.insert({ ...orderOf(interrupted), direct: true, stage: 'executing', receivedMs: 1, finishedMs: null, code: null, detail: null }, interrupted.envelope);
  expect(node.jobs.recover()).toBe(1);
  expect([node.tables.rows.find(interrupted.task_id)?.stage, node.tables.outbox.pending(), node.tables.rows.find(taskId)?.stage]).toEqual(['failed', [], 'accepted']);
});
