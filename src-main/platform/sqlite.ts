/** Opens SQLite databases; the only file that loads node:sqlite (architecture.md, "Persistence": WAL, foreign keys, busy timeout, FULL, bigint). */
import { createRequire } from 'node:module';
import type * as NodeSqlite from 'node:sqlite';
import { AppError } from '../../src-shared/errors.ts';

/** A value that goes into or comes out of a column; integers always come out as bigint. */
export type SqlValue = null | bigint | number | string | Uint8Array;
/** One row by column name; parse it before use. */
export type SqlRow = Record<string, SqlValue>;

/**
 * What a commit waits for. `full`, the default: it has survived a power cut when it returns. `ordered`: it survives the end of this process
 * at any moment, and a power cut may undo it, but only together with everything after it; the next full commit makes it last.
 */
export type Durability = 'full' | 'ordered';

/** An open database. All calls are synchronous; SQLite's own errors pass through. */
export interface Sqlite {
  /** Runs statements without parameters, for schemas and pragmas. */
  exec(sql: string): void;
  /** Runs a writing statement; tells how many rows changed. */
  run(sql: string, ...params: readonly SqlValue[]): { readonly changes: bigint; readonly lastInsertRowid: bigint };
  /** First row, or null. */
  get(sql: string, ...params: readonly SqlValue[]): SqlRow | null;
  /** All rows. */
  all(sql: string, ...params: readonly SqlValue[]): SqlRow[];
  /** Runs `work` in one transaction: all or, when it throws, nothing. Inside another transaction it becomes a savepoint of it. */
  transaction<T>(work: () => T, durability?: Durability): T;
  close(): void;
}

/** Reports statements that took longer than `thresholdMs` (architecture.md: over 40 ms). */
export interface SlowStatements {
  readonly thresholdMs: number;
  readonly now: () => number;
  readonly report: (sql: string, elapsedMs: number) => void;
}

/** The real `require`: a plain import would fail at load in a Node without SQLite, and some runtimes supply the module only to `require`. */
const loadSqlite = (): typeof NodeSqlite => {
  const load = createRequire(process.execPath);
  try {
    return load('node:sqlite') as typeof NodeSqlite;
  } catch (cause) {
    throw new AppError('store.sqlite_missing', {}, { cause });
  }
};

const pragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 5000;
  PRAGMA synchronous = FULL;
`;

/** Opens (creating it if absent) the database at `path`. Throws AppError `store.sqlite_missing` when this Node has no SQLite. */
export function openSqlite(path: string, options: { slow?: SlowStatements } = {}): Sqlite {
  const { DatabaseSync } = loadSqlite();
  const database: NodeSqlite.DatabaseSync = new DatabaseSync(path);
  database.exec(pragmas);
  const statements = new Map<string, NodeSqlite.StatementSync>();
  let depth = 0;

  const prepared = (sql: string): NodeSqlite.StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statements.set(sql, statement);
    return statement;
  };
  /** What every transaction says is compiled once, as all statements are. */
  const say = (sql: string): void => void prepared(sql).run();
  const timed = <T>(sql: string, work: () => T): T => {
    if (!options.slow) return work();
    const startedAt = options.slow.now();
    const result = work();
    const elapsedMs = options.slow.now() - startedAt;
    if (elapsedMs > options.slow.thresholdMs) options.slow.report(sql, elapsedMs);
    return result;
  };
  const undo = (nested: boolean): void =>
    database.exec(nested ? `ROLLBACK TO nested_${depth}; RELEASE nested_${depth}` : 'ROLLBACK');

  return {
    exec: (sql) => timed(sql, () => database.exec(sql)),
    run: (sql, ...params) =>
      timed(sql, () => {
        const done = prepared(sql).run(...params);
        return { changes: BigInt(done.changes), lastInsertRowid: BigInt(done.lastInsertRowid) };
      }),
    get: (sql, ...params) => timed(sql, () => (prepared(sql).get(...params) as SqlRow | undefined) ?? null),
    all: (sql, ...params) => timed(sql, () => prepared(sql).all(...params) as SqlRow[]),
    transaction: (work, durability = 'full') => {
      const nested = depth > 0;
      // SQLite takes the pragma only outside a transaction. In WAL mode NORMAL leaves out the sync of the commit, nothing else.
      const relaxed = durability === 'ordered' && !nested;
      if (relaxed) say('PRAGMA synchronous = NORMAL');
      depth += 1;
      try {
        say(nested ? `SAVEPOINT nested_${depth}` : 'BEGIN IMMEDIATE');
        let result;
        try {
          result = work();
          say(nested ? `RELEASE nested_${depth}` : 'COMMIT');
        } catch (error) {
          undo(nested);
          throw error;
        }
        return result;
      } finally {
        depth -= 1;
        if (relaxed) say('PRAGMA synchronous = FULL');
      }
    },
    close: () => database.close(),
  };
}
