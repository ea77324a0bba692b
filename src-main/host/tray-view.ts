/** What the tray shows, as data: variant of its icon, tool tip and menu, from the node's own answers (product.md, Tray). */
import type { NodeState, StateReason } from '../../src-shared/domain/node-state.ts';
import { trayText } from './desktop-text.ts';

/** Shapes of the icon; each is told from the others without colour. */
export type TrayIcon = 'ready' | 'executing' | 'idle' | 'paused' | 'leaving' | 'trouble';
/** What an entry of the menu does. */
export type TrayAct = 'open' | 'problems' | 'pause' | 'resume' | 'quit';
export type TrayEntry = { kind: 'text'; text: string } | { kind: 'act'; act: TrayAct; text: string } | { kind: 'line' };
export type TrayView = { icon: TrayIcon; tip: string; entries: TrayEntry[] };

/** The node as the tray needs it. */
export type TrayFacts = {
  state: NodeState;
  reason: StateReason;
  paused: boolean;
  running: number;
  /** Earned today in base units; null while unknown, which is never shown as 0. */
  earned: { value: bigint; decimals: number; symbol: string } | null;
  /** Alerts that are more than hints. */
  problems: number;
  /** One of them is of the worst kind. */
  danger: boolean;
};

const byState: Readonly<Record<NodeState, TrayIcon>> = { IDLE: 'idle', READY: 'ready', EXECUTING: 'executing', UNSTAKING: 'leaving' };
const shownDecimals = 4;

function iconOf({ state, paused, danger }: TrayFacts): TrayIcon {
  if (danger) return 'trouble';
  return paused && state !== 'UNSTAKING' ? 'paused' : byState[state];
}

/** Whole coins by locale, cut (never rounded up) after four decimals. */
export function amountWords({ value, decimals, symbol }: NonNullable<TrayFacts['earned']>): string {
  const digits = value.toString().padStart(decimals + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  // Intl formats decimal text exactly; its types know only numbers.
  const text = `${whole}.${fraction.slice(0, shownDecimals)}0` as unknown as number;
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: shownDecimals }).format(text)} ${symbol}`;
}

/** The tray of these facts. */
export function trayView(facts: TrayFacts): TrayView {
  const state = trayText.state(facts.state, facts.reason);
  const earned = facts.earned === null ? trayText.earnedUnknown : trayText.earned(amountWords(facts.earned));
  const act = (name: TrayAct, text: string): TrayEntry => ({ kind: 'act', act: name, text });
  return {
    icon: iconOf(facts),
    tip: `${state}\n${earned}`,
    entries: [
      { kind: 'text', text: state },
      ...(facts.running > 0 ? [{ kind: 'text' as const, text: trayText.running(facts.running) }] : []),
      { kind: 'text', text: earned },
      ...(facts.problems > 0 ? [act('problems', trayText.problems(facts.problems))] : []),
      { kind: 'line' },
      facts.paused ? act('resume', trayText.resume) : act('pause', trayText.pause),
      act('open', trayText.open),
      { kind: 'line' },
      act('quit', trayText.quit),
    ],
  };
}
