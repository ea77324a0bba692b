/** What the window shows adds up: over any ledger, its totals are the sums of its lines, page by page, and of its days (product.md, "Rules": money is exact). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { LedgerRow } from '../core/ledger-entries.ts';
import { silentLogger } from '../log/logger.ts';
import { testnetG1 } from '../network/profiles.ts';
import { createChainStore } from '../store/chain-store.ts';
import { openStore } from '../store/open.ts';
import { createMoneyViews } from './money-views.ts';
import type { Observer } from './observer.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const kinds = ['claim', 'fee', 'collateral', 'collateral_returned', 'faucet', 'transfer'] as const;
/** Up to the largest amount of a chain, and below zero. */
const amount = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n });
const daysAgo = fc.integer({ min: 0, max: 40 });
/** Gas of a day is summed by the database, in 63 bits. */
const line = fc.oneof(fc.record({ kind: fc.constantFrom(...kinds), amount, daysAgo }), fc.record({ kind: fc.constant('gas' as const), amount: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }), daysAgo }));

const rowsOf = (lines: readonly { kind: LedgerRow['kind']; amount: bigint; daysAgo: number }[]): LedgerRow[] =>
  lines.map(({ kind, amount: value, daysAgo }, index) => ({
    kind, amount: value, digest: `digest${index}`, eventIndex: kind === 'gas' ? -1 : 0, atMs: nowMs - daysAgo * 86_400_000, epoch: 1n, stackSmallId: null, taskSmallId: null,
    coinType: kind === 'gas' ? suiCoin.type : testnetG1.coin.type,
  }));
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Views over a fresh store with these lines. */
function withLedger(rows: readonly LedgerRow[], check: (views: ReturnType<typeof createMoneyViews>) => void): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'ledger-'));
  const store = openStore({ dataDir }, { now: () => nowMs, log: silentLogger });
  try {
    const chainStore = createChainStore(store);
    chainStore.ledger.add([...rows]);
    const observer = { snapshot: () => ({ db: null, epoch: null, readAtMs: nowMs }), node: () => null, task: () => null } as unknown as Observer;
    check(createMoneyViews(testnetG1, { store: chainStore, observer, stacks: { isUnderWay: () => false, strandedBy: () => null }, stackWork: () => { throw new Error('no stack here'); }, now: () => nowMs }));
  } finally {
    store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

describe('totals over a random ledger', () => {
  it('are the sums of its lines, and every line is on exactly one page', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (lines, pageSize) => {
        const rows = rowsOf(lines);
        withLedger(rows, (views) => {
          const shown: ReturnType<typeof views.ledger> = [];
          for (let before: string | null = null; ; ) {
            const page = views.ledger(pageSize, before);
            shown.push(...page);
            if (page.length < pageSize) break;
            before = page.at(-1)?.id ?? null;
          }
          expect(shown.map(({ id }) => id).sort()).toEqual(rows.map((row) => `${row.digest}:${row.eventIndex}`).sort());
          const of = (...wanted: LedgerRow['kind'][]): bigint => sum(shown.filter(({ kind }) => wanted.includes(kind)).map((entry) => entry.amount));
          const { claimed, gasMist } = views.earnings();
          expect(claimed.value).toBe(of('claim', 'fee'));
          expect(gasMist).toBe(-of('gas'));
          expect(sum(views.gasDays(0).map((day) => day.gasMist))).toBe(-of('gas'));
        });
      }),
      { numRuns: 25 },
    );
  });
});
