/** Zoom, close, quit and full screen by their usual keys, and no key of the page's. */
import { describe, expect, it } from 'vitest';
import { windowAct, zoomAfter, zoomLimits, type KeyPress } from './window-keys.ts';

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({ type: 'keyDown', key, control: true, alt: false, shift: false, meta: false, ...over });

describe('windowAct', () => {
  it.each<[KeyPress, NodeJS.Platform, string | null]>([
    [press('='), 'linux', 'zoom_in'],
    [press('+', { shift: true }), 'win32', 'zoom_in'],
    [press('-'), 'linux', 'zoom_out'],
    [press('0'), 'linux', 'zoom_reset'],
    [press('W', { shift: true }), 'linux', 'close'],
    [press('q'), 'linux', 'quit'],
    [press('F11', { control: false }), 'linux', 'full_screen'],
    [press('q', { control: false }), 'linux', null],
    [press('q', { alt: true }), 'linux', null],
    [press('q', { type: 'keyUp' }), 'linux', null],
    [press('='), 'darwin', null],
    [press('c'), 'linux', null],
    [press('constructor'), 'linux', null],
  ])('%j on %s is %s', (key, platform, act) => expect(windowAct(key, platform)).toBe(act));
});

describe('zoomAfter', () => {
  it('steps, stops at its ends and comes back to 0', () => {
    expect(zoomAfter(0, 'zoom_in')).toBe(0.5);
    expect(zoomAfter(zoomLimits.most, 'zoom_in')).toBe(zoomLimits.most);
    expect(zoomAfter(zoomLimits.least, 'zoom_out')).toBe(zoomLimits.least);
    expect(zoomAfter(3, 'zoom_reset')).toBe(0);
    expect(zoomAfter(1, 'close')).toBe(1);
  });
});
