/** What the job pipeline answers for a WASM function, the attestor's re-run gives again, to the byte; both with the real engine (coordinator.md 4 and 7; decision 0017). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rerun } from '../attest/rerun.ts';
import type { HistoryEntry } from '../core/attest-rows.ts';
import { silentLogger } from '../log/logger.ts';
import { forkChild } from '../platform/processes.ts';
import { createWasmEngine } from '../wasm/create-wasm-engine.ts';
import { assemble } from '../wasm/testing/assemble.ts';
import { keys, sealedDispatch, startBenchNode, type BenchNode } from './bench-node.ts';

const wasi = '(import "wasi_snapshot_preview1"';
const moduleOf = (body: string): string =>
  Buffer.from(assemble(`(module
    ${wasi} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    ${wasi} "random_get" (func $random (param i32 i32) (result i32)))
    ${wasi} "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 100) "done") (func (export "_start") ${body}))`)).toString('base64');
const print = (at: number, length: number): string => `(i32.store (i32.const 8) (i32.const ${at})) (i32.store (i32.const 12) (i32.const ${length})) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))`;

let dataDir = '';
let node: BenchNode;
/** The attestor is another process on another day: an engine of its own. */
const newEngine = () =>
  createWasmEngine(
    { processModule: join(import.meta.dirname, '../wasm/process.ts') },
    { spawn: forkChild, fetch, allowLoopback: () => true, schedule: (delayMs, work) => clearTimeout.bind(null, setTimeout(work, delayMs)), log: silentLogger },
  );
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wasm-attest-'));
  node = startBenchNode({ dataDir, wasm: newEngine() });
});
afterEach(async () => {
  await node.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Serves the body and returns it as an entry of a history. */
const served = async (body: string, units: number): Promise<HistoryEntry> => {
  const dispatch = await sealedDispatch('', { body, workload_class: 'wasm.run', model: '', max_compute_units: units });
  await node.jobs.dispatch(dispatch, { draining: false }, () => undefined);
  await node.jobs.idle();
  const record = node.tables.results.record(dispatch.task_id);
  if (record === null) throw new Error('it gave no result');
  return { index: 0, taskId: dispatch.task_id, workloadClass: 'wasm.run', model: '', maxComputeUnits: units, envelope: dispatch.envelope, entry: record.entry, fingerprint: record.fingerprint };
};
const again = (item: HistoryEntry): ReturnType<typeof rerun> =>
  rerun(item, { openEnvelope: keys.openEnvelope, run: () => Promise.reject(new Error('no chat here')), wasm: newEngine }, new AbortController().signal);

it.each<[string, string, number]>([
  ['what it prints', print(100, 4), 10],
  ['its clock and its chance', `(drop (call $clock (i32.const 0) (i64.const 1) (i32.const 200))) (drop (call $random (i32.const 208) (i32.const 64))) ${print(200, 72)}`, 10],
  ['a trap', `${print(100, 4)} (unreachable)`, 10],
  ['an exhausted budget, at the very instruction', '(loop $again (br $again))', 2],
])('a function is answered again to the byte: %s', async (_, body, units) => {
  const item = await served(JSON.stringify({ module: moduleOf(body), args: ['a'], stdin: '' }), units);
  expect(await again(item)).toEqual({ entry: item.entry, fingerprint: item.fingerprint });
});
it('another budget or another task is another answer', async () => {
  const item = await served(JSON.stringify({ module: moduleOf('(loop $again (br $again))'), args: [], stdin: '' }), 2);
  expect((await again({ ...item, maxComputeUnits: 3 })).entry).not.toBe(item.entry);
});
