/** What the form accepts, the contract accepts; what is stored is shown unchanged. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policiesSchema } from '../../../src-shared/bridge/views.ts';
import type { Policies } from '../../../src-shared/bridge/views.ts';
import { policyFields, policyText, readPolicy } from './policy-fields.ts';
import type { PolicyField } from './policy-fields.ts';

const policies: Policies = {
  autoSettle: true,
  settleAtPercent: 95,
  settleWhenIdleMs: 600_000,
  autoClaim: true,
  gasReserveTransactions: 20,
  maxParallel: 2,
  cancelWindowMs: 86_400_000,
  autoAttest: true,
  selfAuditSample: 3,
  waitForAttestors: true,
};
const names = Object.keys(policyFields) as PolicyField[];

describe('policy fields', () => {
  it.each(names)('%s survives being shown and read', (field) =>
    expect(readPolicy(field, policyText(policies, field))).toBe(policies[field]),
  );
  it('never lets through what the contract refuses', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.integer({ min: 0, max: 999_999_999 }), (field, shown) => {
        const value = readPolicy(field, String(shown));
        if (value !== null) expect(policiesSchema.safeParse({ ...policies, [field]: value }).success).toBe(true);
      }),
    );
  });
  it.each(['', '1.5', '-1', 'x'])('refuses %j', (text) => expect(readPolicy('maxParallel', text)).toBeNull());
});
