/** Tells the coordinator what happens on the chain before it reads it itself; what a node of the real network learns from events (architecture.md, sandbox). */
import { contractOf, eventType } from '../../src-shared/atoma/index.ts';
import type { ChainNotice, SandboxChain } from './chain/index.ts';
import type { Coordinator } from './coordinator/create-coordinator.ts';
import type { Schedule } from './schedule.ts';

/** Hints from the chain's process to the coordinator: which stack to look at, and when to read nodes again. The facts are read over gRPC. Returns what ends it. */
export function followChain(chain: SandboxChain, coordinator: Coordinator, deps: { schedule: Schedule; onChange(): void; wakeBuyers(): void; subscribed(taskSmallId: bigint): void }): () => void {
  let rechecking = false;
  const recheck = (): void => {
    if (rechecking) return;
    rechecking = true;
    deps.schedule(0, () => {
      rechecking = false;
      void coordinator.recheckNodes().then(deps.wakeBuyers);
    });
  };
  const { events } = contractOf(chain.generation);
  const settled = eventType(chain.packageId, 'StackTrySettleEvent');
  const claimed = eventType(chain.packageId, 'StackSettlementTicketClaimedEvent');
  const claimedAtOnce = eventType(chain.packageId, 'ClaimedStackEvent');
  const subscribed = eventType(chain.packageId, 'NodeSubscribedToTaskEvent');
  return chain.on((notice: ChainNotice) => {
    if (notice.kind === 'event' && notice.type === settled) coordinator.closeStack(events.StackTrySettleEvent.parse(notice.contents).stackSmallId, 'stack_settling');
    if (notice.kind === 'event' && notice.type === claimed) coordinator.stackClaimed(events.StackSettlementTicketClaimedEvent.parse(notice.contents).stackSmallId);
    if (notice.kind === 'event' && notice.type === claimedAtOnce) coordinator.stackClaimed(events.ClaimedStackEvent.parse(notice.contents).stackSmallId);
    if (notice.kind === 'event' && notice.type === subscribed) deps.subscribed(events.NodeSubscribedToTaskEvent.parse(notice.contents).taskSmallId);
    if (notice.kind === 'transaction') recheck();
    if (notice.kind === 'epoch') {
      deps.onChange();
      deps.schedule(0, () => void coordinator.epochChanged());
    }
  });
}
