/** Which process ids are this application's: its own, its children's, and theirs (product.md, Hardware: a load that is not ours). */
import { readFileSync } from 'node:fs';
import type { SpawnChild } from './processes.ts';

/** Remembers the children. */
export type OwnProcesses = {
  /** `spawn`, with what it starts counted as ours while it runs. */
  counting(spawn: SpawnChild): SpawnChild;
  isOwn(pid: number): boolean;
};

/** Generations of children that are looked through: a browser's GPU process is a grandchild. */
const mostParents = 8;

/** The parent of a process where the system has /proc; null elsewhere and when it has gone. */
function parentOf(pid: number): number | null {
  try {
    // The name in parentheses may hold anything: what follows the last one is state and parent.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return parent === undefined ? null : Number(parent);
  } catch {
    return null;
  }
}

/** Creates the memory. `self` is this process. */
export function createOwnProcesses(self: number): OwnProcesses {
  const children = new Set<{ readonly pid: number | undefined }>();
  const isKnown = (pid: number): boolean => pid === self || [...children].some((child) => child.pid === pid);
  return {
    counting: (spawn) => (modulePath, args, options) => {
      const child = spawn(modulePath, args, options);
      children.add(child);
      child.onExit(() => children.delete(child));
      return child;
    },
    isOwn: (pid) => {
      let at: number | null = pid;
      for (let steps = 0; at !== null && at > 1 && steps < mostParents; steps++) {
        if (isKnown(at)) return true;
        at = parentOf(at);
      }
      return false;
    },
  };
}
