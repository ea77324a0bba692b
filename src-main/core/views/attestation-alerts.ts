/** What of attestations and self-audits needs the operator: asked with deadline and penalty, half the window gone, a difference, a slash, a failed audit (product.md, "Policies": alarm at half the window). */
import type { AttestationView, AttestReason, StackAuditView } from '../../../src-shared/bridge/attestation-calls.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import type { Alert } from './alerts.ts';

type Facts = { coin: Coin; attestations: readonly AttestationView[]; audits: readonly StackAuditView[] };

/** Why it asks, as the end of "Stack #3: …". */
const reasons: Readonly<Record<AttestReason, string>> = {
  difference: 'a request gives another answer here than the node that served it signed for. Decide between silence and a dispute',
  fingerprint: 'everything agrees, but another engine computed it. Attest if you trust that',
  commitment: 'every request agrees, but the commitment on chain is over something else. Decide between silence and a dispute',
  would_dispute: 'attesting it would open a dispute by itself and freeze it for ever. Nothing was sent',
  no_history: 'its requests are not kept by the coordinator, so nobody can check them. Stay silent or decide',
  bad_history: 'the history that the coordinator gave cannot be run. Try again, or stay silent',
  unsupported: 'it holds work that this node does not run. Stay silent or decide',
};
const waits: Readonly<Partial<Record<NonNullable<AttestationView['waitsFor']>, string>>> = {
  no_coordinator: 'this network has no coordinator to ask for its requests',
  link: 'the link to the coordinator is down',
  policy: 'attesting by itself is switched off',
};

/** An amount in whole coins, exactly. */
export function amountText(value: bigint, { decimals, symbol }: Coin): string {
  const unit = 10n ** BigInt(decimals);
  const fraction = (value % unit).toString().padStart(decimals, '0').replace(/0+$/, '');
  return `${value / unit}${fraction === '' ? '' : `.${fraction}`} ${symbol}`;
}

/** The alerts; each goes away when its cause is mended, a slash when the operator has seen it. */
export function attestationAlerts({ coin, attestations, audits }: Facts): Alert[] {
  return [...attestations.flatMap((one) => ofAttestation(one, coin)), ...audits.flatMap(ofAudit)];
}

function ofAttestation(one: AttestationView, coin: Coin): Alert[] {
  const cost = one.penalty === null ? 'the penalty' : amountText(one.penalty, coin);
  const until = one.disputeSettledAtEpoch === null ? '' : ` by the end of epoch ${one.disputeSettledAtEpoch - 1n}`;
  const make = (code: string, level: Alert['level'], text: string): Alert => ({
    id: `${code}:${one.stackSmallId}`, level, code, message: `Stack #${one.stackSmallId}: ${text}`, page: 'attestations', sinceMs: one.updatedMs,
  });
  switch (one.phase) {
    case 'asks':
      return [make('attest_asks', 'danger', `${one.reason === null ? 'it asks you' : reasons[one.reason]}. Silence costs ${cost}.`)];
    case 'running':
    case 'waiting': {
      const why = one.lastError?.message ?? (one.waitsFor === null ? null : (waits[one.waitsFor] ?? null));
      const text = `this node is asked to check it${until}; silence costs ${cost}${why === null ? '' : `. It waits: ${why.replace(/\.$/, '')}`}.`;
      if (one.urgent) return [make('attest_half_window', 'danger', `half the window is gone; ${text}`)];
      return [make('attest_asked', why === null ? 'info' : 'warning', text)];
    }
    case 'slashed':
      return one.dismissed ? [] : [make('attest_slashed', 'warning', `claimed before this node attested it: ${cost} of the collateral ${one.penalty === null ? 'was' : 'were'} taken.`)];
    default:
      return [];
  }
}

function ofAudit(audit: StackAuditView): Alert[] {
  const make = (code: string, level: Alert['level'], text: string): Alert => ({
    id: `${code}:${audit.stackSmallId}`, level, code, message: `Stack #${audit.stackSmallId}: ${text}`, page: 'attestations', sinceMs: audit.updatedMs,
  });
  if (audit.status === 'failed') {
    const what = audit.differing > 0 ? 'a request run again gives another answer than the one that was signed' : 'its commitment is not the one over the stored entries';
    return [make('audit_failed', 'danger', `the check before settling failed: ${what}. It is not settled by itself; look at the evidence and decide.`)];
  }
  if (audit.status === 'wanted' && audit.lastError !== null) return [make('audit_waits', 'warning', `the check before settling waits: ${audit.lastError.message}`)];
  return [];
}
