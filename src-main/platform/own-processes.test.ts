/** This process, its child and its grandchild are ours; the parent is not. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createOwnProcesses } from './own-processes.ts';
import type { ChildHandle } from './processes.ts';

describe('createOwnProcesses', () => {
  it('knows itself and what it starts, until that has ended', () => {
    const own = createOwnProcesses(process.pid);
    let end: (code: number | null) => void = () => undefined;
    const child: ChildHandle = { pid: 999_999_999, send: () => undefined, onMessage: () => undefined, onExit: (listener) => (end = listener), kill: () => undefined };
    own.counting(() => child)('module', []);
    expect([own.isOwn(process.pid), own.isOwn(999_999_999), own.isOwn(process.ppid), own.isOwn(1)]).toEqual([true, true, false, false]);
    end(0);
    expect(own.isOwn(999_999_999)).toBe(false);
  });
  it.runIf(process.platform === 'linux')('finds children that it did not start itself by their parents', async () => {
    const child = spawn('sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    expect(createOwnProcesses(process.pid).isOwn(child.pid ?? 0)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
  });
});
