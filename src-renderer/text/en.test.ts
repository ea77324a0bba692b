/** The catalogue keeps to the words of the design: no exclamation marks, nothing empty; sentences fill their gaps. */
import { describe, expect, it } from 'vitest';
import type { NodeView } from '../../src-shared/bridge/views.ts';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import { stateReasonSchema } from '../../src-shared/domain/node-state.ts';
import { intentText } from '../components/intent-text.ts';
import { countText } from '../format/amount.ts';
import { reasonText } from '../frame/reason.ts';
import { en } from './en.ts';
import { startText } from './i18n.ts';

const { t } = startText();
const texts = (node: unknown, path = ''): [string, string][] =>
  typeof node === 'string'
    ? [[path, node]]
    : Object.entries(node as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));

describe('catalogue', () => {
  it('has no empty text and no exclamation mark', () => {
    expect(texts(en).length).toBeGreaterThan(300);
    expect(texts(en).filter(([, text]) => text === '' || text.includes('!'))).toEqual([]);
  });
});

const node = (over: Partial<NodeView>): NodeView => ({
  state: 'READY',
  reason: 'waiting_for_work',
  sinceMs: 0,
  paused: false,
  nodeSmallId: 1n,
  subscribedTasks: 2,
  slots: { used: 0, total: 2 },
  running: [],
  tokensPerSecond: null,
  link: { status: 'connected', url: null, sinceMs: null, coordinatorId: null, lastError: null, nextAttemptMs: null },
  chain: {
    status: 'ok',
    endpoint: null,
    chainId: null,
    epoch: null,
    epochEndsAtMs: null,
    readAtMs: null,
    lastError: null,
  },
  network: { id: 'sandbox', name: 'Sandbox', kind: 'sandbox' },
  terms: null,
  coin: { type: '0x1::t::T', symbol: 'TOMA', decimals: 9 },
  ...over,
});
const running = [{ taskId: 'T', stackSmallId: 12n, model: 'sandbox/tiny-chat@3fa9', startedMs: 0, tokens: 3 }];

describe('reasonText', () => {
  it.each([
    [node({}), 'waiting for work on 2 tasks'],
    [node({ subscribedTasks: 1 }), 'waiting for work on 1 task'],
    [
      node({ state: 'EXECUTING', reason: 'running', running, tokensPerSecond: 38.4, slots: { used: 2, total: 2 } }),
      'serving tiny-chat for stack #12 · 38 tok/s · 2 of 2 slots',
    ],
    [
      node({ state: 'EXECUTING', reason: 'running', running, slots: { used: 1, total: 2 } }),
      'serving tiny-chat for stack #12 · 1 of 2 slots',
    ],
    [node({ state: 'IDLE', reason: 'paused' }), 'paused by you'],
  ])('case %#', (view, text) => expect(reasonText(view, t)).toBe(text));
  it.each(stateReasonSchema.options)('has a sentence for %s', (reason) => {
    expect(reasonText(node({ reason }), t)).toMatch(/^[a-z][^{}]+$/);
  });
});

describe('intentText', () => {
  const address = `0x${'9'.repeat(64)}`;
  const offer = { taskSmallId: 1n, price: 1000n, maxComputeUnits: 2000n };
  const terms = { priceUnit: 1n, takesCollateral: true };
  it('says what a price is for and what is locked, by the generation', () => {
    const newer = { priceUnit: 1_000_000n, takesCollateral: false };
    expect(intentText({ kind: 'subscribe', ...offer }, newer, t)).toContain(
      `${countText(1000)} base units per ${countText(1_000_000)} compute units,`,
    );
    expect(intentText({ kind: 'register' }, newer, t)).toContain('no collateral');
  });
  it.each<[Intent, string]>([
    [
      { kind: 'subscribe', ...offer },
      `Subscribes to task #1 at ${countText(1000)} base units per compute unit, for stacks of at most ${countText(2000)} units.`,
    ],
    [
      { kind: 'update_subscription', ...offer, price: parkedPrice },
      'Parks the subscription to task #1: its price becomes so high that nobody buys.',
    ],
    [
      { kind: 'settle', stackSmallId: 7n, claimedUnits: 1960n },
      `Settles stack #7 with ${countText(1960)} compute units.`,
    ],
    [
      { kind: 'claim', stackSmallIds: [7n, 8n, 9n] },
      `Claims what stacks ${new Intl.ListFormat().format(['#7', '#8', '#9'])} have earned.`,
    ],
    [{ kind: 'transfer', coin: 'SUI', amount: 5n, to: address }, `Sends coins to ${address}.`],
  ])('case %#', (intent, text) => expect(intentText(intent, terms, t)).toBe(text));
  it.each<Intent>([
    { kind: 'faucet', amount: 1n },
    { kind: 'register' },
    { kind: 'unsubscribe', taskSmallId: 3n },
    { kind: 'disable' },
    { kind: 'destroy' },
  ])('says something whole for case %#', (intent) => expect(intentText(intent, terms, t)).toMatch(/^[A-Z][^{}]+\.$/));
});
