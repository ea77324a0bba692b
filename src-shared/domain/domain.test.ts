/** Amount text is exact both ways, ids are strict, profiles refuse plain transport to other hosts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bigintText, decimalText, parseDecimal } from './amounts.ts';
import { taskIdSchema, ulidTimeMs } from './ids.ts';
import { networkProfileSchema } from './network-profile.ts';

const id = `0x${'1'.repeat(64)}`;
const profile = {
  id: 'sandbox', name: 'Sandbox', kind: 'sandbox', generation: 'G1', chainId: null, endpoints: ['http://127.0.0.1:9000'], atomaPackageId: id, atomaDbId: id,
  coin: { type: `${id}::toma::TOMA`, symbol: 'TOMA', decimals: 9 }, faucet: null, coordinatorUrl: 'ws://127.0.0.1:9001/v1/link', coordinatorId: null, sandboxControlUrl: null,
};

describe('amounts', () => {
  it('round-trip through decimal text at every number of decimals', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 18 }), (amount, decimals) => {
      expect(parseDecimal(decimalText(amount, decimals), decimals)).toBe(amount);
      expect(z.decode(bigintText, z.encode(bigintText, amount))).toBe(amount);
    }));
  });
  it.each([['1.204', 9, 1_204_000_000n], ['0', 9, 0n], ['.5', 9, null], ['1e3', 9, null], ['-1', 9, null], ['1.2345', 3, null], ['12.', 2, 1200n]])('parses %s', (text, decimals, expected) => {
    expect(parseDecimal(text, decimals)).toBe(expected);
  });
  it('shows negative net amounts', () => expect(decimalText(-1_500_000_000n, 9)).toBe('-1.5'));
});

describe('ids', () => {
  it('reads the time of a ULID', () => expect(ulidTimeMs('01M7XPG0PVERF7HENE4K5HTVH9')).toBe(1_795_219_260_123));
  it.each(['01m7xpg0pverf7hene4k5htvh9', '81M7XPG0PVERF7HENE4K5HTVH9', '01M7XPG0PVERF7HENE4K5HTVH'])('refuses %s', (text) => expect(taskIdSchema.safeParse(text).success).toBe(false));
});

describe('network profile', () => {
  it('accepts loopback without TLS', () => expect(networkProfileSchema.safeParse(profile).success).toBe(true));
  it('refuses plain transport to another host', () => {
    expect(networkProfileSchema.safeParse({ ...profile, endpoints: ['http://node.example'] }).success).toBe(false);
    expect(networkProfileSchema.safeParse({ ...profile, coordinatorUrl: 'ws://node.example/v1/link' }).success).toBe(false);
  });
});
