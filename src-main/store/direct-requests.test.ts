/** A signed payload counts once: while it runs and after it was answered it is a repeat, after it failed or was declined it is not (protocol.md 7.6). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../core/job.ts';
import { silentLogger } from '../log/logger.ts';
import { createDirectRequests } from './direct-requests.ts';
import { createJobRows } from './job-rows.ts';
import { openStore, type Store } from './open.ts';

let dataDir = '';
let store: Store;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'direct-requests-'));
  store = openStore({ dataDir }, { now: () => 1, log: silentLogger });
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const jobOf = (taskId: string, stage: Job['stage']): Job => ({
  taskId, stage, taskSmallId: 1n, stackSmallId: 7n, workloadClass: 'ai.inference', model: 'm@1', maxComputeUnits: 10n, deadlineMs: 9, stream: false, direct: true,
  receivedMs: 1, finishedMs: null, code: null, detail: null,
});

it.each([
  ['received', false],
  ['executing', false],
  ['accepted', false],
  ['failed', true],
  [null, true], // declined before it had a row
] as const)('after %s it is taken again: %s', (stage, again) => {
  const requests = createDirectRequests(store);
  const rows = createJobRows(store);
  expect(requests.take('a'.repeat(64), 'T1')).toBe(true);
  if (stage !== null) rows.insert(jobOf('T1', stage), null);
  expect([requests.take('a'.repeat(64), 'T2'), requests.take('b'.repeat(64), 'T3')]).toEqual([again, true]);
  rows.insert(jobOf('T2', 'accepted'), null);
  if (again) expect(requests.take('a'.repeat(64), 'T4')).toBe(false);
  expect(rows.find('T2')).toMatchObject({ direct: true, stage: 'accepted' });
});
