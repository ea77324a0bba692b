/** Links lead to screens that exist, and to nothing else. */
import { describe, expect, it } from 'vitest';
import { deepLinkPath, screenPath } from './deep-link.ts';

describe('deepLinkPath', () => {
  it.each<[string[], string | null]>([
    [['operator-console://stacks'], '/stacks'],
    [['--data-dir', '/x', 'operator-console://tasks/3/'], '/tasks/3'],
    [['operator-console:settings/desktop'], '/settings/desktop'],
    [['operator-console://dashboard'], '/'],
    [['operator-console://setup'], '/'],
    [['operator-console://nowhere'], null],
    [['operator-console://constructor'], null],
    [['operator-console://dashboard/3'], null],
    [['operator-console://tasks/../../etc'], null],
    [['operator-console://tasks/3?do=leave'], null],
    [['operator-console://tasks/%2e%2e'], null],
    [['https://console.invalid/#/stacks'], null],
    [['stacks'], null],
    [[], null],
  ])('%j leads to %s', (args, path) => expect(deepLinkPath(args)).toBe(path));
});

describe('screenPath', () => {
  it.each(['dashboard', 'stacks', 'jobs', 'attestations', 'leave', 'settings', 'network', 'setup'])('knows the page %s of an alert', (page) => {
    expect(screenPath(page)).toMatch(/^\//);
  });
});
