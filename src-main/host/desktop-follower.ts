/** Keeps the desktop in step with the node: reads again after its topics, then tells tray, notices, login and sleep what holds now (architecture.md, main job 10: push says "changed", never the truth). */
import type { DesktopSettings, NoticeKind } from '../../src-shared/bridge/desktop-calls.ts';
import type { CallOutput, Handlers, Topic } from '../../src-shared/bridge/index.ts';
import type { NodeState, StateReason } from '../../src-shared/domain/node-state.ts';
import type { Logger } from '../log/logger.ts';
import { trayText } from './desktop-text.ts';
import { trayView, type TrayFacts, type TrayView } from './tray-view.ts';

type Alert = CallOutput<'node.alerts'>[number];

/** A notice as it is planned. */
export type PlannedNotice = { kind: NoticeKind; recovered: boolean; message: string; page: Alert['page']; section: Alert['section']; others: number };

/** The pure planner (core/notify-plan.ts), with what it remembers kept opaque. */
export type NoticePlanner<M> = {
  begin: M;
  plan(memory: M, facts: { alerts: readonly Alert[]; watching: boolean; nowMs: number }, settings: DesktopSettings['notices']): { notices: PlannedNotice[]; memory: M; againAtMs: number | null };
  idle(facts: { state: NodeState; reason: StateReason; sinceMs: number; sentence: string }): Alert | null;
};

type Deps<M> = {
  handlers: Pick<Handlers, 'node.get' | 'node.alerts' | 'earnings.get' | 'desktop.get'>;
  onTopic(listener: (topic: Topic) => void): () => void;
  planner: NoticePlanner<M>;
  /** The operator looks at the window. */
  watching(): boolean;
  showTray(view: TrayView): void;
  showNotice(notice: PlannedNotice): void;
  /** Called at the start and after each change of the settings. */
  obey(settings: DesktopSettings): void;
  stayAwake(on: boolean): void;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  now(): number;
  log: Logger;
};

/** The running follower. */
export type DesktopFollower = {
  /** Settings as last read; null before the first reading. */
  settings(): DesktopSettings | null;
  stop(): void;
};

/** Topics come in bursts; a tray that is seconds late is not missed. */
const roundMs = 1_000;
/** Money of the day is summed over the ledger: not with each request. */
const earningsEveryMs = 10_000;
const ignored: ReadonlySet<Topic> = new Set(['logs', 'sandbox', 'models', 'economics']);

/** Starts to follow; the first reading begins at once. */
export function followNode<M>(deps: Deps<M>): DesktopFollower {
  let memory = deps.planner.begin;
  let settings: DesktopSettings | null = null;
  let earned: { facts: TrayFacts['earned']; atMs: number } | null = null;
  let shown = '';
  let waiting: (() => void) | null = null;
  let again: (() => void) | null = null;
  let reading = false;
  let stopped = false;

  const readEarned = async (): Promise<TrayFacts['earned']> => {
    if (earned !== null && deps.now() - earned.atMs < earningsEveryMs) return earned.facts;
    // Without keys or before the chain was read nobody knows: unknown, not nothing.
    const facts = await deps.handlers['earnings.get']({}).then(
      ({ earned: { today }, coin }) => ({ value: today, decimals: coin.decimals, symbol: coin.symbol }),
      () => null,
    );
    earned = { facts, atMs: deps.now() };
    return facts;
  };

  const round = async (): Promise<void> => {
    const [node, alerts, desktop, earnedToday] = await Promise.all([deps.handlers['node.get']({}), deps.handlers['node.alerts']({}), deps.handlers['desktop.get']({}), readEarned()]);
    if (stopped) return;
    if (JSON.stringify(settings) !== JSON.stringify(desktop.settings)) {
      settings = desktop.settings;
      deps.obey(settings);
    }
    deps.stayAwake(settings !== null && settings.stayAwake && (node.state === 'READY' || node.state === 'EXECUTING'));
    const problems = alerts.filter(({ level }) => level !== 'info');
    const view = trayView({
      state: node.state,
      reason: node.reason,
      paused: node.paused,
      running: node.running.length,
      earned: earnedToday,
      problems: problems.length,
      danger: problems.some(({ level }) => level === 'danger'),
    });
    if (JSON.stringify(view) !== shown) deps.showTray(view);
    shown = JSON.stringify(view);
    notify([...alerts, ...[deps.planner.idle({ ...node, sinceMs: node.sinceMs ?? deps.now(), sentence: trayText.sentence(node.reason) })].filter((alert) => alert !== null)], desktop.settings);
  };

  const notify = (alerts: readonly Alert[], { notices: rules }: DesktopSettings): void => {
    const plan = deps.planner.plan(memory, { alerts, watching: deps.watching(), nowMs: deps.now() }, rules);
    memory = plan.memory;
    for (const notice of plan.notices) deps.showNotice(notice);
    again?.();
    again = plan.againAtMs === null ? null : deps.schedule(Math.max(roundMs, plan.againAtMs - deps.now()), soon);
  };

  const soon = (): void => {
    if (stopped || waiting !== null) return;
    waiting = deps.schedule(roundMs, () => {
      waiting = null;
      read();
    });
  };
  const read = (): void => {
    if (stopped) return;
    if (reading) return soon();
    reading = true;
    round()
      .catch((error: unknown) => deps.log.warn('desktop.not_read', { error }))
      .finally(() => (reading = false));
  };

  const stopTopics = deps.onTopic((topic) => {
    if (!ignored.has(topic)) soon();
  });
  read();
  return {
    settings: () => settings,
    stop() {
      stopped = true;
      stopTopics();
      waiting?.();
      again?.();
    },
  };
}
