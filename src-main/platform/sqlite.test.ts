/** The database as architecture.md wants it: pragmas, bigint, transactions; and that the module is found by a CommonJS load hook. */
import { mkdtempSync, rmSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from './sqlite.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openSqlite', () => {
  it('sets the pragmas and reads integers as bigint', () => {
    const db = openSqlite(join(folder, 'a.db'));
    expect(db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(db.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1n });
    expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: 2n });
    db.exec('CREATE TABLE t (a INTEGER, b BLOB) STRICT');
    expect(db.run('INSERT INTO t VALUES (?, ?)', 2n ** 62n, new Uint8Array([1, 2])).changes).toBe(1n);
    expect(db.get('SELECT * FROM t')).toEqual({ a: 2n ** 62n, b: new Uint8Array([1, 2]) });
    expect(db.get('SELECT * FROM t WHERE a = ?', 1n)).toBeNull();
    db.close();
  });
  it('rolls a failed transaction back, a nested one alone', () => {
    const db = openSqlite(join(folder, 'b.db'));
    db.exec('CREATE TABLE t (a INTEGER) STRICT');
    const add = (a: bigint) => db.run('INSERT INTO t VALUES (?)', a);
    expect(() =>
      db.transaction(() => {
        add(1n);
        throw new Error('no');
      }),
    ).toThrow('no');
    db.transaction(() => {
      add(2n);
      expect(() =>
        db.transaction(() => {
          add(3n);
          throw new Error('inner');
        }),
      ).toThrow('inner');
      db.transaction(() => add(4n));
    });
    expect(db.all('SELECT a FROM t').map((row) => row['a'])).toEqual([2n, 4n]);
    db.close();
  });
  it('leaves out the sync of an ordered commit alone, also after a failure and inside a full one', () => {
    const db = openSqlite(join(folder, 'e.db'));
    const level = () => db.get('PRAGMA synchronous')?.['synchronous'];
    expect(db.transaction(level, 'ordered')).toBe(1n);
    expect(level()).toBe(2n);
    expect(() =>
      db.transaction(() => {
        throw new Error('no');
      }, 'ordered'),
    ).toThrow('no');
    expect(level()).toBe(2n);
    expect(db.transaction(() => db.transaction(level, 'ordered'))).toBe(2n);
    expect(db.transaction(level)).toBe(2n);
    db.close();
  });
  it('reports slow statements', () => {
    let clock = 0;
    const seen: number[] = [];
    const db = openSqlite(join(folder, 'c.db'), {
      slow: { thresholdMs: 40, now: () => (clock += 50), report: (_sql, elapsedMs) => seen.push(elapsedMs) },
    });
    db.get('SELECT 1');
    expect(seen).toEqual([50]);
    db.close();
  });
});

describe('a Node without SQLite', () => {
  type Loader = { _load: (request: string, ...rest: unknown[]) => unknown };
  const loader = Module as unknown as Loader;
  it.each([['says so in one sentence', () => Promise.reject(new Error('absent')), 'store.sqlite_missing']])(
    '%s',
    (_name, _load, code) => {
      const original = loader._load;
      loader._load = function (request, ...rest) {
        if (request === 'node:sqlite') throw new Error('No such built-in module');
        return original.call(this, request, ...rest);
      };
      try {
        expect(() => openSqlite(join(folder, 'd.db'))).toThrow(expect.objectContaining({ code }));
      } finally {
        loader._load = original;
      }
    },
  );
});
