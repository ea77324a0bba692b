/** Fairness between tasks as properties over arrivals, endings and numbers of slots. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyShare, ended, joined, started, withdrawn, type FairShare } from './fair-share.ts';

type Event = { kind: 'join'; task: string; parts: number } | { kind: 'end'; pick: number } | { kind: 'withdraw'; task: string };
const task = fc.constantFrom('a', 'b', 'c', 'd');
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('join' as const), task, parts: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('end' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('withdraw' as const), task }),
);
const runningOf = (share: FairShare<number>, name: string): number => share.tasks.get(name)?.running ?? 0;
const waitingOf = (share: FairShare<number>, name: string): number => share.tasks.get(name)?.waiting.length ?? 0;
const names = ['a', 'b', 'c', 'd'];

/** Plays events; `look` sees each state after what may start has started. */
function play(events: readonly Event[], slots: number, look: (share: FairShare<number>, begun: readonly { task: string; part: number }[], before: FairShare<number>) => void): void {
  let share = emptyShare<number>();
  let part = 0;
  for (const one of events) {
    if (one.kind === 'join') for (let n = 0; n < one.parts; n += 1) share = joined(share, one.task, (part += 1));
    const running = names.filter((name) => runningOf(share, name) > 0);
    if (one.kind === 'end' && running.length > 0) share = ended(share, running[one.pick % running.length]!);
    if (one.kind === 'withdraw') share = withdrawn(share, one.task, (id) => id % 2 === 0);
    const before = share;
    const next = started(share, slots);
    share = next.share;
    look(share, next.begin, before);
  }
}
const plays = (look: (slots: number) => Parameters<typeof play>[2]): void =>
  fc.assert(fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (events, slots) => play(events, slots, look(slots))));

describe('shares between tasks', () => {
  it('never run more than there are slots, and leave none free while something waits', () =>
    plays((slots) => (share) => {
      const running = names.reduce((sum, name) => sum + runningOf(share, name), 0);
      expect(running).toBeLessThanOrEqual(slots);
      if (running < slots) expect(names.every((name) => waitingOf(share, name) === 0)).toBe(true);
    }));

  it('give a slot to no task that runs more than another one that waits', () =>
    plays(() => (_share, begun, before) => {
      const running = new Map(names.map((name) => [name, runningOf(before, name)]));
      const waiting = new Map(names.map((name) => [name, waitingOf(before, name)]));
      for (const { task: chosen } of begun) {
        const least = Math.min(...names.filter((name) => waiting.get(name)! > 0).map((name) => running.get(name)!));
        expect(running.get(chosen)).toBe(least);
        running.set(chosen, running.get(chosen)! + 1);
        waiting.set(chosen, waiting.get(chosen)! - 1);
      }
    }));

  it('keep the order of a task’s own parts, and start each once', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (events, slots) => {
        const last = new Map<string, number>();
        const seen = new Set<number>();
        play(events, slots, (_share, begun) => {
          for (const { task: name, part } of begun) {
            expect(seen.has(part)).toBe(false);
            expect(part).toBeGreaterThan(last.get(name) ?? 0);
            seen.add(part);
            last.set(name, part);
          }
        });
      }),
    );
  });

  it('starve nobody: with one slot, a task that waits is served before another is served twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 4 }), (sizes) => {
        let share = emptyShare<number>();
        sizes.forEach((size, index) => Array.from({ length: size }, (_, n) => (share = joined(share, names[index]!, n))));
        const order: string[] = [];
        for (;;) {
          const next = started(share, 1);
          if (next.begin.length === 0) break;
          order.push(next.begin[0]!.task);
          share = ended(next.share, next.begin[0]!.task);
        }
        // In each round every task that has something left is served once.
        let rest = [...order];
        for (let left = sizes.map((size, index) => ({ name: names[index]!, size })); left.length > 0; left = left.map(({ name, size }) => ({ name, size: size - 1 })).filter(({ size }) => size > 0)) {
          expect(rest.slice(0, left.length).sort()).toEqual(left.map(({ name }) => name));
          rest = rest.slice(left.length);
        }
        expect([rest, share.tasks.size]).toEqual([[], 0]);
      }),
    );
  });

  it('let a late small task in at the next free slot, however much an earlier one has waiting', () => {
    let share = emptyShare<number>();
    for (let n = 0; n < 100; n += 1) share = joined(share, 'big', n);
    share = started(share, 4).share;
    share = joined(share, 'small', 0);
    share = ended(share, 'big');
    expect(started(share, 4).begin).toEqual([{ task: 'small', part: 0 }]);
  });
});
