/** Tests of the slots: limit, order, giving up while waiting, double release. */
import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

const never = (): AbortSignal => new AbortController().signal;

describe('createSlots', () => {
  it('lets so many in and the rest in order of asking', async () => {
    const slots = createSlots(1);
    const order: string[] = [];
    const first = await slots.acquire(never());
    const second = slots.acquire(never()).then((release) => (order.push('second'), release));
    const third = slots.acquire(never()).then((release) => (order.push('third'), release));
    expect(order).toEqual([]);
    first();
    first();
    (await second)();
    (await third)();
    expect(order).toEqual(['second', 'third']);
    await expect(slots.acquire(never())).resolves.toBeTypeOf('function');
  });
  it('passes over who gave up', async () => {
    const slots = createSlots(1);
    const release = await slots.acquire(never());
    const abort = new AbortController();
    const gone = slots.acquire(abort.signal);
    const stays = slots.acquire(never());
    abort.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    release();
    await expect(stays).resolves.toBeTypeOf('function');
    await expect(slots.acquire(abort.signal)).rejects.toThrow('enough');
  });
});
