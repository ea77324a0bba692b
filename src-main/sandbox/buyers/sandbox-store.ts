/** What the sandbox itself must remember: wallets of buyers and test accounts, stacks bought, settings of the dials, ports. */
import { z } from 'zod';
import { openSqlite } from '../../platform/sqlite.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS wallets (name TEXT PRIMARY KEY, secret TEXT NOT NULL, funded INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE IF NOT EXISTS stacks (
    stack_small_id INTEGER PRIMARY KEY, wallet TEXT NOT NULL REFERENCES wallets(name), task_small_id INTEGER NOT NULL,
    node_small_id INTEGER NOT NULL, model_name TEXT NOT NULL, spent INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`;

const stackSchema = z
  .object({ stack_small_id: z.bigint(), wallet: z.string(), task_small_id: z.bigint(), node_small_id: z.bigint(), model_name: z.string() })
  .transform((row) => ({ stackSmallId: row.stack_small_id, wallet: row.wallet, taskSmallId: row.task_small_id, nodeSmallId: row.node_small_id, modelName: row.model_name }));
/** A stack a buyer bought. */
export type BuyerStack = z.output<typeof stackSchema>;

const walletSchema = z.object({ name: z.string(), secret: z.string(), funded: z.bigint().transform((value) => value !== 0n) });

/** The open database. */
export type SandboxStore = ReturnType<typeof openSandboxStore>;

/** Opens (creating it when absent) the sandbox's own file. */
export function openSandboxStore(file: string) {
  const database = openSqlite(file);
  database.exec(schema);
  return {
    close: () => database.close(),
    /** A remembered value; null when there is none or it no longer fits. */
    setting: <T>(name: string, shape: z.ZodType<T>): T | null => {
      const row = database.get('SELECT value FROM settings WHERE name = ?', name);
      if (row === null) return null;
      const parsed = shape.safeParse(JSON.parse(z.object({ value: z.string() }).parse(row).value));
      return parsed.success ? parsed.data : null;
    },
    remember: (name: string, value: unknown): void =>
      void database.run('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, JSON.stringify(value)),
    /** The wallet of this name, made once. */
    wallet: (name: string, makeSecret: () => string): z.output<typeof walletSchema> =>
      database.transaction(() => {
        database.run('INSERT INTO wallets (name, secret) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', name, makeSecret());
        return walletSchema.parse(database.get('SELECT name, secret, funded FROM wallets WHERE name = ?', name));
      }),
    markFunded: (name: string): void => void database.run('UPDATE wallets SET funded = 1 WHERE name = ?', name),
    addStack: (stack: BuyerStack): void =>
      void database.run('INSERT INTO stacks (stack_small_id, wallet, task_small_id, node_small_id, model_name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', stack.stackSmallId, stack.wallet, stack.taskSmallId, stack.nodeSmallId, stack.modelName),
    openStacks: (wallet: string): BuyerStack[] =>
      database.all('SELECT stack_small_id, wallet, task_small_id, node_small_id, model_name FROM stacks WHERE wallet = ? AND spent = 0 ORDER BY stack_small_id', wallet).map((row) => stackSchema.parse(row)),
    markSpent: (stackSmallId: bigint): void => void database.run('UPDATE stacks SET spent = 1 WHERE stack_small_id = ?', stackSmallId),
    stackCount: (): number => Number(z.object({ n: z.bigint() }).parse(database.get('SELECT count(*) AS n FROM stacks')).n),
    knowsStack: (stackSmallId: bigint): boolean => database.get('SELECT 1 AS one FROM stacks WHERE stack_small_id = ?', stackSmallId) !== null,
  };
}
