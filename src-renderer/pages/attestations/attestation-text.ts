/** What is said about an attestation: its state in one sentence, its deadline, its progress; pure functions over the view. */
import type { TFunction } from 'i18next';
import type { AttestationView, OwnTicketView } from '../../../src-shared/bridge/attestation-calls.ts';
import { countText } from '../../format/amount.ts';
import { durationText } from '../../format/time.ts';

/** True while there is something to do or to wait for. */
export const isOpen = (one: AttestationView): boolean =>
  ['running', 'waiting', 'asks', 'silent', 'disputed', 'window_over'].includes(one.phase);

const rank: Partial<Record<AttestationView['phase'], number>> = { asks: 0, running: 1, waiting: 2 };
/** What needs the operator first, then what is at work; within that the newest first. */
export const inOrder = (list: readonly AttestationView[]): AttestationView[] =>
  [...list].sort((a, b) => (rank[a.phase] ?? 3) - (rank[b.phase] ?? 3) || Number(b.stackSmallId - a.stackSmallId));

/** Failures with a sentence of their own: what the operator can do about them. */
const remedies = { 'inference.model_unavailable': 'model', 'attest.history_refused': 'history' } as const;
const remedyOf = (code: string | undefined) =>
  code !== undefined && Object.hasOwn(remedies, code) ? remedies[code as keyof typeof remedies] : null;

/** The sentence under the mark. */
export function stateText(one: AttestationView, t: TFunction): string {
  if (one.phase === 'asks') return t(`attestations.reason.${one.reason ?? 'bad_history'}`);
  if (one.phase === 'waiting')
    return t(
      `attestations.waits.${(one.waitsFor === 'backoff' ? remedyOf(one.lastError?.code) : null) ?? one.waitsFor ?? 'chain'}`,
    );
  return t(`attestations.says.${one.phase}`);
}

/** "The end of epoch 9 · 5 h left"; null before the ticket was read. */
export function deadlineText(
  one: Pick<AttestationView, 'disputeSettledAtEpoch' | 'deadlineMs'>,
  nowMs: number,
  t: TFunction,
): string | null {
  if (one.disputeSettledAtEpoch === null) return null;
  const epoch = String(one.disputeSettledAtEpoch - 1n);
  if (one.deadlineMs === null) return t('attestations.deadlineEpoch', { epoch });
  const leftMs = one.deadlineMs - nowMs;
  return leftMs <= 0
    ? t('attestations.deadlineLate', { epoch })
    : t('attestations.deadlineLeft', { epoch, left: durationText(leftMs) });
}

/** How much was run again, and whether it agrees. */
export function progressText(
  { done, total, differing }: Pick<AttestationView, 'done' | 'total' | 'differing'>,
  t: TFunction,
): string {
  if (done === 0) return t('attestations.doneNone');
  if (differing > 0) return t('attestations.doneDiffers', { count: done, differing: countText(differing) });
  return total === null ? t('attestations.doneOpen', { count: done }) : t('attestations.doneAll', { count: done });
}

/** Nodes by their numbers, each with how often it stands there. */
export function nodesText(ids: readonly bigint[], me: bigint | null, t: TFunction): string {
  const counts = new Map<bigint, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  const names = [...counts].map(
    ([id, count]) => `${id === me ? t('attestations.thisNode') : `#${id}`}${count > 1 ? ` ×${count}` : ''}`,
  );
  return names.length === 0
    ? t('attestations.none')
    : new Intl.ListFormat(undefined, { type: 'conjunction' }).format(names);
}

/** Where an own stack stands with its attestors. */
export function ownState(own: OwnTicketView): 'disputed' | 'alone' | 'complete' | 'missing' {
  if (own.isInDispute) return 'disputed';
  if (own.requested.length === 0) return 'alone';
  return own.missing.length === 0 ? 'complete' : 'missing';
}

/** The word that must be typed before a dispute is proposed. */
export const disputeWord = 'DISPUTE';
