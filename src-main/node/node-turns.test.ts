import { describe, expect, it } from 'vitest';
import { createTurns } from './node-turns.ts';

/** A promise that somebody else resolves. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('turns', () => {
  it('run one after the other, also after one that failed', async () => {
    const turns = createTurns();
    const seen: string[] = [];
    const { opened, open } = gate();
    const first = turns.take(async () => {
      await opened;
      seen.push('first');
      throw new Error('no');
    });
    const second = turns.take(async () => void seen.push('second'));
    open();
    await expect(first).rejects.toThrow('no');
    await second;
    expect(seen).toEqual(['first', 'second']);
  });

  it('end once, after the change that runs, and refuse what still waited', async () => {
    const turns = createTurns();
    const seen: string[] = [];
    const { opened, open } = gate();
    const running = turns.take(async () => {
      await opened;
      seen.push('change');
    });
    const end = turns.end(async () => void seen.push('end'));
    expect(turns.ending()).toBe(true);
    const late = turns.take(async () => void seen.push('late'));
    expect(turns.end(async () => void seen.push('again'))).toBe(end);
    open();
    await expect(late).rejects.toMatchObject({ code: 'bridge.unreachable' });
    await Promise.all([running.catch(() => undefined), end]);
    expect(seen).not.toContain('late');
    expect(seen).not.toContain('again');
    expect(seen.at(-1)).toBe('end');
  });
});
