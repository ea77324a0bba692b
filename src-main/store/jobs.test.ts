/** Jobs, signing records, outbox, receipts, retention and pages on a real database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobStage } from '../../src-shared/domain/job-stage.ts';
import type { Job, JobAck, SigningRecord } from '../core/job.ts';
import { merkleRoot } from '../../src-shared/link/proof.ts';
import { silentLogger } from '../log/logger.ts';
import { createStackTable } from './chain-stacks.ts';
import { createJobTables, type JobTables } from './job-store.ts';
import { findJob, listJobs } from './job-views.ts';
import { createNodeTransitions } from './node-transitions.ts';
import { jobTotalsMigration } from './migrations/0004-job-totals.ts';
import { openStore, type Store } from './open.ts';

let dataDir = '';
let store: Store;
let tables: JobTables;
let nowMs = 10_000;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jobs-'));
  nowMs = 10_000;
  store = openStore({ dataDir }, { now: () => nowMs, log: silentLogger });
  tables = createJobTables(store);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const taskId = (n: number): string => `01M7XPG0PVERF7HENE4K5H${n.toString().padStart(4, '0')}`;
const job = (n: number, stage: JobStage = 'received', change: Partial<Job> = {}): Job => ({
  taskId: taskId(n), taskSmallId: 1n, stackSmallId: 7n, workloadClass: 'ai.inference', model: 'm@1', maxComputeUnits: 100n, deadlineMs: 99_000, stream: false,
  stage, receivedMs: 1_000 + n, finishedMs: null, code: null, detail: null, ...change,
});
const record = (n: number, change: Partial<SigningRecord> = {}): SigningRecord => ({
  taskId: taskId(n), stackSmallId: 7n, poe: 'ab'.repeat(32), entry: n.toString(16).padStart(64, '0'), computeUnits: 30n, inputUnits: 20n, outputUnits: 10n, fingerprint: 'f',
  timing: { queuedMs: 0, decryptMs: 1, executeMs: 2, totalMs: 3 }, ...change,
});
const ack = (entryIndex: number | null, change: Partial<JobAck> = {}): JobAck => ({ coordinatorId: '0x1', status: 'accepted', entryIndex, reason: null, sig: 's', ...change });
const add = (n: number, stage: JobStage, change: Partial<Job> = {}): void => tables.rows.insert(job(n, stage, change), `envelope-${n}`);

describe('job rows', () => {
  it('come back as written, with transitions in order', () => {
    add(1, 'received', { taskSmallId: 2n ** 60n, stream: true });
    expect(tables.rows.find(taskId(1))).toEqual(job(1, 'received', { taskSmallId: 2n ** 60n, stream: true }));
    expect(tables.rows.find(taskId(2))).toBeNull();
    tables.rows.update(job(1, 'failed', { finishedMs: 5, code: 'internal', detail: 'x' }));
    tables.rows.appendTransition(taskId(1), { from: null, to: 'received', event: 'admitted', atMs: 1 });
    tables.rows.appendTransition(taskId(1), { from: 'received', to: 'failed', event: 'failed', atMs: 2 });
    expect(tables.rows.find(taskId(1))).toMatchObject({ stage: 'failed', finishedMs: 5, code: 'internal', detail: 'x' });
    expect(tables.rows.transitions(taskId(1)).map(({ to }) => to)).toEqual(['received', 'failed']);
  });
  it('are unique by task_id', () => {
    add(1, 'received');
    expect(() => add(1, 'received')).toThrow();
  });
  it('with a stage that nobody knows are parked and left out', () => {
    add(1, 'executing');
    store.db.run("UPDATE jobs SET stage = 'dreaming'");
    expect(tables.rows.find(taskId(1))).toBeNull();
    expect(store.parked()).toEqual([{ table: 'jobs', id: taskId(1), reason: 'stage: invalid_value' }]);
    expect(store.db.get('SELECT count(*) AS n FROM jobs')).toEqual({ n: 1n });
  });
});

describe('signing record', () => {
  beforeEach(() => add(1, 'proving'));
  it('is kept once; the same proof again is a normal answer', () => {
    expect(tables.results.keepRecord(record(1))).toBe('new');
    expect(tables.results.keepRecord(record(1))).toBe('same');
    expect(tables.results.record(taskId(1))).toEqual(record(1));
  });
  it.each([{ poe: 'cd'.repeat(32) }, { entry: 'ef'.repeat(32) }, { computeUnits: 31n }, { stackSmallId: 8n }])('refuses another text: %o', (change) => {
    tables.results.keepRecord(record(1));
    expect(() => tables.results.keepRecord(record(1, change))).toThrowError(expect.objectContaining({ code: 'job.proof_conflict' }));
    expect(tables.results.record(taskId(1))).toEqual(record(1));
  });
  it('cannot exist without its job, nor bytes without a record', () => {
    expect(() => tables.results.keepRecord(record(2))).toThrow();
    expect(() => tables.results.keepBytes(taskId(1), { bytes: new Uint8Array(1), sealedLocally: true })).toThrow();
  });
  it('keeps the bytes until they are dropped', () => {
    tables.results.keepRecord(record(1));
    tables.results.keepBytes(taskId(1), { bytes: Uint8Array.of(1, 2), sealedLocally: true });
    expect(tables.results.bytes(taskId(1))).toEqual({ bytes: Uint8Array.of(1, 2), sealedLocally: true });
    tables.results.dropBytes(taskId(1));
    expect(tables.results.bytes(taskId(1))).toBeNull();
  });
});

describe('outbox', () => {
  const failure = (n: number) => ({ taskId: taskId(n), kind: 'failure', code: 'internal', message: null, effectId: `${taskId(n)}:send_failure` }) as const;
  const result = (n: number) => ({ taskId: taskId(n), kind: 'result', code: null, message: null, effectId: `${taskId(n)}:send_result` }) as const;
  it('gives open items in order of recording, each task once', () => {
    tables.outbox.put(result(2));
    tables.outbox.put(failure(1));
    tables.outbox.put(result(2));
    expect(tables.outbox.pending().map((item) => item.taskId)).toEqual([taskId(2), taskId(1)]);
    tables.outbox.close(taskId(2));
    expect(tables.outbox.pending().map((item) => item.taskId)).toEqual([taskId(1)]);
  });
  it('opens an acknowledged failure again when it is asked for, never a result', () => {
    tables.outbox.put(failure(1));
    tables.outbox.put(result(2));
    tables.outbox.close(taskId(1));
    tables.outbox.close(taskId(2));
    tables.outbox.put(failure(1));
    tables.outbox.put(result(2));
    expect(tables.outbox.pending().map((item) => item.taskId)).toEqual([taskId(1)]);
  });
  it('counts attempts and keeps the last error', () => {
    tables.outbox.put(result(1));
    const id = tables.outbox.pending()[0]!.id;
    tables.outbox.delayed(id, 12_345, 'locked');
    expect(tables.outbox.pending()[0]).toMatchObject({ attempts: 1, notBeforeMs: 12_345, lastError: 'locked' });
    tables.outbox.sent(id);
    expect(tables.outbox.pending()[0]).toMatchObject({ attempts: 2, lastError: null });
  });
});

describe('stack work', () => {
  const finish = (n: number, index: number, units: bigint, status: JobAck['status'] = 'accepted'): void => {
    add(n, status);
    tables.results.keepRecord(record(n, { computeUnits: units }));
    tables.results.keepAck(taskId(n), 7n, ack(status === 'rejected' ? null : index, { status }));
  };
  it('sums accepted units and orders entries by index, not by time', () => {
    finish(1, 1, 30n);
    finish(2, 0, 12n, 'duplicate');
    finish(3, 0, 99n, 'rejected');
    add(4, 'proved');
    tables.results.keepRecord(record(4, { computeUnits: 5n }));
    add(5, 'executing');
    add(6, 'declined');
    add(7, 'failed');
    const work = tables.work.stackWork(7n);
    expect(work).toMatchObject({ acceptedUnits: 42n, awaitingAck: 1, running: 1, lastAcceptedAtMs: 10_000 });
    expect(work.entries.map(bytesToHex)).toEqual([record(2).entry, record(1).entry]);
    expect(work.root).toEqual(merkleRoot(work.entries)); // these receipts came out of order
    expect(tables.work.unitsTaken(7n)).toBe(42n + 5n + 100n);
    expect(tables.results.nextEntryIndex(7n)).toBe(2);
    expect(tables.work.workedStacks()).toEqual([7n]);
  });
  it('is empty for a stack nobody worked on', () => {
    expect(tables.work.stackWork(8n)).toEqual({ acceptedUnits: 0n, entries: [], root: null, awaitingAck: 0, running: 0, lastAcceptedAtMs: null });
    expect(tables.work.unitsTaken(8n)).toBe(0n);
  });
  it('keeps the root as receipts come, and counts again where it was lost or damaged', () => {
    for (let n = 1; n <= 9; n += 1) {
      finish(n, n - 1, 1n);
      const work = tables.work.stackWork(7n);
      expect(work.root).toEqual(merkleRoot(work.entries));
    }
    const { root, entries } = tables.work.stackWork(7n);
    const rows = (): unknown => store.db.get('SELECT length(peaks) AS bytes FROM stack_roots');
    expect(rows()).toEqual({ bytes: 66n });
    store.db.run('UPDATE signing_records SET entry = ? WHERE task_id = ?', 'f'.repeat(64), taskId(1));
    expect(tables.work.stackWork(7n).root).toEqual(root); // from the kept peaks, not from the rows
    store.db.run('UPDATE signing_records SET entry = ? WHERE task_id = ?', bytesToHex(entries[0]!), taskId(1));
    for (const damage of ["UPDATE stack_roots SET peaks = x'0001'", 'DELETE FROM stack_roots']) {
      store.db.run(damage);
      expect(tables.work.stackWork(7n).root).toEqual(root);
      expect(tables.results.nextEntryIndex(7n)).toBe(9);
    }
    finish(10, 9, 1n);
    const after = tables.work.stackWork(7n);
    expect(after.root).toEqual(merkleRoot(after.entries));
  });
  it('never holds one entry index twice', () => {
    finish(1, 0, 1n);
    expect(() => finish(2, 0, 1n)).toThrow();
  });
  it('keeps the envelope until the stack is claimed, and longer for work that is open', () => {
    finish(1, 0, 1n);
    add(2, 'proved');
    add(3, 'accepted', { stackSmallId: 8n });
    add(4, 'declined');
    expect(tables.rows.envelope(taskId(4))).toBeNull();
    const stacks = createStackTable(store);
    stacks.add({ stackSmallId: 7n, taskSmallId: 1n, nodeSmallId: 1n, owner: '0x1', price: 1n, numComputeUnits: 1n, samplingConsensus: false });
    stacks.setState(7n, 'settled');
    expect(tables.rows.envelope(taskId(1))).toBe('envelope-1');
    stacks.setState(7n, 'claimed', { claimDigest: 'c' });
    stacks.setState(7n, 'claimed', { claimDigest: 'c' });
    expect([1, 2, 3].map((n) => tables.rows.envelope(taskId(n)))).toEqual([null, 'envelope-2', 'envelope-3']);
    expect(tables.results.record(taskId(1))).not.toBeNull();
    expect(tables.results.ack(taskId(1))).toEqual(ack(0));
  });
});

describe('job pages', () => {
  it('are newest first, filtered, counted and continued', () => {
    for (let n = 1; n <= 5; n += 1) add(n, n === 3 ? 'failed' : 'received', { receivedMs: 2_000 });
    const first = listJobs(store, { limit: 2, stages: null, stackSmallId: null, before: null });
    expect(first.items.map((item) => item.taskId)).toEqual([taskId(5), taskId(4)]);
    expect(first.total).toBe(5);
    expect(findJob(store, taskId(1))).toEqual(listJobs(store, { limit: 5, stages: null, stackSmallId: null, before: null }).items[4]);
    expect(findJob(store, taskId(9))).toBeNull();
    const second = listJobs(store, { limit: 2, stages: null, stackSmallId: 7n, before: first.next });
    expect(second.items.map((item) => item.taskId)).toEqual([taskId(3), taskId(2)]);
    const third = listJobs(store, { limit: 2, stages: null, stackSmallId: null, before: second.next });
    expect(third).toMatchObject({ items: [{ taskId: taskId(1) }], next: null });
    expect(listJobs(store, { limit: 9, stages: ['failed'], stackSmallId: null, before: null })).toMatchObject({ total: 1, next: null });
    expect(listJobs(store, { limit: 9, stages: [], stackSmallId: null, before: null }).total).toBe(0);
    expect(listJobs(store, { limit: 9, stages: null, stackSmallId: 8n, before: 'nonsense' }).total).toBe(0);
  });
  it('of several stages are one list in order of time', () => {
    const stages = ['failed', 'rejected', 'received', 'declined'] as const;
    for (let n = 1; n <= 8; n += 1) add(n, stages[n % 4]!, { receivedMs: n < 5 ? 2_000 : 1_000 });
    const query = { limit: 2, stages: ['failed', 'rejected', 'declined'] as const, stackSmallId: 7n };
    const seen: string[] = [];
    for (let before: string | null = null, more = true; more; more = before !== null) {
      const page = listJobs(store, { ...query, before });
      expect(page.total).toBe(6);
      seen.push(...page.items.map((item) => item.taskId));
      before = page.next;
    }
    expect(seen).toEqual([4, 3, 1, 8, 7, 5].map(taskId));
  });
  it('know their number by stage as it changes, and after the migration', () => {
    for (let n = 1; n <= 4; n += 1) add(n, 'received');
    add(5, 'declined');
    const totals = () => [null, ['received'], ['declined', 'failed'], ['accepted']].map((stages) => listJobs(store, { limit: 1, stages: stages as JobStage[] | null, stackSmallId: null, before: null }).total);
    const move = (n: number, stage: JobStage): void => tables.rows.update({ ...tables.rows.find(taskId(n))!, stage });
    expect(totals()).toEqual([5, 4, 1, 0]);
    move(1, 'failed');
    move(1, 'failed');
    move(2, 'proved');
    move(2, 'accepted');
    expect(totals()).toEqual([5, 2, 2, 1]);
    store.db.exec('DELETE FROM job_totals');
    store.db.exec(/INSERT INTO job_totals[^;]*GROUP BY stage;/.exec(jobTotalsMigration.sql)?.[0] ?? '');
    expect(totals()).toEqual([5, 2, 2, 1]);
  });
  it('show usage, proof and receipt once they exist', () => {
    add(1, 'accepted');
    tables.results.keepRecord(record(1));
    tables.results.keepAck(taskId(1), 7n, ack(0));
    expect(listJobs(store, { limit: 1, stages: null, stackSmallId: null, before: null }).items[0]).toMatchObject({
      promptTokens: 20, completionTokens: 10, computeUnits: 30n, proof: record(1).poe, entryIndex: 0, acknowledged: 'accepted', timing: { totalMs: 3 },
    });
  });
});

describe('node transitions', () => {
  it('become stretches, the one before the window included', () => {
    const timeline = createNodeTransitions(store);
    expect(timeline.latest()).toBeNull();
    timeline.append({ from: null, to: 'IDLE', reason: 'no_link', atMs: 1 });
    timeline.append({ from: 'IDLE', to: 'READY', reason: 'waiting_for_work', atMs: 50 });
    timeline.append({ from: 'READY', to: 'EXECUTING', reason: 'running', atMs: 90 });
    expect(timeline.latest()).toEqual({ from: 'READY', to: 'EXECUTING', reason: 'running', atMs: 90 });
    expect(timeline.spans(60)).toEqual([
      { state: 'READY', reason: 'waiting_for_work', fromMs: 50, untilMs: 90 },
      { state: 'EXECUTING', reason: 'running', fromMs: 90, untilMs: null },
    ]);
    expect(timeline.spans(0)).toHaveLength(3);
  });
});
