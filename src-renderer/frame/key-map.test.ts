/** Keys lead where the list says, and never from inside a field. */
import { describe, expect, it } from 'vitest';
import { keyAct, keyPaths, pageKeys, type KeyAct, type Press } from './key-map.ts';

const press = (key: string, over: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isTyping: false,
  ...over,
});
const on = { begun: false, single: true };

describe('keyAct', () => {
  it.each<[string, Press, { begun: boolean; single: boolean }, KeyAct]>([
    ['help', press('?'), on, { kind: 'help' }],
    ['help by Ctrl', press('/', { ctrlKey: true }), { begun: false, single: false }, { kind: 'help' }],
    ['help by Ctrl inside a field', press('/', { ctrlKey: true, isTyping: true }), on, { kind: 'help' }],
    ['g begins', press('g'), on, { kind: 'begin' }],
    ['a letter alone', press('s'), on, null],
    ['g s', press('s'), { begun: true, single: true }, { kind: 'go', path: '/stacks' }],
    ['g g begins anew', press('g'), { begun: true, single: true }, { kind: 'begin' }],
    ['pause', press('p'), on, { kind: 'pause' }],
    ['switched off', press('p'), { begun: false, single: false }, null],
    ['typed into a field', press('?', { isTyping: true }), on, null],
    ['with Alt', press('p', { altKey: true }), on, null],
    ['copying', press('c', { ctrlKey: true }), on, null],
    ['a name that every object has', press('constructor'), { begun: true, single: true }, null],
  ])('%s', (_, key, state, act) => expect(keyAct(key, state)).toEqual(act));

  it('has one letter for each page', () => {
    expect(Object.values(pageKeys).toSorted()).toEqual(Object.keys(keyPaths).toSorted());
  });
});
