/** Fills a store with the history of a long-lived node, so that views can be measured at a size (product.md, Budgets: 100,000 and 1,000,000 ledger rows). */
import type { Store } from '../../src-main/store/open.ts';
import type { SqlValue } from '../../src-main/platform/sqlite.ts';

/** What was filled in. */
export type Filled = { ledgerRows: number; stacks: number; jobs: number };

type Options = { ledgerRows: number; nowMs: number; nodeSmallId: bigint; openStacks: number; coinType: string; gasCoinType: string };

const years = 3;
const stacksPerClaim = 10n;
const jobUnits = 150n;

/**
 * Three years of stacks: each was settled alone and claimed with nine others, so it left a gas row, a claim row and a tenth of another gas row;
 * one request per stack, and the newest `openStacks` are still open. Written in bulk SQL, since rows one by one would take minutes; triggers run as ever.
 */
export function fillHistory(store: Store, { ledgerRows, nowMs, nodeSmallId, openStacks, coinType, gasCoinType }: Options): Filled {
  const stacks = BigInt(Math.floor((ledgerRows * 10) / 21));
  const spanMs = BigInt(years * 365 * 86_400_000);
  const startMs = BigInt(nowMs) - spanMs;
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)';
  const stepMs = spanMs / (stacks + 1n);
  const run = (sql: string, ...params: SqlValue[]): void => void store.db.run(sql, ...params);
  // Parameter 2 is the start, 3 the step: stack i had its request at start + i × step.
  const at = '?2 + i * ?3';
  store.transaction(() => {
    run(
      `${numbers} INSERT INTO stacks (stack_small_id, task_small_id, node_small_id, owner, price, num_compute_units, sampling_consensus, state, settle_digest, claim_digest, first_seen_ms, updated_ms)
       SELECT i, 1 + i % 3, ?4, '0x1', '100', '2000', 0, CASE WHEN i > ?1 - ?5 THEN 'open' ELSE 'claimed' END,
         CASE WHEN i > ?1 - ?5 THEN NULL ELSE 'settle' || i END, CASE WHEN i > ?1 - ?5 THEN NULL ELSE 'claim' || (i / ?6) END, ${at}, ${at} FROM n`,
      stacks, startMs, stepMs, nodeSmallId, BigInt(openStacks), stacksPerClaim,
    );
    run(
      `${numbers} INSERT INTO tickets (stack_small_id, claimed_units, dispute_settled_at_epoch, is_in_dispute, requested_nodes, attested_nodes, updated_ms)
       SELECT i, '${jobUnits}', 10, 0, '[]', '[]', ${at} FROM n WHERE i <= ?1 - ?4`,
      stacks, startMs, stepMs, BigInt(openStacks),
    );
    run(
      `${numbers} INSERT INTO jobs (task_id, task_small_id, stack_small_id, workload_class, model, max_compute_units, deadline_ms, stream, stage, received_ms, finished_ms)
       SELECT printf('01BENCH%019d', i), 1 + i % 3, i, 'ai.inference', 'sandbox/tiny-chat@0123456789ab', 500, ${at} + 60000, 0, CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'accepted' END, ${at}, ${at} + 900 FROM n`,
      stacks, startMs, stepMs,
    );
    run(
      `${numbers} INSERT INTO signing_records (task_id, stack_small_id, poe, entry, compute_units, input_units, output_units, fingerprint, queued_ms, decrypt_ms, execute_ms, total_ms, recorded_ms)
       SELECT printf('01BENCH%019d', i), i, printf('%064x', i), printf('%064x', i * 7), ${jobUnits}, 100, 50, 'f', 1, 2, 800, 900, ${at} FROM n WHERE i % 100 <> 0`,
      stacks, startMs, stepMs,
    );
    run(
      `${numbers} INSERT INTO acks (task_id, stack_small_id, coordinator_id, status, entry_index, sig, received_ms)
       SELECT printf('01BENCH%019d', i), i, '0x2', 'accepted', 0, 's', ${at} FROM n WHERE i % 100 <> 0`,
      stacks, startMs, stepMs,
    );
    run(
      `${numbers} INSERT INTO ledger (digest, event_index, kind, at_ms, epoch, stack_small_id, task_small_id, amount, coin_type)
       SELECT 'settle' || i, -1, 'gas', ${at} + 1000, 1, NULL, NULL, '-1500000', ?4 FROM n`,
      stacks, startMs, stepMs, gasCoinType,
    );
    run(
      `${numbers} INSERT INTO ledger (digest, event_index, kind, at_ms, epoch, stack_small_id, task_small_id, amount, coin_type)
       SELECT 'claim' || (i / ?5), i % ?5, 'claim', ${at} + 2000, 1, i, 1 + i % 3, '15000', ?4 FROM n`,
      stacks, startMs, stepMs, coinType, stacksPerClaim,
    );
    run(
      `${numbers} INSERT INTO ledger (digest, event_index, kind, at_ms, epoch, stack_small_id, task_small_id, amount, coin_type)
       SELECT 'claim' || i, -1, 'gas', ?2 + i * ?5 * ?3 + 2000, 1, NULL, NULL, '-2500000', ?4 FROM n WHERE i <= ?6`,
      stacks / stacksPerClaim, startMs, stepMs, gasCoinType, stacksPerClaim, stacks / stacksPerClaim,
    );
    run('INSERT OR REPLACE INTO ledger_totals (kind, coin_type, amount) SELECT kind, coin_type, CAST(sum(CAST(amount AS INTEGER)) AS TEXT) FROM ledger GROUP BY kind, coin_type');
  });
  const count = (table: string): number => Number(store.db.get(`SELECT count(*) AS n FROM ${table}`)?.['n']);
  return { ledgerRows: count('ledger'), stacks: count('stacks'), jobs: count('jobs') };
}

/** One stack of this node with `requests` accepted requests behind it. */
export function fillStack(store: Store, stackSmallId: bigint, requests: number): void {
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)';
  const [count, stack] = [BigInt(requests), stackSmallId];
  store.transaction(() => {
    store.db.run(
      `${numbers} INSERT INTO jobs (task_id, task_small_id, stack_small_id, workload_class, model, max_compute_units, deadline_ms, stream, stage, received_ms, finished_ms)
       SELECT printf('01STACK%019d', i), 1, ?2, 'ai.inference', 'sandbox/tiny-chat@0123456789ab', 500, 60000, 0, 'accepted', i, i + 900 FROM n`,
      count, stack,
    );
    store.db.run(
      `${numbers} INSERT INTO signing_records (task_id, stack_small_id, poe, entry, compute_units, input_units, output_units, fingerprint, queued_ms, decrypt_ms, execute_ms, total_ms, recorded_ms)
       SELECT printf('01STACK%019d', i), ?2, printf('%064x', i), printf('%064x', i * 7), ${jobUnits}, 100, 50, 'f', 1, 2, 800, 900, i FROM n`,
      count, stack,
    );
    store.db.run(
      `${numbers} INSERT INTO acks (task_id, stack_small_id, coordinator_id, status, entry_index, sig, received_ms)
       SELECT printf('01STACK%019d', i), ?2, '0x2', 'accepted', i, 's', i FROM n`,
      count, stack,
    );
  });
}
