/** Opens the node's database once: folder, schema, rows through zod, parked rows, topics after commit (architecture.md, "Persistence"). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Topic } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { openSqlite, type Durability, type Sqlite, type SqlRow, type SqlValue } from '../platform/sqlite.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all.ts';

/** Where rows of one table come from: the columns that make the id of a parked row. */
export type RowSource = { table: string; id: readonly string[] };

/** A row that was set aside because it does not parse; it stays in its table too. */
export type ParkedRow = { table: string; id: string; reason: string };

/** The open database and what every table group shares. */
export type Store = {
  /** For the files of this folder only. */
  db: Sqlite;
  now(): number;
  /** All or nothing; topics announced inside are told after the commit, and not at all when it fails. */
  transaction<T>(work: () => T, durability?: Durability): T;
  /** Says that something of a topic changed; told at once, or after the commit inside a transaction. */
  announce(topic: Topic): void;
  /** Calls back with each topic that changed; returns the way to stop it. */
  onTopic(listener: (topic: Topic) => void): () => void;
  /** Rows through `schema`; one that does not parse is parked with the reason, shown, and left out. */
  parse<T>(source: RowSource, schema: z.ZodType<T>, rows: readonly SqlRow[]): T[];
  /** Reads rows and parses them. */
  readAll<T>(source: RowSource, schema: z.ZodType<T>, sql: string, ...params: readonly SqlValue[]): T[];
  /** First row as {@link Store.readAll}; null when there is none or it was parked. */
  readOne<T>(source: RowSource, schema: z.ZodType<T>, sql: string, ...params: readonly SqlValue[]): T | null;
  /** Rows that were set aside. */
  parked(): ParkedRow[];
  close(): void;
};

type Options = { dataDir: string };
type Deps = { now: () => number; log: Logger };

const slowStatementMs = 40;

/**
 * Opens (creating when absent) the database in `dataDir` and brings it to the newest schema.
 * @throws AppError store.sqlite_missing, store.newer_schema, store.damaged
 */
export function openStore({ dataDir }: Options, { now, log }: Deps): Store {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = openChecked(join(dataDir, 'console.db'), { now, log });
  const listeners = new Set<(topic: Topic) => void>();
  let held: Set<Topic> | null = null;
  const tell = (topic: Topic): void => listeners.forEach((listener) => listener(topic));

  const park = (source: RowSource, row: SqlRow, error: z.ZodError): void => {
    const id = source.id.map((column) => String(row[column])).join(':');
    // Names and paths of the fields only: a reason is shown and logged, and a value may be private.
    const reason = error.issues.map((issue) => `${issue.path.join('.') || 'row'}: ${issue.code}`).join('; ');
    const parked = db.run(
      'INSERT INTO parked_rows (table_name, row_id, reason, content, parked_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT (table_name, row_id) DO NOTHING',
      source.table, id, reason, asText(row), BigInt(now()),
    );
    if (parked.changes === 0n) return;
    log.error('store.row_parked', { table: source.table, id, reason });
    store.announce('settings');
  };

  const store: Store = {
    db,
    now,
    transaction(work, durability) {
      if (held !== null) return db.transaction(work, durability);
      const topics = new Set<Topic>();
      held = topics;
      let result;
      try {
        result = db.transaction(work, durability);
      } finally {
        held = null;
      }
      topics.forEach(tell);
      return result;
    },
    announce(topic) {
      if (held === null) tell(topic);
      else held.add(topic);
    },
    onTopic(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    parse: (source, schema, rows) =>
      rows.flatMap((row) => {
        const parsed = schema.safeParse(row);
        if (parsed.success) return [parsed.data];
        park(source, row, parsed.error);
        return [];
      }),
    readAll: (source, schema, sql, ...params) => store.parse(source, schema, db.all(sql, ...params)),
    readOne: (source, schema, sql, ...params) => store.readAll(source, schema, sql, ...params)[0] ?? null,
    parked: () =>
      db.all('SELECT table_name, row_id, reason FROM parked_rows ORDER BY parked_ms, table_name, row_id').map((row) => ({
        table: String(row['table_name']),
        id: String(row['row_id']),
        reason: String(row['reason']),
      })),
    close: () => db.close(),
  };
  return store;
}

/** Opens and migrates; an error of SQLite itself means a file that cannot be read. */
function openChecked(path: string, { now, log }: Deps): Sqlite {
  let db: Sqlite | null = null;
  try {
    db = openSqlite(path, {
      slow: { thresholdMs: slowStatementMs, now, report: (sql, elapsedMs) => log.warn('store.slow_statement', { sql: sql.slice(0, 80), elapsedMs }) },
    });
    migrate(db, migrations);
    return db;
  } catch (caught) {
    db?.close();
    if (caught instanceof AppError) throw caught;
    throw new AppError('store.damaged', { detail: caught instanceof Error ? caught.message : 'unknown' }, { cause: caught });
  }
}

/** A row as JSON text: bigint as decimal text, bytes as their length. */
const asText = (row: SqlRow): string =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? `${value.length} bytes` : value));
