/** The passphrase on a terminal: typed, corrected, never echoed; refused without a terminal and on Ctrl-C. */
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { kept } from '../testing/kept.ts';
import { askPassphrase } from './ask-passphrase.ts';

function terminal(isTTY = true) {
  const raw: boolean[] = [];
  const keys = new EventEmitter();
  const stdin = Object.assign(keys, { isTTY, setRawMode: (on: boolean) => raw.push(on), resume: () => undefined, pause: () => undefined });
  const prompt = kept();
  return { raw, prompt, type: (text: string) => void keys.emit('data', Buffer.from(text)), asked: () => askPassphrase({ stdin: stdin as never, prompt: prompt.stream }) };
}

describe('askPassphrase', () => {
  it.each([
    ['a passphrase\r', 'a passphrase'],
    ['káva\n', 'káva'],
    ['wromg\u007f\u007fng\r', 'wrong'],
    ['\u007f\bx\r', 'x'],
    ['emoji 🦊\u007f!\r', 'emoji !'],
    ['\r', ''],
  ])('%j', async (typed, expected) => {
    const { raw, prompt, type, asked } = terminal();
    const answer = asked();
    type(typed);
    expect(await answer).toBe(expected);
    expect(prompt.text()).toBe('Passphrase: \n');
    expect(raw).toEqual([true, false]);
  });

  it('takes keys as they come', async () => {
    const { type, asked } = terminal();
    const answer = asked();
    for (const key of ['a', 'b', '\r']) type(key);
    expect(await answer).toBe('ab');
  });

  it('ends on Ctrl-C and restores the terminal', async () => {
    const { raw, type, asked } = terminal();
    const answer = asked();
    type('abc\u0003');
    await expect(answer).rejects.toMatchObject({ code: 'intent.declined' });
    expect(raw).toEqual([true, false]);
  });

  it('says what to give where nobody can be asked', async () => {
    const { raw, asked } = terminal(false);
    await expect(asked()).rejects.toMatchObject({ code: 'host.bad_flag', message: expect.stringContaining('--passphrase-file') });
    expect(raw).toEqual([]);
  });
});
