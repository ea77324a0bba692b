/** Each rule of "Why idle" by a table: what makes it hold, fail, or stay unknown, and what mends it. */
import { describe, expect, it } from 'vitest';
import { idleRuleNameSchema, type IdleRuleName } from '../../../src-shared/bridge/idle.ts';
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';
import type { TaskView } from '../../../src-shared/bridge/views.ts';
import { whyIdle, type IdleFacts } from './why-idle.ts';

const task: TaskView = {
  taskSmallId: 7n,
  role: 0,
  model: 'sandbox/tiny-chat',
  securityLevel: 'none',
  minimumReputation: 50,
  isDeprecated: false,
  subscribers: [],
  subscription: { price: 100n, maxComputeUnits: 2_000n },
  recentStacks: [{ price: 100n, computeUnits: 2_000n }, { price: 90n, computeUnits: 3_000n }],
  canServe: true,
  whyNot: null,
};
const good: IdleFacts = {
  keys: 'open',
  paused: false,
  heat: { hot: false, hottestC: 61, pauseAtC: 85, resumeAtC: 75 },
  inUse: { now: false, by: null },
  schedule: { outside: false, opensInMs: 60_000 },
  inference: { process: 'ready', lastError: null },
  hasCoordinator: true,
  link: { status: 'connected', reason: null, clockAheadMs: -40 },
  maxClockSkewMs: 90_000,
  chain: { status: 'ok', readAtMs: 5 },
  registered: true,
  disabledAtEpoch: null,
  needsCollateral: true,
  collateral: 1_000n,
  reputation: 50,
  suiMist: 500n,
  gasReserveMist: 400n,
  tasks: [task],
};
const ruleOf = (name: IdleRuleName, change: Partial<IdleFacts>) => whyIdle({ ...good, ...change }).find((rule) => rule.rule === name);
const offering = (change: Partial<TaskView>): Partial<IdleFacts> => ({ tasks: [{ ...task, ...change }] });

describe('whyIdle', () => {
  it('names every rule once, all of them holding, where nothing is wrong', () => {
    const rules = whyIdle(good);
    expect(rules.map((rule) => rule.rule)).toEqual(idleRuleNameSchema.options);
    expect(rules.filter((rule) => rule.status !== 'ok' || rule.fix !== null)).toEqual([]);
  });

  it.each<[IdleRuleName, Partial<IdleFacts>, string | null]>([
    ['keys', { keys: 'locked' }, 'settings'],
    ['keys', { keys: 'none' }, 'setup'],
    ['model', offering({ canServe: false, whyNot: 'model_missing' }), 'models'],
    ['provider', { inference: { process: 'restarting', lastError: 'it died' } }, 'hardware'],
    ['paused', { paused: true }, 'resume'],
    ['heat', { heat: { ...good.heat, hot: true, hottestC: 80 } }, 'hardware'],
    ['heat', { heat: { ...good.heat, hot: true, hottestC: null } }, 'hardware'],
    ['in_use', { inUse: { now: true, by: 'A Game' } }, 'hardware'],
    ['schedule', { schedule: { outside: true, opensInMs: null } }, 'hardware'],
    ['coordinator', { hasCoordinator: false }, 'settings'],
    ['linked', { link: { ...good.link, status: 'refused', reason: 'sybil' } }, 'settings'],
    ['linked', { link: { ...good.link, status: 'connecting' } }, 'settings'],
    ['clock', { link: { ...good.link, clockAheadMs: 90_001 } }, null],
    ['chain_read', { chain: { status: 'down', readAtMs: 5 } }, 'settings'],
    ['registered', { registered: false }, 'setup'],
    ['enabled', { disabledAtEpoch: 3n }, 'leave'],
    ['collateral', { collateral: 0n }, 'leave'],
    ['gas', { suiMist: 399n }, 'wallet'],
    ['subscribed', { tasks: [] }, 'tasks'],
    ['subscribed', offering({ subscription: { price: parkedPrice, maxComputeUnits: 1n } }), 'tasks'],
    ['price', offering({ subscription: { price: 101n, maxComputeUnits: 2_000n } }), 'tasks'],
    ['max_units', offering({ subscription: { price: 100n, maxComputeUnits: 1_999n } }), 'tasks'],
    ['reputation', offering({ minimumReputation: 51 }), null],
  ])('%s fails', (name, change, fix) => {
    const rule = ruleOf(name, change);
    expect(rule?.status).toBe('failed');
    expect(rule?.fix === null ? null : rule?.fix?.kind === 'page' ? rule.fix.page : rule?.fix?.kind).toBe(fix);
  });

  it.each<[IdleRuleName, Partial<IdleFacts>]>([
    ['provider', { inference: { process: 'starting', lastError: null } }],
    ['clock', { link: { ...good.link, clockAheadMs: null } }],
    ['heat', { heat: { ...good.heat, hottestC: null } }],
    ['chain_read', { chain: { status: 'unknown', readAtMs: null } }],
    ['registered', { registered: null }],
    ['enabled', { registered: null }],
    ['collateral', { collateral: null }],
    ['gas', { suiMist: null }],
    ['subscribed', { tasks: null }],
    ['price', offering({ recentStacks: [] })],
    ['max_units', offering({ recentStacks: [] })],
    ['reputation', { reputation: null }],
  ])('%s is unknown, not failed', (name, change) => expect(ruleOf(name, change)?.status).toBe('unknown'));

  it('shows the live values behind the verdict', () => {
    expect(ruleOf('price', {})).toMatchObject({ taskSmallId: 7n, figures: { paying: 1, buyers: 2 }, amounts: { price: 100n } });
    expect(ruleOf('max_units', {})).toMatchObject({ figures: { fitting: 1, buyers: 2 }, amounts: { limit: 2_000n } });
    expect(ruleOf('clock', {})).toMatchObject({ figures: { aheadMs: -40, limitMs: 90_000 } });
    expect(ruleOf('heat', {})).toMatchObject({ figures: { hottestC: 61, pauseAtC: 85 } });
    expect(ruleOf('in_use', { inUse: { now: true, by: 'A Game' } })).toMatchObject({ words: { by: 'A Game' } });
  });
  it('asks for no collateral where the generation needs none, and for no link where there is no coordinator', () => {
    expect(ruleOf('collateral', { needsCollateral: false, collateral: 0n })).toBeUndefined();
    expect(ruleOf('linked', { hasCoordinator: false })).toBeUndefined();
  });
  it('judges each task that is served, and no other', () => {
    const other = { ...task, taskSmallId: 8n, subscription: { price: 1_000n, maxComputeUnits: 9_000n } };
    const prices = whyIdle({ ...good, tasks: [task, other, { ...task, taskSmallId: 9n, subscription: null }] }).filter((rule) => rule.rule === 'price');
    expect(prices.map(({ taskSmallId, status }) => [taskSmallId, status])).toEqual([[7n, 'ok'], [8n, 'failed']]);
  });
});
