/** Small durable marks of the chain's side: the pinned chain id, event cursors, and prices of parked subscriptions (architecture.md, "Persistence"; coordinator.md 8). */
import { z } from 'zod';
import { bigintColumn } from './chain-columns.ts';
import { unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const parkedRow = z
  .object({ task_small_id: unsignedInteger, price: bigintColumn, max_compute_units: bigintColumn })
  .transform((columns) => ({ taskSmallId: columns.task_small_id, price: columns.price, maxComputeUnits: columns.max_compute_units }));
type Parked = z.output<typeof parkedRow>;

/** The chain id that a network was first met with; never overwritten. */
export function createPinTable(store: Store) {
  const schema = z.object({ network: z.string(), chain_id: z.string() });
  return {
    get: (network: string): string | null =>
      store.readOne({ table: 'chain_pins', id: ['network'] }, schema, 'SELECT network, chain_id FROM chain_pins WHERE network = ?', network)?.chain_id ?? null,
    set(network: string, chainId: string): void {
      store.db.run('INSERT INTO chain_pins (network, chain_id, pinned_ms) VALUES (?, ?, ?) ON CONFLICT (network) DO NOTHING', network, chainId, BigInt(store.now()));
    },
  };
}

/** How far each event stream was read. */
export function createCursorTable(store: Store) {
  const schema = z.object({ name: z.string(), cursor: z.string() });
  return {
    get: (name: string): string | null =>
      store.readOne({ table: 'event_cursor', id: ['name'] }, schema, 'SELECT name, cursor FROM event_cursor WHERE name = ?', name)?.cursor ?? null,
    set(name: string, cursor: string): void {
      store.db.run(
        'INSERT INTO event_cursor (name, cursor, updated_ms) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, updated_ms = excluded.updated_ms',
        name, cursor, BigInt(store.now()),
      );
    },
  };
}

/** Prices that subscriptions had before they were parked for leaving. */
export function createParkedTable(store: Store) {
  return {
    list: (): Parked[] =>
      store.readAll({ table: 'parked_subscriptions', id: ['task_small_id'] }, parkedRow, 'SELECT * FROM parked_subscriptions ORDER BY task_small_id'),
    /** Remembers a price; the first one stays, so that parking twice loses nothing. */
    put(parked: Parked): void {
      store.db.run(
        'INSERT INTO parked_subscriptions (task_small_id, price, max_compute_units, parked_ms) VALUES (?, ?, ?, ?) ON CONFLICT (task_small_id) DO NOTHING',
        parked.taskSmallId, parked.price.toString(), parked.maxComputeUnits.toString(), BigInt(store.now()),
      );
    },
    remove(taskSmallId: bigint): void {
      store.db.run('DELETE FROM parked_subscriptions WHERE task_small_id = ?', taskSmallId);
    },
  };
}
