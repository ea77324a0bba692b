/** Which steps wait for the disk: all that promise something, and none that moves the stage alone (architecture.md, "The main job"). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import type { JobOrder, SigningRecord } from '../core/job.ts';
import type { JobEvent } from '../core/job-machine.ts';
import { createJobTables } from '../store/job-store.ts';
import { openStore, type Store } from '../store/open.ts';
import { applyEvent, applyEvents, type EventBaggage } from './apply.ts';
import type { JobStore } from './types.ts';

const taskId = '01M7XPG0PVERF7HENE4K5HTVH9';
const order: JobOrder = { taskId, taskSmallId: 1n, stackSmallId: 7n, workloadClass: 'ai.inference', model: 'm@1', maxComputeUnits: 10n, deadlineMs: 9, stream: false };
const record: SigningRecord = {
  taskId, stackSmallId: 7n, poe: 'a'.repeat(64), entry: 'b'.repeat(64), computeUnits: 3n, inputUnits: 1n, outputUnits: 2n, fingerprint: 'f',
  timing: { queuedMs: 0, decryptMs: 0, executeMs: 0, totalMs: 0 },
};
const bytes = { bytes: new Uint8Array(1), sealedLocally: true };
const ack = { coordinatorId: 'c', status: 'accepted' as const, entryIndex: 0, reason: null, sig: 's' };

let dataDir = '';
let opened: Store;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'apply-'));
  opened = openStore({ dataDir }, { now: () => 1, log: silentLogger });
});
afterEach(() => {
  opened.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const steps: readonly (readonly [JobEvent, level: bigint, EventBaggage?])[] = [
  [{ kind: 'admitted', order, atMs: 1 }, 2n, { envelope: 'e' }],
  [{ kind: 'started' }, 1n],
  [{ kind: 'opened' }, 1n],
  [{ kind: 'answered' }, 1n],
  [{ kind: 'recorded', record, atMs: 2 }, 2n, { bytes }],
  [{ kind: 'acknowledged', ack, atMs: 3 }, 2n],
];

it('waits for the disk where something is promised', () => {
  const tables = createJobTables(opened);
  const seen: unknown[] = [];
  const level = (): unknown => opened.db.get('PRAGMA synchronous')?.['synchronous'];
  const store: JobStore = {
    ...tables,
    transaction: (work, durability) =>
      tables.transaction(() => {
        seen.push(level());
        return work();
      }, durability),
  };
  for (const [event, , baggage] of steps) applyEvent(store, taskId, event, 5, baggage);
  expect(seen).toEqual(steps.map(([, expected]) => expected));
  expect(tables.rows.find(taskId)?.stage).toBe('accepted');
});

it('applies events together as it would one after the other, in one commit that waits if one of them does', () => {
  const tables = createJobTables(opened);
  const asked: string[] = [];
  const store: JobStore = { ...tables, transaction: (work, durability) => (asked.push(durability), tables.transaction(work, durability)) };
  applyEvents(store, taskId, [{ kind: 'admitted', order, atMs: 1 }, { kind: 'started' }], 5, { envelope: 'e' });
  applyEvents(store, taskId, [{ kind: 'opened' }], 6);
  expect(applyEvents(store, taskId, [{ kind: 'answered' }, { kind: 'recorded', record, atMs: 2 }], 7, { bytes }).effects.map(({ name }) => name)).toEqual(['keep_record', 'send_result']);
  expect(asked).toEqual(['full', 'ordered', 'full']);
  expect(tables.rows.transitions(taskId).map(({ from, to, event }) => [from, to, event])).toEqual([
    [null, 'received', 'admitted'], ['received', 'decrypting', 'started'], ['decrypting', 'executing', 'opened'], ['executing', 'proving', 'answered'], ['proving', 'proved', 'recorded'],
  ]);
  expect([tables.rows.find(taskId)?.stage, tables.rows.envelope(taskId), tables.results.record(taskId)?.poe]).toEqual(['proved', 'e', record.poe]);
  expect(() => applyEvents(store, taskId, [{ kind: 'failure_acknowledged' }, { kind: 'started' }], 8)).toThrow();
  expect(tables.rows.find(taskId)?.stage).toBe('proved');
});

it('waits for the disk for a failure', () => {
  const tables = createJobTables(opened);
  const asked: string[] = [];
  const store: JobStore = { ...tables, transaction: (work, durability) => (asked.push(durability), tables.transaction(work, durability)) };
  applyEvent(store, taskId, { kind: 'admitted', order, atMs: 1 }, 5, { envelope: 'e' });
  applyEvent(store, taskId, { kind: 'failed', code: 'internal', detail: null, atMs: 2 }, 5);
  expect(asked).toEqual(['full', 'full']);
});
