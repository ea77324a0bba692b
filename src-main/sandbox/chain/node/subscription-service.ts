/** SubscriptionService: live checkpoints, transactions and events from now on; nothing is replayed, and a commit without a match moves the cursor on (Sui rpc v2; stack.md 5). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { ChainCore, Committed } from './chain-core.ts';
import { eventFilter, transactionFilter } from './filters.ts';
import { checkpointOf } from './ledger-service.ts';
import { stream } from './method.ts';
import type { Methods } from './method.ts';
import { eventOf } from './proto-rows.ts';
import { cursorOf } from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

/** Rows of one commit as frames; the last of them has covered the checkpoint, and where none is left a frame says so. */
const framesOf = <M>(
  { checkpoint }: Committed,
  matches: readonly { readonly position: bigint; readonly message: M }[],
  last: bigint,
): { readonly message: M | null; readonly watermark: T.Watermark }[] => {
  const end = { cursor: cursorOf(last), checkpoint: checkpoint.sequence };
  if (matches.length === 0) return [{ message: null, watermark: end }];
  return matches.map(({ position, message }, i) => ({
    message,
    watermark: i === matches.length - 1 ? end : { cursor: cursorOf(position) },
  }));
};

const checkpoints = (core: ChainCore) =>
  stream(T.SubscribeCheckpointsRequest, T.SubscribeCheckpointsResponse, ({ readMask, filter }, push) => {
    const passes = transactionFilter(filter);
    const paths = pathsOf(readMask, 'sequence_number,digest');
    return core.onCommit(({ checkpoint, executed }) => {
      const cursor = checkpoint.sequence;
      // Without a filter every checkpoint comes whole, an empty one too; with one, a checkpoint matches by its transactions.
      if (filter && !(executed && passes(executed))) return push({ cursor });
      const message = checkpointOf(checkpoint, executed ? [executed] : []);
      push({ cursor, checkpoint: applyMask(T.Checkpoint, message, paths) });
    });
  });

const transactions = (core: ChainCore) =>
  stream(T.SubscribeTransactionsRequest, T.SubscribeTransactionsResponse, ({ readMask, filter }, push) => {
    const passes = transactionFilter(filter);
    const paths = pathsOf(readMask, 'digest');
    return core.onCommit((commit) => {
      const { executed } = commit;
      const last = core.ledger.lastPosition('transactions');
      const matches = executed && passes(executed) ? [{ position: last, message: executed }] : [];
      for (const { message, watermark } of framesOf(commit, matches, last)) {
        push({ watermark, ...(message ? { transaction: applyMask(T.ExecutedTransaction, message, paths) } : {}) });
      }
    });
  });

const events = (core: ChainCore) =>
  stream(T.SubscribeEventsRequest, T.SubscribeEventsResponse, ({ readMask, filter }, push) => {
    const passes = eventFilter(filter);
    const paths = pathsOf(readMask, '*');
    return core.onCommit((commit) => {
      const rows = commit.executed ? core.ledger.eventsOf(commit.executed.digest ?? '') : [];
      const matches = rows.filter(passes).map((row) => ({ position: row.position, message: eventOf(row) }));
      for (const { message, watermark } of framesOf(commit, matches, core.ledger.lastPosition('events'))) {
        push({ watermark, ...(message ? { event: applyMask(T.Event, message, paths) } : {}) });
      }
    });
  });

/** The service's methods. */
export const subscriptionService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.SubscriptionService/SubscribeCheckpoints': checkpoints(core),
  'sui.rpc.v2.SubscriptionService/SubscribeTransactions': transactions(core),
  'sui.rpc.v2.SubscriptionService/SubscribeEvents': events(core),
});
