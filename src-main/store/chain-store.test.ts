/** The chain's tables on a real database: once-only entries, exact sums of any size, earned units by trigger, damaged rows set aside. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { createChainStore } from './chain-store.ts';
import { scaleMigration } from './migrations/0003-scale.ts';
import { openStore, type Store } from './open.ts';

let dataDir = '';
let store: Store;
let tables: ReturnType<typeof createChainStore>;
let nowMs = 1_000;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chain-store-'));
  nowMs = 1_000;
  store = openStore({ dataDir }, { now: () => nowMs, log: silentLogger });
  tables = createChainStore(store);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const most = 2n ** 64n - 1n;
const entry = (change: Partial<Parameters<typeof tables.ledger.add>[0][number]> = {}) => ({
  digest: 'd', eventIndex: 0, kind: 'claim' as const, atMs: 10, epoch: 3n, stackSmallId: 1n, taskSmallId: 2n, amount: 5n, coinType: 'TOMA', ...change,
});
const stack = { stackSmallId: 1n, taskSmallId: 2n, nodeSmallId: 3n, owner: '0x1', price: most, numComputeUnits: most, samplingConsensus: true };
const tx = { digest: 'd', wallet: 'w', intent: { kind: 'subscribe', taskSmallId: 1n, price: most, maxComputeUnits: 1n }, origin: 'policy', bytes: Uint8Array.of(1, 2), signature: 's', expiresAfterEpoch: 9n } as const;
const end = { status: 'success', errorCode: null, errorMessage: null, gasMist: -7n, effects: Uint8Array.of(9), executedEpoch: 4n } as const;

describe('ledger', () => {
  it('takes each (digest, event index) once and counts it once', () => {
    expect(tables.ledger.add([entry(), entry({ eventIndex: 1, amount: most })])).toBe(2);
    expect(tables.ledger.add([entry({ amount: 999n }), entry({ eventIndex: 2, kind: 'gas', amount: -3n, coinType: 'SUI', stackSmallId: null })])).toBe(1);
    expect(tables.ledger.list(10, null).map(({ amount }) => amount).sort()).toEqual([-3n, 5n, most].sort());
    expect(tables.ledger.totals()).toEqual([{ kind: 'claim', coinType: 'TOMA', amount: most + 5n }, { kind: 'gas', coinType: 'SUI', amount: -3n }]);
    expect([tables.ledger.gasOf('d'), tables.ledger.gasOf('x')]).toEqual([3n, null]);
  });
  it('keeps totals equal to the sum of its entries', () => {
    fc.assert(fc.property(fc.array(fc.record({ digest: fc.constantFrom('a', 'b', 'c'), eventIndex: fc.integer({ min: -4, max: 4 }), amount: fc.bigInt({ min: -most, max: most }) })), (entries) => {
      tables.ledger.add(entries.map((one) => entry(one)));
      const rows = tables.ledger.list(500, null);
      expect(tables.ledger.totals()[0]?.amount ?? 0n).toBe(rows.reduce((sum, { amount }) => sum + amount, 0n));
    }), { numRuns: 20 });
  });
  it('pages from the newest without gap or repeat', () => {
    tables.ledger.add(Array.from({ length: 25 }, (_, index) => entry({ digest: `d${index % 7}`, eventIndex: index, atMs: index % 5 })));
    const seen: string[] = [];
    for (let before: string | null = null; ; ) {
      const page = tables.ledger.list(4, before);
      if (page.length === 0) break;
      seen.push(...page.map(({ digest, eventIndex }) => `${digest}:${eventIndex}`));
      before = seen.at(-1) ?? null;
    }
    expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
    expect(tables.ledger.list(4, 'nothing:1')).toEqual([]);
  });
});

describe('transactions', () => {
  it('are pending until they end, and end once', () => {
    tables.tx.add(tx);
    expect(tables.tx.pending('w')).toMatchObject([{ ...tx, status: 'pending', attempts: 0, createdMs: 1_000 }]);
    expect(() => tables.tx.add(tx)).toThrow();
    tables.tx.postpone('d', 2, 50, { code: 'chain.unreachable', message: 'm' });
    expect(tables.tx.find('d')).toMatchObject({ attempts: 2, notBeforeMs: 50, errorCode: 'chain.unreachable' });
    tables.tx.finish('d', end);
    tables.tx.finish('d', { ...end, status: 'expired' });
    expect(tables.tx.find('d')).toMatchObject(end);
    expect(tables.tx.pending('w')).toEqual([]);
  });
  it('tell the epoch of the last claim by policy', () => {
    expect(tables.tx.lastPolicyClaimEpoch()).toBeNull();
    const claim = { ...tx, intent: { kind: 'claim' as const, stackSmallIds: [1n] } };
    tables.tx.add({ ...claim, digest: '1' });
    tables.tx.finish('1', end);
    tables.tx.add({ ...claim, digest: '2', origin: 'operator' });
    tables.tx.finish('2', { ...end, executedEpoch: 8n });
    tables.tx.add({ ...claim, digest: '3' });
    tables.tx.finish('3', { ...end, status: 'failed', executedEpoch: 9n });
    expect(tables.tx.lastPolicyClaimEpoch()).toBe(4n);
  });
  it('tell the gas of the last claim', () => {
    expect(tables.tx.lastClaimGasMist()).toBeNull();
    const claim = { ...tx, intent: { kind: 'claim' as const, stackSmallIds: [1n] } };
    for (const [digest, gasMist, status] of [['1', 5n, 'success'], ['2', 7n, 'success'], ['3', 9n, 'failed']] as const) {
      tables.tx.add({ ...claim, digest });
      tables.tx.finish(digest, { ...end, status, gasMist });
    }
    expect(tables.tx.lastClaimGasMist()).toBe(7n);
  });
  it('whose intent does not parse are parked, not lost', () => {
    tables.tx.add(tx);
    store.db.run("UPDATE chain_tx SET intent = '{\"kind\":\"steal\"}'");
    expect(tables.tx.pending('w')).toEqual([]);
    expect(store.parked()).toMatchObject([{ table: 'chain_tx', id: 'd' }]);
    expect(store.db.all('SELECT digest FROM chain_tx')).toHaveLength(1);
  });
});

describe('stacks and tickets', () => {
  it('hold any u64, are added once, and a claimed one stays claimed', () => {
    tables.stacks.add(stack);
    tables.stacks.add({ ...stack, price: 1n });
    tables.stacks.setState(1n, 'settled', { settleDigest: 's' });
    tables.stacks.setState(1n, 'claimed', { claimDigest: 'c' });
    tables.stacks.setState(1n, 'gone');
    tables.stacks.setState(1n, 'open', { settleDigest: 's2' });
    expect(tables.stacks.get(1n)).toMatchObject({ ...stack, state: 'claimed', settleDigest: 's2', claimDigest: 'c', firstSeenMs: 1_000 });
    expect(tables.stacks.unfinished(3n)).toEqual([]);
    expect(tables.stacks.list(4n, 9)).toEqual([]);
  });
  it('list all that are open and the newest that are finished', () => {
    for (let id = 1n; id <= 8n; id += 1n) tables.stacks.add({ ...stack, stackSmallId: id, nodeSmallId: id === 8n ? 4n : 3n });
    for (const id of [2n, 4n, 5n, 7n]) tables.stacks.setState(id, id === 4n ? 'gone' : 'claimed', { claimDigest: id === 7n ? 'late' : 'c' });
    tables.stacks.setState(3n, 'settled');
    const listed = (limit: number) => tables.stacks.list(3n, limit).map(({ stackSmallId }) => stackSmallId);
    expect(listed(2)).toEqual([1n, 3n, 5n, 6n, 7n]);
    expect(listed(0)).toEqual([1n, 3n, 6n]);
    expect(listed(9)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    expect(['c', 'late', 'x'].map((digest) => tables.stacks.claimedBy(digest))).toEqual([3, 1, 0]);
  });
  it('keep an error until it is cleared', () => {
    tables.stacks.add(stack);
    tables.stacks.setError(1n, { code: 'chain.aborted', message: 'no', attempts: 3, notBeforeMs: 77 });
    expect(tables.stacks.get(1n)).toMatchObject({ errorCode: 'chain.aborted', errorMessage: 'no', errorMs: 1_000, attempts: 3, notBeforeMs: 77 });
    tables.stacks.setError(1n, null);
    expect(tables.stacks.get(1n)).toMatchObject({ errorCode: null, errorMs: null, attempts: 0, notBeforeMs: 0 });
  });
  it('do not lose a ticket epoch to an event that does not know it', () => {
    const ticket = { stackSmallId: 1n, claimedUnits: most, disputeSettledAtEpoch: 5n, isInDispute: false, requestedNodes: [1n, most], attestedNodes: [] };
    tables.tickets.put(ticket);
    tables.tickets.put({ ...ticket, disputeSettledAtEpoch: null, isInDispute: true });
    expect(tables.tickets.get(1n)).toMatchObject({ ...ticket, isInDispute: true });
  });
});

describe('marks', () => {
  it('pin the first chain, keep the first parked price, move cursors', () => {
    tables.pins.set('n', 'one');
    tables.pins.set('n', 'two');
    expect([tables.pins.get('n'), tables.pins.get('m')]).toEqual(['one', null]);
    tables.parked.put({ taskSmallId: 1n, price: 7n, maxComputeUnits: 8n });
    tables.parked.put({ taskSmallId: 1n, price: most, maxComputeUnits: 8n });
    expect(tables.parked.list()).toEqual([{ taskSmallId: 1n, price: 7n, maxComputeUnits: 8n }]);
    tables.parked.remove(1n);
    expect(tables.parked.list()).toEqual([]);
    tables.cursor.set('e', 'a');
    tables.cursor.set('e', 'b');
    expect(tables.cursor.get('e')).toBe('b');
  });
});

describe('earnings', () => {
  const acknowledge = (taskId: string, units: bigint, atMs: bigint, entryIndex: bigint | null): void => {
    store.db.run("INSERT INTO jobs (task_id, task_small_id, stack_small_id, workload_class, model, max_compute_units, deadline_ms, stream, stage, received_ms) VALUES (?, 2, 1, 'w', 'm', 9, 9, 0, 'proved', 1)", taskId);
    store.db.run("INSERT INTO signing_records (task_id, stack_small_id, poe, entry, compute_units, input_units, output_units, fingerprint, queued_ms, decrypt_ms, execute_ms, total_ms, recorded_ms) VALUES (?, 1, 'p', 'e', ?, 0, 0, 'f', 0, 0, 0, 0, 1)", taskId, units);
    store.db.run("INSERT INTO acks (task_id, stack_small_id, coordinator_id, status, entry_index, sig, received_ms) VALUES (?, 1, 'c', ?, ?, 's', ?)", taskId, entryIndex === null ? 'rejected' : 'accepted', entryIndex, atMs);
  };
  it('count acknowledged work by quarter of an hour, and rejected work not at all', () => {
    tables.stacks.add({ ...stack, price: 10n });
    acknowledge('a', 30n, 900_000n, 0n);
    acknowledge('b', 12n, 1_799_999n, 1n);
    acknowledge('c', 5n, 1_800_000n, 2n);
    acknowledge('x', 99n, 1_800_000n, null);
    expect(tables.earnings.quarters(0).map(({ quarterMs, units, jobs, price }) => [quarterMs, units, jobs, price])).toEqual([[900_000, 42n, 2, 10n], [1_800_000, 5n, 1, 10n]]);
    expect(tables.earnings.quarters(1_800_000)).toHaveLength(1);
    expect([tables.earnings.unitsOf(1n), tables.earnings.unitsOf(2n)]).toEqual([47n, 0n]);
  });
  it('count it by local day, task and price too, also when the stack is read later', () => {
    const at = (day: number, hour: number): bigint => BigInt(new Date(2026, 2, day, hour).getTime());
    acknowledge('a', 30n, at(5, 0), 0n);
    acknowledge('b', 12n, at(5, 23), 1n);
    expect(tables.earnings.days(0)).toEqual([]);
    tables.stacks.add({ ...stack, price: most, samplingConsensus: false });
    acknowledge('c', 5n, at(6, 1), 2n);
    acknowledge('d', 1n, at(5, 12), 3n);
    acknowledge('x', 99n, at(5, 12), null);
    const day = { taskSmallId: 2n, price: most, samplingConsensus: false };
    expect(tables.earnings.days(0)).toEqual([
      { ...day, dayMs: new Date(2026, 2, 5).getTime(), units: 43n, jobs: 3 },
      { ...day, dayMs: new Date(2026, 2, 6).getTime(), units: 5n, jobs: 1 },
    ]);
    const noon = Number(at(6, 12));
    expect(tables.earnings.days(noon)).toMatchObject([{ units: 5n }]);
    expect([tables.earnings.before(noon), tables.earnings.before(0)]).toEqual([[{ units: 43n, price: most, samplingConsensus: false }], []]);
    store.db.run("UPDATE earned_days SET day = 'once' WHERE units = 5");
    expect(tables.earnings.days(0)).toHaveLength(1);
    expect(store.parked()).toMatchObject([{ table: 'earned_days', reason: 'day: invalid_format' }]);
  });
  it('are the same after the migration as when they are counted from the start', () => {
    tables.stacks.add({ ...stack, price: 10n });
    acknowledge('a', 30n, 900_000n, 0n);
    acknowledge('b', 12n, 1_799_999n, 1n);
    const counted = tables.earnings.days(0);
    const insert = /INSERT INTO earned_days[^;]*GROUP BY 1, 2, 3, 4;/.exec(scaleMigration.sql)?.[0] ?? '';
    store.db.exec('DELETE FROM earned_days');
    store.db.exec(insert);
    expect(counted).toMatchObject([{ units: 42n, jobs: 2, price: 10n }]);
    expect(tables.earnings.days(0)).toEqual(counted);
  });
});
