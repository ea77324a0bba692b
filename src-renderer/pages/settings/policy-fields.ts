/** Number fields of the policies as text: what may be entered and how it is stored (src-shared/bridge/views.ts, policiesSchema). */
import type { Policies } from '../../../src-shared/bridge/views.ts';

/** A field, its stored unit per shown unit, and its limits in shown units. */
export const policyFields = {
  settleAtPercent: { unit: 1, min: 1, max: 100 },
  settleWhenIdleMs: { unit: 1_000, min: 1, max: 604_800 },
  gasReserveTransactions: { unit: 1, min: 1, max: 1_000 },
  maxParallel: { unit: 1, min: 1, max: 64 },
  cancelWindowMs: { unit: 1_000, min: 0, max: 604_800 },
  selfAuditSample: { unit: 1, min: 0, max: 100 },
} as const;
export type PolicyField = keyof typeof policyFields;

/** Text of a stored value. */
export const policyText = (policies: Policies, field: PolicyField): string =>
  String(policies[field] / policyFields[field].unit);

/** Stored value of a text; null when it is no whole number within the limits. */
export function readPolicy(field: PolicyField, text: string): number | null {
  const { unit, min, max } = policyFields[field];
  if (!/^\d{1,9}$/.test(text.trim())) return null;
  const shown = Number(text);
  return shown >= min && shown <= max ? shown * unit : null;
}
