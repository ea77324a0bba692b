/** Which notices the system shows, from alerts as they come and go: one per change with a recovery notice, rate-limited per kind, nothing the operator already looks at (product.md, Notifications). */
import type { DesktopSettings, NoticeKind } from '../../src-shared/bridge/desktop-calls.ts';
import type { NodeState, StateReason } from '../../src-shared/domain/node-state.ts';
import type { Alert } from './views/alerts.ts';

/** One notice. `others` more of its kind are told by it. */
export type Notice = { kind: NoticeKind; recovered: boolean; level: Alert['level']; message: string; page: Alert['page']; section: Alert['section']; others: number };

type Entry = {
  alert: Alert;
  sinceMs: number;
  /** `seen`: it came while the operator looked at the window, so neither it nor its end is news. */
  told: 'no' | 'yes' | 'seen';
  goneMs: number | null;
};

/** What was told so far; begins as {@link nothingTold}. */
export type NoticeMemory = { entries: ReadonlyMap<string, Entry>; lastMs: ReadonlyMap<NoticeKind, number> };
export const nothingTold: NoticeMemory = { entries: new Map(), lastMs: new Map() };

type Facts = { alerts: readonly Alert[]; /** The window is in front. */ watching: boolean; nowMs: number };
type Plan = { notices: Notice[]; memory: NoticeMemory; /** When to plan again although nothing changes; null when nothing waits. */ againAtMs: number | null };

/** A state that ends by itself within this time is not news: links flap. */
export const holdMs: Readonly<Record<Alert['level'], number>> = { danger: 2_000, warning: 15_000, info: 15_000 };

const kinds: readonly (readonly [RegExp, NoticeKind])[] = [
  [/^keys\./, 'keys'],
  [/^(link|no_coordinator)$/, 'link'],
  [/^chain/, 'chain'],
  [/^(gas_reserve|disputed|stack)/, 'money'],
  [/^(attest|audit)/, 'attestations'],
  [/^(idle|leave)\./, 'state'],
];

/** Kind of an alert, under which it is switched and rate-limited; what is none of the others is the machine's. */
export const noticeKindOf = (code: string): NoticeKind => kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'machine';

/** Reasons to be idle that the operator did not choose and that no alert tells of, each with the page that mends it. Heat, locked keys and a lost link have alerts of their own: one change is told once. */
const unwanted: Readonly<Partial<Record<StateReason, Alert['page']>>> = { no_model: 'models', not_subscribed: 'tasks', not_registered: 'setup', disabled: 'leave', left: 'leave' };

/** The state as an alert, where it keeps the node from earning; null else. */
export function idleAlert(facts: { state: NodeState; reason: StateReason; sinceMs: number; sentence: string }): Alert | null {
  const page = unwanted[facts.reason];
  if (facts.state !== 'IDLE' || page === undefined) return null;
  return { id: 'idle', level: 'warning', code: `idle.${facts.reason}`, message: facts.sentence, page, sinceMs: facts.sinceMs };
}

/** Plans the notices of this moment. */
export function planNotices(memory: NoticeMemory, { alerts, watching, nowMs }: Facts, settings: DesktopSettings['notices']): Plan {
  const entries = track(memory.entries, alerts, { watching, nowMs });
  const lastMs = new Map(memory.lastMs);
  const notices: Notice[] = [];
  const later: number[] = [];
  for (const kind of new Set([...entries.values()].map(({ alert }) => noticeKindOf(alert.code)))) {
    const waiting = [...entries].filter(([, entry]) => noticeKindOf(entry.alert.code) === kind && isNews(entry));
    if (!settings.kinds[kind]) {
      // Switched off: its end is no news either.
      for (const [id, entry] of waiting) if (entry.goneMs !== null) entries.delete(id);
      continue;
    }
    const freeAtMs = (lastMs.get(kind) ?? Number.NEGATIVE_INFINITY) + settings.everyMinutes * 60_000;
    const due = waiting.filter(([, entry]) => nowMs >= Math.max(dueMs(entry), freeAtMs));
    const rest = waiting.filter((one) => !due.includes(one));
    const problems = due.filter(([, entry]) => entry.goneMs === null);
    const told = problems.length > 0 ? problems : due;
    const worst = told.map(([, entry]) => entry).sort((a, b) => rank[a.alert.level] - rank[b.alert.level])[0];
    if (worst !== undefined) {
      notices.push(noticeOf(kind, worst, told.length - 1));
      lastMs.set(kind, nowMs);
      for (const [id, entry] of told) {
        if (entry.goneMs === null) entries.set(id, { ...entry, told: 'yes' });
        else entries.delete(id);
      }
    }
    const left = worst === undefined ? waiting : [...rest, ...due.filter((one) => !told.includes(one))];
    const nextFreeMs = worst === undefined ? freeAtMs : nowMs + settings.everyMinutes * 60_000;
    later.push(...left.map(([, entry]) => Math.max(dueMs(entry), nextFreeMs)));
  }
  return { notices, memory: { entries, lastMs }, againAtMs: later.length === 0 ? null : Math.min(...later) };
}

const rank = { danger: 0, warning: 1, info: 2 };
const isNews = (entry: Entry): boolean => (entry.goneMs === null ? entry.told === 'no' : entry.told === 'yes');
const dueMs = (entry: Entry): number => (entry.goneMs === null ? entry.sinceMs + holdMs[entry.alert.level] : entry.goneMs + holdMs.warning);

const noticeOf = (kind: NoticeKind, { alert, goneMs }: Entry, others: number): Notice => ({ kind, recovered: goneMs !== null, level: alert.level, message: alert.message, page: alert.page, section: alert.section, others });

/** Entries brought up to now: new ones begin, those that ended untold or seen are forgotten, those that came back go on. */
function track(before: ReadonlyMap<string, Entry>, alerts: readonly Alert[], { watching, nowMs }: { watching: boolean; nowMs: number }): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  // Hints (level info) and the unfinished set-up are for the window alone.
  for (const alert of alerts.filter(({ level, code }) => level !== 'info' && code !== 'setup')) {
    const known = before.get(alert.id);
    const entry: Entry = { alert, sinceMs: known?.sinceMs ?? nowMs, told: known?.told ?? 'no', goneMs: null };
    entries.set(alert.id, watching && entry.told === 'no' ? { ...entry, told: 'seen' } : entry);
  }
  for (const [id, entry] of before) {
    if (entries.has(id) || entry.told !== 'yes' || watching) continue;
    entries.set(id, { ...entry, goneMs: entry.goneMs ?? nowMs });
  }
  return entries;
}
