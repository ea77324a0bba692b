/** The desktop follows the node: it reads after topics, in rounds, shows only what changed, and obeys the settings. */
import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import { idleAlert, nothingTold, planNotices } from '../core/notify-plan.ts';
import { createLogger } from '../log/logger.ts';
import { callCases } from './call-cases.ts';
import { followNode } from './desktop-follower.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function desk() {
  let nowMs = 1_000_000;
  let timers: { atMs: number; work: () => void }[] = [];
  let listener: (topic: Topic) => void = () => undefined;
  const seen: string[] = [];
  const world = {
    node: { ...callCases['node.get'].output, state: 'READY' as 'READY' | 'IDLE', reason: 'waiting_for_work' as 'waiting_for_work' | 'no_model', paused: false, running: [] },
    alerts: [] as (typeof callCases)['node.alerts']['output'],
    settings: { ...callCases['desktop.get'].output.settings },
    earned: true,
    reads: 0,
  };
  const follower = followNode({
    handlers: {
      'node.get': async () => ((world.reads += 1), world.node),
      'node.alerts': async () => world.alerts,
      'desktop.get': async () => ({ isDesktop: true, settings: world.settings }),
      'earnings.get': async () => {
        if (!world.earned) throw new AppError('keys.locked');
        return callCases['earnings.get'].output;
      },
    },
    onTopic: (told) => ((listener = told), () => (listener = () => undefined)),
    planner: { begin: nothingTold, plan: planNotices, idle: idleAlert },
    watching: () => false,
    showTray: ({ icon }) => seen.push(`tray ${icon}`),
    showNotice: ({ kind, recovered }) => seen.push(`notice ${kind} ${recovered}`),
    obey: ({ startAtLogin }) => seen.push(`login ${startAtLogin}`),
    stayAwake: (on) => seen.push(`awake ${on}`),
    schedule(delayMs, work) {
      const timer = { atMs: nowMs + delayMs, work };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    now: () => nowMs,
    log: createLogger({ level: 'error', write: () => undefined, now: () => 0 }),
  });
  const pass = async (ms: number): Promise<void> => {
    await settled();
    const untilMs = nowMs + ms;
    for (let next = timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]; next !== undefined; next = timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]) {
      timers = timers.filter((one) => one !== next);
      nowMs = next.atMs;
      next.work();
      await settled();
    }
    nowMs = untilMs;
  };
  const take = (): string[] => seen.splice(0);
  return { world, follower, pass, take, tell: (topic: Topic) => listener(topic), timers: () => timers.length };
}

describe('followNode', () => {
  it('reads at the start, then once for a burst of topics, and shows only what changed', async () => {
    const { world, pass, take, tell } = desk();
    await pass(0);
    expect(take()).toEqual(['login false', 'awake false', 'tray ready']);
    for (let topic = 0; topic < 50; topic += 1) tell('jobs');
    await pass(5_000);
    expect(world.reads).toBe(2);
    expect(take()).toEqual(['awake false']);
    tell('logs');
    await pass(5_000);
    expect(world.reads).toBe(2);
  });

  it('obeys changed settings and stays awake only while it can earn', async () => {
    const { world, pass, take, tell, follower } = desk();
    await pass(0);
    take();
    world.settings = { ...world.settings, stayAwake: true, startAtLogin: true };
    tell('settings');
    await pass(1_000);
    expect(take()).toEqual(['login true', 'awake true']);
    expect(follower.settings()?.startAtLogin).toBe(true);
    world.node = { ...world.node, state: 'IDLE', reason: 'no_model' };
    tell('node');
    await pass(1_000);
    expect(take()).toEqual(['awake false', 'tray idle']);
  });

  it('tells of an idle state when it has held, without another topic, and of its end', async () => {
    const { world, pass, take, tell } = desk();
    world.node = { ...world.node, state: 'IDLE', reason: 'no_model' };
    tell('node');
    await pass(20_000);
    expect(take().filter((line) => line.startsWith('notice'))).toEqual(['notice state false']);
    world.node = { ...world.node, state: 'READY', reason: 'waiting_for_work' };
    tell('node');
    await pass(10 * 60_000);
    expect(take().filter((line) => line.startsWith('notice'))).toEqual(['notice state true']);
  });

  it('goes on when earnings are unknown, and stops with nothing left to run', async () => {
    const { world, pass, take, tell, timers, follower } = desk();
    world.earned = false;
    await pass(0);
    expect(take()).toContain('tray ready');
    tell('node');
    follower.stop();
    expect(timers()).toBe(0);
    await pass(60_000);
    expect(take()).toEqual([]);
  });
});
