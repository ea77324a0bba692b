/** The database file: empty → newest, twice harmless, newer refused, damaged told, bad rows parked, topics after commit. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '../log/logger.ts';
import { openSqlite } from '../platform/sqlite.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import { openStore } from './open.ts';
import { createSettings } from './settings.ts';

let dataDir = '';
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'store-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const open = () => openStore({ dataDir }, { now: () => 1_000, log: silentLogger });

describe('openStore', () => {
  it('brings an empty file to the newest schema, with gapless ids, and is harmless twice', () => {
    expect(migrations.map((m) => m.id)).toEqual(migrations.map((_, index) => index + 1));
    const first = open();
    expect(schemaVersion(first.db)).toBe(migrations.length);
    createSettings(first).set('a', { b: 1 });
    first.close();
    const second = open();
    expect(schemaVersion(second.db)).toBe(migrations.length);
    expect(createSettings(second).get('a', z.object({ b: z.number() }))).toEqual({ b: 1 });
    second.close();
  });

  it.each(migrations.map((m) => m.id))('brings a file of schema %i to the newest', (id) => {
    const old = openSqlite(join(dataDir, 'console.db'));
    migrate(old, migrations.slice(0, id));
    old.run("INSERT INTO settings VALUES ('kept', '1', 5)");
    old.close();
    const store = open();
    expect(schemaVersion(store.db)).toBe(migrations.length);
    expect(createSettings(store).get('kept', z.number())).toBe(1);
    store.close();
  });

  it('leaves a failed migration undone', () => {
    const db = openSqlite(join(dataDir, 'x.db'));
    expect(() => migrate(db, [{ id: 1, sql: 'CREATE TABLE a (b INTEGER) STRICT; CREATE TABLE a (b INTEGER) STRICT' }])).toThrow();
    expect(schemaVersion(db)).toBe(0);
    expect(db.all("SELECT name FROM sqlite_master WHERE name = 'a'")).toEqual([]);
    db.close();
  });

  it('has only STRICT tables', () => {
    const store = open();
    const loose = store.db.all("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'");
    expect(loose).toEqual([]);
    store.close();
  });

  it('refuses a newer schema and tells of a damaged file', () => {
    const store = open();
    store.db.exec('PRAGMA user_version = 9999');
    store.close();
    expect(open).toThrowError(expect.objectContaining({ code: 'store.newer_schema' }));
    for (const ending of ['', '-wal', '-shm']) rmSync(join(dataDir, `console.db${ending}`), { force: true });
    writeFileSync(join(dataDir, 'console.db'), 'this is not a database, not at all');
    expect(open).toThrowError(expect.objectContaining({ code: 'store.damaged' }));
  });

  it('parks a row that does not parse, once, keeps it, and says so', () => {
    const store = open();
    const topics: string[] = [];
    store.onTopic((topic) => topics.push(topic));
    store.db.run("INSERT INTO settings VALUES ('bad', 'not json', 1)");
    store.db.run("INSERT INTO settings VALUES ('odd', '\"text\"', 1)");
    const settings = createSettings(store);
    expect(settings.get('bad', z.string())).toBeNull();
    expect(settings.get('bad', z.string())).toBeNull();
    expect(settings.get('odd', z.number())).toBeNull();
    expect(store.parked()).toEqual([
      { table: 'settings', id: 'bad', reason: 'value: custom' },
      { table: 'settings', id: 'odd', reason: 'value: invalid_type' },
    ]);
    expect(store.db.get("SELECT value FROM settings WHERE key = 'bad'")).toEqual({ value: 'not json' });
    expect(topics).toEqual(['settings', 'settings']);
    store.close();
  });

  it('tells topics once after the commit, and none of a failed transaction', () => {
    const store = open();
    const topics: string[] = [];
    const stop = store.onTopic((topic) => topics.push(topic));
    store.transaction(() => {
      store.announce('jobs');
      store.transaction(() => store.announce('jobs'));
      expect(topics).toEqual([]);
    });
    expect(topics).toEqual(['jobs']);
    expect(() => store.transaction(() => {
      store.announce('stacks');
      throw new Error('no');
    })).toThrow('no');
    expect(topics).toEqual(['jobs']);
    stop();
    store.announce('jobs');
    expect(topics).toEqual(['jobs']);
    store.close();
  });
});
