/** WASM functions through the whole pipeline, from the sealed request to the recorded result: bytes, units, failures; the node goes on after each (issue 4, item 7). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proofOfExecution, stackEntry } from '../../src-shared/link/proof.ts';
import { AppError } from '../../src-shared/errors.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import type { DispatchAnswer, JobWasm } from '../job/types.ts';
import { silentLogger } from '../log/logger.ts';
import { forkChild } from '../platform/processes.ts';
import { createWasmEngine } from '../wasm/create-wasm-engine.ts';
import { assemble } from '../wasm/testing/assemble.ts';
import { keys, sealedDispatch, startBenchNode, type BenchNode } from './bench-node.ts';

const moduleOf = (body: string): string =>
  Buffer.from(assemble(`(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (data (i32.const 100) "done")
    (func (export "_start") ${body}))`)).toString('base64');
const print = (at: number, length: number): string => `(i32.store (i32.const 8) (i32.const ${at})) (i32.store (i32.const 12) (i32.const ${length})) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))`;
const bodyOf = (over: object = {}): string => JSON.stringify({ module: moduleOf(print(100, 4)), args: [], stdin: '', ...over });

let dataDir = '';
let node: BenchNode;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'wasm-job-'))));
afterEach(async () => {
  await node.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const engine = createWasmEngine(
  { processModule: join(import.meta.dirname, '../wasm/process.ts') },
  { spawn: forkChild, fetch, allowLoopback: () => true, schedule: (delayMs, work) => clearTimeout.bind(null, setTimeout(work, delayMs)), log: silentLogger },
);
const start = (wasm: JobWasm | undefined = engine): void => void (node = startBenchNode({ dataDir, ...(wasm === undefined ? {} : { wasm }) }));
const run = async (body: string, change: object = {}): Promise<{ taskId: string; answers: DispatchAnswer[]; stage: string | undefined; code: string | null | undefined }> => {
  const dispatch = await sealedDispatch('', { body, workload_class: 'wasm.run', model: '', ...change });
  const answers: DispatchAnswer[] = [];
  await node.jobs.dispatch(dispatch, { draining: false }, (answer) => answers.push(answer));
  await node.jobs.idle();
  const row = node.tables.rows.find(dispatch.task_id);
  return { taskId: dispatch.task_id, answers, stage: row?.stage, code: row?.code };
};

describe('a WASM function', () => {
  it('becomes a proved result with exactly the bytes of the table, and units for its instructions', async () => {
    start();
    const { taskId, stage } = await run(bodyOf());
    expect(stage).toBe('proved');
    const answer = '{"exit_code":0,"stdout":"ZG9uZQ==","stderr":"","trap":null,"instructions":77}';
    const bytes = new TextEncoder().encode(answer);
    expect(node.tables.results.record(taskId)).toMatchObject({ computeUnits: 1n, inputUnits: 0n, outputUnits: 1n, poe: proofOfExecution(taskId, bytes, vectors.identities.node_id), entry: bytesToHex(stackEntry(bodyOf(), bytes)) });
    expect(new TextDecoder().decode(await keys.openLocal(node.tables.results.bytes(taskId)!.bytes))).toBe(answer);
  });
  it('that never ends costs its whole budget and is answered with its trap', async () => {
    start();
    const { taskId, stage } = await run(bodyOf({ module: moduleOf('(loop $again (br $again))') }), { max_compute_units: 3 });
    expect(stage).toBe('proved');
    expect(node.tables.results.record(taskId)?.computeUnits).toBe(3n);
  });
  it.each<[string, string, string]>([
    ['a body that is none', '{"messages":[]}', 'bad_payload'],
    ['what is no module', bodyOf({ module: 'AAAA' }), 'bad_payload'],
    ['output without end', bodyOf({ module: moduleOf(`(loop $again ${print(0, 60_000)} (br $again))`) }), 'result_too_large'],
    ['an address that may not be asked', bodyOf({ module: { url: 'http://192.0.2.1/', sha256: 'a'.repeat(64) } }), 'bad_payload'],
  ])('fails for %s, and the node goes on', async (_, body, code) => {
    start();
    expect(await run(body)).toMatchObject({ stage: 'failed', code });
    expect(await run(bodyOf())).toMatchObject({ stage: 'proved' });
  });
  it('is declined where none runs', async () => {
    start(undefined);
    node.facts.workloadClasses = ['ai.inference'];
    expect((await run(bodyOf())).answers).toMatchObject([{ kind: 'declined', code: 'unsupported_workload' }]);
  });
  it('is requeued when it needs hardware that is not here', async () => {
    start({ run: async () => Promise.reject(new AppError('wasm.needs_tee')) });
    expect(await run(bodyOf())).toMatchObject({ stage: 'failed', code: 'model_failed' });
  });
  it('is stopped by a cancel', async () => {
    start();
    const dispatch = await sealedDispatch('', { body: bodyOf({ module: moduleOf('(loop $again (br $again))') }), workload_class: 'wasm.run', model: '', max_compute_units: 900 });
    await node.jobs.dispatch(dispatch, { draining: false }, () => undefined);
    node.jobs.cancel(dispatch.task_id);
    await node.jobs.idle();
    expect(node.tables.rows.find(dispatch.task_id)).toMatchObject({ stage: 'failed', code: 'cancelled' });
  });
});
