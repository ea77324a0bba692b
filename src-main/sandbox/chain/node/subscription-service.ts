/** SubscriptionService: live checkpoints, transactions and events from now on; nothing is replayed (Sui rpc v2; stack.md 5). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { ChainCore } from './chain-core.ts';
import { checkpointOf } from './ledger-service.ts';
import { stream } from './method.ts';
import type { Methods } from './method.ts';
import { cursorOf, eventMatches, eventOf, transactionMatches } from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

/** The service's methods. */
export const subscriptionService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.SubscriptionService/SubscribeCheckpoints': stream(
    T.SubscribeCheckpointsRequest,
    T.SubscribeCheckpointsResponse,
    ({ readMask, filter }, push) =>
      core.onCommit(({ checkpoint, executed }) => {
        const transactions = executed && transactionMatches(filter, executed) ? [executed] : [];
        const message = checkpointOf(checkpoint, transactions);
        const paths = pathsOf(readMask, 'sequence_number,digest');
        push({ cursor: checkpoint.sequence, checkpoint: applyMask(T.Checkpoint, message, paths) });
      }),
  ),
  'sui.rpc.v2.SubscriptionService/SubscribeTransactions': stream(
    T.SubscribeTransactionsRequest,
    T.SubscribeTransactionsResponse,
    ({ readMask, filter }, push) =>
      core.onCommit(({ checkpoint, executed }) => {
        if (!executed || !transactionMatches(filter, executed)) return;
        const position = core.ledger.transaction(executed.digest ?? '')?.position ?? 0n;
        push({
          transaction: applyMask(T.ExecutedTransaction, executed, pathsOf(readMask, 'digest')),
          watermark: { cursor: cursorOf(position), checkpoint: checkpoint.sequence },
        });
      }),
  ),
  'sui.rpc.v2.SubscriptionService/SubscribeEvents': stream(
    T.SubscribeEventsRequest,
    T.SubscribeEventsResponse,
    ({ readMask, filter }, push) =>
      core.onCommit(({ checkpoint, executed }) => {
        for (const row of core.ledger.eventsOf(executed?.digest ?? '')) {
          if (!eventMatches(filter, row)) continue;
          const event = applyMask(T.Event, eventOf(row), pathsOf(readMask, '*'));
          push({ event, watermark: { cursor: cursorOf(row.position), checkpoint: checkpoint.sequence } });
        }
      }),
  ),
});
