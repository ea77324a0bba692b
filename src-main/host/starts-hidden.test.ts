import { describe, expect, it } from 'vitest';
import { startsHidden } from './starts-hidden.ts';

const chosen = (hidden: boolean) => () => Promise.resolve(hidden);

describe('startsHidden', () => {
  it.each([
    ['by the command line', { asked: true, openedAtLogin: false, chosen: chosen(false) }, true],
    ['not by the settings alone', { asked: false, openedAtLogin: false, chosen: chosen(true) }, false],
    ['at login, as chosen', { asked: false, openedAtLogin: true, chosen: chosen(true) }, true],
    ['at login, where the window was chosen', { asked: false, openedAtLogin: true, chosen: chosen(false) }, false],
    ['with its window where the settings cannot be read', { asked: false, openedAtLogin: true, chosen: () => Promise.reject(new Error('not open')) }, false],
  ])('%s', async (_name, start, hidden) => expect(await startsHidden(start)).toBe(hidden));
});
