/** Watches GPUs and the machine's other users every five seconds and says what holds new work back; running work is never stopped by it (product.md, Policies: drain before heat, game, schedule end). */
import type { Care, Hold, Others } from '../../src-shared/bridge/hardware-calls.ts';
import { nextForeignUse, notLooked, type ForeignUse } from '../core/foreign-use.ts';
import { hottest, nextHeat } from '../core/heat.ts';
import { allowsWork, minutesToChange, type WeekMinute } from '../core/work-hours.ts';
import type { Logger } from '../log/logger.ts';
import type { FullScreen } from './full-screen.ts';
import type { GpuProcess } from './nvidia-smi.ts';
import type { GpuLook } from './query-gpus.ts';

/** A hold with its beginning and what is known of its cause. */
export type HeldBy = { hold: Hold; sinceMs: number; detail: string | null };

type Deps = {
  look(): Promise<GpuLook>;
  processes(): Promise<GpuProcess[] | null>;
  fullScreen(): Promise<FullScreen>;
  isOwn(pid: number): boolean;
  settings(): Care;
  isOn(gpu: string): boolean;
  /** °C of the sandbox's fault; null without it. */
  simulatedC(): number | null;
  /** Requests of ours that run now. */
  running(): number;
  /** The operator's wall clock. */
  weekMinute(atMs: number): WeekMinute;
  /** Each reading, for the history. */
  read(look: GpuLook, atMs: number): void;
  /** A hold began or ended. */
  holdsChanged(): void;
  now(): number;
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
};

/** The watch. */
export type CareWatch = {
  start(): void;
  /** Reads now and again each five seconds; settings that changed count from here on. */
  refresh(): Promise<void>;
  latest(): { look: GpuLook; atMs: number } | null;
  hottestC(): number | null;
  holds(): readonly HeldBy[];
  others(): Others;
  recovered(): { hold: Hold; atMs: number } | null;
  scheduleChangesAtMs(): number | null;
  stop(): void;
};

const everyMs = 5_000;
const empty: GpuLook = { gpus: [], problems: [], source: { kind: 'not_installed' } };
const minuteMs = 60_000;

/** Creates the watch; nothing is asked before `start` or `refresh`. */
export function createCareWatch(deps: Deps): CareWatch {
  let latest: { look: GpuLook; atMs: number } | null = null;
  let isHot = false;
  let wasSimulated = false;
  let foreign: ForeignUse = notLooked;
  let fullScreen: FullScreen = { status: 'unknown', detail: null };
  let holds: readonly HeldBy[] = [];
  let recovered: { hold: Hold; atMs: number } | null = null;
  let ranBefore = false;
  let cancel: (() => void) | null = null;
  let isStopped = false;
  let reading: Promise<void> | null = null;

  const onGpus = () => latest?.look.gpus.filter(({ uuid }) => deps.isOn(uuid)) ?? [];
  const hottestC = (): number | null => hottest([...onGpus().map(({ tempC }) => tempC), deps.simulatedC()]);

  /** Nobody else is looked for where it would not matter: without a GPU, or with the switch off. */
  const lookForOthers = async (): Promise<void> => {
    const ownWork = deps.running() > 0 || ranBefore;
    ranBefore = deps.running() > 0;
    if (!deps.settings().yieldToOthers || onGpus().length === 0) {
      foreign = { ...notLooked, detail: onGpus().length === 0 ? 'No GPU is switched on.' : 'Switched off.' };
      fullScreen = { status: 'unknown', detail: foreign.detail };
      return;
    }
    const hasNvidia = onGpus().some(({ vendor }) => vendor === 'nvidia');
    const [processes, screen] = await Promise.all([hasNvidia ? deps.processes() : null, deps.fullScreen()]);
    const own = new Set(processes?.map(({ pid }) => pid).filter(deps.isOwn));
    foreign = nextForeignUse(foreign, { processes, utilPct: hottest(onGpus().map(({ utilPct }) => utilPct)), ownWork }, own);
    fullScreen = screen;
  };

  const judge = (): void => {
    const { temperature, yieldToOthers, schedule } = deps.settings();
    const nowMs = deps.now();
    const isSimulated = deps.simulatedC() !== null;
    // A simulated gauge takes its heat along: without a sensor nothing else would ever say that it is over.
    if (wasSimulated && !isSimulated) isHot = false;
    wasSimulated = isSimulated;
    isHot = nextHeat(isHot, hottestC(), temperature);
    const other = fullScreen.status === 'in_use' ? fullScreen : foreign;
    const held: { hold: Hold; now: boolean; detail: string | null }[] = [
      { hold: 'too_hot', now: isHot, detail: null },
      { hold: 'in_use', now: yieldToOthers && other.status === 'in_use', detail: other.detail },
      { hold: 'by_schedule', now: !allowsWork(schedule, deps.weekMinute(nowMs)), detail: null },
    ];
    const before = holds;
    holds = held.filter((one) => one.now).map(({ hold, detail }) => ({ hold, detail, sinceMs: before.find((old) => old.hold === hold)?.sinceMs ?? nowMs }));
    const ended = before.filter(({ hold }) => !holds.some((one) => one.hold === hold));
    const begun = holds.filter(({ hold }) => !before.some((one) => one.hold === hold));
    const [over] = ended;
    if (over !== undefined) recovered = { hold: over.hold, atMs: nowMs };
    for (const { hold, detail } of begun) deps.log.info('care.hold_began', { hold, detail, hottestC: hottestC() });
    for (const { hold } of ended) deps.log.info('care.hold_ended', { hold, hottestC: hottestC() });
    if (begun.length > 0 || ended.length > 0) deps.holdsChanged();
  };

  const read = async (): Promise<void> => {
    try {
      const look = await deps.look();
      const atMs = deps.now();
      latest = { look, atMs };
      deps.read(look, atMs);
      await lookForOthers();
    } catch (error) {
      deps.log.warn('care.unread', { error });
      latest ??= { look: empty, atMs: deps.now() };
    } finally {
      reading = null;
    }
    if (!isStopped) judge();
  };
  const refresh = (): Promise<void> => (reading ??= read());
  const again = (): void => {
    if (isStopped) return;
    cancel = deps.schedule(everyMs, () => void refresh().then(again));
  };
  return {
    start: () => void refresh().then(again),
    refresh: async () => {
      await reading; // one that began before a setting changed
      await refresh();
    },
    latest: () => latest,
    hottestC,
    holds: () => holds,
    others: () => ({ load: { status: foreign.status, detail: foreign.detail }, fullScreen }),
    recovered: () => recovered,
    scheduleChangesAtMs: () => {
      const nowMs = deps.now();
      const minutes = minutesToChange(deps.settings().schedule, deps.weekMinute(nowMs));
      return minutes === null ? null : Math.floor(nowMs / minuteMs) * minuteMs + minutes * minuteMs;
    },
    stop: () => {
      isStopped = true;
      cancel?.();
    },
  };
}
