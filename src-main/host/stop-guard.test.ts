/** Quit and signals with running work in mind: asked once, never two stops, and waiting can be cut short. */
import { describe, expect, it } from 'vitest';
import { createStopGuard, type StopChoice } from './stop-guard.ts';

function guardWith(running: number, choices: StopChoice[], stopEnds: (mode: string) => Promise<void> = async () => undefined) {
  const events: string[] = [];
  const guard = createStopGuard({
    running: () => running,
    ask: async (count) => {
      events.push(`ask ${count}`);
      return choices.shift() ?? 'cancel';
    },
    stop: async (mode) => {
      events.push(`stop ${mode}`);
      await stopEnds(mode);
    },
    exit: (error) => events.push(error === null ? 'exit' : `exit ${String(error)}`),
  });
  return { guard, events };
}

describe('createStopGuard', () => {
  it.each<[string, number, StopChoice[], string[]]>([
    ['stops at once when nothing runs', 0, [], ['stop now', 'exit']],
    ['finishes first', 2, ['finish'], ['ask 2', 'stop finish', 'exit']],
    ['stops now', 1, ['now'], ['ask 1', 'stop now', 'exit']],
    ['stays', 1, ['cancel'], ['ask 1']],
  ])('%s', async (_, running, choices, expected) => {
    const { guard, events } = guardWith(running, choices);
    await guard.request();
    expect(events).toEqual(expected);
  });

  it('asks once at a time and can be asked again after "stay"', async () => {
    const { guard, events } = guardWith(1, ['cancel', 'now']);
    await Promise.all([guard.request(), guard.request()]);
    await guard.request();
    expect(events).toEqual(['ask 1', 'ask 1', 'stop now', 'exit']);
  });

  it('cuts finishing short on a second signal, and exits once', async () => {
    let cut: () => void = () => undefined;
    const finishing = new Promise<void>((resolve) => (cut = resolve));
    const { guard, events } = guardWith(1, [], (mode) => (mode === 'finish' ? finishing : Promise.resolve(cut())));
    const first = guard.signal();
    await guard.signal();
    await first;
    await guard.signal();
    expect(events).toEqual(['stop finish', 'stop now', 'exit']);
  });

  it('exits with the error of a stop that failed', async () => {
    const { guard, events } = guardWith(0, [], () => Promise.reject(new Error('disk full')));
    await guard.request();
    expect(events).toEqual(['stop now', 'exit Error: disk full']);
  });
});
