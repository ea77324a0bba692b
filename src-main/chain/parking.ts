/** Parks subscriptions for leaving and restores them: the price no buyer can pay instead of an end that would break the task (coordinator.md 8, protocol.md 5.6). */
import { parkedPrice, type Intent, type Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { SubscriberFact } from './chain-facts.ts';
import type { ChainStore } from './chain-store.ts';

type Deps = {
  store: Pick<ChainStore, 'parked'>;
  /** My offers now; throws AppError `chain.not_ready` while unknown. */
  subscriptions: () => Promise<ReadonlyMap<bigint, SubscriberFact>>;
  execute: (intent: Intent) => Promise<Outcome>;
};

/** Creates both directions; each may be repeated after a crash and goes on where it was. */
export function createParking({ store, subscriptions, execute }: Deps) {
  const update = async (taskSmallId: bigint, price: bigint, maxComputeUnits: bigint): Promise<void> => {
    const outcome = await execute({ kind: 'update_subscription', taskSmallId, price, maxComputeUnits });
    if (outcome.status === 'in_doubt') throw new AppError('chain.in_doubt');
    if (outcome.status === 'failed') throw new AppError('chain.rejected', { detail: outcome.error?.message ?? 'failed' });
  };
  return {
    /** Sets every subscription to the parked price; the price before it is stored first. */
    async park(): Promise<void> {
      for (const [taskSmallId, offer] of await subscriptions()) {
        if (offer.price === parkedPrice) continue;
        store.parked.put({ taskSmallId, price: offer.price, maxComputeUnits: offer.maxComputeUnits });
        await update(taskSmallId, parkedPrice, offer.maxComputeUnits);
      }
    },
    /** Gives every parked subscription its former price back; one that ended meanwhile is forgotten. */
    async restore(): Promise<void> {
      const current = await subscriptions();
      for (const parked of store.parked.list()) {
        if (current.get(parked.taskSmallId)?.price === parkedPrice) await update(parked.taskSmallId, parked.price, parked.maxComputeUnits);
        store.parked.remove(parked.taskSmallId);
      }
    },
  };
}
