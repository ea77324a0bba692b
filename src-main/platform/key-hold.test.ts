/** One wallet's key in two processes: the second is refused with a plain sentence, and takes over when the first was killed. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeyHold } from './key-hold.ts';

const wallet = `0x${'a'.repeat(64)}`;
let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-hold-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const console_ = async (): Promise<{ child: ChildProcess; said: unknown }> => {
  const child = fork(join(import.meta.dirname, 'testing/key-hold-child.ts'), [folder, wallet], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  const [said] = (await once(child, 'message')) as [unknown];
  return { child, said };
};

it('is refused to the second process, by name of the first, and free once that was killed', async () => {
  const first = await console_();
  expect(first.said).toBe('held');
  expect((await console_()).said).toMatch(new RegExp(`process ${first.child.pid}\\) already works with the key of wallet ${wallet}`));
  expect(() => createKeyHold(folder).hold(wallet)).toThrow(expect.objectContaining({ code: 'keys.in_use', fields: { pid: first.child.pid, wallet } }) as Error);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect((await console_()).said).toBe('held');
});

it('is held per wallet, let go for another, and not held at all without a folder', () => {
  const one = createKeyHold(folder);
  one.hold(wallet);
  one.hold(wallet);
  const other = createKeyHold(folder);
  other.hold(`0x${'b'.repeat(64)}`);
  one.hold(null);
  other.hold(wallet);
  expect(readdirSync(folder)).toEqual([`${wallet}.lock`]);
  other.release();
  expect(readdirSync(folder)).toEqual([]);
  createKeyHold(null).hold(wallet);
  expect(readdirSync(folder)).toEqual([]);
});
