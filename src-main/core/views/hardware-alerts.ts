/** What the operator should know of heat, other users and the schedule; each goes away by itself, and heat says when it is over (product.md, Notifications: one per change with a recovery notice). */
import type { Hold } from '../../../src-shared/bridge/hardware-calls.ts';
import type { Alert } from './alerts.ts';

/** What these alerts are derived from. */
export type HardwareAlertFacts = {
  nowMs: number;
  holds: readonly { hold: Hold; sinceMs: number; detail: string | null }[];
  hottestC: number | null;
  pauseAtC: number;
  resumeAtC: number;
  /** When work went on after heat or another's use, last; null where it never paused. */
  recovered: { hold: Hold; atMs: number } | null;
  /** Tools that failed; a driver that broke while the node ran is news. */
  problems: readonly { tool: string; detail: string }[];
};

/** How long a recovery is shown. */
const recoveryShownMs = 10 * 60_000;

const alert = (code: string, level: Alert['level'], message: string, sinceMs: number): Alert => ({ id: code, level, code, message, page: 'hardware', sinceMs });

/** Derives the alerts. A schedule that closes is as the operator wanted it, and no alert. */
export function hardwareAlerts({ nowMs, holds, hottestC, pauseAtC, resumeAtC, recovered, problems }: HardwareAlertFacts): Alert[] {
  const found = holds.flatMap(({ hold, sinceMs, detail }): Alert[] => {
    if (hold === 'too_hot') return [alert('too_hot', 'warning', `A GPU is too hot: ${hottestC === null ? 'its sensor fell silent' : `${hottestC} °C`}, and the limit is ${pauseAtC} °C. What runs finishes; new work is taken again at ${resumeAtC} °C. Check fans and dust.`, sinceMs)];
    if (hold === 'in_use') return [alert('in_use', 'info', `Another program uses this machine${detail === null ? '' : ` (${detail})`}. What runs finishes; new work is taken again when it ends.`, sinceMs)];
    return [];
  });
  const isOver = recovered !== null && nowMs - recovered.atMs < recoveryShownMs && !holds.some(({ hold }) => hold === recovered.hold);
  const over = !isOver ? [] : recovered.hold === 'too_hot' ? [alert('cooled_down', 'info', 'The GPU has cooled down, and new work is taken again.', recovered.atMs)] : recovered.hold === 'in_use' ? [alert('free_again', 'info', 'The other program has ended, and new work is taken again.', recovered.atMs)] : [];
  return [...found, ...over, ...problems.map(({ tool, detail }) => alert(`gpu_tool:${tool}`, 'warning', `${tool} failed: ${detail} Install the driver again, then restart the machine.`, nowMs))];
}
