/** The ledger's lists: cursors both ways, ranges, filters and ends as the protocol describes them, each read through an index (Sui rpc v2 QueryOptions; issue 3, items 2 and 7). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../platform/sqlite.ts';
import { startTestChain } from '../test-chain.ts';
import type { TestChain } from '../test-chain.ts';
import { firstPositionSql, scanSql } from './ledger-scan.ts';
import { LEDGER_SCHEMA } from './schema.ts';

let test: TestChain;
const TASKS = 7;
const wallet = `0x${'77'.repeat(32)}`;
const reason = T.QueryEndReason;

beforeEach(async () => {
  test = await startTestChain({ tasks: Array.from({ length: TASKS }, (_, i) => ({ modelName: `m${i}` })) });
  await test.chain.faucetSui(wallet, 1n);
  test.chain.advanceEpoch();
});
afterEach(() => test.stop());

type Predicate = T.EventLiteral['predicate'];
const where = (...terms: readonly (readonly [Predicate, boolean?][])[]): T.EventFilter => ({
  terms: terms.map((literals) => ({
    literals: literals.map(([predicate, negated = false]) => ({ predicate, negated })),
  })),
});
const ofType = (eventType: string): Predicate => ({ oneofKind: 'eventType', eventType: { eventType } });
const from = (address: string): Predicate => ({ oneofKind: 'sender', sender: { address } });
const byModule = (module: string): Predicate => ({ oneofKind: 'emitModule', emitModule: { module } });

const list = async (request: Partial<T.ListEventsRequest> = {}): Promise<T.ListEventsResponse[]> => {
  const frames: T.ListEventsResponse[] = [];
  const call = test.client.ledgerService.listEvents({ readMask: { paths: ['*'] }, ...request });
  for await (const frame of call.responses) frames.push(frame);
  return frames;
};
const checkpointsOf = (frames: readonly T.ListEventsResponse[]) =>
  frames.flatMap(({ event }) => (event ? [event.checkpoint] : []));
const cursor = (frames: readonly T.ListEventsResponse[], at: number): Uint8Array =>
  frames.at(at)?.watermark?.cursor ?? new Uint8Array();

describe('a page of events', () => {
  it('carries a cursor on every frame and exactly one end; a full page ends on its last item', async () => {
    const full = await list({ options: { limit: 3, ordering: T.Ordering.ASCENDING } });
    expect(full.map((frame) => frame.end?.reason)).toEqual([undefined, undefined, reason.ITEM_LIMIT]);
    expect(full.every((frame) => frame.event && frame.watermark?.cursor?.length === 8)).toBe(true);
    const rest = await list({ options: { ordering: T.Ordering.ASCENDING, after: cursor(full, -1) } });
    expect(checkpointsOf([...full, ...rest])).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
    expect(rest.at(-1)).toMatchObject({ end: { reason: reason.LEDGER_TIP } });
    expect(rest.at(-1)?.event).toBeUndefined();
    // Nothing new: the cursor stays, and what comes later is found behind it.
    const none = await list({ options: { ordering: T.Ordering.ASCENDING, after: cursor(rest, -1) } });
    expect(none.length).toBe(1);
    await test.chain.administer({ kind: 'create-task', task: { modelName: 'late' } });
    const late = await list({ options: { ordering: T.Ordering.ASCENDING, after: cursor(none, -1) } });
    expect(checkpointsOf(late).length).toBe(1);
  });

  it('says which checkpoint it has fully covered: never one that may hold more', async () => {
    const frames = await list();
    expect(frames.map((frame) => frame.watermark?.checkpoint)).toEqual([undefined, 1n, 2n, 3n, 4n, 5n, 6n, 9n]);
    const down = await list({ options: { ordering: T.Ordering.DESCENDING, limit: 2 } });
    expect(down.map((frame) => frame.watermark?.checkpoint)).toEqual([undefined, 7n]);
  });

  it('keeps the meaning of after and before in both orders, and composes them with checkpoints', async () => {
    const all = await list();
    const options = { after: cursor(all, 1), before: cursor(all, 5) };
    expect(checkpointsOf(await list({ options: { ...options, ordering: T.Ordering.ASCENDING } }))).toEqual([
      3n,
      4n,
      5n,
    ]);
    const down = await list({ options: { ...options, ordering: T.Ordering.DESCENDING } });
    expect(checkpointsOf(down)).toEqual([5n, 4n, 3n]);
    expect(down.at(-1)?.end?.reason).toBe(reason.CURSOR_BOUND);
    const ranged = await list({ startCheckpoint: 4n, endCheckpoint: 7n });
    expect(checkpointsOf(ranged)).toEqual([4n, 5n, 6n]);
    expect(ranged.at(-1)?.end?.reason).toBe(reason.CHECKPOINT_BOUND);
    const both = await list({ startCheckpoint: 4n, options: { ...options, ordering: T.Ordering.ASCENDING } });
    expect(checkpointsOf(both)).toEqual([4n, 5n]);
    expect(checkpointsOf(await list({ startCheckpoint: 9n }))).toEqual([]);
  });

  it('gives the same pages under every filter as filtering by hand', async () => {
    const { packageId, publisher } = test.chain;
    const type = `${packageId}::db::TaskRegisteredEvent`;
    const cases: readonly [T.EventFilter, number][] = [
      [where([[ofType(type)]]), TASKS],
      [where([[ofType(`${packageId}::db`)]]), TASKS],
      [where([[ofType(packageId)]]), TASKS],
      [where([[ofType(`${packageId}::db::TaskRegistered`)]]), 0],
      [where([[byModule(`${packageId}::db`)]]), TASKS],
      [where([[byModule(packageId)]]), TASKS],
      [where([[byModule(`${packageId}::toma`)]]), 0],
      [where([[from(publisher)]]), TASKS],
      [where([[from(wallet)]]), 0],
      [where([[from(wallet)]], [[ofType(type)]]), TASKS],
      [where([[from(publisher)]], [[ofType(type)]]), TASKS],
      [where([[ofType(type)], [from(publisher), true]]), 0],
      [where([[from(wallet), true]]), TASKS],
    ];
    for (const [filter, count] of cases) {
      const seen: unknown[] = [];
      let after: Uint8Array | undefined;
      for (;;) {
        const options = { ordering: T.Ordering.ASCENDING, limit: 2, ...(after ? { after } : {}) };
        const page = await list({ filter, options });
        seen.push(...checkpointsOf(page));
        after = cursor(page, -1);
        if (page.at(-1)?.end?.reason !== reason.ITEM_LIMIT) break;
      }
      expect([JSON.stringify(filter), seen.length, new Set(seen).size]).toEqual([JSON.stringify(filter), count, count]);
    }
  });

  it('refuses filters and cursors that say nothing', async () => {
    const bad: Partial<T.ListEventsRequest>[] = [
      { filter: { terms: [] } },
      { filter: { terms: [{ literals: [] }] } },
      { filter: where([[ofType('')]]) },
      { filter: where([[ofType('nonsense')]]) },
      { filter: where([[from('0xzz')]]) },
      { filter: where([[{ oneofKind: 'eventStreamHead', eventStreamHead: {} }]]) },
      { options: { ordering: T.Ordering.ASCENDING, after: new Uint8Array([1]) } },
      { startCheckpoint: 5n, endCheckpoint: 4n },
      { readMask: { paths: ['no_such_field'] } },
      { readMask: { paths: ['sender.more'] } },
    ];
    for (const request of bad) await expect(list(request)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('other lists', () => {
  it('of transactions: by sender, by call, by cursor', async () => {
    const { packageId, publisher } = test.chain;
    const first = await test.client.listTransactions({ filter: { sender: publisher }, limit: 5 });
    const next = await test.client.listTransactions({
      filter: { sender: publisher },
      limit: 5,
      after: first.endCursor,
    });
    expect([first.transactions.length, next.transactions.length, next.hasNextPage]).toEqual([5, TASKS + 1 - 5, false]);
    const calls = await test.client.listTransactions({ filter: { function: `${packageId}::db::create_task_entry` } });
    expect(calls.transactions.length).toBe(TASKS);
    expect((await test.client.listTransactions({ filter: { sender: wallet } })).transactions).toEqual([]);
  });

  it('of checkpoints: gapless, each naming the one before, with the transactions they hold', async () => {
    const frames: T.ListCheckpointsResponse[] = [];
    const paths = ['sequence_number', 'digest', 'summary', 'transactions.digest'];
    for await (const frame of test.client.ledgerService.listCheckpoints({ readMask: { paths } }).responses)
      frames.push(frame);
    const found = frames.flatMap(({ checkpoint }) => checkpoint ?? []);
    expect(found.map((one) => one.sequenceNumber)).toEqual(found.map((_, i) => BigInt(i)));
    expect(found.map((one) => one.transactions.length)).toEqual([0, ...Array<number>(TASKS + 1).fill(1), 0]);
    found.slice(1).forEach((one, i) => expect(one.summary?.previousDigest).toBe(found[i]?.digest));
    expect(found[0]?.digest).toBe(test.chain.chainId);
    const { response } = await test.client.ledgerService.getCheckpoint({
      checkpointId: { oneofKind: 'digest', digest: found[3]?.digest ?? '' },
    });
    expect(response.checkpoint?.sequenceNumber).toBe(3n);
  });
});

describe('reading the tables', () => {
  it('goes through an index and sorts nothing, whatever the key and the order', () => {
    const db = openSqlite(':memory:');
    db.exec(LEDGER_SCHEMA);
    const plan = (sql: string): string =>
      db
        .all(`EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`)
        .map((row) => String(row['detail']))
        .join('; ');
    const statements = [false, true].flatMap((descending) => [
      scanSql('events', 'position', descending),
      scanSql('events', 'type', descending),
      scanSql('events', 'sender', descending),
      scanSql('events', 'module', descending),
      scanSql('transactions', 'position', descending),
      scanSql('transactions', 'sender', descending),
      scanSql('checkpoints', 'position', descending),
    ]);
    for (const sql of [
      ...statements,
      firstPositionSql('events'),
      firstPositionSql('transactions'),
      'SELECT max(position) AS last FROM events',
      'SELECT * FROM events WHERE digest = ? ORDER BY event_index',
      'SELECT * FROM transactions WHERE checkpoint = ? ORDER BY position',
      'SELECT * FROM checkpoints WHERE epoch = ? ORDER BY sequence LIMIT 1',
    ]) {
      expect([sql, plan(sql)]).toEqual([sql, expect.stringMatching(/^SEARCH [^;]*$/)]);
    }
    db.close();
  });
});
