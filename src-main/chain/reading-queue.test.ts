/** Readings never overlap, and a caller's reading always begins after its call. */
import { expect, it } from 'vitest';
import { createReadingQueue } from './reading-queue.ts';

it('shares the next reading, never the running one', async () => {
  const ends: (() => void)[] = [];
  const started: boolean[] = [];
  const queue = createReadingQueue(({ tasks }) => {
    started.push(tasks);
    return new Promise((done) => ends.push(done));
  });
  const first = queue({ tasks: false });
  await Promise.resolve();
  const second = queue({ tasks: false });
  const third = queue({ tasks: true });
  expect(second).toBe(third);
  expect(started).toEqual([false]);
  ends[0]?.();
  await first;
  await Promise.resolve();
  expect(started).toEqual([false, true]);
  ends[1]?.();
  await second;
});
it('goes on after a failed reading, and tells those who waited for it', async () => {
  let fail = true;
  const queue = createReadingQueue(async () => {
    if (fail) throw new Error('down');
  });
  await expect(queue({ tasks: true })).rejects.toThrow('down');
  fail = false;
  await expect(queue({ tasks: true })).resolves.toBeUndefined();
});
