/** Tests of child processes: round trip of structured values, arguments, exit codes, kill, a start that fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildHandle, connectParent, forkChild } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'processes-'));
const childModule = join(folder, 'child.ts');

beforeAll(() => {
  const own = new URL('./processes.ts', import.meta.url).href;
  writeFileSync(
    childModule,
    `import { connectParent } from ${JSON.stringify(own)};
     const parent = connectParent();
     parent.onClose(() => process.exit(0));
     parent.onMessage((m) => {
       if (m.exit !== undefined) process.exit(m.exit);
       parent.send({ echo: m, args: process.argv.slice(2), env: process.env.PLANTED });
     });
     parent.send('ready');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The next message after a send. */
const answer = (child: ChildHandle, message: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    child.onMessage(resolve);
    child.send(message);
  });
const exitOf = (child: ChildHandle): Promise<number | null> => new Promise((resolve) => child.onExit(resolve));
const ready = (child: ChildHandle): Promise<unknown> => new Promise((resolve) => child.onMessage(resolve));

describe('forkChild', () => {
  it('carries structured values, arguments and environment', async () => {
    const child = forkChild(childModule, ['--one', 'two'], { env: { PLANTED: 'yes' } });
    expect(await ready(child)).toBe('ready');
    const sent = { bytes: new Uint8Array([1, 2, 255]), big: 2n ** 70n, at: new Map([['a', 1]]) };
    expect(await answer(child, sent)).toEqual({ echo: sent, args: ['--one', 'two'], env: 'yes' });
    expect(child.pid).toBeGreaterThan(0);
    child.kill();
    await exitOf(child);
  });

  it('tells the exit code, also to a listener that comes late, and drops what is sent afterwards', async () => {
    const child = forkChild(childModule, []);
    await ready(child);
    child.send({ exit: 7 });
    expect(await exitOf(child)).toBe(7);
    child.send('into the void');
    expect(await exitOf(child)).toBe(7);
  });

  it('tells a killed child by a null code', async () => {
    const child = forkChild(childModule, []);
    await ready(child);
    child.kill();
    expect(await exitOf(child)).toBeNull();
  });

  it('tells a module that does not exist by its exit', async () => {
    expect(await exitOf(forkChild(join(folder, 'absent.cjs'), []))).toBe(1);
  });
});

describe('connectParent', () => {
  it('speaks through the utility-process port where there is one', () => {
    const sent: unknown[] = [];
    const heard: unknown[] = [];
    let deliver: (event: { data: unknown }) => void = () => undefined;
    const port = {
      postMessage: (m: unknown) => sent.push(m),
      on: (_: string, f: (e: { data: unknown }) => void) => (deliver = f),
    };
    Object.defineProperty(process, 'parentPort', { value: port, configurable: true });
    try {
      const parent = connectParent();
      parent.onMessage((m) => heard.push(m));
      parent.send('up');
      deliver({ data: 'down' });
    } finally {
      Reflect.deleteProperty(process, 'parentPort');
    }
    expect([sent, heard]).toEqual([['up'], ['down']]);
  });
});
