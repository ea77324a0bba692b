/** Runs in real processes: results, deadlines, recursion to the measured depth, and modules by address. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wasmResultText, wasmUnits } from '../../src-shared/link/wasm.ts';
import { silentLogger } from '../log/logger.ts';
import { forkChild } from '../platform/processes.ts';
import { createWasmEngine } from './create-wasm-engine.ts';
import { assemble } from './testing/assemble.ts';
import type { WasmEngine, WasmRequest } from './types.ts';

const module = (body: string, more = ''): string =>
  Buffer.from(assemble(`(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (data (i32.const 100) "done") ${more} (func (export "_start") ${body}))`)).toString('base64');
const print = '(i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.const 4)) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))';
const request = (given: Partial<WasmRequest>): WasmRequest => ({ module: module(print), args: [], stdin: '', taskId: '01J00000000000000000000000', maxComputeUnits: 1_000n, ...given });
const live = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });
const schedule = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};
const started: number[] = [];
const open = (over: { allowLoopback?: boolean; timeLimitMs?: number } = {}): WasmEngine =>
  createWasmEngine(
    { processModule: join(import.meta.dirname, 'process.ts'), ...(over.timeLimitMs === undefined ? {} : { timeLimitMs: over.timeLimitMs }) },
    {
      spawn: (path, args, options) => {
        const child = forkChild(path, args, options);
        started.push(child.pid ?? 0);
        return child;
      },
      fetch,
      allowLoopback: () => over.allowLoopback ?? true,
      schedule,
      log: silentLogger,
    },
  );
const isGone = (pid: number): Promise<boolean> =>
  new Promise((resolve) => {
    const look = (left: number): void => {
      try {
        process.kill(pid, 0);
      } catch {
        return resolve(true);
      }
      if (left === 0) resolve(false);
      else setTimeout(() => look(left - 1), 20);
    };
    look(250);
  });
let engine: WasmEngine;
beforeEach(() => void (engine = open()));

describe('a run in a process', () => {
  it('gives the result and is over', async () => {
    const result = await engine.run(request({}), live());
    expect(wasmResultText(result)).toBe('{"exit_code":0,"stdout":"ZG9uZQ==","stderr":"","trap":null,"instructions":77}');
    expect(wasmUnits(result.instructions)).toBe(1n);
    expect(result.fingerprint).toMatch(/^wasm\/1 metered any [0-9a-f]{12}$/);
    expect(await isGone(started.at(-1)!)).toBe(true);
  });
  it('probes itself', async () => expect(await engine.probe()).toBe(true));
  it('counts the same twice, and the same for recursion that only the measure ends', async () => {
    const deep = request({ module: module('(call $f)', '(func $f (call $f))') });
    const [a, b] = [await engine.run(deep, live()), await engine.run(deep, live())];
    // A million slots, sixteen for each of 62,500 calls; the next is refused before it counts.
    expect([a.trap, a.instructions, b.instructions]).toEqual(['call stack exhausted', 62_500n, 62_500n]);
  });
  it.each<[string, string]>([
    ['many locals', `(func $f (local ${'v128 '.repeat(40)}) (local.set 0 (v128.const i32x4 1 2 3 4)) (call $f) (local.set 1 (local.get 0)))`],
    ['many operands', `(func $f ${'(i32.const 1) '.repeat(300)} (call $f) ${'(drop) '.repeat(300)})`],
    ['vector operands', `(func $f ${'(v128.const i32x4 1 2 3 4) '.repeat(300)} (call $f) ${'(drop) '.repeat(300)})`],
  ])('is ended by the measure and not by the thread’s stack, with %s', async (_, f) => {
    expect((await engine.run(request({ module: module('(call $f)', f) }), live())).trap).toBe('call stack exhausted');
  });
  it('ends at once when it is stopped, and its process with it', async () => {
    const control = new AbortController();
    const run = engine.run(request({ module: module('(loop $again (br $again))'), maxComputeUnits: 10n ** 9n }), { signal: control.signal });
    const reason = new Error('deadline');
    setTimeout(() => control.abort(reason), 300);
    await expect(run).rejects.toBe(reason);
    expect(await isGone(started.at(-1)!)).toBe(true);
  });
  it('is given up after its time', async () => {
    await expect(open({ timeLimitMs: 300 }).run(request({ module: module('(loop $again (br $again))'), maxComputeUnits: 10n ** 9n }), live())).rejects.toMatchObject({ code: 'wasm.too_slow' });
  });
  it.each<[string, Partial<WasmRequest>, string]>([
    ['what is no module', { module: 'AAAA' }, 'wasm.bad_module'],
    ['output that no result can carry', { module: module(`(loop $again (i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const 60000)) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))) (br $again))`) }, 'job.result_too_large'],
  ])('fails for %s, and goes on', async (_, given, code) => {
    await expect(engine.run(request(given), live())).rejects.toMatchObject({ code });
    expect((await engine.run(request({}), live())).trap).toBeNull();
  });
  it('has a budget of exactly its units', async () => {
    const result = await engine.run(request({ module: module('(loop $again (br $again))'), maxComputeUnits: 3n }), live());
    expect([result.trap, result.instructions, wasmUnits(result.instructions)]).toEqual(['instruction limit reached', 3_000_000n, 3n]);
  });
});

describe('a module by address', () => {
  const bytes = Buffer.from(module(print), 'base64');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((incoming, response) => {
      if (incoming.url === '/moved') response.writeHead(302, { location: '/module' }).end();
      else if (incoming.url === '/round') response.writeHead(302, { location: '/round' }).end();
      else if (incoming.url === '/away') response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
      else if (incoming.url === '/busy') response.writeHead(503).end();
      else if (incoming.url === '/gone') response.writeHead(404).end();
      else if (incoming.url === '/huge') response.end(Buffer.alloc(17 * 1024 * 1024));
      else response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  it.each(['/module', '/moved'])('is fetched from %s and checked', async (path) => {
    expect((await engine.run(request({ module: { url: url + path, sha256 } }), live())).stdout).toBe('ZG9uZQ==');
  });
  it.each([
    ['/module', 'f'.repeat(64), 'wasm.bad_module'],
    ['/huge', sha256, 'wasm.bad_module'],
    ['/gone', sha256, 'wasm.bad_module'],
    ['/round', sha256, 'wasm.bad_module'],
    ['/away', sha256, 'wasm.bad_module'],
    ['/busy', sha256, 'wasm.module_unavailable'],
  ])('from %s is refused', async (path, hash, code) => {
    await expect(engine.run(request({ module: { url: url + path, sha256: hash } }), live())).rejects.toMatchObject({ code });
  });
  it('is not fetched from this machine where the network is not on it', async () => {
    const outside = open({ allowLoopback: false });
    for (const address of [`${url}/module`, 'https://localhost/', 'https://192.168.1.1/', 'https://[::1]/', 'http://models.example/', 'https://printer.local/', 'https://me:secret@models.example/']) {
      await expect(outside.run(request({ module: { url: address, sha256 } }), live())).rejects.toMatchObject({ code: 'wasm.bad_module' });
    }
  });
});
