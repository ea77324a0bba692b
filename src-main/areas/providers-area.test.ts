/** Tests of the order in force and of the words of a fall. */
import { describe, expect, it } from 'vitest';
import type { InferenceStatus, ProbeResult, Provider } from '../inference/types.ts';
import type { Preferences } from '../store/preferences.ts';
import { fallAlert, orderInForce } from './providers-area.ts';

const preferencesOf = (order: Provider[] | null, probes: ProbeResult[] = []): Preferences =>
  ({ providerOrder: () => order, machineCheck: () => (probes.length === 0 ? null : { atMs: 1, rules: [], providers: probes }) }) as unknown as Preferences;
const works = (provider: Provider): ProbeResult => ({ provider, ok: true, tokensPerSecond: 9, reason: null, remedy: null });
const statusOf = (...falls: Provider[]): InferenceStatus => ({
  process: 'ready', restarts: 0, loaded: [], running: 0, tokensPerSecond: null, lastError: null, devices: [],
  falls: falls.map((provider) => ({ provider, reason: 'No driver.', remedy: 'Install it.' })),
});

describe('orderInForce', () => {
  it.each<[Preferences, Provider[]]>([
    [preferencesOf(null), ['cpu']],
    [preferencesOf(null, [works('cpu'), works('cuda')]), ['cuda', 'cpu']],
    [preferencesOf(['webgpu'], [works('cpu'), works('cuda')]), ['webgpu']],
  ])('case %#', (preferences, order) => expect(orderInForce(preferences)).toEqual(order));
});

describe('fallAlert', () => {
  it('is silent while the first of the order serves', () => expect(fallAlert(preferencesOf(['cuda', 'cpu']), statusOf())).toBeNull());
  it('says what serves instead and how to mend it', () => {
    expect(fallAlert(preferencesOf(['cuda', 'webgpu', 'cpu']), statusOf('cuda', 'webgpu'))).toBe('cuda does not work: No driver. Models run on cpu instead. Install it.');
  });
  it('says that nothing runs where the order holds nothing else', () => {
    expect(fallAlert(preferencesOf(['cuda']), statusOf('cuda'))).toContain('no model runs');
  });
});
